"""What we heard at a glance: strengths first, then wishes, the core questions, and what is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedback.decisions.measure import Change, Versions, compare
from feedback.decisions.published import Published, Rows, read_releases
from feedback.decisions.shares import ROUNDING, Strength
from feedback.decisions.signals import CoreIndex, Ref, Signal, core_index, refs_of, signal, weakness
from feedback.decisions.silence import NOTHING, asks_for_answer
from feedback.decisions.wording import Wording

TOP = 5  # lines of each list; equal numbers stay in the order of the questionnaire or codebook
SAMPLE = (
    "Themes are from a random sample of the people who answered, so they may be off by chance; "
    "the bands allow for it."
)
FEW_ANSWERED = "These are weak signals: few people answered."
NO_RELEASE = (
    "There is no release yet. It comes when at least 10 people have answered, so that nobody can "
    "be picked out. Nothing is lost: every answer will be in the first release."
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One release in words.

    ``strengths``: questions that go well for most; ``kept``: themes of what to keep; ``wishes``:
    themes of what to change; ``concerns``: questions that go badly for half or more, worst first;
    ``barriers`` and ``needs``: what made it hard, and what should come first.
    """

    release: int | None
    round: str
    intro: str
    core: CoreIndex
    strengths: tuple[Signal, ...]
    kept: tuple[Signal, ...]
    wishes: tuple[Signal, ...]
    concerns: tuple[Signal, ...]
    barriers: tuple[Signal, ...]
    needs: tuple[Signal, ...]
    unknown: tuple[Signal, ...]
    rule: str


def what_we_heard(rows: Rows, wording: Wording) -> Heard:
    """Return the newest release at a glance; calm words instead of numbers while there is none."""
    releases = read_releases(rows)
    newest = releases[-1] if releases else None
    signals = [signal(newest, ref, wording) for ref in refs_of(newest)] if newest else []
    scales = [s for s in signals if not s.ref.answer and s.known]
    return Heard(
        release=newest.number if newest else None,
        round=newest.round if newest else "",
        intro=_intro(newest, signals),
        core=core_index(newest, wording),
        strengths=_top(s for s in scales if not asks_for_answer(s)),
        kept=_top(_of(signals, "keep")),
        wishes=_top(_of(signals, "change")),
        concerns=_worst(s for s in scales if asks_for_answer(s)),
        barriers=_top(_of(signals, "hard")),
        needs=_top(_of(signals, "need")),
        unknown=tuple(s for s in signals if not s.known and not s.ref.answer),
        rule=rule_of(newest),
    )


def rule_of(newest: Published | None) -> str:
    """Return the sentence that stands under numbers, as the newest release was rounded."""
    tens = newest is not None and any(row.margin >= ROUNDING for row in newest.rows)
    rule = (
        f"Numbers are rounded to {'tens' if tens else 'fives'} at random, so they may not add up. "
        "Nobody's exact answer can be worked out from them."
    )
    return f"{rule} {SAMPLE}" if newest and newest.is_sample("change") else rule


def three_signals(heard: Heard) -> tuple[Signal, ...]:
    """Return up to three things to begin a meeting with, a strength first."""
    firsts = (
        (heard.kept or heard.strengths)[:1],
        heard.wishes[:1],
        (heard.concerns or heard.barriers)[:1],
    )
    return tuple(found for some in firsts for found in some)


def three_things(heard: Heard) -> tuple[str, ...]:
    """Return the same as sentences; each says so where few people stand behind it."""
    return tuple(f"{found.text}{weakness(found)}" for found in three_signals(heard))


def _intro(newest: Published | None, signals: list[Signal]) -> str:
    if newest is None:
        return NO_RELEASE
    known = [s for s in signals if s.known]
    if not known:
        return (
            f"Release {newest.number}: not enough answers yet to say anything. "
            "That is not the same as nothing to say."
        )
    strong = any(s.strength is Strength.SIGNAL for s in known)
    reach = "" if strong else f" {FEW_ANSWERED}"
    return f"Release {newest.number}, {newest.round}.{reach}"


def _of(signals: Iterable[Signal], question: str) -> Iterable[Signal]:
    return (
        s for s in signals if s.ref.question == question and s.share and s.ref.answer not in NOTHING
    )


def _top(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Return the most said first."""
    return tuple(sorted(signals, key=_goodness, reverse=True)[:TOP])


def _worst(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    return tuple(sorted(signals, key=_goodness)[:TOP])


def _goodness(found: Signal) -> float:
    """Return how many say it; turned around where agreeing is bad news."""
    share = found.share or 0.0
    return 1 - share if found.reversed else share


def changes(
    releases: tuple[Published, ...], wording: Wording, versions: Versions
) -> dict[Ref, Change]:
    """Return how each thing in the newest release lies beside the release before.

    Empty when there is none before; what was worded differently is left out.
    """
    if len(releases) < 2:
        return {}
    before, now = releases[-2], releases[-1]
    return {
        ref: compare(signal(before, ref, wording), signal(now, ref, wording))
        for ref in refs_of(now)
        if _same_wording(ref, before, now, versions)
    }


def _same_wording(ref: Ref, before: Published, now: Published, versions: Versions) -> bool:
    """Say whether nothing speaks against comparing: unknown wordings are taken as the same."""
    one = versions.get(before.number, {}).get(ref.question)
    other = versions.get(now.number, {}).get(ref.question)
    return one is None or other is None or one == other
