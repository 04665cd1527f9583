"""The structure workbench: five ways to build the team, four factors, and no winner."""

from __future__ import annotations

import streamlit as st

from feedback.ui import (
    gate,
    inputs_form,
    reason_form,
    structure_parts,
    then_and_now,
    views,
    widgets,
)
from feedback.ui.texts import plain

EVIDENCE, OURSELVES, THEN, REASON = (
    "The evidence",
    "What we say of ourselves",
    "Then and now",
    "Write our reason",
)
FIRST = (
    "The team has not said anything of itself yet. Go through it in a meeting, under “What we say "
    "of ourselves”: it needs no release."
)
AGAIN = (
    "It is a year ago that the team went through what it says of itself. Do it again: the answers "
    "of then will stand beside the new ones, under “Then and now”."
)


def draw() -> None:
    """Draw the page for somebody who signed in."""
    desk = widgets.open_desk()
    if desk is None:
        return
    widgets.page_top(desk, "structure")
    widgets.said_before()
    bench = views.workbench(desk)
    st.markdown(f"**{plain(bench.reminder)}**")
    if desk.inputs.is_due(desk.today):
        st.info(AGAIN if desk.inputs.agreed_on else FIRST, icon=":material/event_repeat:")
    view = widgets.look_at(
        "What do you want to do?",
        [EVIDENCE, OURSELVES, THEN, REASON],
        EVIDENCE,
        key="structure-view",
    )
    if view == OURSELVES:
        inputs_form.team_says(desk, views.structures())
    elif view == THEN:
        then_and_now.then_and_now(desk)
    elif view == REASON:
        reason_form.write_reason(desk, bench)
    else:
        if desk.shelf.latest is None:
            widgets.waiting(desk, "structure")
        structure_parts.side_by_side(desk, bench)
        structure_parts.one_picture(desk, bench)
        structure_parts.moved_since(desk)
        structure_parts.missing_members(desk, bench)
        if desk.shelf.latest is not None:
            st.caption(desk.rule)


if gate.allowed():
    draw()
