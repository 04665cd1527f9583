"""The coding screen: one masked answer, five suggestions on number keys, all themes, next."""

from __future__ import annotations

import re
from datetime import date

import streamlit as st

from feedback.custody import Keys
from feedback.errors import ThroughlineError
from feedback.opening import OpenAnswer
from feedback.themes.coding import MOST_THEMES, Choice
from feedback.themes.masking import mask
from feedback.ui import gate
from feedback.ui.reading import BATCH, SOMETHING_NEW, Desk, save

PROMPTS = {
    "change": "What is one thing we should change?",
    "keep": "What is one thing that helped you, that we should keep?",
}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&^=\"'/])")


def draw(found: Desk, keys: Keys, plan: dict[str, str]) -> None:
    """Draw the answer in front, or say that all are read."""
    coder = st.session_state.get("coder", keys.custodians[0])
    if len(keys.custodians) > 1:
        coder = st.segmented_control(
            "Who is reading", keys.custodians, default=keys.custodians[0], key="coder"
        )
    answer = found.answer
    if answer is None:
        _all_read(found)
    elif found.needs_pause and st.session_state.get("paused") != found.read:
        _pause(found)
    else:
        _answer(found, answer, keys, coder or keys.custodians[0], plan)


def _all_read(found: Desk) -> None:
    if found.left:
        st.info("You are at the end. Some answers were passed over without a theme.")
        st.button("Start again with those", on_click=found.start_again)
        return
    st.success("Every answer of this round has been read and coded.")
    st.write(
        "Take a moment before you go on. If something stays with you, talk to the person your "
        "plan names."
    )
    if found.answers:
        st.button("Look at them again", on_click=found.start_again)


def _pause(found: Desk) -> None:
    st.header("Time to look up")
    st.write(
        f"You have read {found.read} answers. A short walk, some water, a word with somebody. "
        f"The next {BATCH} can wait, also until tomorrow."
    )
    if st.button("Go on", type="primary", shortcut="Enter"):
        st.session_state["paused"] = found.read
        st.rerun()


def _answer(found: Desk, answer: OpenAnswer, keys: Keys, coder: str, plan: dict[str, str]) -> None:
    turn = found.turn
    cover, mode = st.columns([2, 1], vertical_alignment="center")
    cover.progress(found.at / max(1, len(found.answers)), f"{found.left} not read yet")
    mode.toggle("Cover each answer first", key="cover", value=True)
    st.caption(f"{PROMPTS[answer.box]} · written on the form in {_language(answer.lang)}")
    if st.session_state.get("cover", True) and st.session_state.get("seen") != turn:
        with st.container(border=True):
            st.write("An answer is here. Look when you are ready.")
            if st.button("Show the answer", type="primary", shortcut="Enter"):
                st.session_state["seen"] = turn
                st.rerun()
        return
    _text(found, answer)
    _themes(found)
    _rest(found, keys, coder, plan)


def _text(found: Desk, answer: OpenAnswer) -> None:
    segments = mask(answer.text)
    shown = False
    with st.container(border=True):
        place = st.empty()
        if any(segment.kind for segment in segments):
            shown = st.toggle("Show hidden details", key=f"hidden-{found.turn}")
        place.markdown(
            "".join(
                f":gray-badge[{segment.kind}]"
                if segment.kind and not shown
                else escape(segment.text)
                for segment in segments
            )
        )
    if found.at in found.copies:
        st.caption("Almost the same words as another answer of this round.")


def escape(text: str) -> str:
    """Return text so that Markdown shows every sign as it is and makes no link or picture of it."""
    escaped = _MARKDOWN.sub(r"\\\1", text)
    return "  \n".join(line or " " for line in escaped.splitlines())


def _pills_key(found: Desk) -> str:
    return f"themes-{found.turn}"


def _themes(found: Desk) -> None:
    key = _pills_key(found)
    before = found.coding()
    if key not in st.session_state:
        st.session_state[key] = list(before.themes) if before else []
    suggestions = found.suggestions()
    if suggestions:
        st.caption("Suggested; you decide. Keys 1 to 5.")
        for number, (column, suggestion) in enumerate(
            zip(st.columns(len(suggestions)), suggestions, strict=True), 1
        ):
            picked = suggestion.theme in st.session_state[key]
            column.button(
                found.codebook.label(suggestion.theme, "en"),
                key=f"suggestion-{number}",
                type="primary" if picked else "secondary",
                help=found.codebook.theme(suggestion.theme).words["en"].definition,
                shortcut=str(number),
                width="stretch",
                on_click=_toggle,
                args=(key, suggestion.theme),
            )
    st.pills(
        f"All themes (up to {MOST_THEMES})",
        [theme.id for theme in found.codebook.themes],
        format_func=lambda theme: found.codebook.label(theme, "en"),
        selection_mode="multi",
        key=key,
    )


def _toggle(key: str, theme: str) -> None:
    picked = st.session_state[key]
    st.session_state[key] = (
        [other for other in picked if other != theme] if theme in picked else [*picked, theme]
    )


def _rest(found: Desk, keys: Keys, coder: str, plan: dict[str, str]) -> None:
    turn = found.turn
    care = st.toggle(
        "Needs care: somebody may be in danger, or a person or place is named", key=f"care-{turn}"
    )
    if care:
        st.warning(f"Today, by your plan: {plan['steps']}  \nCall: {plan['call']}")
    note = st.text_input("Note (do not copy the person's words)", key=f"note-{turn}")
    new = st.toggle("Something that is not in the list", key=f"new-{turn}")
    themes = tuple(st.session_state[_pills_key(found)])
    flags = ("needs_care",) * care + (SOMETHING_NEW,) * new
    offered = tuple(suggestion.theme for suggestion in found.suggestions())
    choice = Choice(themes=themes, flags=flags, note=note, offered=offered)
    nothing = Choice(flags=("other", *flags), note=note, offered=offered)
    back, none, following = st.columns([1, 1, 2])
    back.button("Back", shortcut="Left", width="stretch", on_click=found.go, args=(-1,))
    none.button(
        "No theme fits",
        shortcut="0",
        width="stretch",
        on_click=_save,
        args=(found, keys, coder, nothing),
    )
    following.button(
        "Save and next",
        type="primary",
        shortcut="Enter",
        width="stretch",
        disabled=not themes and not care,
        on_click=_save,
        args=(found, keys, coder, choice),
    )
    if message := st.session_state.pop("not-saved", None):
        st.error(message)
    hits = found.hits()
    if hits is not None:
        st.caption(
            f"About {round(hits * 10)} in 10 themes people chose were among the first three."
        )


def _save(found: Desk, keys: Keys, coder: str, choice: Choice) -> None:
    try:
        save(found, keys, coder, choice)
    except ThroughlineError as refused:
        st.session_state["not-saved"] = f"Not saved: {refused}"


def _language(lang: str) -> str:
    return {"en": "English", "es": "Spanish"}.get(lang, lang)


def finish(found: Desk) -> None:
    """Draw how the session stands and the way out."""
    with st.container(horizontal=True, vertical_alignment="center"):
        gate.watch_idle()
        if st.button("Lock now", icon=":material/lock:"):
            gate.lock()
            st.rerun()


def today() -> date:
    """Return the day."""
    return date.today()  # noqa: DTZ011 - the day where the people are
