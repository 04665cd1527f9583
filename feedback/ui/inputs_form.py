"""The form in which the team says of itself what bears on its structure."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from feedback.decisions.definitions import Structures
from feedback.decisions.members import DISCIPLINES
from feedback.decisions.readiness import Fact, Rating, TeamInputs, Weight
from feedback.decisions.rerating import FACT_WORDS
from feedback.ui.keeping_both import Edited, finish, save_both
from feedback.ui.team_data import READINESS, THE_TEAM, Desk
from feedback.ui.texts import day
from feedback.ui.widgets import choose, fresh, role_field

FORM = "inputs-"  # how the names of its fields begin
WAS = f"{FORM}was"  # what the form was filled from


def team_says(desk: Desk, known: Structures) -> None:
    """Draw the form; what the team agreed in its meeting is saved as one document."""
    st.header("What the team says of itself", anchor=False)
    agreed = desk.inputs.agreed_on
    st.markdown(
        "Go through this together in a meeting. No team is ready everywhere; “don't know” is an "
        "answer. " + (f"Last agreed on {day(agreed)}." if agreed else "Not gone through yet.")
    )
    key = fresh(FORM)
    if not {WAS, f"{key}interval"} <= set(st.session_state):  # drawn anew, from what is saved now
        st.session_state[WAS] = desk.inputs
    with st.form(key, border=False):
        typed = _fields(desk, known, key)
        role = role_field(f"{key}role")
        sent = st.form_submit_button("Save what we agreed", type="primary")
    if sent:
        _save(replace(typed, agreed_on=desk.today), role, desk, known)


def _fields(desk: Desk, known: Structures, key: str) -> TeamInputs:
    inputs = desk.inputs
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("How true is this of us?", anchor=False)
        ratings, notes = _ratings(inputs, known, key)
    with right:
        st.subheader("What is so in this place?", anchor=False)
        facts = {
            fact.id: choose(
                fact.text,
                list(Fact),
                inputs.facts.get(fact.id, Fact.DONT_KNOW),
                key=f"{key}fact-{fact.id}",
                words=FACT_WORDS.__getitem__,
                hint=fact.hint,
            )
            for fact in known.facts
        }
        st.subheader("Who is on the team?", anchor=False)
        members = st.multiselect(
            "Disciplines that sit with us",
            DISCIPLINES,
            default=[name for name in DISCIPLINES if name in inputs.members],
            format_func=lambda name: desk.wording.answer("who", name),
            key=f"{key}members",
            wrap=True,
        )
        st.subheader("What do we weigh?", anchor=False)
        weights = _weights(inputs, known, key)
        interval = _interval(inputs, known, key)
    return TeamInputs(ratings, facts, frozenset(members), weights, notes, interval)


def _ratings(
    inputs: TeamInputs, known: Structures, key: str
) -> tuple[dict[str, Rating], dict[str, str]]:
    ratings: dict[str, Rating] = {}
    notes = dict(inputs.notes)
    for statement in known.statements:
        ratings[statement.id] = choose(
            statement.text,
            list(Rating),
            inputs.ratings.get(statement.id, Rating.DONT_KNOW),
            key=f"{key}rating-{statement.id}",
            words=lambda value: value.label,
            hint=f"After: {statement.source}",
        )
        notes[statement.id] = st.text_input(
            f"Note to: {statement.text}",
            value=inputs.notes.get(statement.id, ""),
            key=f"{key}note-{statement.id}",
            label_visibility="collapsed",
            placeholder="A note, if one is needed",
            max_chars=300,
        )
    return ratings, {name: text for name, text in notes.items() if text.strip()}


def _weights(inputs: TeamInputs, known: Structures, key: str) -> dict[str, Weight]:
    return {
        factor.id: choose(
            f"{factor.title} weighs",
            list(Weight),
            inputs.weight(factor.id),
            key=f"{key}weight-{factor.id}",
            hint=factor.weighs,
        )
        for factor in known.factors
    }


def _interval(inputs: TeamInputs, known: Structures, key: str) -> str:
    options = ["", *dict.fromkeys(i for s in known.structures for i in s.intervals)]
    return choose(
        "If trafficking is taken up inside the SART: how often?",
        options,
        inputs.interval,
        key=f"{key}interval",
        words=lambda value: value or "Not settled",
    )


def _save(typed: TeamInputs, role: str, desk: Desk, known: Structures) -> None:
    if not role:
        st.warning("Say in which role you write; nothing is lost.", icon=":material/edit:")
        return
    was: TeamInputs = st.session_state[WAS]
    edited = Edited(
        was.filled(known),
        desk.inputs.filled(known),
        typed,
        desk.version(READINESS, THE_TEAM),
        FORM,
        partial(_label, known),
    )
    kept = save_both(edited, role)
    if kept is not None:
        finish("Saved. The evidence is laid out anew.", kept, role=role, form=FORM)


def _label(known: Structures, name: str) -> str:
    """Return what a field of the form asks."""
    field, _, entry = name.partition(".")
    asked = {statement.id: statement.text for statement in known.statements}
    asked |= {fact.id: fact.text for fact in known.facts}
    asked |= {factor.id: f"{factor.title} weighs" for factor in known.factors}
    asked |= {"members": "who is on the team", "interval": "how often"}
    text = asked.get(entry or field, entry or field)
    return f"note to {text}" if field == "notes" else text
