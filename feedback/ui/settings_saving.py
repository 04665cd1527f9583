"""How a settings page saves: who may, what somebody saw when they began, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Iterable

import streamlit as st

from feedback import custody
from feedback.errors import EditConflict, InvalidSettings, ThroughlineError
from feedback.rounds import states
from feedback.settings import Settings, Surface, TeamFile
from feedback.team_file import Edit, Value, change_team, value_of
from feedback.ui import gate, widgets
from feedback.ui.team_data import today
from feedback.ui.texts import plain

EDITOR = "settings_editor"  # who showed that they are a custodian, and when they last did something
SEEN = "settings-seen"  # what stood in a field when this session first drew it
FIELD = "settings-field-"  # how the keys of fields begin


def editor() -> str:
    """Return the custodian who may change settings in this session; nobody after a while."""
    name, used = st.session_state.get(EDITOR, ("", (0.0, 0.0)))
    if not name or gate.seconds_since(used) > gate.team().idle_minutes * 60:
        st.session_state.pop(EDITOR, None)
        return ""
    st.session_state[EDITOR] = (name, gate.clocks())
    return str(name)


def who_may() -> bool:
    """Say who may change settings, and let a custodian show who they are; say whether one has."""
    if name := editor():
        st.info(f"{plain(name)} can change settings now.", icon=":material/edit:")
        return True
    st.markdown(
        "Everybody on the team may read this page. **Only a custodian changes what people meet**: "
        "a wrong number or a wrong way out could harm somebody."
    )
    if Settings.from_env(os.environ).surface is Surface.TEAM:
        st.caption("A custodian changes settings on their own computer.")
        return False
    with st.expander("I am a custodian", icon=":material/key:"):
        _ask()
    return False


def _ask() -> None:
    folder = gate.folder()
    rounds = list(states(folder))
    if not rounds:
        st.write("There is no round yet, so there are no custodians.")
        return
    names, _ = custody.custodians(folder, rounds[-1])
    with st.form("settings-who"):
        name = st.selectbox("Custodian", names)
        words = st.text_input("Passphrase", type="password", autocomplete="off", key="settings-key")
        sent = st.form_submit_button("Let me change settings")
    if not sent:
        return
    try:
        custody.unlock(folder, rounds[-1], {name: words})  # the keys themselves are not kept
    except ThroughlineError as refused:
        st.error(plain(str(refused)))
        return
    del st.session_state["settings-key"]
    st.session_state[EDITOR] = (name, gate.clocks())
    st.rerun()


def field(edit_key: str) -> str:
    """Return the key of a field."""
    return f"{widgets.fresh(FIELD)}{edit_key}"


def edited(key: str, after: Value, now: TeamFile, *, table: str = "", entry: str = "") -> Edit:
    """Return what somebody typed beside what stood there when they first saw it."""
    empty = Edit(key, None, after, table, entry)
    return Edit(key, _seen(empty, now), after, table, entry)


def save(edits: Iterable[Edit], sentence: str) -> None:
    """Save, and say so on the next drawing; or say what stands against it, with nothing lost."""
    listed = [edit for edit in edits if edit.before != edit.after]
    if not listed:
        st.info("Nothing is different from what was saved before.")
        return
    folder = gate.folder()
    try:
        change_team(folder, listed, today=today())
    except EditConflict as refused:
        now = gate.team()
        for edit in listed:  # whoever saves once more has seen what the others wrote
            if value_of(now, edit) != edit.before:
                st.session_state[SEEN][edit.label] = value_of(now, edit)
        st.warning(plain(str(refused)), icon=":material/group:")
    except InvalidSettings as refused:
        st.error(f"Not saved. {plain(' '.join(refused.problems))}")
    except ThroughlineError as refused:
        st.error(f"Not saved. {plain(str(refused))}")
    else:
        begin_again(sentence)


def begin_again(sentence: str) -> None:
    """Draw the page anew from the file, with a sentence on top."""
    widgets.forget(FIELD)
    st.session_state.pop(SEEN, None)
    widgets.say_later(sentence)
    st.rerun()


def _seen(edit: Edit, now: TeamFile) -> Value:
    seen: dict[str, Value] = st.session_state.setdefault(SEEN, {})
    return seen.setdefault(edit.label, value_of(now, edit))
