"""The clock of silence: what people clearly asked for that no decision has answered yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feedback.decisions.log import Decision
from feedback.decisions.published import Published, Rows, read_releases
from feedback.decisions.shares import HALF, MOST, NEARLY_ALL, Strength
from feedback.decisions.signals import Ref, Signal, refs_of, signal, weakness
from feedback.decisions.wording import Wording

MANY_PICKED = 0.2  # one in five named it: a barrier, a missing person or a wish
WELL = (MOST, NEARLY_ALL)  # a question goes well when most agree, or few with something bad
BADLY = (HALF, MOST, NEARLY_ALL)  # about half or more agree with something bad
ASKED_FOR = frozenset({"change", "hard", "missing"})  # questions whose answers ask for something
NOTHING = frozenset({"nothing", "no_one", "other", "rather_not", "none"})


@dataclass(frozen=True, slots=True)
class Silent:
    """Something heard and not answered, and since when.

    ``waiting`` counts the releases from the first that said it up to the newest one, ``met`` the
    meetings since that first one, as far as the team wrote down their days.
    ``in_talk`` says that the team is discussing it.
    """

    ref: str
    topic: str
    words: str
    strength: Strength
    since: int
    waiting: int
    met: int
    in_talk: bool
    text: str


def asks_for_answer(found: Signal) -> bool:
    """Say whether a signal is one that a team owes an answer to."""
    if found.shown is None or found.ref.answer in NOTHING:
        return False
    if found.ref.answer:
        return found.ref.question in ASKED_FOR and found.shown >= MANY_PICKED
    return found.words in BADLY if found.reversed else found.words not in WELL


def silence(
    rows: Rows,
    decisions: Iterable[Decision],
    wording: Wording,
    met_since: Mapping[int, int] | None = None,
) -> tuple[Silent, ...]:
    """Return what waits for an answer, longest first.

    ``met_since``: how often the team met since each release.

    A decision answers what its evidence links, or what it says is asked and not done, once it is
    decided, or "not now" with a reason. A release that says nothing stops no clock.
    """
    releases, logged = read_releases(rows), tuple(decisions)
    answered = {ref for decision in logged if decision.is_settled for ref in decision.answers}
    discussed = {ref for decision in logged if not decision.is_settled for ref in decision.answers}
    refs = dict.fromkeys(ref for published in releases for ref in refs_of(published))
    found = [
        silent
        for ref in refs
        if str(ref) not in answered
        and (
            silent := _clock(releases, ref, wording, met_since or {}, in_talk=str(ref) in discussed)
        )
    ]
    return tuple(sorted(found, key=lambda silent: -silent.waiting))


def _clock(
    releases: tuple[Published, ...],
    ref: Ref,
    wording: Wording,
    met_since: Mapping[int, int],
    *,
    in_talk: bool,
) -> Silent | None:
    spoken = [s for s in (signal(p, ref, wording) for p in releases) if s.known]
    if not spoken or not asks_for_answer(spoken[-1]):
        return None
    run = [spoken[-1]]
    for earlier in reversed(spoken[:-1]):
        if not asks_for_answer(earlier):
            break
        run.append(earlier)
    first, newest = run[-1], run[0]
    since = first.release or 0
    waiting = sum(published.number >= since for published in releases)
    met = met_since.get(since, 0)
    return Silent(
        ref=str(ref),
        topic=newest.topic,
        words=newest.words,
        strength=newest.strength,
        since=since,
        waiting=waiting,
        met=met,
        in_talk=in_talk,
        text=f"{newest.text}{weakness(newest)} {_waiting(waiting, since, met, in_talk=in_talk)}",
    )


def _waiting(waiting: int, since: int, met: int, *, in_talk: bool) -> str:
    state = "It is being discussed" if in_talk else "Nothing is decided on it yet"
    meetings = f"{met} meeting{'' if met == 1 else 's'}" if met else ""
    if waiting == 1 and not met:
        return f"{state}; it is new in this release."
    releases = f"{waiting} releases" if waiting > 1 else ""
    long = " and ".join(filter(None, (releases, meetings)))
    return f"{state}; it has waited for {long}, since release {since}."
