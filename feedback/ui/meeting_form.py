"""The form for the next meeting: its day, what was left over, and what to ask next."""

from __future__ import annotations

from datetime import date

import streamlit as st

from feedback.decisions.meeting import MeetingPlan
from feedback.ui.keeping_both import Edited, finish, save_both
from feedback.ui.team_data import MEETING, NEXT, Desk
from feedback.ui.widgets import DAYS, fresh, role_field, was_pressed

FORM = "meeting-"  # how the names of its fields begin
WAS = f"{FORM}was"  # what the form was filled from
LABELS = {"day": "the day", "leftovers": "what was left over", "focus": "what to ask next"}


def plan_the_meeting(desk: Desk) -> None:
    """Draw the form; what is typed here stands on the agenda, first what was left over."""
    title, key = "The day of the next meeting, and what was left over", fresh(FORM)
    with st.expander(title, expanded=was_pressed(f"{key}save"), icon=":material/edit_calendar:"):
        if f"{key}left" not in st.session_state:  # drawn anew, from what is saved now
            st.session_state[WAS] = desk.meeting
        with st.form(f"{key}form", border=False):
            typed = _fields(desk.meeting, key)
            role = role_field(f"{key}role")
            sent = st.form_submit_button("Save", type="primary", key=f"{key}save")
        if sent:
            _save(desk, typed, role)


def _fields(plan: MeetingPlan, key: str) -> MeetingPlan:
    left, right = st.columns([1, 2], gap="medium")
    with left:
        when: date | None = st.date_input("Day", value=plan.day, key=f"{key}day", format=DAYS)
        focus = st.text_input(
            "What to ask next round, besides the core questions",
            value=plan.focus,
            key=f"{key}focus",
            max_chars=200,
        )
    leftovers = right.text_area(
        "What the last meeting did not get to, one a line",
        value="\n".join(plan.leftovers),
        key=f"{key}left",
        max_chars=1000,
    )
    lines = tuple(line.strip() for line in leftovers.splitlines() if line.strip())
    return MeetingPlan(when, lines, focus.strip())


def _save(desk: Desk, typed: MeetingPlan, role: str) -> None:
    if not role:
        st.warning("Say in which role you write; nothing is lost.", icon=":material/edit:")
        return
    was: MeetingPlan = st.session_state[WAS]
    version = desk.version(MEETING, NEXT)
    kept = save_both(Edited(was, desk.meeting, typed, version, FORM, LABELS.__getitem__), role)
    if kept is not None:
        finish("Saved. It stands on the agenda and on the packet.", kept, role=role, form=FORM)
