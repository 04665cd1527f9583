"""The form for one decision: what, on what evidence, who, until when; the rest can wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from feedback.decisions.log import STATE_WORDS, Decision, Kind, State
from feedback.ui import decision_folds, texts, views
from feedback.ui.citing import Cited, citable, link_name, reads, to_cite
from feedback.ui.decision_folds import pick, titles
from feedback.ui.decision_saving import decision_key, save_form
from feedback.ui.team_data import DECISION, Desk
from feedback.ui.widgets import DAYS, choose, fresh, look_at, role_field

# Where a decision may stand when it is written down; the later steps come one by one.
BEGINS = (State.DISCUSSING, State.DECIDED, State.NOT_NOW, State.HEARD)
NEEDED = (
    "**One sentence and your role are enough.** Some decisions need one thing more: the field says "
    "so. All else can wait, and be added later."
)


def save_key(start: Decision) -> str:
    """Return the name of the button that saves a decision's form."""
    return f"{fresh(decision_key(start.id))}save"


def decision_form(desk: Desk, start: Decision) -> None:
    """Draw the form filled from ``start``; without an id it is a new decision."""
    form = decision_key(start.id)
    key = fresh(form)
    if f"{key}text" not in st.session_state:  # drawn anew, from what is saved now
        st.session_state[f"{form}seen"] = desk.version(DECISION, start.id)
    with st.form(key, border=False):
        typed = _fields(desk, start, key)
        role = role_field(f"{key}role")
        sent = st.form_submit_button("Save", type="primary", key=save_key(start))
    if sent:
        save_form(desk, start, replace(start, **typed), role, form)


def _fields(desk: Desk, start: Decision, key: str) -> dict[str, Any]:
    if not start.id:
        st.markdown(NEEDED)
    what = _what(start, key)
    heard = _heard(desk, start, key)
    who = _who(start, key)
    return what | heard | who | decision_folds.can_wait(desk, start, key)


def _what(start: Decision, key: str) -> dict[str, Any]:
    left, right = st.columns(2, gap="medium")
    with left:
        text = st.text_area(
            "What is decided, in one sentence? (needed)", value=start.text, key=f"{key}text"
        )
        because = st.text_area(
            "Why? (needed for “no change” and “not now”)", value=start.because, key=f"{key}because"
        )
        begun = {} if start.id else _begin(start, key)
    with right:
        kind = choose(
            "What kind of decision is it?",
            list(Kind),
            start.kind,
            key=f"{key}kind",
            words=texts.KIND_WORDS.__getitem__,
        )
        area = pick(
            "Area of the protocol (needed for “Protocol”)",
            titles(views.areas().areas),
            start.area,
            key=f"{key}area",
        )
        structure = pick(
            "Way to build the team (needed for “How the team is built”)",
            titles(views.structures().structures),
            start.structure,
            key=f"{key}structure",
        )
    chosen = {"kind": kind, "area": area, "structure": structure}
    return {"text": text.strip(), "because": because.strip(), **chosen, **begun}


def _begin(start: Decision, key: str) -> dict[str, Any]:
    """Ask where a new decision stands, so that what is decided can be posted at once."""
    state = look_at(
        "Where does it stand?", BEGINS, BEGINS[0], key=f"{key}state", words=STATE_WORDS.__getitem__
    )
    decided = start.state_since if state is State.DECIDED else None
    return {"state": state, "decided_on": decided}


def _heard(desk: Desk, start: Decision, key: str) -> dict[str, Any]:
    kept = {
        link_name(link): Cited(link, reads(desk, link.ref), link.words) for link in start.evidence
    }
    cited = kept | {link_name(each.link): each for each in citable(desk)}
    links = st.multiselect(
        "What people said that it rests on",
        list(cited),
        default=list(kept),
        format_func=lambda name: cited[name].label,
        key=f"{key}evidence",
        placeholder=to_cite(cited),
        help="Only what a release shows can be cited. Its words are copied now and never change.",
    )
    return {"evidence": tuple(kept.get(name, cited[name]).link for name in links)}


def _who(start: Decision, key: str) -> dict[str, Any]:
    owner_column, due_column, review_column = st.columns([2, 1, 1], gap="small")
    owner = owner_column.text_input(
        "Which role sees to it? (needed once it is decided)",
        value=start.owner,
        key=f"{key}owner",
        max_chars=120,
    )
    due: date | None = due_column.date_input("Due", value=start.due, key=f"{key}due", format=DAYS)
    review: date | None = review_column.date_input(
        "Look at it again on", value=start.review, key=f"{key}review", format=DAYS
    )
    return {"owner": owner.strip(), "due": due, "review": review}
