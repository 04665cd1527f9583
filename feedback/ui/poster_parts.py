"""The part of the page of files that makes posters, in the languages of the form."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from feedback.handouts.packet_pdf import DEMONSTRATION
from feedback.handouts.posters import (
    Poster,
    Told,
    board_poster,
    can_print,
    clean_address,
    form_poster,
    poster_pdf,
)
from feedback.questionnaire.catalogue import Language, load_catalogue
from feedback.settings import Surface
from feedback.ui import gate
from feedback.ui.team_data import Desk
from feedback.ui.widgets import choose
from feedback.web.board import Shown, entries_for, read_board

# The words of the board itself, in the order in which its answers count.
LABELS = {
    "heard": "What we heard",
    "changed": "What changed",
    "decided": "What we decided",
    "not_done": "What we did not do, and why",
}
ONLY_HERE = ("127.0.0.1", "localhost")
ANSWERS = ("changed", "decided", "not_done")


def posters(desk: Desk) -> None:
    """Draw what makes the poster of the form and the poster of the public board."""
    st.header("Posters", anchor=False)
    st.markdown(
        "One leads to the form and says nothing of its topic. The other tells what was heard and "
        "what changed, as on the public board. Both hold the address as a picture for phones."
    )
    left, right = st.columns([3, 1])
    typed = left.text_input("Web address of the form", value=_here(), placeholder="https://…")
    offered = load_catalogue().offered(desk.team.languages)
    by_tag = {language.tag: language for language in offered}
    with right:
        tag = choose(
            "Language",
            list(by_tag),
            offered[0].tag,
            key="poster-language",
            words=lambda each: by_tag[each].name,
        )
    language = by_tag[tag]
    address = clean_address(typed)
    if not address:
        st.markdown("Type the address as it stands in a browser, for example https://example.org")
        return
    if urlsplit(address).hostname in ONLY_HERE:
        st.info(
            "This address opens on this computer only. Type the one that people can open before "
            "you print.",
            icon=":material/info:",
        )
    st.caption("The address stands in the picture. Let no word in it tell what the form is about.")
    told = _told(language)
    if not can_print(board_poster(address, language, told)):
        st.markdown(
            "This language has letters that cannot be printed here. Print it from the form."
        )
        return
    with st.container(horizontal=True):
        _button("Poster of the form", form_poster(address, language), desk)
        if told:
            _button("Poster of what changed", board_poster(address, language, told), desk)
    if not told:
        st.markdown("Nothing is posted on the public board yet, so there is no poster of it.")


def _button(label: str, poster: Poster, desk: Desk) -> None:
    name = label.lower().replace(" ", "-")
    banner = DEMONSTRATION if desk.team.demonstration else ""
    st.download_button(
        f"{label} (PDF)",
        partial(poster_pdf, replace(poster, banner=banner), desk.today),
        file_name=f"{name}-{poster.lang}.pdf",
        mime="application/pdf",
        icon=":material/download:",
        on_click="ignore",
    )


def _told(language: Language) -> tuple[Told, ...]:
    """Return what is posted, answered things first: what was heard, then what was done with it."""
    shown = entries_for(read_board(gate.folder().board), language.tag)
    return tuple(
        Told(entry.title, (*_lines(entry, language, "heard")[:1], *_answers(entry, language)[:2]))
        for entry in sorted(shown, key=lambda entry: not _answers(entry, language))
    )


def _answers(entry: Shown, language: Language) -> tuple[tuple[str, str], ...]:
    return tuple(line for part in ANSWERS for line in _lines(entry, language, part))


def _lines(entry: Shown, language: Language, part: str) -> tuple[tuple[str, str], ...]:
    label = language.translate(LABELS[part])
    return tuple((label, line) for line in entry.parts[part])


def _here() -> str:
    """Return the address of this page's host where the form is on it, too."""
    if gate.settings().surface is not Surface.ALL:
        return ""
    return "/".join(str(st.context.url or "").split("/")[:3])
