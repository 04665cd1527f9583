"""How an open answer is drawn in the reading room: masked, never as a table, never to be saved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

import streamlit as st
from babel import Locale

from feedback.custody import Keys
from feedback.opening import OpenAnswer
from feedback.themes.codebook import NEEDS_CARE, OTHER
from feedback.themes.coding import Coding, Key
from feedback.themes.masking import Segment
from feedback.ui.coding_keys import button
from feedback.ui.reading import SOMETHING_NEW, Desk, attempt, take_back
from feedback.ui.texts import plain

PROMPTS = {
    "change": "What is one thing we should change?",
    "keep": "What is one thing that helped you, that we should keep?",
}
FLAGS = {
    NEEDS_CARE: "needs care",
    SOMETHING_NEW: "something new",
    OTHER: "no theme fits",
}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&^=\"'/])")


def origin(answer: OpenAnswer) -> str:
    """Return which question an answer belongs to, and its language."""
    return f"{PROMPTS[answer.box]} · written on the form in {language(answer.lang)}"


def language(tag: str) -> str:
    """Return the English name of a language; its tag when it is not known."""
    return str(Locale("en").languages.get(tag, tag))


def escape(text: str) -> str:
    """Return text so that Markdown shows every sign as it is and makes no link or picture of it."""
    escaped = _MARKDOWN.sub(r"\\\1", text)
    return "  \n".join(line or " " for line in escaped.splitlines())


def masked(segments: Iterable[Segment], *, shown: bool = False) -> str:
    """Return an answer as Markdown, with a chip in the place of each detail unless it is shown."""
    return "".join(
        f":gray-badge[{one.kind}]" if one.kind and not shown else escape(one.text)
        for one in segments
    )


def card(found: Desk, key: Key, name: str) -> None:
    """Draw one answer in a list, masked; what is hidden can be shown for this one."""
    segments = found.pieces(key)
    place = st.empty()
    shown = any(one.kind for one in segments) and st.toggle(
        "Show hidden details", key=f"hidden-{name}-{key[0]:x}-{key[1]}"
    )
    place.markdown(masked(segments, shown=shown))


def said(found: Desk, coding: Coding, without: str = "") -> str:
    """Return how an answer was coded, in words."""
    themes = [plain(found.label(theme)) for theme in coding.themes if theme != without]
    flags = [FLAGS.get(flag, flag) for flag in coding.flags]
    return " · ".join((*themes, *flags)) or ("" if without else "no theme fits")


def take_back_button(
    found: Desk,
    keys: Keys,
    coder: str,
    label: str = "Take back my last coding",
) -> None:
    """Draw the button that takes back what somebody did last; pressed twice it does so once."""
    button(
        found,
        label,
        "u-undo",
        partial(attempt, take_back, found, keys, coder),
        leaves=True,
        kind="tertiary",
        icon=":material/undo:",
    )
