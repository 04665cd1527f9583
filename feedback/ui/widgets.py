"""The pieces that team pages are laid out from: heads, banners, charts with their tables, links."""

from __future__ import annotations

import math
import os
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import streamlit as st

from feedback.decisions.log import Decision
from feedback.decisions.measure import Change, compare
from feedback.decisions.shares import FEWEST_FOR_NUMBERS, Strength, share_words
from feedback.decisions.signals import SCALE, Ref, Signal, signal
from feedback.decisions.wording import Wording
from feedback.errors import ThroughlineError
from feedback.settings import Settings
from feedback.ui import charts, gate, navigation, texts
from feedback.ui.charts import Bar, Point
from feedback.ui.team_data import Desk, read_desk, today
from feedback.ui.texts import first_up, plain, unbroken
from feedback.ui.theme import is_dark

T = TypeVar("T")

ROLE = "role"  # who writes, as typed once in this session


def open_desk() -> Desk | None:
    """Return what lies on the team's desk; one calm sentence when it cannot be read."""
    try:
        return read_desk(gate.folder(), Settings.from_env(os.environ), today())
    except ThroughlineError as refused:
        st.warning(plain(str(refused)), icon=":material/info:")
        return None


def page_top(desk: Desk, name: str) -> None:
    """Draw the head of a page: what it is, by what rule, and the way to the meeting packet."""
    words = texts.PAGES[name]
    if desk.team.demonstration:
        st.info(
            "**Demonstration.** Every answer, number and decision here is invented.",
            icon=":material/science:",
        )
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    left.title(words.title, anchor=False)
    if name != "meeting":
        right.page_link(
            navigation.team_page("meeting"), label="Meeting packet", icon=":material/print:"
        )
    st.markdown(words.sentence)


def waiting(desk: Desk, name: str) -> None:
    """Draw what stands here before the first release: what will come, when, and why it waits."""
    with st.container(border=True):
        st.header("Nothing is released yet", anchor=False)
        st.markdown(f"**What will appear here.** {texts.PAGES[name].waiting}")
        st.markdown(f"**When.** {first_up(desk.next_release())}.")
        st.markdown(
            f"**Why it waits.** We wait for at least {desk.team.k} people, so that nobody can be "
            "picked out. Nothing is lost: these answers will be in the first release."
        )
        st.page_link(
            navigation.team_page("coverage"),
            label="Until then: plan whom to ask next",
            icon=":material/groups:",
        )


def bars(signals: Iterable[Signal], wording: Wording, *, mixed: bool = False) -> tuple[Bar, ...]:
    """Return the rows of a chart; what is not known has no bar."""
    say = topic_in_full if mixed else topic
    return tuple(
        Bar(say(found, wording), how_many(found), found.share, found.band or 0.0)
        for found in signals
        if found.share is not None
    )


def agreement(desk: Desk, questions: Iterable[str]) -> tuple[Bar, ...]:
    """Return the rows of an agreement chart about everyone in the newest release."""
    published = desk.shelf.latest
    rows = []
    for question in questions:
        found = signal(published, Ref(question), desk.wording)
        if published is None or found.share is None:
            continue
        counts = [row.count or 0 for step in SCALE if (row := published.row(question, step))]
        parts = tuple(count / sum(counts) for count in counts)
        label, said = topic(found, desk.wording), how_many(found)
        rows.append(Bar(label, f"agree: {said}", found.share, found.band or 0.0, parts))
    return tuple(rows)


def share_chart(
    found: Sequence[Signal], wording: Wording, *, warm: bool = False, mixed: bool = False
) -> None:
    """Draw one bar for each signal."""
    rows = bars(found, wording, mixed=mixed)
    if rows:
        _draw(charts.share_bars(rows, dark=is_dark(), warm=warm))


def agreement_chart(rows: Sequence[Bar]) -> None:
    """Draw statements from disagreeing to agreeing."""
    if rows:
        _draw(charts.agreement_bars(rows, dark=is_dark()))


def series_chart(series: Sequence[Signal], *, change_before: int | None = None) -> None:
    """Draw one thing over the releases, with a line where something was changed."""
    points = tuple(
        Point(
            found.round or f"release {found.release}",
            how_many(found),
            found.share,
            found.band or 0.0,
        )
        for found in series
    )
    _draw(charts.before_after_line(points, dark=is_dark(), change_before=change_before))


def series_table(series: Iterable[Signal]) -> None:
    """Draw one thing over the releases in words."""
    plain_table(
        {
            "Release": f"{found.release} ({plain(found.round)})",
            "How many": first_up(how_many(found)),
            "Likely": likely(found),
        }
        for found in series
    )


def signal_table(
    found: Iterable[Signal],
    wording: Wording,
    *,
    since: dict[Ref, Change] | None = None,
    mixed: bool = False,
) -> None:
    """Draw signals as words: what, how many, how far the true share may lie, and how sure.

    ``mixed``: answers of several questions stand in one table. How sure is said only when
    something is a weak signal.
    """
    say, listed = topic_in_full if mixed else topic, tuple(found)
    weak = any(each.strength is Strength.WEAK for each in listed)
    rows = []
    for each in listed:
        row = {
            "What people said": plain(say(each, wording)),
            "How many": first_up(how_many(each, strength=False)),
            "Likely": likely(each),
        }
        if weak:
            row["How sure"] = str(each.strength)
        if since is not None:
            change = since.get(each.ref)
            row["Since last time"] = str(change.trend) if change else "not compared"
        rows.append(row)
    plain_table(rows)


