"""One open answer on the screen: what could show who somebody is stays covered until asked for."""

from __future__ import annotations

import re

import streamlit as st

from feedback.themes.masking import mask

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&^=\"'/])")


def draw(text: str, *, key: str) -> None:
    """Draw an answer with chips in place of what was found; ``key`` is new for each answer."""
    segments = mask(text)
    shown = False
    with st.container(border=True):
        place = st.empty()
        if any(segment.kind for segment in segments):
            shown = st.toggle("Show hidden details", key=key)
        place.markdown(
            "".join(
                f":gray-badge[{segment.kind}]"
                if segment.kind and not shown
                else escape(segment.text)
                for segment in segments
            )
        )


def escape(text: str) -> str:
    """Return text so that Markdown shows every sign as it is and makes no link or picture of it."""
    escaped = _MARKDOWN.sub(r"\\\1", text)
    return "  \n".join(line or " " for line in escaped.splitlines())
