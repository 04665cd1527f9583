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
    listed = words_of(found.answers[key].text)
    # Another key when a colleague hid something meanwhile: else the next press would show it again.
    name = f"hide-{found.turn}-{len(theirs)}"
    st.pills(
        "Press what could show who somebody is. It stays hidden from whoever reads this after "
        "you, until somebody presses it again.",
        range(len(listed)),
        default=[at for at, (_, places) in enumerate(listed) if hidden.intersection(places)],
        # Streamlit tells options apart by what they say, so each says something else.
        format_func=lambda at: (
            f"hidden {at + 1}" if theirs.intersection(listed[at][1]) else escape(listed[at][0])
        ),
        selection_mode="multi",
        key=name,
        on_change=_hide,
        args=(found, key, keys, [places for _, places in listed], name),
    )


def _hide(found: Desk, key: Key, keys: Keys, listed: list[list[Place]], name: str) -> None:
    if name in st.session_state:  # Streamlit also calls for pills that are gone
        places = {place for at in st.session_state[name] for place in listed[at]}
        attempt(hide_only, found, keys, key, places)
