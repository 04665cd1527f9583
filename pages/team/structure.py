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
        st.info(
            "It is time to go through what the team says of itself: it was never done, or a year "
            "ago. The answers of then will stand beside the new ones, under “Then and now”.",
            icon=":material/event_repeat:",
        )
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
        structure_parts.side_by_side(bench)
        structure_parts.one_picture(desk, bench)
        structure_parts.moved_since(desk)
        structure_parts.missing_members(bench)
        if desk.shelf.latest is not None:
            st.caption(desk.rule)


if gate.allowed():
    draw()
