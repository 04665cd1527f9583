"""Hiding more of an answer by hand: words that rules missed, from whoever reads it after."""

from __future__ import annotations

from functools import partial

import streamlit as st

from feedback.custody import Keys
from feedback.themes.coding import Key
from feedback.themes.hiding import Place, words
from feedback.themes.masking import find
from feedback.ui.answer_parts import escape
from feedback.ui.coding_keys import button
from feedback.ui.reading import Desk, attempt, hide_only


def draw_way(found: Desk) -> None:
    """Draw the way to the words of the answer in front, and back."""
    is_open = found.hiding == found.turn
    button(
        found,
        "Done hiding" if is_open else "Hide more words",
        "m-hide",
        partial(setattr, found, "hiding", 0 if is_open else found.turn),
    )


def words_of(text: str) -> list[tuple[str, list[Place]]]:
    """Return each word that no rule hides, once, with every place where it stands."""
    ruled, found = find(text), dict[str, tuple[str, list[Place]]]()
    for start, end in words(text):
        if not any(span.start < end and start < span.end for span in ruled):
            word = text[start:end]
            found.setdefault(word.casefold(), (word, []))[1].append((start, end))
    return list(found.values())


def draw(found: Desk, key: Key, keys: Keys) -> None:
    """Draw each word as something to press, once that was asked for."""
    if found.hiding != found.turn:
        return
    by_hand = found.hidden.get(key, ())
    hidden = {(event.start, event.end) for event in by_hand}
    theirs = {(event.start, event.end) for event in by_hand if event.coder != found.reader}
    st.caption(
        "Press what could show who somebody is. It stays hidden from whoever reads this after "
        "you, until somebody presses it again."
    )
    with st.container(horizontal=True, gap="small"):
        for at, (word, places) in enumerate(words_of(found.answers[key].text)):
            is_hidden = bool(hidden.intersection(places))
            button(
                found,
                "hidden" if theirs.intersection(places) else escape(word),
                f"-hide-{at}",
                partial(_press, found, key, keys, set(places), is_hidden),
                kind="primary" if is_hidden else "secondary",
                icon=":material/visibility_off:" if is_hidden else None,
            )


def _press(found: Desk, key: Key, keys: Keys, places: set[Place], is_hidden: bool) -> None:
    now = {(event.start, event.end) for event in found.hidden.get(key, ())}
    attempt(hide_only, found, keys, key, now - places if is_hidden else now | places)
