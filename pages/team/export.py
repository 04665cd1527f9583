"""Files, posters and releases: what each holds, by which rule, its fingerprint, its numbers."""

from __future__ import annotations

import streamlit as st

from feedback.ui import gate, poster_parts, release_view, widgets


def draw() -> None:
    """Draw the page for somebody who signed in."""
    desk = widgets.open_desk()
    if desk is None:
        return
    widgets.page_top(desk, "export")
    if not desk.shelf.releases:
        widgets.waiting(desk, "export")
        poster_parts.posters(desk)
        return
    release = release_view.pick_release(desk.shelf.releases)
    cited = "row" in st.query_params  # whoever follows a link to a row sees it first
    if cited:
        release_view.numbers(release, desk.shelf.releases)
    release_view.files(desk, release)
    poster_parts.posters(desk)
    if not cited:
        release_view.numbers(release, desk.shelf.releases)
    release_view.facts(release)
    release_view.verified()


if gate.allowed():
    draw()
