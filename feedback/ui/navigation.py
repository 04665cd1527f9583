"""The way between the pages: which exist, for whom, and in which order."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from feedback.settings import Surface
from feedback.ui import gate

PAGES = Path(__file__).parents[2] / "pages"

TEAM = (
    ("what_we_heard", "What we heard", ":material/hearing:"),
    ("structure", "Structure", ":material/account_tree:"),
    ("protocol", "Protocol", ":material/checklist:"),
    ("themes", "Themes", ":material/forum:"),
    ("decisions", "Decisions", ":material/task_alt:"),
    ("export", "Export", ":material/ios_share:"),
)
CUSTODIAN = (
    ("reading_room", "Reading room", ":material/lock_open:"),
    ("release", "Release", ":material/publish:"),
)


def menu() -> StreamlitPage:
    """Return the page that was asked for, with the menu drawn over it."""
    pages = {"": _pages("team", TEAM)}
    if gate.settings().surface is not Surface.TEAM:
        pages["For custodians"] = _pages("custodian", CUSTODIAN)
    return st.navigation(pages, position="top")


def _pages(part: str, names: tuple[tuple[str, str, str], ...]) -> list[StreamlitPage]:
    return [
        st.Page(PAGES / part / f"{name}.py", title=title, icon=icon, url_path=name)
        for name, title, icon in names
    ]
