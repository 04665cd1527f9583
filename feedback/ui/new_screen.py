"""What the list of themes does not hold: answers marked as new, and words that are new."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from feedback.themes.codebook import OTHER, Codebook, Words
from feedback.themes.coding import Key
from feedback.themes.near import NewWord, new_words
from feedback.themes.stems import stem_pattern
from feedback.ui.answer_parts import card, origin, said
from feedback.ui.reading import SOMETHING_NEW, Desk

SHOWN = 5  # answers at a time
WORD = "new-word"


def draw(found: Desk) -> None:
    """Draw the answers that were marked, then the words with the answers behind each."""
    readable = [key for key in found.answers if key not in found.waiting]
    marked = [key for key in readable if key in found.standing and _is_new(found, key)]
    st.header("Marked as something new, or without a theme", anchor=False)
    if not marked:
        st.write("Nobody has marked an answer so far.")
    _list(found, marked, "marked")
    st.header("Words that are new here", anchor=False)
    st.write(
        "Words that several people used and the codebook does not. Most lead nowhere; now and "
        "then one shows a theme that is missing. Details that are masked are left out."
    )
    words = hints(found, readable)
    if not words:
        st.write("None so far.")
        return
    chosen = st.radio(
        "Show the answers with the word",
        range(len(words)),
        index=None,
        format_func=lambda at: f"{words[at].word} ({len(words[at].answers)})",
        horizontal=True,
        key=WORD,
    )
    if chosen is not None:
        _list(found, [readable[at] for at in words[chosen].answers], f"word-{chosen}")


def hints(found: Desk, keys: list[Key]) -> list[NewWord]:
    """Return the words that stand out in these answers, taken from what is not masked."""
    texts = [" ".join(one.text for one in found.pieces(key) if one.kind is None) for key in keys]
    known = stem_pattern(stem for words in _words(found.codebook) for stem in words.stems)
    return [one for one in new_words(texts, _phrases(found.codebook)) if not known.search(one.word)]


def _words(book: Codebook) -> Iterator[Words]:
    for theme in book.themes:
        yield from theme.words.values()


def _phrases(book: Codebook) -> list[str]:
    return [
        phrase
        for words in _words(book)
        for phrase in (words.label, words.definition, words.include, *words.examples)
    ]


def _is_new(found: Desk, key: Key) -> bool:
    coding = found.standing[key]
    return SOMETHING_NEW in coding.flags or OTHER in coding.flags or not coding.themes


def _list(found: Desk, keys: list[Key], name: str) -> None:
    more = f"more-{name}"
    shown = st.session_state.get(more, SHOWN)
    for key in keys[:shown]:
        with st.container(border=True):
            st.caption(origin(found.answers[key]))
            card(found, key, name)
            if key in found.standing:
                st.caption(said(found, found.standing[key]))
                if found.standing[key].note:
                    st.text(found.standing[key].note)
    if len(keys) > shown:
        st.button("Show more", key=f"show-{more}", on_click=_more, args=(more, shown + SHOWN))


def _more(name: str, shown: int) -> None:
    st.session_state[name] = shown
