"""The parts of the protocol page: twelve areas at a glance, and one area in full."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from feedback.decisions.log import STATE_WORDS, Decision
from feedback.decisions.protocol import AreaView
from feedback.decisions.signals import Signal
from feedback.ui import navigation, views
from feedback.ui.decision_parts import before_and_after
from feedback.ui.signal_parts import (
    agreement,
    agreement_chart,
    changes,
    chart_and_table,
    fewer_list,
    share_chart,
    signal_table,
    unknown_list,
)
from feedback.ui.team_data import Desk
from feedback.ui.texts import first_up, plain, topic_in_short
from feedback.ui.widgets import bullets, decision_link, look_at, plain_table

IN_SIGHT = 2  # what waits in one area, in the table of all of them
ASKS = ("change", "hard", "missing")  # questions whose answers ask for something
MOST_BARS = 6


def areas_at_a_glance(views: Sequence[AreaView]) -> None:
    """Draw the twelve areas: whether people spoke to them, and what the team has answered."""
    told = any(view.heard for view in views)
    plain_table(
        {"Area": f"**{plain(view.title)}**", "Where it stands": plain(view.text)}
        | ({"Waits for an answer": plain(_waits(view))} if told else {})
        for view in views
    )


def one_area(desk: Desk, views: Sequence[AreaView]) -> None:
    """Let the team choose an area, and draw what people said and what was decided."""
    titles = {view.area: view.title for view in views}
    asked = navigation.chosen("area", titles)
    chosen = look_at(
        "Look at one area",
        list(titles),
        asked or next(iter(titles)),
        key=f"area-{asked}",
        words=titles.__getitem__,
    )
    view = next(each for each in views if each.area == chosen)
    st.header(view.title, anchor=False)
    st.markdown(f"**What it decides.** {plain(view.decides)}")
    st.markdown(f"**What people need from it.** {plain(first_up(', '.join(view.needs)))}.")
    _what_people_said(desk, view.signals)
    unknown_list(view.unknown, desk.wording)
    _silent(view)
    _decisions(desk, view.decisions)


def _what_people_said(desk: Desk, signals: Sequence[Signal]) -> None:
    scales = [found for found in signals if not found.ref.answer]
    answers = [found for found in signals if found.ref.answer]
    asks = _most([found for found in answers if found.ref.question in ASKS])
    rest = _most([found for found in answers if found.ref.question not in ASKS])
    if not signals:
        return
    st.subheader("What people said", anchor=False)
    left, right = chart_and_table()
    with left:
        agreement_chart(agreement(desk, [found.ref.question for found in scales]))
        share_chart(asks, desk.wording, warm=True, mixed=True)
        share_chart(rest, desk.wording, mixed=True)
    with right:
        shown = [*scales, *asks, *rest]
        signal_table(shown, desk.wording, since=changes(desk, shown), mixed=True)
        fewer_list(desk, [found for found in signals if found not in shown], mixed=True)


def _waits(view: AreaView) -> str:
    """Return what waits for an answer in an area; what is not known is not nothing."""
    if not view.heard:
        return "not known yet"
    names = [topic_in_short(silent.topic) for silent in view.silent]
    more = [f"and {len(names) - IN_SIGHT} more"] if len(names) > IN_SIGHT else []
    return "; ".join((*names[:IN_SIGHT], *more)) or "nothing so far"


def _most(found: Sequence[Signal]) -> list[Signal]:
    """Return what most people said; what few or none said has no bar."""
    said = [each for each in found if each.share]
    return sorted(said, key=lambda each: -(each.share or 0.0))[:MOST_BARS]


def _silent(view: AreaView) -> None:
    if not view.silent:
        return
    st.subheader("Heard here, and not answered yet", anchor=False)
    for silent in view.silent:
        with st.container(gap="xxsmall"):
            bullets([silent.text])
            st.page_link(
                navigation.team_page("decisions"),
                label=plain(f"Answer: {topic_in_short(silent.topic)}"),
                icon=":material/edit_note:",
                query_params={"new": silent.ref},
            )


def _decisions(desk: Desk, decisions: Sequence[Decision]) -> None:
    st.subheader("What was decided here", anchor=False)
    if not decisions:
        st.markdown("Nothing is decided here yet.")
    for decision in decisions:
        with st.container(border=True):
            decision_link(decision)
            st.markdown(f"{first_up(STATE_WORDS[decision.state])}. {plain(decision.because)}")
            helped = views.did_it_help(desk, decision)
            if helped is not None and decision.measure is not None:
                before_and_after(desk, helped, decision.measure.direction)
