"""How a form saves what two people wrote at once: both are kept, or both are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

import streamlit as st

from feedback.decisions.merging import merge
from feedback.errors import EditConflict
from feedback.ui import gate
from feedback.ui.team_data import Written, save
from feedback.ui.texts import day, first_up, plain
from feedback.ui.widgets import forget, plain_table, remember_role, say_later

T = TypeVar("T", bound=Written)

TYPED = "What you typed is still in the form."


@dataclass(frozen=True, slots=True)
class Edited(Generic[T]):
    """A document as its form was filled from it, as it is now, and as somebody typed it.

    ``version``: that of what is saved now. ``form``: how the names of its fields begin.
    ``label`` says what a field is called.
    """

    was: T
    now: T
    typed: T
    version: int
    form: str
    label: Callable[[str], str]


def save_both(edited: Edited[T], role: str) -> tuple[str, ...] | None:
    """Save what was typed together with what somebody else saved since the form was filled.

    Returns the labels of what only somebody else changed. None: nothing was saved, because both
    changed one thing; both are shown then, and the next time mine is saved.
    """
    merged = merge(edited.was, edited.now, edited.typed)
    shown = f"{edited.form}shown"
    if merged.clashes and st.session_state.get(shown) != edited.version:
        st.session_state[shown] = edited.version
        show_both(
            (edited.label(name), _said(edited.now, name), _said(edited.typed, name))
            for name in merged.clashes
        )
        return None
    try:
        save(gate.settings(), merged.document, seen=edited.version, author=role)
    except EditConflict:
        same_moment()
        return None
    return tuple(edited.label(name) for name in merged.taken_over)


def finish(saved: str, kept: Iterable[str], *, role: str, form: str) -> None:
    """Say that a form was saved and what else is kept, and draw the page anew."""
    remember_role(role)
    forget(form)
    say_later(f"{saved}{kept_too(kept)}")
    st.rerun()


def kept_too(labels: Iterable[str]) -> str:
    """Say what somebody else changed meanwhile; nothing when there is nothing."""
    fields = ", ".join(labels)
    return f" What was changed meanwhile is kept too: {fields}." if fields else ""


def show_both(clashes: Iterable[tuple[str, str, str]]) -> None:
    """Show what two people wrote in one place, before anything is saved."""
    st.warning(
        f"Not saved yet: somebody else changed the same thing first. {TYPED} Put both together "
        "there, and save again.",
        icon=":material/group:",
    )
    plain_table(
        {
            "What": plain(label),
            "They wrote": plain(theirs) or "nothing",
            "You wrote": plain(mine) or "nothing",
        }
        for label, theirs, mine in clashes
    )


def same_moment() -> None:
    """Say that somebody saved while this was being saved."""
    st.warning(
        f"Somebody else saved at the same moment. {TYPED} Press the button once more, and both "
        "are kept.",
        icon=":material/group:",
    )


def _said(document: Written, name: str) -> str:
    """Return what a field holds, in words."""
    field, _, entry = name.partition(".")
    value = getattr(document, field)
    value = value.get(entry, "") if entry else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date) or value is None:
        return day(value)
    if isinstance(value, StrEnum):
        return first_up(value.replace("_", " ").replace("dont", "don't"))
    return str(value)
