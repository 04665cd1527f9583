"""Settling what two people read differently, and which themes need a better definition."""

from __future__ import annotations

import secrets

import numpy as np
import streamlit as st

from feedback import opening
from feedback.custody import Keys
from feedback.themes.agreement import FEW, Agreement, per_theme
from feedback.themes.codebook import NEEDS_CARE, OTHER
from feedback.themes.coding import MOST_THEMES, Choice, Coding, Key, marks, resolve
from feedback.themes.second import read_twice
from feedback.ui import gate
from feedback.ui.answer_parts import card, origin, said, take_back_button
from feedback.ui.reading import Desk, attempt
from feedback.ui.texts import plain

ALIKE = 0.667  # Krippendorff's least agreement for careful conclusions


def draw(found: Desk, keys: Keys) -> None:
    """Draw one answer that was read differently, then how clear each theme is."""
    together = " and ".join(keys.custodians)[:80]
    if found.unlike:
        key, unlike = next(iter(found.unlike.items()))
        _settle(found, keys, key, unlike, together)
    else:
        st.success("Nothing to settle: no answer stands with two different readings.")
    if any(event.coder == together for event in found.snapshot.events):
        take_back_button(found, keys, together, "Take back what we settled last")
    _clear_or_not(found)


def _settle(found: Desk, keys: Keys, key: Key, unlike: list[Coding], together: str) -> None:
    st.write(
        f"**{len(found.unlike)}** to settle. Talk about it together; neither of you was wrong. "
        "What you agree on here is what counts."
    )
    st.caption(origin(found.answers[key]))
    with st.container(border=True):
        card(found, key, "settle")
    chosen = f"settled-{key[0]:x}-{key[1]}"
    care = f"care-{chosen}"
    for column, one in zip(st.columns(len(unlike)), unlike, strict=True):
        with column.container(border=True):
            st.markdown(f"**{plain(one.coder)}**  \n{said(found, one)}")
            if one.note:
                st.text(one.note)
            st.button(
                f"Take what {one.coder} chose",
                key=f"take-{one.event}",
                on_click=_take,
                args=(chosen, [one]),
            )
    both = {theme for one in unlike for theme in one.themes}
    if len(both) <= MOST_THEMES:
        st.button("Take the themes of both", on_click=_take, args=(chosen, unlike))
    st.pills(
        f"What you agree on (up to {MOST_THEMES})",
        [theme.id for theme in found.codebook.themes],
        format_func=found.label,
        selection_mode="multi",
        key=chosen,
    )
    st.checkbox("It needs care", key=care, value=any(NEEDS_CARE in one.flags for one in unlike))
    st.text_input("Why (do not copy the person's words)", max_chars=300, key=f"note-{chosen}")
    picked = len(st.session_state[chosen])
    with st.container(horizontal=True):
        st.button(
            "This is our coding",
            key=f"ours-{chosen}",
            type="primary",
            disabled=not 0 < picked <= MOST_THEMES,
            on_click=attempt,
            args=(_agree, found, keys, key, together),
        )
        st.button(
            "No theme fits",
            key=f"none-{chosen}",
            disabled=picked > 0,
            on_click=attempt,
            args=(_agree, found, keys, key, together),
        )


def _take(chosen: str, codings: list[Coding]) -> None:
    st.session_state[chosen] = list(dict.fromkeys(t for one in codings for t in one.themes))


def _agree(found: Desk, keys: Keys, key: Key, together: str) -> None:
    if key not in found.unlike:
        return  # pressed twice
    chosen = f"settled-{key[0]:x}-{key[1]}"
    themes = tuple(st.session_state[chosen])
    kept = {flag for one in found.unlike[key] for flag in one.flags} - {NEEDS_CARE, OTHER}
    care = {NEEDS_CARE} if st.session_state[f"care-{chosen}"] else set()
    nothing = set() if themes else {OTHER}
    choice = Choice(
        themes=themes,
        flags=tuple(sorted(kept | care | nothing)),
        note=st.session_state[f"note-{chosen}"],
    )
    event = resolve(found.snapshot.events, key, together, choice, secrets.token_hex(8))
    found.put(opening.add_events(gate.folder(), found.round, keys.codes, [event]))


def _clear_or_not(found: Desk) -> None:
    st.header("How clear are the themes?", anchor=False)
    twice = len(read_twice(found.snapshot.events))
    if not twice:
        st.write("This is seen once a second person has read some answers.")
        return
    st.write(
        "Where two people choose differently, the theme is not told apart well enough. It says "
        "nothing about who read better."
    )
    themes = [theme.id for theme in found.codebook.themes]
    # The same draws each time, so that the range does not flicker.
    agreed = per_theme(marks(found.snapshot.events), themes, np.random.default_rng(0))
    groups: dict[str, list[str]] = {}
    for one in agreed:
        verdict = clarity(one)
        if verdict:
            groups.setdefault(verdict, []).append(
                f"- **{plain(found.label(one.theme))}**: {_range(one)}"
            )
    for verdict in CLARITY:
        if verdict in groups:
            st.markdown("\n".join([f"**{verdict}**", "", *groups[verdict]]))
    st.caption(
        f"From {_answers(twice)} that two people read without sight of each other. 1 means that "
        "they always chose alike, 0 no more often than by chance. The two numbers say how far "
        "this could be off with other answers."
    )


CLARITY = ("Define this theme better", "Too few answers to tell", "Read alike")


def clarity(one: Agreement) -> str | None:
    """Return what to do about a theme; None when nobody gave it."""
    if one.alpha is None or one.low is None:
        return None
    if one.answers < FEW:
        return CLARITY[1]
    if one.low >= ALIKE:
        return CLARITY[2]
    return CLARITY[0] if one.alpha < ALIKE else CLARITY[1]


def _range(one: Agreement) -> str:
    return f"between {one.low:.2f} and {one.high:.2f}"


def _answers(many: int) -> str:
    return "1 answer" if many == 1 else f"{many} answers"
