"""What we heard: who, what helps, what to change, what is different, and what waits."""

from __future__ import annotations

import streamlit as st

from feedback.ui import gate, heard_parts, texts, views, widgets


def draw() -> None:
    """Draw the page for somebody who signed in."""
    desk = widgets.open_desk()
    if desk is None:
        return
    widgets.page_top(desk, "what_we_heard")
    if desk.shelf.latest is None:
        widgets.waiting(desk, "what_we_heard")
        st.header("How far listening has come", anchor=False)
        heard_parts.coverage_in_short(desk)
        heard_parts.what_waits(desk)
        return
    heard = views.what_we_heard(desk)
    heard_parts.begin_with(desk, heard)
    heard_parts.who_we_heard(desk)
    if heard_parts.says_anything(desk):
        heard_parts.what_helps(desk, heard)
        heard_parts.how_people_were_treated(desk, heard)
        heard_parts.what_to_change(desk, heard)
        heard_parts.did_we_hear_right(desk)
        heard_parts.what_is_different(desk)
    heard_parts.what_waits(desk)
    if heard_parts.says_anything(desk):
        st.caption(f"{desk.rule} {texts.BAND}")


if gate.allowed():
    draw()
