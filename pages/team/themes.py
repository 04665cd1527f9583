"""The themes of both open questions: what to change, what to keep, and where each bears."""

from __future__ import annotations

import streamlit as st

from feedback.ui import gate, heard_parts, texts, theme_parts, widgets


def draw() -> None:
    """Draw the page for somebody who signed in."""
    desk = widgets.open_desk()
    if desk is None:
        return
    widgets.page_top(desk, "themes")
    if desk.shelf.latest is None:
        widgets.waiting(desk, "themes")
        return
    theme_parts.both_boxes(desk)
    theme_parts.one_theme(desk)
    if heard_parts.says_anything(desk):
        st.caption(f"{desk.rule} {texts.BAND}")


if gate.allowed():
    draw()
