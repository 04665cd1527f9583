"""The parts of the structure workbench: evidence beside each other, and never a winner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from feedback.decisions.evidence import Evidence, Origin, Side
from feedback.decisions.readiness import Weight
from feedback.decisions.shares import Strength
from feedback.decisions.signals import Ref
from feedback.decisions.structures import FactorView, Picture, Workbench
from feedback.ui import navigation, views
from feedback.ui.team_data import Desk
from feedback.ui.texts import first_up, plain, topic_in_short
from feedback.ui.widgets import bullets, evidence_link, look_at

ALL_FACTORS = "all"
MOST_UNKNOWN = 4  # in sight; all that is known stays in sight, whichever side it is on
SIDE_TITLES = {
    Side.FOR: ":green[**For:**]",
    Side.AGAINST: ":orange[**Against:**]",
    Side.UNKNOWN: "Not known:",
}


def side_by_side(desk: Desk, bench: Workbench) -> None:
    """Draw five structures, and for each factor who speaks on which side; nothing is added up."""
    st.header("Five ways, four things to weigh", anchor=False)
    for column, picture in zip(
        st.columns(len(bench.pictures), border=True), bench.pictures, strict=True
    ):
        with column:
            st.markdown(f"**{plain(picture.title)}**")
            for view in bench.factors:
                st.markdown(f"*{plain(view.title)}*  \n{_factor(picture, view)}")
    weights = ", ".join(f"{view.title.lower()} {view.weight}" for view in bench.factors)
    weighs = f"The team weighs {plain(weights)}."
    if desk.inputs.agreed_on is None:
        weighs = (
            "The team has not said yet what it weighs: until then, each of the four counts some."
        )
    st.caption(
        f"{weighs} The order is the same for every team. How many lines stand on a side says "
        "nothing about how much they weigh: read them, below. “Signal”: enough people answered to "
        "go by. “Weak signal”: a hint to talk about, not a finding."
    )


def one_picture(desk: Desk, bench: Workbench) -> Picture:
    """Let the team choose a structure and a factor, and draw the evidence for this one."""
    titles = {picture.structure: picture.title for picture in bench.pictures}
    asked = navigation.chosen("structure", titles)
    chosen = look_at(
        "Look at one of them",
        list(titles),
        asked or next(iter(titles)),
        key=f"structure-{asked}",
        words=titles.__getitem__,
    )
    picture = next(p for p in bench.pictures if p.structure == chosen)
    st.header(picture.title, anchor=False)
    st.markdown(plain(picture.what))
    if picture.intervals:
        settled = desk.inputs.interval or "not settled yet"
        options = ", ".join(each.lower() for each in picture.intervals)
        st.markdown(f"**How often?** {plain(first_up(options))}. The team: {plain(settled)}.")
    lines = _of_factor(bench)
    columns = st.columns(3, gap="medium")
    sides = (
        ("What speaks for it", picture.evidence_for, picture.speaks_for),
        ("What speaks against it", picture.evidence_against, picture.speaks_against),
        ("What is not known", picture.unknown, ()),
    )
    for column, (title, found, field) in zip(columns, sides, strict=True):
        with column:
            _side(desk, title, [line for line in found if line.factor in lines], field)
    _rest(picture)
    _sensitivity(picture)
    return picture


def missing_members(desk: Desk, bench: Workbench) -> None:
    """Draw which disciplines are not on the team and why they may belong there."""
    st.header("Who is not at the table", anchor=False)
    if not desk.inputs.members:
        st.markdown(
            "Who is on the team is not written down yet. Write it under “What we say of "
            "ourselves”, and this place says who is missing and why."
        )
        return
    bullets(
        f"{gap.text}{' Young people need them there.' if gap.for_young_people else ''}"
        for gap in bench.gaps
    )
    if not bench.gaps:
        st.markdown("Every discipline that people went to is on the team.")


def moved_since(desk: Desk) -> None:
    """Draw which lines changed sides since the release before."""
    if len(desk.shelf.published) < 2:
        return
    sentences = views.what_moved(desk)
    with st.expander("What changed sides since the release before", icon=":material/history:"):
        bullets(sentences)
        if not sentences:
            st.markdown("Nothing changed sides.")


def _of_factor(bench: Workbench) -> frozenset[str]:
    titles = {ALL_FACTORS: "All four"} | {view.factor: view.title for view in bench.factors}
    chosen = look_at(
        "What bears on", list(titles), ALL_FACTORS, key="factor", words=titles.__getitem__
    )
    everything = frozenset(view.factor for view in bench.factors)
    return everything if chosen == ALL_FACTORS else frozenset({chosen})


def _side(desk: Desk, title: str, lines: Sequence[Evidence], field: Iterable[str]) -> None:
    st.subheader(title, anchor=False)
    known = [line for line in lines if line.side is not Side.UNKNOWN]
    unknown = [line for line in lines if line.side is Side.UNKNOWN]
    for line in [*known, *unknown[:MOST_UNKNOWN]]:
        with st.container(border=True, gap="xsmall"):
            _line(desk, line)
    if more := unknown[MOST_UNKNOWN:]:
        with st.expander(f"Not known: {len(more)} more"):
            st.markdown("\n".join(f"- {_said(line)} {plain(line.because)}" for line in more))
    if not lines:
        st.markdown("Nothing that we know of.")
    general = tuple(field)
    if general:
        st.caption("In general: " + " ".join(plain(text) for text in general))


def _line(desk: Desk, line: Evidence) -> None:
    st.markdown(f"{_said(line)}  \n{plain(line.because)}")
    if line.side is Side.UNKNOWN:
        st.caption(plain(line.why))
        return
    heard, published = line.origin is Origin.SURVIVORS, desk.shelf.latest
    close = " Close to the line: the next release could move it." if line.close else ""
    sure = f"{first_up(line.strength)}. " if heard else ""
    st.caption(f"{plain(sure)}Weighs {line.weight}.{close}")
    if heard and published is not None:
        evidence_link(desk, published.number, Ref.parse(line.ref), topic_in_short(line.topic))


def _said(line: Evidence) -> str:
    """Return who says a line and what, as Markdown."""
    if line.origin is Origin.SURVIVORS:
        who = "People" if line.side is Side.UNKNOWN else "People said"
        return f"**{who}.** {plain(line.text)}"
    if line.origin is Origin.TEAM:
        return f"**The team says: {plain(line.strength.lower())}.** “{plain(line.topic)}”"
    return f"**Fact: {plain(line.strength.lower())}.** {plain(line.topic)}"


def _weak(line: Evidence) -> str:
    heard = line.origin is Origin.SURVIVORS and line.strength == Strength.WEAK
    return f" ({line.strength})" if heard else ""


def _rest(picture: Picture) -> None:
    rest = (
        ("Known, and points to neither side", picture.neither),
        ("Set aside: the team does not weigh this now", picture.set_aside),
    )
    for title, lines in rest:
        if not lines:
            continue
        with st.expander(f"{title}: {len(lines)}"):
            st.markdown("\n".join(f"- {_said(line)}{_weak(line)}" for line in lines))


def _sensitivity(picture: Picture) -> None:
    st.subheader("What could change this picture", anchor=False)
    bullets(picture.would_change)
    if not picture.would_change:
        st.markdown("Nothing that we know of.")


def _factor(picture: Picture, view: FactorView) -> str:
    """Return who speaks for and against in one factor, and what is not known, as Markdown."""
    if view.weight is Weight.NOT_NOW:
        return "Not weighed now."
    said = ((title, picture.who_says(view.factor, side)) for side, title in SIDE_TITLES.items())
    silent = picture.who_says(view.factor, Side.NEITHER)
    rest = "Points to neither side." if silent else "Nothing here hangs on it."
    return "  \n".join(f"{title} {', '.join(who)}" for title, who in said if who) or rest
