"""How a decision is saved: never a word lost, and on the board only what was approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from feedback.decisions.checks import can_post, check_decision
from feedback.decisions.history import field_name, field_text
from feedback.decisions.log import Decision, from_dict
from feedback.decisions.merging import merge
from feedback.errors import EditConflict
from feedback.ui import gate
from feedback.ui.team_data import DECISION, Desk, history, new_id, put_up_board, save
from feedback.ui.texts import plain
from feedback.ui.widgets import forget, plain_table, remember_role, say_later

BY_THEMSELVES = frozenset({"state_since", "author", "approved_by", "public_status", "extra"})


def save_form(desk: Desk, start: Decision, written: Decision, role: str, key: str) -> None:
    """Save what a form holds, or say what is missing; ``start`` is what lies on the desk now.

    When somebody else saved since the form was filled, what both changed is put together; where
    both changed one thing, both texts are shown before anything is saved.
    """
    merged = merge(_filled_from(start, key), start, written)
    decision = merged.decision
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
    if merged.clashes and st.session_state.get(f"{key}-shown") != now:
        st.session_state[f"{key}-shown"] = now
        _show_clashes(desk, start, decision, merged.clashes)
        return
    if not decision.id:
        decision = replace(decision, id=new_id(decision.text, [d.id for d in desk.decisions]))
    if store(desk, decision, seen=now, role=role):
        forget(key)
        st.query_params.from_dict({"decision": decision.id})
        say_later(f"{'Saved.' if start.id else 'Written down.'}{_kept_too(merged.taken_over)}")
        st.rerun()


def store(desk: Desk, written: Decision, *, seen: int, role: str) -> bool:
    """Save a decision, and what of it is public, after the version that lies on the desk."""
    try:
        save(gate.settings(), written, seen=seen, author=role)
    except EditConflict:
        st.warning(
            "Somebody else saved this decision at the same moment. What you typed is still here: "
            "press the button once more, and both are kept.",
            icon=":material/group:",
        )
        return False
    remember_role(role)
    before = desk.decision(written.id)
    if can_post(written) or (before is not None and can_post(before)):
        rest = [decision for decision in desk.decisions if decision.id != written.id]
        put_up_board(desk, [*rest, written], gate.folder())
    return True


def _filled_from(start: Decision, key: str) -> Decision:
    """Return the decision as it was when the form was filled from it."""
    seen: int = st.session_state.get(f"{key}-seen", 0)
    if not start.id or not seen:
        return start
    return from_dict(history(gate.settings(), DECISION, start.id)[seen - 1].body)


def _kept_too(names: Sequence[str]) -> str:
    fields = ", ".join(field_name(name).lower() for name in names if name not in BY_THEMSELVES)
    if not fields:
        return ""
    return f" What somebody else changed meanwhile is kept too: {fields}."


def _show_clashes(desk: Desk, theirs: Decision, mine: Decision, names: Sequence[str]) -> None:
    st.warning(
        "Not saved yet: somebody else changed the same thing first. What you typed is still in "
        "the form. Put both together there, and save again. Whatever you leave out stays in the "
        "history of this decision.",
        icon=":material/group:",
    )
    plain_table(
        {
            "What": field_name(name),
            "They wrote": plain(field_text(getattr(theirs, name), desk.wording)) or "nothing",
            "You wrote": plain(field_text(getattr(mine, name), desk.wording)) or "nothing",
        }
        for name in names
    )
