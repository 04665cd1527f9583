"""How a decision is saved: never a word lost, and on the board only what was approved."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from feedback.decisions.checks import can_post, check_decision
from feedback.decisions.history import describe_changes
from feedback.decisions.log import Decision
from feedback.errors import EditConflict
from feedback.ui import gate
from feedback.ui.team_data import DECISION, Desk, new_id, put_up_board, read_desk, save
from feedback.ui.texts import plain
from feedback.ui.widgets import bullets, forget, remember_role, say_later


def save_form(desk: Desk, start: Decision, written: Decision, role: str, key: str) -> None:
    """Save what a form holds, or say what is missing; ``start`` is what it was filled from."""
    seen: int = st.session_state.get(f"{key}-seen", 0)
    problems = [problem.text for problem in check_decision(written) if problem.blocks]
    if not role:
        problems.append("Say in which role you write.")
    if problems:
        st.warning(
            "Not saved yet; what you typed is still here. " + plain(" ".join(problems)),
            icon=":material/edit:",
        )
        return
    if not written.id:
        written = replace(written, id=new_id(written.text, [d.id for d in desk.decisions]))
    if store(desk, written, seen=seen, role=role, key=key):
        forget(key)
        st.query_params.from_dict({"decision": written.id})
        say_later("Saved." if start.id else "Written down.")
        st.rerun()


def store(desk: Desk, written: Decision, *, seen: int, role: str, key: str) -> bool:
    """Save a decision, and what of it is public; when somebody else was first, show both."""
    settings = gate.settings()
    try:
        save(settings, written, seen=seen, author=role)
    except EditConflict:
        newer = read_desk(gate.folder(), settings, desk.today)
        st.session_state[f"{key}-seen"] = newer.version(DECISION, written.id)
        _show_both(newer.decision(written.id), written)
        return False
    remember_role(role)
    before = desk.decision(written.id)
    if can_post(written) or (before is not None and can_post(before)):
        rest = [decision for decision in desk.decisions if decision.id != written.id]
        put_up_board(desk, [*rest, written], gate.folder())
    return True


def _show_both(theirs: Decision | None, mine: Decision) -> None:
    st.warning(
        "Somebody else saved this decision first. What you typed is still here. Read what "
        "differs, change what you agree on, and save again.",
        icon=":material/group:",
    )
    if theirs is None:
        return
    with st.container(border=True):
        st.markdown(f"**What they saved.** {plain(theirs.text)}")
        st.markdown("**What saving again would change:**")
        bullets(describe_changes(theirs, mine))
