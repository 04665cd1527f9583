"""How a decision is saved: never a word lost, and on the board only what was approved."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from feedback.decisions.checks import can_post, check_decision
from feedback.decisions.history import field_name, field_text
from feedback.decisions.log import Decision, from_dict
from feedback.decisions.merging import merge
from feedback.errors import EditConflict
from feedback.ui import gate
from feedback.ui.keeping_both import finish, same_moment, show_both
from feedback.ui.team_data import DECISION, Desk, history, new_id, put_up_board, save
from feedback.ui.texts import plain
from feedback.ui.widgets import remember_role

BY_THEMSELVES = frozenset({"state_since", "author", "approved_by", "public_status", "extra"})


def decision_key(id_: str) -> str:
    """Return how the names of the fields of a decision's form begin."""
    return f"decision-{id_ or 'new'}-"


def save_form(desk: Desk, start: Decision, written: Decision, role: str, form: str) -> None:
    """Save what a form holds, or say what is missing; ``start`` is what lies on the desk now.

    When somebody else saved since the form was filled, what both changed is put together; where
    both changed one thing, both texts are shown before anything is saved.
    """
    merged = merge(_filled_from(start, form), start, written)
    decision = merged.document
    if decision.public_line != start.public_line:
        decision = replace(decision, author=role)
    problems = [problem.text for problem in check_decision(decision) if problem.blocks]
    if not role:
        problems.append("Say in which role you write.")
    if problems:
        st.warning(
            "Not saved yet; what you typed is still here. " + plain(" ".join(problems)),
            icon=":material/edit:",
        )
        return
    now = desk.version(DECISION, start.id)
    if merged.clashes and st.session_state.get(f"{form}shown") != now:
        st.session_state[f"{form}shown"] = now
        show_both(
            (
                field_name(name),
                field_text(getattr(start, name), desk.wording),
                field_text(getattr(decision, name), desk.wording),
            )
            for name in merged.clashes
        )
        return
    if not decision.id:
        decision = replace(decision, id=new_id(decision.text, [d.id for d in desk.decisions]))
    if store(desk, decision, seen=now, role=role):
        st.query_params.from_dict({"decision": decision.id})
        kept = [field_name(n).lower() for n in merged.taken_over if n not in BY_THEMSELVES]
        finish("Saved." if start.id else "Written down.", kept, role=role, form=form)


def store(desk: Desk, written: Decision, *, seen: int, role: str) -> bool:
    """Save a decision, and what of it is public, after the version that lies on the desk."""
    try:
        save(gate.settings(), written, seen=seen, author=role)
    except EditConflict:
        same_moment()
        return False
    remember_role(role)
    before = desk.decision(written.id)
    if can_post(written) or (before is not None and can_post(before)):
        rest = [decision for decision in desk.decisions if decision.id != written.id]
        put_up_board(desk, [*rest, written], gate.folder())
    return True


def _filled_from(start: Decision, form: str) -> Decision:
    """Return the decision as it was when the form was filled from it."""
    seen: int = st.session_state.get(f"{form}seen", 0)
    if not start.id or not seen:
        return start
    return from_dict(history(gate.settings(), DECISION, start.id)[seen - 1].body)
