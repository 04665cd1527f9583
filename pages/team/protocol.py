"""The protocol: twelve areas, what people said that bears on each, and what was decided."""

from __future__ import annotations

import streamlit as st

from feedback.ui import gate, protocol_parts, texts, views, widgets


def draw() -> None:
    """Draw the page for somebody who signed in."""
    desk = widgets.open_desk()
    if desk is None:
        return
    widgets.page_top(desk, "protocol")
    if desk.shelf.latest is None:
        widgets.waiting(desk, "protocol")
    areas = views.area_views(desk)
    protocol_parts.areas_at_a_glance(areas)
    protocol_parts.one_area(desk, areas)
    if desk.shelf.latest is not None:
        bars = any(view.signals for view in areas)
        st.caption(f"{desk.rule} {texts.BAND}" if bars else desk.rule)


if gate.allowed():
    draw()
