"""Answers that need care: what the plan says, and a log of what was done, without words."""

from __future__ import annotations

import secrets
from datetime import date

import streamlit as st

from feedback import opening
from feedback.custody import Keys
from feedback.themes.coding import Key, needing_care
from feedback.themes.outcomes import Done, Outcome, With, without_outcome
from feedback.ui import gate, texts
from feedback.ui.answer_parts import card, origin
from feedback.ui.reading import Desk, attempt

DONE = {
    Done.DISCUSSED: "Discussed",
    Done.REPORTED: "Reported",
    Done.NOTHING: "Nothing could be done",
}
WHOM = {
    With.PLAN: "the person our plan names",
    With.SUPERVISOR: "a supervisor",
    With.LAWYER: "the program's lawyer",
    With.CHILD_PROTECTION: "child protection",
    With.ADULT_PROTECTION: "adult protection",
    With.POLICE: "police",
}


def open_count(found: Desk) -> int:
    """Return how many answers need care and have no line in the log."""
    snapshot = found.snapshot
    return len(without_outcome(snapshot.events, snapshot.outcomes))


def draw(found: Desk, keys: Keys, plan: dict[str, str], today: date) -> None:
    """Draw the plan, then each answer that needs care with its log."""
    said = {name: texts.plain(line) for name, line in plan.items()}
    st.warning(
        f"**On the day it is read:** {said['steps']}  \n**Call:** {said['call']}  \n"
        f"**Who must report:** {said['reporter']}  \n**What you cannot do:** {said['limits']}"
    )
    st.write(
        "Write down only that it was done. The log is sealed with the codings; no page, number "
        "or file outside this room shows it, and nobody can look for who wrote an answer."
    )
    caring = needing_care(found.snapshot.events)
    waiting = set(without_outcome(found.snapshot.events, found.snapshot.outcomes))
    listed = sorted((key for key in caring if key in found.answers), key=lambda k: k not in waiting)
    if not listed:
        st.info("No answer is marked as needing care.")
    for key in listed:
        with st.container(border=True):
            st.caption(origin(found.answers[key]))
            card(found, key, "care")
            _log(found, key)
            _note(found, keys, key, today, first=key in waiting and key == listed[0])


def _log(found: Desk, key: Key) -> None:
    lines = [sentence(one) for one in found.snapshot.outcomes if one.key == key]
    st.markdown("\n".join(f"- {line}" for line in lines) or "**Nothing is noted yet.**")


def sentence(one: Outcome) -> str:
    """Return a line of the log in words."""
    link = {Done.DISCUSSED: " with ", Done.REPORTED: " to "}.get(one.done, "")
    whom = f"{link}{WHOM[one.whom]}" if one.whom else ""
    return f"{texts.day(one.day)}: {DONE[one.done].lower()}{whom} ({texts.plain(one.coder)})"


def _note(found: Desk, keys: Keys, key: Key, today: date, *, first: bool) -> None:
    name = f"{key[0]:x}-{key[1]}-{len(found.snapshot.outcomes)}"
    with (
        st.expander("Note what was done", expanded=first),
        st.form(f"outcome-{name}", border=False),
    ):
        done = (
            st.radio("What", list(Done), format_func=DONE.__getitem__, horizontal=True)
            or Done.DISCUSSED
        )
        whom = st.selectbox("With or to whom", list(With), format_func=WHOM.__getitem__)
        day = st.date_input("On", today, max_value=today, format="YYYY-MM-DD")
        if st.form_submit_button("Add to the log"):
            outcome = Outcome(
                day=day,
                id=secrets.token_hex(8),
                rid=key[0],
                box=key[1],
                done=done,
                whom=None if done is Done.NOTHING else whom,
                coder=found.reader,
            )
            attempt(_add, found, keys, outcome)
            st.rerun()


def _add(found: Desk, keys: Keys, outcome: Outcome) -> None:
    found.put(opening.add_outcome(gate.folder(), found.round, keys.codes, outcome))
