"""The way between the pages: which exist, for whom, and in which order."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from feedback.settings import Surface
from feedback.ui import gate

PAGES = Path(__file__).parents[2] / "pages"

TEAM = {
    "what_we_heard": ("What we heard", ":material/hearing:"),
    "structure": ("Structure", ":material/account_tree:"),
    "protocol": ("Protocol", ":material/checklist:"),
    "themes": ("Themes", ":material/forum:"),
    "decisions": ("Decisions", ":material/task_alt:"),
    "coverage": ("Who we heard", ":material/groups:"),
    "meeting": ("Meeting", ":material/event:"),
    "export": ("Files and posters", ":material/ios_share:"),
    "resources": ("Resources", ":material/menu_book:"),
    "settings": ("Settings", ":material/tune:"),
}
CUSTODIAN = {
    "reading_room": ("Reading room", ":material/lock_open:"),
    "release": ("Release", ":material/publish:"),
    "paraphrases": ("Paraphrases", ":material/format_quote:"),
    "codebook": ("Codebook", ":material/menu_book:"),
}

FIRST = next(iter(TEAM))  # the page at the root of the team side


def menu(*, hidden: bool) -> StreamlitPage:
    """Return the page that was asked for, with the menu drawn over it unless it is hidden."""
    first, *rest = (team_page(name) for name in TEAM)
    own = [_page("custodian", name, *shown) for name, shown in CUSTODIAN.items()]
    # One list: Streamlit draws a list with sections so that screen readers lose their way.
    match gate.settings().surface:
        case Surface.TEAM:
            away = [_elsewhere(name, title) for name, (title, _) in CUSTODIAN.items()]
            pages = [first, *rest, *away]
        case Surface.CUSTODIAN:  # what does not fit the bar is one click further
            pages = [first, *own, *rest]
        case _:
            pages = [first, *rest, *own]
    return st.navigation(pages, position="hidden" if hidden else "top")


def team_page(name: str) -> StreamlitPage:
    """Return a page of the team side by the name of its file, to link to it."""
    return _page("team", name, *TEAM[name])


def chosen(name: str, among: Collection[str]) -> str | None:
    """Return a word of the address (``?release=2``) when it is one that can be chosen.

    Anything else is passed over: an address is written by anybody.
    """
    given = st.query_params.get_all(name)
    return given[0] if len(given) == 1 and given[0] in among else None


def _elsewhere(name: str, title: str) -> StreamlitPage:
    """Return a page that says where a custodian's page is found; its script is never loaded."""

    def draw() -> None:
        st.title(title, anchor=False)
        gate.allowed(custodian=True)

    return st.Page(draw, title=title, url_path=name, visibility="hidden")


def _page(part: str, name: str, title: str, icon: str) -> StreamlitPage:
    return st.Page(PAGES / part / f"{name}.py", title=title, icon=icon, url_path=name)