def changes(desk: Desk, found: Iterable[Signal]) -> dict[Ref, Change] | None:
    """Return how each signal lies beside the release before; None when there is none before."""
    if len(desk.shelf.published) < 2:
        return None
    before, now = desk.shelf.published[-2:]
    versions = desk.shelf.versions
    return {
        each.ref: compare(signal(before, each.ref, desk.wording), each)
        for each in found
        if versions.get(before.number, {}).get(each.ref.question)
        == versions.get(now.number, {}).get(each.ref.question)
    }


def unknown_list(found: Sequence[Signal], wording: Wording) -> None:
    """Draw what is not known, each with the reason; silence is never a zero."""
    for why in dict.fromkeys(each.why for each in found):
        names = [topic_in_full(each, wording) for each in found if each.why == why]
        with st.expander(f"Not known: {len(names)} more. {texts.NOTHING_KNOWN}"):
            st.markdown(plain(why))
            bullets(names)


def bullets(lines: Iterable[str]) -> None:
    """Draw typed or published sentences as one list."""
    text = "\n".join(f"- {plain(line)}" for line in lines)
    if text:
        st.markdown(text)


def decision_link(decision: Decision) -> None:
    """Draw a decision in one sentence, with the way to it."""
    st.markdown(f"**{plain(decision.text)}**")
    st.page_link(
        navigation.team_page("decisions"),
        label=plain(f"Open “{textwrap.shorten(decision.text, 32, placeholder=' …')}”"),
        icon=":material/task_alt:",
        query_params={"decision": decision.id},
    )


def evidence_link(desk: Desk, release: int, ref: Ref, said: str) -> None:
    """Draw a link that opens a release at the row that is cited."""
    st.page_link(
        navigation.team_page("export"),
        label=plain(f"Release {release}: {textwrap.shorten(said, 36, placeholder=' …')}"),
        icon=":material/description:",
        query_params={"release": str(release), "row": str(ref)},
    )


def topic(found: Signal, wording: Wording) -> str:
    """Return what a signal is about, in the words that people were asked with."""
    ref = found.ref
    if not ref.answer:
        note = " (agreeing is bad news)" if found.reversed else ""
        return f"{wording.question(ref.question)}{note}"
    return wording.answer(ref.question, ref.answer)


def topic_in_full(found: Signal, wording: Wording) -> str:
    """Return what a signal is about, so that it can stand in a list beside any other."""
    ref = found.ref
    if not ref.answer:
        return topic(found, wording)
    said = wording.answer(ref.question, ref.answer)
    before = texts.BEFORE_ANSWER.get(ref.question)
    return f"{before}: {said}" if before else f"{said} ({wording.question(ref.question)})"


def how_many(found: Signal, *, strength: bool = True) -> str:
    """Return the share: words first, the number second, and whether few people stand behind it."""
    number = f", {unbroken(found.number)}" if found.number else ""
    weak = " · weak signal" if strength and found.strength is Strength.WEAK else ""
    return f"{found.words}{number}{weak}"


def likely(found: Signal) -> str:
    """Return the band of a signal: numbers where the release prints them, else words."""
    if found.share is None or found.band is None:
        return "not known"
    low, high = max(0.0, found.share - found.band), min(1.0, found.share + found.band)
    if (found.base or 0) < FEWEST_FOR_NUMBERS:
        one, other = share_words(low), share_words(high)
        return one if one == other else f"{one} to {other}"
    return unbroken(f"{math.floor(low * 20) * 5} to {math.ceil(high * 20) * 5} %")


def choose(
    title: str,
    options: Sequence[T],
    chosen: T,
    *,
    key: str,
    words: Callable[[T], str] = str,
    hint: str | None = None,
) -> T:
    """Ask for one of some options in a closed list; ``words`` say each option."""
    place = options.index(chosen) if chosen in options else 0
    picked: T | None = st.selectbox(
        title, options, index=place, format_func=words, key=key, help=hint
    )
    return chosen if picked is None else picked


def look_at(
    title: str, options: Sequence[T], chosen: T, *, key: str, words: Callable[[T], str] = str
) -> T:
    """Let somebody look at one of a few things that all stay in sight.

    Not pills: their chosen one is written in the primary colour, which is too dark for text at
    night when white on it can be read.
    """
    place = options.index(chosen) if chosen in options else 0
    picked: T | None = st.radio(
        title, options, index=place, format_func=words, key=key, horizontal=True
    )
    return chosen if picked is None else picked


def forget(prefix: str) -> None:
    """Forget what was typed into a form, so that it is filled anew from what is saved."""
    for name in [str(name) for name in st.session_state]:
        if name.startswith(prefix):
            del st.session_state[name]


def role_field(key: str) -> str:
    """Ask who writes; the role is remembered until the page is closed."""
    remembered: str = st.session_state.get(ROLE, "")
    typed = st.text_input(
        "Your role",
        value=remembered,
        key=key,
        max_chars=60,
        placeholder="Coordinator",
        help="A role, not a name. It stands in the history of what you save.",
    )
    return typed.strip()


def say_later(sentence: str) -> None:
    """Keep one sentence for the next drawing of the page, after something was saved."""
    st.session_state["said"] = sentence


def said_before() -> None:
    """Draw the sentence that was kept, once."""
    sentence = st.session_state.pop("said", "")
    if sentence:
        st.success(plain(sentence), icon=":material/check:")


def _draw(spec: charts.Spec) -> None:
    st.vega_lite_chart(spec=spec, theme=None, width="stretch")


def plain_table(rows: Iterable[dict[str, str]]) -> None:
    """Draw a small table of words; its cells are Markdown, so typed text goes through `plain`."""
    listed = list(rows)
    if listed:
        st.table(listed, border="horizontal", hide_index=True)
