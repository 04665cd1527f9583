"""The coding screen: one masked answer, five suggestions on number keys, all themes, next."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from feedback.custody import Keys
from feedback.themes.codebook import NEEDS_CARE
from feedback.themes.coding import MOST_THEMES, Key
from feedback.themes.suggest import Suggestion
from feedback.ui import hiding
from feedback.ui.answer_parts import language, masked, origin, take_back_button
from feedback.ui.coding_keys import button, note_key, save_choice
from feedback.ui.reading import SOMETHING_NEW, Desk, Pile
from feedback.ui.texts import plain

ANSWER = "answer"
THEMES = "themes"
LARGE = (
    f"<style>.st-key-{ANSWER} p {{ font-size: 1.3rem; line-height: 1.5 }}"
    '[class*="-suggestion"] button p { white-space: normal }'
    f".st-key-{THEMES} button {{ min-height: 2rem; padding: 0 0.7rem; border-radius: 1rem }}"
    "</style>"
)


def draw(found: Desk, keys: Keys, plan: dict[str, str]) -> None:
    """Draw the answer in front, or say that all are read."""
    if found.key is None:
        _all_read(found)
        _take_back(found, keys)
    elif found.needs_pause and found.paused != found.read:
        _pause(found)
    else:
        _one(found, found.key, keys, plan)


def _all_read(found: Desk) -> None:
    if found.pile is Pile.SECOND and not found.waiting:
        st.success(
            "Nothing waits for your second reading. Answers come here when somebody else has read "
            "them first."
        )
        return
    if found.pile is Pile.SECOND or found.left:
        pile = Pile.SECOND if found.pile is Pile.SECOND else Pile.UNREAD
        st.info("You are at the end. Some answers were passed over without a theme.")
        st.button("Start again with those", on_click=found.sit, args=(found.reader, pile))
        return
    if found.sample is None:
        st.success("Every answer of this round has been read and coded.")
    else:
        st.success("Everything in the random sample has been read and coded.")
    st.write(
        "Take a moment before you go on. If something stays with you, talk to the person your "
        "plan names."
    )
    if found.left_beside:
        st.write(
            f"{found.left_beside:,} answers lie outside the sample. Their writers count in every "
            "other table. Read them if you can: it changes no number, and somebody may need care."
        )
        st.button("Read the others too", on_click=found.sit, args=(found.reader, Pile.REST))
    if any(key not in found.waiting for key in found.answers):
        st.button("Look at them again", on_click=found.sit, args=(found.reader, Pile.AGAIN))


def _pause(found: Desk) -> None:
    st.header("Time to look up", anchor=False)
    st.write(
        f"You have read {found.read} answers. A short walk, some water, a word with somebody. "
        "The others can wait, also until tomorrow."
    )
    button(
        found,
        "Go on",
        "enter-pause",
        partial(setattr, found, "paused", found.read),
        kind="primary",
    )


def _one(found: Desk, key: Key, keys: Keys, plan: dict[str, str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(found.at / max(1, len(found.queue)), _progress(found), width=320)
        # Kept on the desk also over a pause, when no switch is on the screen.
        found.covers = st.toggle("Cover each answer first", found.covers, key="cover")
        if found.pile is not Pile.SECOND:
            found.hides = st.toggle("Hide suggestions", found.hides, key="hide")
    outside = " · outside the random sample: it changes no number" if found.is_outside else ""
    st.caption(origin(found.answers[key]) + outside)
    if found.covers and found.seen != found.turn:
        with st.container(border=True):
            st.write("An answer is here. Look when you are ready.")
            button(
                found,
                "Show the answer",
                "enter-show",
                partial(setattr, found, "seen", found.turn),
                kind="primary",
            )
        return
    if not found.has_words_for(key):
        st.info(
            f"This answer needs a reader of {language(found.language(key))}. Nothing is suggested: "
            "the codebook has no words in this language. If you do not read it, pass it over."
        )
    st.html(LARGE)
    _text(found, key, keys)
    suggestions = [] if found.hides else found.suggestions()
    _themes(found, suggestions)
    _rest(found, keys, plan, tuple(one.theme for one in suggestions))
    _take_back(found, keys)


def _progress(found: Desk) -> str:
    if found.pile is Pile.SECOND:
        return f"{len(found.waiting)} wait for your second reading"
    if found.pile is Pile.REST:
        return f"{found.left_beside:,} outside the sample not read yet"
    if found.pile is Pile.AGAIN:
        return f"{found.at + 1:,} of {len(found.queue):,}, read before"
    return f"{found.left:,} {'of the sample ' if found.sample is not None else ''}not read yet"


def _text(found: Desk, key: Key, keys: Keys) -> None:
    segments = found.pieces(key)
    shown = found.shown == found.turn
    with st.container(border=True, key=ANSWER):
        st.markdown(masked(segments, shown=shown))
    with st.container(horizontal=True):
        if any(segment.kind for segment in segments):
            button(
                found,
                "Hide details again" if shown else "Show hidden details",
                "h-mask",
                partial(setattr, found, "shown", 0 if shown else found.turn),
                kind="tertiary",
            )
        hiding.draw_way(found)
    hiding.draw(found, key, keys)
    if key in found.copies:
        st.caption("Almost the same words as another answer of this round.")


def _themes(found: Desk, suggestions: list[Suggestion]) -> None:
    if suggestions:
        st.caption("Suggested; you decide. Keys 1 to 5.")
        columns = st.columns(len(suggestions))
        for number, (column, suggestion) in enumerate(zip(columns, suggestions, strict=True), 1):
            with column:
                button(
                    found,
                    found.label(suggestion.theme),
                    f"{number}-suggestion",
                    partial(_toggle, found, suggestion.theme),
                    kind="primary" if suggestion.theme in found.picked else "secondary",
                    about=found.codebook.theme(suggestion.theme).words["en"].definition,
                    wide=True,
                )
    st.caption(f"All themes (up to {MOST_THEMES})")
    # Buttons, not pills: what a browser keeps of pills can come late and undo what a key did.
    with st.container(horizontal=True, gap="small", key=THEMES):
        for theme in found.codebook.themes:
            _theme(found, theme.id)


def _theme(found: Desk, theme: str) -> None:
    picked = theme in found.picked
    button(
        found,
        found.label(theme),
        f"-{theme}",
        partial(_toggle, found, theme),
        kind="primary" if picked else "secondary",
        icon=":material/check:" if picked else None,
    )


def _toggle(found: Desk, theme: str) -> None:
    picked = found.picked
    found.picked = [t for t in picked if t != theme] if theme in picked else [*picked, theme]


def _rest(found: Desk, keys: Keys, plan: dict[str, str], offered: tuple[str, ...]) -> None:
    care = NEEDS_CARE in found.flags
    before = found.before()
    if care:
        st.warning(f"Today, by your plan: {plain(plan['steps'])}  \nCall: {plain(plan['call'])}")
    st.text_input(
        "Note (do not copy the person's words)",
        value=before.note if before else "",
        max_chars=300,
        key=note_key(found),
    )
    with st.container(horizontal=True):
        _flag(found, "something new", SOMETHING_NEW, "n-new", "It is not in the list of themes.")
        _flag(
            found, "needs care", NEEDS_CARE, "d-care",
            "Somebody may be in danger, or a person or a place is named.",
        )  # fmt: skip
        nothing = partial(save_choice, found, keys, True, offered)
        button(found, "No theme fits", "0-nothing", nothing, leaves=True)
        button(
            found,
            "Pass over for now",
            "p-pass",
            partial(found.go, 1),
            leaves=True,
            about="It waits for you, or for somebody who can read it.",
        )
    chosen = len(found.picked)
    if chosen > MOST_THEMES:
        st.caption(f"Up to {MOST_THEMES} themes. More would say that they are not told apart.")
    back, following = st.columns([1, 2])
    with back:
        button(found, "Back", "left-back", partial(found.go, -1), leaves=True, wide=True)
    with following:
        button(
            found,
            "Save and next",
            "enter-save",
            partial(save_choice, found, keys, False, offered),
            leaves=True,
            kind="primary",
            wide=True,
        )
    _hits(found)


def _flag(found: Desk, name: str, flag: str, key: str, about: str) -> None:
    marked = flag in found.flags
    button(
        found,
        f"Marked: {name}" if marked else name.capitalize(),
        key,
        partial(found.flags.symmetric_difference_update, {flag}),
        kind="primary" if marked else "secondary",
        icon=":material/check:" if marked else None,
        about=about,
    )


def _hits(found: Desk) -> None:
    hits = found.hits()
    if hits is not None and found.pile is not Pile.SECOND:
        st.caption(
            f"About {round(hits * 10)} in 10 themes people chose were among the three suggested."
        )


def _take_back(found: Desk, keys: Keys) -> None:
    if found.has_coded:
        take_back_button(found, keys, found.reader)


def today() -> date:
    """Return the day."""
    return date.today()  # noqa: DTZ011 - the day where the people are
