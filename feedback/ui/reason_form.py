"""The short form on the workbench that turns what the team saw into a structure decision."""

from __future__ import annotations

import streamlit as st

from feedback.decisions.log import Decision, Kind, State
from feedback.decisions.structures import Workbench
from feedback.ui import navigation
from feedback.ui.citing import citable, link_name, to_cite
from feedback.ui.decision_folds import lines
from feedback.ui.decision_saving import save_form
from feedback.ui.team_data import Desk
from feedback.ui.widgets import decision_link, fresh, role_field

REASON = "reason-"  # how the names of its fields begin


def write_reason(desk: Desk, bench: Workbench) -> None:
    """Draw the short form that turns what the team saw into a structure decision."""
    st.header("Write down what you decide, and why", anchor=False)
    written_id = navigation.chosen("decision", {decision.id for decision in desk.decisions})
    if (just := desk.decision(written_id or "")) is not None:
        decision_link(just)
    st.markdown(
        "The page prints no winner. Your reason is what the next coordinator will want to read."
    )
    cited = {
        link_name(each.link): each
        for each in citable(desk)
        if any(each.link.ref == line.ref for picture in bench.pictures for line in picture.lines)
    }
    titles = {picture.structure: picture.title for picture in bench.pictures}
    key = fresh(REASON)
    with st.form(key, border=False):
        structure = st.selectbox(
            "Which way?", list(titles), format_func=lambda s: titles[s], key=f"{key}structure"
        )
        text = st.text_area("What do you decide, in one sentence? (needed)", key=f"{key}text")
        because = st.text_area("Why?", key=f"{key}because")
        evidence = st.multiselect(
            "What people said that you lean on",
            list(cited),
            format_func=lambda name: cited[name].label,
            key=f"{key}evidence",
            placeholder=to_cite(cited),
        )
        others = st.text_area("Which ways did you not take, and why? One a line.", key=f"{key}not")
        role = role_field(f"{key}role")
        sent = st.form_submit_button("Save as a decision", type="primary")
    if sent:
        written = Decision(
            id="",
            kind=Kind.STRUCTURE,
            text=text.strip(),
            because=because.strip(),
            structure=structure,
            stage="change",
            evidence=tuple(cited[name].link for name in evidence),
            options_not_taken=lines(others),
            state=State.DISCUSSING,
            state_since=desk.today,
        )
        save_form(desk, written, written, role, REASON)
