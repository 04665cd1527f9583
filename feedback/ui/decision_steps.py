"""The steps of one decision: moving it on, and its way to the public board by a second person."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from feedback.decisions.checks import approve, can_post, check_decision
from feedback.decisions.log import (
    STATE_WORDS,
    TRANSITIONS,
    Decision,
    Kind,
    PublicStatus,
    Result,
    State,
    move,
)
from feedback.errors import ThroughlineError
from feedback.ui import texts
from feedback.ui.decision_saving import store
from feedback.ui.team_data import DECISION, Desk
from feedback.ui.texts import plain
from feedback.ui.widgets import choose, forget, fresh, role_field, say_later


def move_on(desk: Desk, decision: Decision) -> None:
    """Draw the form that moves a decision one step on its way."""
    key = fresh(f"move-{decision.id}-")
    with st.form(key, border=True):
        st.markdown(f"**Move it on.** It is marked “{STATE_WORDS[decision.state]}”.")
        steps = TRANSITIONS[decision.state]
        to = choose("It becomes", steps, steps[0], key=f"{key}to", words=STATE_WORDS.__getitem__)
        because, result = _why(decision, key), _what_was_found(decision, key)
        role = role_field(f"{key}role")
        sent = st.form_submit_button("Move it on")
    if sent:
        _move(desk, decision, to, because, result, role)


def _why(decision: Decision, key: str) -> str:
    """Ask why, where the next step may be one that needs its reason."""
    if State.NOT_NOW not in TRANSITIONS[decision.state]:
        return ""
    refused = decision.kind is Kind.NO_CHANGE
    return st.text_input(
        "Why? (needed for “not now”)",
        value=decision.because if refused else "",
        key=f"{key}because",
        max_chars=400,
    )


def _what_was_found(decision: Decision, key: str) -> Result | None:
    """Ask what was found, where the next step may be that it is checked."""
    if State.CHECKED not in TRANSITIONS[decision.state]:
        return decision.result
    result = choose(
        "What was found? (needed for “done and checked”)",
        ["", *map(str, Result)],
        str(decision.result or ""),
        key=f"{key}result",
        words=lambda value: texts.RESULT_WORDS[Result(value)] if value else "—",
    )
    return Result(result) if result else None


def public_line(desk: Desk, decision: Decision) -> None:
    """Draw what is said in public, and let a second person approve it."""
    with st.container(border=True):
        st.markdown(f"**On the public board.** {texts.PUBLIC_WORDS[decision.public_status]}.")
        for language, line in (
            ("English", decision.public_line),
            ("Spanish", decision.public_line_es),
        ):
            st.markdown(f"{language}: {plain(line) if line else 'nothing is written yet.'}")
        if can_post(decision):
            st.markdown(
                f"Written by {plain(decision.author)}, approved by {plain(decision.approved_by)}."
            )
            return
        if decision.public_status is PublicStatus.PROPOSED:
            _approval(desk, decision)
        elif not decision.public_line:
            st.caption("Write it under “Change this decision”.")
        elif not decision.is_settled:
            st.caption("It can be proposed as soon as it is decided, or not done for a reason.")
        else:
            _proposal(desk, decision)


def _proposal(desk: Desk, decision: Decision) -> None:
    key = fresh(f"propose-{decision.id}-")
    with st.form(key, border=False):
        role = role_field(f"{key}role")
        sent = st.form_submit_button("Propose it for the public board")
    if not sent:
        return
    proposed = replace(decision, public_status=PublicStatus.PROPOSED)
    problems = _problems(proposed, role)
    if problems:
        st.warning("Not proposed yet. " + plain(problems), icon=":material/edit:")
    else:
        _keep(desk, proposed, role, "Proposed. A second person has to approve it.")


def _approval(desk: Desk, decision: Decision) -> None:
    key = fresh(f"approve-{decision.id}-")
    with st.form(key, border=False):
        by = st.text_input(
            f"Your role, as the second person. Written by: {plain(decision.author or 'unknown')}.",
            key=f"{key}by",
            max_chars=60,
        ).strip()
        sent = st.form_submit_button("Approve for the public board")
    if not sent:
        return
    try:
        approved = approve(decision, by)
    except ThroughlineError as refused:
        st.warning(plain(str(refused)), icon=":material/edit:")
        return
    _keep(desk, approved, by, "Approved for the public board.")


def _move(
    desk: Desk, decision: Decision, to: State, because: str, found: Result | None, role: str
) -> None:
    try:
        moved = replace(move(decision, to, today=desk.today, because=because), result=found)
    except ThroughlineError as refused:
        st.warning(plain(str(refused)), icon=":material/edit:")
        return
    problems = _problems(moved, role)
    if problems:
        st.warning("Not moved yet. " + plain(problems), icon=":material/edit:")
        return
    off = moved.public_status is not decision.public_status and not moved.is_settled
    public = " Its public line is kept, and is not proposed or posted until it is settled again."
    _keep(desk, moved, role, f"It is now {STATE_WORDS[to]}.{public if off else ''}")


def _problems(decision: Decision, role: str) -> str:
    """Say what stops a decision from being saved; "" when nothing does."""
    found = [problem.text for problem in check_decision(decision) if problem.blocks]
    return " ".join(found if role else [*found, "Say in which role you write."])


def _keep(desk: Desk, decision: Decision, role: str, sentence: str) -> None:
    seen = desk.version(DECISION, decision.id)
    if store(desk, decision, seen=seen, role=role):
        for form in ("move", "propose", "approve"):
            forget(f"{form}-{decision.id}-")
        say_later(sentence)
        st.rerun()
