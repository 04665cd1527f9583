"""The written plan that must stand before anybody reads: who, what to report, whom to call."""

from __future__ import annotations

import streamlit as st

from feedback.errors import ThroughlineError
from feedback.store.records import open_records
from feedback.ui import gate
from feedback.ui.coding_screen import today

KIND = "reading_plan"
QUESTIONS = {
    "first": "Who reads first? A role, such as lead advocate.",
    "reporter": "Who of the readers must report harm to a child, and to whom?",
    "call": "Whom do readers call the same day?",
    "steps": "What happens on the day when an answer needs care?",
    "limits": "What can you not do? (You cannot find the writer or answer them.)",
}


def current() -> dict[str, str] | None:
    """Return the plan, or None before it is filled in."""
    records = open_records(gate.settings().team)
    try:
        found = records.get(KIND, KIND)
    finally:
        records.close()
    return dict(found.body) if found else None


def ask() -> None:
    """Ask for the plan; every line is needed."""
    st.header("First, your plan")
    st.write(
        "Reading can start a legal clock: most people on a response team must report harm to a "
        "child. Settle this with your program's lawyer before the first answer is opened."
    )
    with st.form("reading-plan", border=True):
        given = {name: st.text_area(text, height=80) for name, text in QUESTIONS.items()}
        sent = st.form_submit_button("Save the plan", type="primary")
    if not sent:
        return
    if not all(text.strip() for text in given.values()):
        st.error("Each line is needed. Nothing you wrote is lost.")
        return
    records = open_records(gate.settings().team)
    try:
        records.save(KIND, KIND, given, expected=0, author="custodian", today=today())
    except ThroughlineError as refused:
        st.error(str(refused))
        return
    finally:
        records.close()
    st.rerun()


def show(plan: dict[str, str]) -> None:
    """Show the plan to those who are about to read."""
    with st.expander("Your plan for reading"):
        for name, text in QUESTIONS.items():
            st.markdown(f"**{text}**  \n{plan[name]}")
