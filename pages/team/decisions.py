"""The decision log: what was decided, on what evidence, by which role, and what came of it."""

from __future__ import annotations

import streamlit as st

from feedback.decisions.log import Decision, Kind
from feedback.decisions.signals import Ref, refs_of
from feedback.ui import (
    citing,
    decision_form,
    decision_parts,
    decision_steps,
    gate,
    navigation,
    widgets,
)
from feedback.ui.team_data import Desk


def draw() -> None:
    """Draw the page for somebody who signed in."""
    desk = widgets.open_desk()
    if desk is None:
        return
    widgets.page_top(desk, "decisions")
    widgets.said_before()
    named = navigation.chosen("decision", {decision.id for decision in desk.decisions})
    decision = desk.decision(named) if named else None
    if decision is not None:
        decision_parts.one_decision(desk, decision)
        left, right = st.columns(2, gap="medium")
        with left:
            decision_steps.move_on(desk, decision)
        with right:
            decision_steps.public_line(desk, decision)
        saving = widgets.was_pressed(decision_form.save_key(decision))  # stay open for a warning
        with st.expander("Change this decision", expanded=saving, icon=":material/edit:"):
            decision_form.decision_form(desk, decision)
        decision_parts.versions(desk, decision)
        return
    asked = navigation.chosen("new", wanted(desk))
    new = start(desk, asked)
    wanted_open = asked is not None or widgets.was_pressed(decision_form.save_key(new))
    with st.expander("Write down a decision", expanded=wanted_open, icon=":material/add:"):
        decision_form.decision_form(desk, new)
    decision_parts.decision_list(desk)


def wanted(desk: Desk) -> set[str]:
    """Return what a new decision may begin with: anything that the newest release speaks about."""
    published = desk.shelf.latest
    return {str(ref) for ref in refs_of(published)} if published else set()


def start(desk: Desk, asked: str | None) -> Decision:
    """Return an empty decision, or one that begins with what people said."""
    evidence = citing.wanted_evidence(desk, str(Ref.parse(asked))) if asked else []
    return Decision(
        id="", kind=Kind.PRACTICE, text="", evidence=tuple(evidence), state_since=desk.today
    )


if gate.allowed():
    draw()
