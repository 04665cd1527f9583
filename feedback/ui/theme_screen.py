"""The answers under one theme, a few at a time, to see whether each belongs there."""

from __future__ import annotations

import streamlit as st

from feedback.custody import Keys
from feedback.themes.codebook import NEEDS_CARE, OTHER
from feedback.themes.coding import MOST_THEMES, Choice, Coding, Key
from feedback.ui.answer_parts import card, origin, said, take_back_button
from feedback.ui.reading import Desk, attempt, change

SHOWN = 5  # answers at a time; a long list is skimmed, not read


def draw(found: Desk, keys: Keys) -> None:
    """Draw the answers of one theme."""
    counts = {
        theme.id: sum(theme.id in found.standing[key].themes for key in _seen(found))
        for theme in found.codebook.themes
    }
    used = [theme for theme, count in counts.items() if count]
    if found.waiting:
        st.caption("Answers that wait for your second reading are not among them.")
    if not used:
        st.info("No answer has a theme yet.")
        return
    # No number in the names: Streamlit tells options apart by what they say, and would let go of
    # the one that was chosen as soon as its number changes.
    theme = st.selectbox("Theme", used, format_func=found.label, key="theme")
    st.write(f"Answers here: **{counts[theme]}**. {_words(found, theme)}")
    _list(found, keys, theme)
    if found.has_coded:
        take_back_button(found, keys, found.reader)
    _move(found, keys, theme)


def _seen(found: Desk) -> list[Key]:
    """Return the coded answers, without those that this reader is to read blind."""
    return [key for key in found.answers if key in found.standing and key not in found.waiting]


def _under(found: Desk, theme: str) -> list[Key]:
    return [key for key in _seen(found) if theme in found.standing[key].themes]


def _words(found: Desk, theme: str) -> str:
    try:
        return found.codebook.theme(theme).words["en"].definition
    except KeyError:
        return ""


def _list(found: Desk, keys: Keys, theme: str) -> None:
    listed = _under(found, theme)
    last = max(0, len(listed) - 1) // SHOWN
    place = f"batch-{theme}"
    at = min(st.session_state.get(place, 0), last)
    for key in listed[at * SHOWN : (at + 1) * SHOWN]:
        with st.container(border=True):
            _answer(found, keys, theme, key)
    if last:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Earlier", disabled=at == 0, on_click=_turn, args=(place, at - 1))
            st.write(f"{at * SHOWN + 1} to {min(len(listed), (at + 1) * SHOWN)} of {len(listed)}")
            st.button("Further", disabled=at == last, on_click=_turn, args=(place, at + 1))


def _turn(place: str, at: int) -> None:
    st.session_state[place] = at


def _answer(found: Desk, keys: Keys, theme: str, key: Key) -> None:
    coding = found.standing[key]
    name = f"{theme}-{key[0]:x}-{key[1]}"
    st.caption(origin(found.answers[key]))
    card(found, key, theme)
    if also := said(found, coding, without=theme):
        st.caption(f"Also: {also}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        without = tuple(one for one in coding.themes if one != theme)
        _recode(found, keys, coding, "Does not belong here", without, coding.flags, f"not-{name}")
        care = tuple(sorted({*coding.flags} ^ {NEEDS_CARE}))
        marked = NEEDS_CARE in coding.flags
        label = "No longer needs care" if marked else "Needs care"
        _recode(found, keys, coding, label, coding.themes, care, f"care-{name}")
        more = [one.id for one in found.codebook.themes if one.id not in coding.themes]
        if len(coding.themes) < MOST_THEMES:
            st.selectbox(
                "Also belongs to",
                more,
                index=None,
                format_func=found.label,
                placeholder="Another theme",
                key=f"more-{name}",
                width=260,
                on_change=_add,
                args=(found, keys, coding, f"more-{name}"),
            )


def _recode(
    found: Desk, keys: Keys, coding: Coding, label: str,
    themes: tuple[str, ...], flags: tuple[str, ...], name: str,
) -> None:  # fmt: skip
    st.button(
        label,
        key=name,
        on_click=attempt,
        args=(change, found, keys, {coding.key: _choice(coding, themes, flags)}),
    )


def _add(found: Desk, keys: Keys, coding: Coding, name: str) -> None:
    theme = st.session_state.pop(name)
    if theme:
        themes = (*coding.themes, theme)
        attempt(change, found, keys, {coding.key: _choice(coding, themes, coding.flags)})


def _choice(coding: Coding, themes: tuple[str, ...], flags: tuple[str, ...]) -> Choice:
    kept = [flag for flag in flags if flag != OTHER]
    return Choice(themes, tuple(kept if themes else [*kept, OTHER]), coding.note)


def _move(found: Desk, keys: Keys, theme: str) -> None:
    listed = _under(found, theme)
    if not listed:
        return
    with st.expander("Put all of them under another theme"):
        st.write(
            "For when two themes turn out to be one. The codebook of this round stays as it is; "
            "change it for the next round on the page *Codebook*."
        )
        others = [one.id for one in found.codebook.themes if one.id != theme]
        to = st.selectbox(
            "The other theme", others, index=None, format_func=found.label, key=f"move-{theme}"
        )
        sure = st.checkbox("We have read these answers and agree", key=f"sure-{theme}")
        st.button(
            f"Move {len(listed)}",
            disabled=not (to and sure),
            on_click=attempt,
            args=(change, found, keys, _moved(found, listed, theme, str(to))),
        )


def _moved(found: Desk, listed: list[Key], theme: str, to: str) -> dict[Key, Choice]:
    found_choices = {}
    for key in listed:
        coding = found.standing[key]
        themes = tuple(dict.fromkeys(to if one == theme else one for one in coding.themes))
        found_choices[key] = _choice(coding, themes, coding.flags)
    return found_choices
