"""Settings: what people meet on the form, and how careful releases are."""

from __future__ import annotations

import streamlit as st

from feedback.questionnaire.catalogue import load_catalogue
from feedback.rounds import quarter, states
from feedback.ui import gate, settings_lists, settings_parts, settings_saving, widgets


def draw() -> None:
    """Draw the page for somebody who signed in."""
    desk = widgets.open_desk()
    if desk is None:
        return
    widgets.page_top(desk, "settings")
    widgets.said_before()
    may = settings_saving.who_may()
    catalogue = load_catalogue()
    team, known = gate.team(), states(gate.folder())
    names = {tag: catalogue[tag].name for tag in team.languages}
    settings_lists.help_lines(team, desk.today, may=may)
    settings_parts.form_words(team, names, may=may)
    settings_lists.languages(team, catalogue, desk.today, may=may)
    settings_lists.rounds(team, known, quarter(desk.today, later=1), may=may)
    settings_parts.careful(team, may=may)
    st.caption(
        "All of this stands in team.toml, which a person may also edit by hand; comments stay. "
        "Where the form runs on another computer, copy the file there: the next visit shows it."
    )


if gate.allowed():
    draw()
