"""What there is to do in the reading room, who does it, and the way between the tasks."""

from __future__ import annotations

from collections import Counter
from datetime import date
from enum import StrEnum

import streamlit as st

from feedback.custody import Keys
from feedback.errors import ThroughlineError
from feedback.ui import (
    care_screen,
    coding_screen,
    gate,
    new_screen,
    settle_screen,
    texts,
    theme_screen,
    together,
)
from feedback.ui.reading import READER, Desk, Pile, attempt, open_again, refresh

TASK = "task"


class Task(StrEnum):
    """What somebody does in the room."""

    READ = "Read"
    SECOND = "Second reading"
    SETTLE = "Settle"
    THEMES = "By theme"
    NEW = "Something new"
    CARE = "Needs care"


def draw(found: Desk, keys: Keys, plan: dict[str, str]) -> None:
    """Draw who reads, what there is to do, and the task that was chosen."""
    with st.container(horizontal=True):
        task = _task(found)
        reader = _reader(found, keys)
    if (reader, task) != st.session_state.get(gate.DOING):
        st.session_state[gate.DOING] = (reader, task)
        _sit(found, keys, reader, Pile.SECOND if task is Task.SECOND else Pile.UNREAD)
    if found.failed:
        st.error(found.failed)
    if task is Task.READ or task is Task.SECOND:
        if task is Task.SECOND:
            st.write(
                "Some answers, drawn by lot, are read by a second person who sees neither the "
                "first coding nor suggestions. That shows which themes need a better definition."
            )
        coding_screen.draw(found, keys, plan)
    elif task is Task.SETTLE:
        settle_screen.draw(found, keys)
    elif task is Task.THEMES:
        theme_screen.draw(found, keys)
    elif task is Task.NEW:
        new_screen.draw(found)
    else:
        care_screen.draw(found, keys, plan, coding_screen.today())
    together.draw(found, keys)


def _sit(found: Desk, keys: Keys, reader: str, pile: Pile) -> None:
    try:
        refresh(found, keys)
    except ThroughlineError as refused:
        st.error(str(refused))
    found.sit(reader, pile)


def _reader(found: Desk, keys: Keys) -> str:
    if len(keys.custodians) == 1:
        return keys.custodians[0]
    picked = st.radio("Who is reading", keys.custodians, horizontal=True, key=READER)
    return picked or found.reader


def _task(found: Desk) -> Task:
    counts = {
        Task.READ: found.left,
        Task.SECOND: len(found.waiting),
        Task.SETTLE: len(found.unlike),
        Task.CARE: care_screen.open_count(found),
    }
    picked = st.radio(
        "What to do",
        list(Task),
        horizontal=True,
        # Not in the names: Streamlit tells options apart by what they say, and would let go of
        # the one that was chosen as soon as its number changes.
        captions=[f"{counts[task]:,} left" if counts.get(task) else "" for task in Task],
        key=TASK,
    )
    return picked or Task.READ


def set_apart(found: Desk, keys: Keys) -> None:
    """Say which sealed rows could not be opened and why, and let them be tried again."""
    reasons = Counter(found.snapshot.quarantine.values())
    if not reasons:
        return
    lines = "\n".join(f"- {many}: {why}" for why, many in sorted(reasons.items()))
    st.warning(
        f"**Sealed rows set apart (quarantine): {reasons.total()}.** They are kept in the box and "
        f"counted nowhere.\n{lines}\n\nA few may be junk. After damage to the disk, put the "
        "box from your backup in place and try again."
    )
    if keys.words is not None:
        st.button(
            "Try to open them again",
            on_click=attempt,
            args=(open_again, found, keys, coding_screen.today()),
        )


def remind(found: Desk, today: date) -> None:
    """Say, by number only, what is late: answers that nobody read, care that nobody noted."""
    read_by = gate.team().round_dates(found.round.id).read_by
    unread = found.snapshot.unread
    if read_by and today > read_by and unread:
        st.warning(
            f"The form promised that answers are read by {texts.day(read_by)}. "
            f"Not read yet: {unread}."
        )
    caring = care_screen.open_count(found)
    if caring:
        st.warning(
            f"Marked as needing care, without a note of what was done: {caring}. "
            "Note it under “Needs care”."
        )
