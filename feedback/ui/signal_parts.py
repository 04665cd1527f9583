"""What people said, drawn: charts with bands, the same words in tables, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from feedback.decisions.measure import Change, Trend, compare, in_words
from feedback.decisions.shares import Strength, band_words
from feedback.decisions.signals import SCALE, Ref, Signal
from feedback.decisions.wording import Wording
from feedback.ui import charts, texts, views
from feedback.ui.charts import Bar, Point
from feedback.ui.team_data import Desk
from feedback.ui.texts import first_up, one_line, plain, unbroken
from feedback.ui.theme import is_dark
from feedback.ui.widgets import bullets, plain_table

MOST_RELEASES = 8  # rows in sight of something told over the releases: two years of quarters


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
        found = views.said(desk).get(Ref(question))
        if published is None or found is None or found.share is None:
            continue
        counts = [row.count or 0 for step in SCALE if (row := published.row(question, step))]
        parts = tuple(count / sum(counts) for count in counts)
        label, said = topic(found, desk.wording), how_many(found)
        rows.append(Bar(label, f"agree: {said}", found.share, found.band or 0.0, parts))
    return tuple(rows)


def chart_and_table() -> Sequence[DeltaGenerator]:
    """Return two columns: words need more room than bars."""
    return st.columns((2, 3), gap="medium")


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


def has_course(series: Sequence[Signal]) -> bool:
    """Say whether there is a course over releases to draw: one release alone has none."""
    return len(series) > 1 and any(found.known for found in series)


def series_chart(
    series: Sequence[Signal], *, change_before: int | None = None, times: int = 1
) -> None:
    """Draw one thing over the releases, with a line where something was changed.

    Where there is no course there is nothing to draw: the table says what is known.
    """
    if not has_course(series):
        return
    points = tuple(
        Point(
            found.round or f"release {found.release}",
            how_many(found),
            found.share,
            found.band or 0.0,
        )
        for found in series
    )
    _draw(
        charts.before_after_line(points, dark=is_dark(), change_before=change_before, times=times)
    )


def series_table(series: Iterable[Signal]) -> None:
    """Draw one thing over the releases in words, newest first; what is long ago is folded."""
    told = tuple(series)
    if not any(found.known for found in told):
        st.markdown(f"Not known yet in any release. {texts.NOTHING_KNOWN}")
        return
    rows = [
        {
            "Release": one_line(f"{found.release} ({found.round})"),
            "How many": said_likely(found),
        }
        for found in told
    ][::-1]
    plain_table(rows[:MOST_RELEASES])
    if older := rows[MOST_RELEASES:]:
        with st.expander(f"Earlier releases: {len(older)}"):
            plain_table(older)


def signal_table(
    found: Iterable[Signal],
    wording: Wording,
    *,
    since: dict[Ref, Change] | None = None,
    mixed: bool = False,
) -> None:
    """Draw signals as words: what, how many, how far the true share may lie, and how sure.

    ``mixed``: answers of several questions stand in one table. What holds for most rows since last
    time is said once, under the table: on a telephone there is room for two columns.
    """
    say, listed = topic_in_full if mixed else topic, tuple(found)
    moved = [] if since is None else [_since(each, since) for each in listed]
    usual = moved[0] if len(set(moved)) == 1 else str(Trend.SAME)
    plain_table(
        {
            "What people said": plain(say(each, wording)),
            "How many": said_likely(each)
            + (f"\u00a0· since last time: {one_line(way)}" if way != usual else ""),
        }
        for each, way in zip(listed, moved or [usual] * len(listed), strict=True)
    )
    if moved:
        rest = ", where nothing else is said" if len(set(moved)) > 1 else ""
        st.caption(f"Since last time: {usual}{rest}.")


def changes(desk: Desk, found: Iterable[Signal]) -> dict[Ref, Change] | None:
    """Return how each signal lies beside the release before; None when there is none before."""
    if len(desk.shelf.published) < 2:
        return None
    before, now = desk.shelf.published[-2:]
    versions, earlier = desk.shelf.versions, views.said(desk, 1)
    return {
        each.ref: compare(earlier[each.ref], each)
        for each in found
        if each.ref in earlier
        and versions.get(before.number, {}).get(each.ref.question)
        == versions.get(now.number, {}).get(each.ref.question)
    }


def fewer_list(desk: Desk, found: Sequence[Signal], *, mixed: bool = False) -> None:
    """Draw, folded, what fewer people named than what stands in sight, and what few or none did."""
    fewer, none = [each for each in found if each.share], [each for each in found if not each.share]
    if fewer:
        with st.expander(f"Named by fewer people: {len(fewer)}"):
            signal_table(fewer, desk.wording, since=changes(desk, fewer), mixed=mixed)
    if none:
        say = topic_in_full if mixed else topic
        with st.expander(f"Named by few or none: {len(none)}"):
            bullets(say(each, desk.wording) for each in none)


def unknown_list(found: Sequence[Signal], wording: Wording) -> None:
    """Draw what is not known, each with the reason; silence is never a zero."""
    for why in dict.fromkeys(each.why for each in found):
        names = [topic_in_full(each, wording) for each in found if each.why == why]
        with st.expander(f"Not known: {len(names)}. {plain(why)}"):
            st.markdown(texts.NOTHING_KNOWN)
            bullets(names)


def topic(found: Signal, wording: Wording) -> str:
    """Return what a signal is about, in the words that people were asked with."""
    ref = found.ref
    if not ref.answer:
        asked = wording.question(ref.question)
        return f"{asked.rstrip('.')} (agreeing is bad news)" if found.reversed else asked
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
    low, high = band_words(found.share, found.band, found.reach)
    return low if low == high else unbroken(f"{low} to {high}")


def said_likely(found: Signal) -> str:
    """Return the share, its band and how sure it is: a line breaks only between them."""
    parts = [first_up(how_many(found, strength=False))]
    if found.share is not None:
        parts.append(f"likely {likely(found)}")
    if found.strength is Strength.WEAK:
        parts.append(str(found.strength))
    return "\u00a0· ".join(one_line(part) for part in parts)


def _since(found: Signal, since: dict[Ref, Change]) -> str:
    change = since.get(found.ref)
    return in_words(change) if change else "not compared"


def _draw(spec: charts.Spec) -> None:
    st.vega_lite_chart(spec=spec, theme=None, width="stretch")
