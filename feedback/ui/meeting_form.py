"""The form for the next meeting: its day, what was left over, and what to ask next."""

from __future__ import annotations

from datetime import date

import streamlit as st

from feedback.decisions.meeting import MeetingPlan
from feedback.errors import EditConflict
from feedback.ui import gate
from feedback.ui.team_data import MEETING, NEXT, Desk, save
from feedback.ui.texts import day, plain
from feedback.ui.widgets import DAYS, forget, remember_role, role_field, say_later, was_pressed

KEY = "meeting-"
SAVE = f"{KEY}save"


def plan_the_meeting(desk: Desk) -> None:
    """Draw the form; what is typed here stands on the agenda, first what was left over."""
    title = "The day of the next meeting, and what was left over"
    with st.expander(title, expanded=was_pressed(SAVE), icon=":material/edit_calendar:"):
        if f"{KEY}left" not in st.session_state:  # drawn anew, from what is saved now
            st.session_state[f"{KEY}seen"] = desk.version(MEETING, NEXT)
        with st.form(f"{KEY}form", border=False):
            typed = _fields(desk.meeting)
            role = role_field(f"{KEY}role")
            sent = st.form_submit_button("Save", type="primary", key=SAVE)
        if sent:
            _save(desk, typed, role)


def _fields(plan: MeetingPlan) -> MeetingPlan:
    left, right = st.columns([1, 2], gap="large")
    with left:
        when: date | None = st.date_input("Day", value=plan.day, key=f"{KEY}day", format=DAYS)
        focus = st.text_input(
            "What to ask next round, besides the core questions",
            value=plan.focus,
            key=f"{KEY}focus",
            max_chars=200,
        )
    leftovers = right.text_area(
        "What the last meeting did not get to, one a line",
        value="\n".join(plan.leftovers),
        key=f"{KEY}left",
        max_chars=1000,
    )
    lines = tuple(line.strip() for line in leftovers.splitlines() if line.strip())
    return MeetingPlan(when, lines, focus.strip())


def _save(desk: Desk, typed: MeetingPlan, role: str) -> None:
    if not role:
        st.warning("Say in which role you write; nothing is lost.", icon=":material/edit:")
        return
    try:
        save(gate.settings(), typed, seen=st.session_state[f"{KEY}seen"], author=role)
    except EditConflict:
        st.session_state[f"{KEY}seen"] = desk.version(MEETING, NEXT)
        theirs = "; ".join((day(desk.meeting.day), *desk.meeting.leftovers))
        st.warning(
            f"Somebody else saved this first: {plain(theirs)}. What you typed is still here: put "
            "both together, and save again.",
            icon=":material/group:",
        )
        return
    remember_role(role)
    forget(KEY)
    say_later("Saved. It stands on the agenda.")
    st.rerun()
