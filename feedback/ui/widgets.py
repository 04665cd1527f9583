"""The pieces that team pages are laid out from: heads, banners, links, lists, tables, fields."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import streamlit as st

from feedback.decisions.log import Decision
from feedback.decisions.signals import Ref
from feedback.errors import ThroughlineError
from feedback.settings import Settings
from feedback.ui import gate, navigation, texts
from feedback.ui.handout_buttons import WHERE, packet_button
from feedback.ui.team_data import Desk, read_desk, today
from feedback.ui.texts import first_up, plain

T = TypeVar("T")

DAYS = "MM/DD/YYYY"  # how a day is typed
TURN = "turn of "  # how often a form was filled anew in this session
SAID = "what-was-saved"  # the place where that is said; it stays in sight
ROLE = "role"  # who writes, as typed once in this session


def open_desk() -> Desk | None:
    """Return what lies on the team's desk; one calm sentence when it cannot be read."""
    try:
        return read_desk(gate.folder(), Settings.from_env(os.environ), today())
    except ThroughlineError as refused:
        st.warning(plain(str(refused)), icon=":material/info:")
        return None


def head(title: str, desk: Desk | None = None) -> None:
    """Draw what a page is called, what is invented, the way out, and the packet of a desk."""
    team = gate.team() if desk is None else desk.team
    if team.demonstration:
        st.info(
            "**Demonstration.** Every answer, number and decision here is invented.",
            icon=":material/science:",
        )
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.title(title, anchor=False)
    with right.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        if desk is not None:
            hint = f"Two pages, as PDF. {WHERE}"
            packet_button(desk, "Meeting packet", look="tertiary", hint=hint)
        st.button("Sign out", type="tertiary", icon=":material/logout:", on_click=gate.sign_out)


def page_top(desk: Desk, name: str) -> None:
    """Draw the head of a team page: what it is, by what rule, and the meeting packet."""
    words = texts.PAGES[name]
    head(words.title, desk)
    st.markdown(words.sentence)
    for withdrawn in desk.shelf.withdrawn:
        st.info(withdrawn.sentence, icon=":material/undo:")


def waiting(desk: Desk, name: str) -> None:
    """Draw what stands here before the first release: what will come, when, and why it waits."""
    with st.container(border=True):
        st.header("Nothing is released yet", anchor=False)
        st.markdown(f"**What will appear here.** {texts.PAGES[name].waiting}")
        st.markdown(f"**When.** {first_up(desk.next_release())}.")
        st.markdown(
            f"**Why it waits.** We wait for at least {desk.team.k} people, so that nobody can be "
            "picked out. Nothing is lost: every answer will be in the first release."
        )
        st.page_link(
            navigation.team_page("coverage"),
            label="Until then: plan whom to ask next",
            icon=":material/groups:",
        )


def bullets(lines: Iterable[str]) -> None:
    """Draw typed or published sentences as one list."""
    text = "\n".join(f"- {plain(line)}" for line in lines)
    if text:
        st.markdown(text)


def decision_link(decision: Decision) -> None:
    """Draw a decision in one sentence, with the way to it."""
    st.markdown(f"**{plain(decision.text)}**")
    st.page_link(
        navigation.team_page("decisions"),
        label=plain(f"Open “{textwrap.shorten(decision.text, 32, placeholder=' …')}”"),
        icon=":material/task_alt:",
        query_params={"decision": decision.id},
    )


def evidence_link(desk: Desk, release: int, ref: Ref, said: str) -> None:
    """Draw a link that opens a release at the row that is cited."""
    st.page_link(
        navigation.team_page("export"),
        label=plain(f"Release {release}: {textwrap.shorten(said, 100, placeholder=' …')}"),
        icon=":material/description:",
        query_params={"release": str(release), "row": str(ref)},
    )


def choose(
    title: str,
    options: Sequence[T],
    chosen: T,
    *,
    key: str,
    words: Callable[[T], str] = str,
    hint: str | None = None,
) -> T:
    """Ask for one of some options in a closed list; ``words`` say each option."""
    place = options.index(chosen) if chosen in options else 0
    picked: T | None = st.selectbox(
        title, options, index=place, format_func=words, key=key, help=hint
    )
    return chosen if picked is None else picked


def look_at(
    title: str, options: Sequence[T], chosen: T, *, key: str, words: Callable[[T], str] = str
) -> T:
    """Let somebody look at one of a few things that all stay in sight.

    Not pills: their chosen one is written in the primary colour, which is too dark for text at
    night when white on it can be read.
    """
    place = options.index(chosen) if chosen in options else 0
    picked: T | None = st.radio(
        title, options, index=place, format_func=words, key=key, horizontal=True
    )
    return chosen if picked is None else picked


def fresh(form: str) -> str:
    """Return how the names of a form's fields begin, until the form is forgotten.

    A browser keeps what stands in a field for as long as the field has its name, and sends it
    again: a form that is filled anew needs new names, or it would take back what others wrote.
    """
    turn: int = st.session_state.get(f"{TURN}{form}", 0)
    return f"{form}{turn}-" if turn else form


def forget(form: str) -> None:
    """Forget what was typed into a form, so that it is filled anew from what is saved."""
    for name in [str(name) for name in st.session_state]:
        if name.startswith(form):
            del st.session_state[name]
    st.session_state[f"{TURN}{form}"] = st.session_state.get(f"{TURN}{form}", 0) + 1


def role_field(key: str) -> str:
    """Ask who writes; the role is remembered until the page is closed."""
    if not st.session_state.get(key):  # also where another form of the page was drawn before
        st.session_state[key] = st.session_state.get(ROLE, "")
    typed = st.text_input(
        "Your role",
        key=key,
        max_chars=60,
        placeholder="for example: coordinator",
        help="A role, not a name. It stands in the history of what you save.",
    )
    return typed.strip()


def remember_role(role: str) -> None:
    """Keep in which role somebody wrote, until the page is closed."""
    st.session_state[ROLE] = role


def say_later(sentence: str) -> None:
    """Keep one sentence for the next drawing of the page, after something was saved."""
    st.session_state["said"] = sentence


def said_before() -> None:
    """Draw the sentence that was kept, once.

    Its place is there also without it: whatever stands below would else be drawn anew when it
    goes, and an open form would close over its own warning.
    """
    sentence = st.session_state.pop("said", "")
    with st.container(key=SAID):
        if sentence:
            st.success(plain(sentence), icon=":material/check:")


def was_pressed(key: str) -> bool:
    """Say whether a button of this name was pressed for this drawing of the page."""
    return bool(st.session_state.get(key))


def plain_table(rows: Iterable[dict[str, str]]) -> None:
    """Draw a small table of words; its cells are Markdown, so typed text goes through `plain`."""
    listed = list(rows)
    if listed:
        st.table(listed, border="horizontal", hide_index=True)
