"""Who was heard and who was not: doors, places, languages and groups, and what to do next."""

from __future__ import annotations

import streamlit as st

from feedback.ui import coverage_parts, gate, views, widgets


def draw() -> None:
    """Draw the page for somebody who signed in."""
    desk = widgets.open_desk()
    if desk is None:
        return
    widgets.page_top(desk, "coverage")
    widgets.said_before()
    laid = views.coverage_map(desk)
    coverage_parts.next_steps(laid)
    coverage_parts.mark(desk)
    coverage_parts.the_map(laid)
    coverage_parts.to_find_out(laid)
    st.caption(
        "How many live here and are served is what the team knows of its community. It never "
        "comes from answers, and cards are counted in bands."
    )


if gate.allowed():
    draw()
