"""Who may see what: the team password opens releases, custodians' passphrases open answers."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from math import ceil
from threading import Thread

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SafeSessionState, SessionState, SessionStateProxy

from feedback import custody
from feedback.errors import ThroughlineError
from feedback.folder import Folder
from feedback.rounds import load_round
from feedback.settings import Settings, Surface, TeamFile
from feedback.ui import line

SIGNED_IN = "signed_in"
KEYS = "keys"
ROUND = "round_unlocked"
TO_UNLOCK = "round-to-unlock"
LAST_USED = "last_used"
OPENED = "opened"  # whatever was opened; a custodian page keeps it here and nowhere else
DOING = "doing"  # who reads, and what they do
REWORDED = "reworded"  # the desk for paraphrases
PERSON = "person"  # who sits at that desk and showed it by a passphrase

LOOK_EVERY = 20  # seconds

Clocks = tuple[float, float]  # seconds


def settings() -> Settings:
    """Return what the environment says."""
    return Settings.from_env(os.environ)


def folder() -> Folder:
    """Return the team's folder."""
    return Folder(settings().data)


def team() -> TeamFile:
    """Return the team's settings."""
    return folder().team()


def signed_in() -> bool:
    """Say whether this session knows the team password."""
    return bool(st.session_state.get(SIGNED_IN))


def allowed(*, custodian: bool = False) -> bool:
    """Say whether this page may be drawn; every page asks, also when its address was typed in."""
    if not signed_in():
        sign_in()
        return False
    if custodian and settings().surface is Surface.TEAM:
        st.info("Responses are opened on a custodian's own computer, not here.")
        return False
    _show_what_is_open(in_use=custodian)
    return True


def sign_in() -> None:
    """Ask for the team password."""
    name = team().name
    with st.columns([1, 2, 1])[1]:
        st.title(name, anchor=False)
        st.write("What people told us, what we decided, and what changed.")
        with st.form("sign-in", border=True):
            password = st.text_input("Team password", type="password", autocomplete="off")
            sent = st.form_submit_button("Sign in", type="primary", width="stretch")
        if sent and custody.team_password_fits(folder(), password):
            st.session_state[SIGNED_IN] = True
            st.rerun()
        elif sent:
            st.error("That is not the team password. Check each word and try again.")
        st.caption(
            "This side shows releases only: numbers that were protected and approved. "
            "Nobody can see here what one person said. The password is a row of words: whoever set "
            "this up has it. Loading the page anew signs you out, and so does a line that breaks."
        )


def sign_out() -> None:
    """Forget everything that this session knows."""
    here = get_script_run_ctx()
    _end(here.session_state if here is not None else None)


def keys() -> custody.Keys | None:
    """Return what custodians unlocked in this session."""
    found: custody.Keys | None = st.session_state.get(KEYS)
    return found


def lock() -> None:
    """Forget keys and everything that was opened."""
    if here := get_script_run_ctx():
        _let_go(here.session_state._state)


def _end(state: SafeSessionState | None) -> None:
    if state is not None:
        state._state.clear()
        _let_go(state._state)


def _let_go(state: SessionState) -> None:
    for name in (KEYS, ROUND, LAST_USED, OPENED, DOING, REWORDED, PERSON):
        with suppress(KeyError):
            del state[name]
    # What buttons would call and lists offer: Streamlit keeps it when they are gone, and nothing
    # public reaches it.
    state._new_widget_state.widget_metadata.clear()


@st.cache_resource(scope="session", show_spinner=False, on_release=_end)
def end_with_the_page() -> SafeSessionState | None:
    """Have this session forget everything when its page is closed or loses the server.

    Streamlit keeps a session, with all that was opened, until somebody else's page is closed.
    """
    here = get_script_run_ctx()
    return here.session_state if here is not None else None


def clocks() -> Clocks:
    """Return what both clocks say: the first stands still in a sleeping computer, the second not.

    The second can be set back by somebody, the first cannot.
    """
    return time.monotonic(), time.time()


def seconds_since(before: Clocks) -> float:
    """Return how long ago this was, by the clock that says more."""
    return max(now - then for now, then in zip(clocks(), before, strict=True))


def _seconds_left(state: SessionStateProxy | SessionState, place: Folder) -> float:
    """Return how long the session stays open; nothing when it is locked."""
    try:
        used = state[LAST_USED]
    except KeyError:
        return 0
    return place.team().idle_minutes * 60 - seconds_since(used)


def _watch(state: SessionState, place: Folder) -> None:
    """Lock on time, also when no page asks: it was left, or its browser sleeps."""
    while KEYS in state:
        with suppress(ThroughlineError):  # whoever cannot read how long to wait does not wait
            if _seconds_left(state, place) > 0:
                time.sleep(LOOK_EVERY)
                continue
        _let_go(state)


def _show_what_is_open(*, in_use: bool) -> None:
    """Say on every page what is open and for how long, with the way to lock it."""
    if KEYS not in st.session_state:
        return
    if _seconds_left(st.session_state, folder()) <= 0:
        lock()
        return
    if in_use:
        st.session_state[LAST_USED] = clocks()
    with st.container(horizontal=True, vertical_alignment="center"):
        by = ", ".join(st.session_state[KEYS].custodians)
        st.write(f"Round **{st.session_state[ROUND]}**, unlocked by {by}")
        _count_down()
        line.watch()
        st.button("Lock now", icon=":material/lock:", on_click=lock)


@st.fragment(run_every=LOOK_EVERY)
def _count_down() -> None:
    """Draw the page anew once it is locked, also when nobody touches it."""
    left = _seconds_left(st.session_state, folder())
    if left <= 0:
        st.rerun()
    minutes = "one more quiet minute" if left <= 60 else f"{ceil(left / 60)} more quiet minutes"
    st.caption(f"Open until you lock it, or for {minutes}.")


def round_to_unlock(round_ids: list[str]) -> str:
    """Return the round that is chosen to be unlocked; the first until somebody chooses."""
    chosen = st.session_state.get(TO_UNLOCK)
    return chosen if chosen in round_ids else round_ids[0]


def unlock(round_ids: list[str]) -> None:
    """Ask custodians for their passphrases, one after the other at the same screen."""
    place = folder()
    round_id = st.selectbox("Round", round_ids, key=TO_UNLOCK)
    names, needed = custody.custodians(place, round_id)
    st.write(
        f"Any one custodian opens the closed answers. **{needed}** together also open what "
        "people wrote."
    )
    with st.form("unlock", border=True):
        typed = {
            name: st.text_input(name, type="password", autocomplete="off", key=f"words-{name}")
            for name in names
        }
        sent = st.form_submit_button("Unlock", type="primary")
    if not sent:
        return
    given = {name: words for name, words in typed.items() if words.strip()}
    try:
        load_round(place, round_id)
        found = custody.unlock(place, round_id, given)
    except ThroughlineError as refused:
        st.error(str(refused))
        return
    for name in names:
        del st.session_state[f"words-{name}"]
    end_with_the_page()
    st.session_state[KEYS] = found
    st.session_state[ROUND] = round_id
    st.session_state[LAST_USED] = clocks()
    if here := get_script_run_ctx():
        Thread(target=_watch, args=(here.session_state._state, place), daemon=True).start()
    st.rerun()
