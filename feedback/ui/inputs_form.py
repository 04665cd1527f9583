"""The form in which the team says of itself what bears on its structure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from feedback.decisions.definitions import Structures
from feedback.decisions.members import DISCIPLINES
from feedback.decisions.readiness import Fact, Rating, TeamInputs, Weight
from feedback.decisions.rerating import FACT_WORDS
from feedback.errors import EditConflict
from feedback.ui import gate
from feedback.ui.team_data import READINESS, THE_TEAM, Desk, read_desk, save
from feedback.ui.texts import day, plain
from feedback.ui.widgets import choose, plain_table, remember_role, role_field, say_later

SEEN = "inputs-seen"  # the version that the form was filled from


def team_says(desk: Desk, known: Structures) -> None:
    """Draw the form; what the team agreed in its meeting is saved as one document."""
    st.header("What the team says of itself", anchor=False)
    agreed = desk.inputs.agreed_on
    st.markdown(
        "Go through this together in a meeting. No team is ready everywhere; “don't know” is an "
        "answer. " + (f"Last agreed on {day(agreed)}." if agreed else "Not gone through yet.")
    )
    if not {SEEN, "interval"} <= set(st.session_state):  # drawn anew, from what is saved now
        st.session_state[SEEN] = desk.version(READINESS, THE_TEAM)
    seen: int = st.session_state[SEEN]
    with st.form("team-inputs", border=False):
        typed = _fields(desk.inputs, desk, known)
        role = role_field("inputs-role")
        sent = st.form_submit_button("Save what we agreed", type="primary")
    if sent:
        _save(replace(typed, agreed_on=desk.today), seen, role, desk, known)


def _fields(inputs: TeamInputs, desk: Desk, known: Structures) -> TeamInputs:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("How true is this of us?", anchor=False)
        ratings, notes = _ratings(inputs, known)
    with right:
        st.subheader("What is so in this place?", anchor=False)
        facts = {
            fact.id: choose(
                fact.text,
                list(Fact),
                inputs.facts.get(fact.id, Fact.DONT_KNOW),
                key=f"fact-{fact.id}",
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
            key="members",
            wrap=True,
        )
        st.subheader("What do we weigh?", anchor=False)
        weights = _weights(inputs, known)
        interval = _interval(inputs, known)
    return TeamInputs(ratings, facts, frozenset(members), weights, notes, interval)


def _ratings(inputs: TeamInputs, known: Structures) -> tuple[dict[str, Rating], dict[str, str]]:
    ratings: dict[str, Rating] = {}
    notes = dict(inputs.notes)
    for statement in known.statements:
        ratings[statement.id] = choose(
            statement.text,
            list(Rating),
            inputs.ratings.get(statement.id, Rating.DONT_KNOW),
            key=f"rating-{statement.id}",
            words=lambda value: value.label,
            hint=f"After: {statement.source}",
        )
        notes[statement.id] = st.text_input(
            f"Note to: {statement.text}",
            value=inputs.notes.get(statement.id, ""),
            key=f"note-{statement.id}",
            label_visibility="collapsed",
            placeholder="A note, if one is needed",
            max_chars=300,
        )
    return ratings, {name: text for name, text in notes.items() if text.strip()}


def _weights(inputs: TeamInputs, known: Structures) -> dict[str, Weight]:
    return {
        factor.id: choose(
            f"{factor.title} weighs",
            list(Weight),
            inputs.weight(factor.id),
            key=f"weight-{factor.id}",
            hint=factor.weighs,
        )
        for factor in known.factors
    }


def _interval(inputs: TeamInputs, known: Structures) -> str:
    options = ["", *dict.fromkeys(i for s in known.structures for i in s.intervals)]
    return choose(
        "If trafficking is taken up inside the SART: how often?",
        options,
        inputs.interval,
        key="interval",
        words=lambda value: value or "Not settled",
    )


def _save(typed: TeamInputs, seen: int, role: str, desk: Desk, known: Structures) -> None:
    if not role:
        st.warning("Say in which role you write; nothing is lost.", icon=":material/edit:")
        return
    settings = gate.settings()
    try:
        save(settings, typed, seen=seen, author=role)
    except EditConflict:
        newer = read_desk(gate.folder(), settings, desk.today)
        st.session_state[SEEN] = newer.version(READINESS, THE_TEAM)
        _show_both(newer.inputs, typed, known)
        return
    remember_role(role)
    st.session_state.pop(SEEN, None)
    say_later("Saved. The evidence is laid out anew.")
    st.rerun()


def _show_both(theirs: TeamInputs, mine: TeamInputs, known: Structures) -> None:
    """Show where the two differ; the form keeps what this person typed."""
    st.warning(
        "Somebody else saved this first. Your answers are still in the form. Compare them, change "
        "what you agree on, and save again.",
        icon=":material/group:",
    )
    titles: Mapping[str, str] = {s.id: s.text for s in known.statements} | {
        fact.id: fact.text for fact in known.facts
    }
    rows = []
    for name, text in titles.items():
        pairs = ((theirs.ratings, mine.ratings), (theirs.facts, mine.facts))
        for one, other in pairs:
            if name in other and one.get(name) != other[name]:
                said = str(one.get(name, "dont_know")).replace("_", " ")
                rows.append(
                    {
                        "Statement": plain(text),
                        "They saved": said,
                        "You chose": str(other[name]).replace("_", " "),
                    }
                )
    plain_table(rows)
