"""Before anybody reads: the written plan, what is open until when, and who has read lately."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from feedback.errors import ThroughlineError
from feedback.rounds import State, states
from feedback.store import audit
from feedback.store.records import Document, open_records
from feedback.ui import gate, texts
from feedback.ui.coding_screen import today

KIND = "reading_plan"
CHANGING = "changing-plan"
QUESTIONS = {
    "first": "Who reads first? A role, such as lead advocate.",
    "reporter": "Who of the readers must report harm to a child, and to whom?",
    "call": "Whom do readers call the same day?",
    "steps": "What happens on the day when an answer needs care?",
    "limits": "What can you not do? (You cannot find the writer or answer them.)",
}


def current() -> Document | None:
    """Return the plan, or None before it is filled in."""
    records = open_records(gate.settings().team)
    try:
        return records.get(KIND, KIND)
    finally:
        records.close()


def ask(before: Document | None = None) -> None:
    """Ask for the plan, or for a change of it; every line is needed."""
    st.header("Your plan" if before else "First, your plan", anchor=False)
    st.write(
        "Reading can start a legal clock: most people on a response team must report harm to a "
        "child. Settle this with your program's lawyer before the first answer is opened."
    )
    with st.form("reading-plan", border=True):
        given = {
            name: st.text_area(text, before.body[name] if before else "", height=80)
            for name, text in QUESTIONS.items()
        }
        sent = st.form_submit_button("Save the plan", type="primary")
    if not sent:
        return
    if not all(text.strip() for text in given.values()):
        st.error("Each line is needed. Nothing you wrote is lost.")
        return
    records = open_records(gate.settings().team)
    try:
        seen = before.version if before else 0
        records.save(KIND, KIND, given, expected=seen, author="custodian", today=today())
    except ThroughlineError as refused:
        st.error(str(refused))
        return
    finally:
        records.close()
    st.session_state.pop(CHANGING, None)
    st.rerun()


LONG = timedelta(days=7)  # between two looks into an open round


def show_state(round_id: str) -> None:
    """Say until when a round is open, by when it is to be read, and who opened it last."""
    dates = gate.team().round_dates(round_id)
    state = states(gate.folder())[round_id]
    is_open = state is State.OPEN
    lines = [f"Round **{round_id}** " + ("takes answers" if is_open else "is closed")]
    if is_open and dates.closes:
        lines[0] += f" until {texts.day(dates.closes)}"
    if dates.read_by:
        lines.append(f"The form promises that they are read by **{texts.day(dates.read_by)}**")
    day, who = last_opened(round_id)
    now = today()
    if day is None:
        lines.append("Nobody has opened it so far")
    elif day == now:
        lines.append(f"Reading today: {', '.join(who)}")
    else:
        lines.append(f"Last opened on {texts.day(day)} by {', '.join(who)}")
    st.markdown("  \n".join(f"{line}." for line in lines))
    if state is State.RELEASED:
        return
    if dates.read_by and now > dates.read_by and (day is None or day < dates.read_by):
        st.warning("The promised day has passed, and nobody has opened this round since.")
    elif is_open and day is not None and now - day > LONG:
        st.warning(f"Nobody has looked in for {(now - day).days} days.")


def last_opened(round_id: str) -> tuple[date | None, tuple[str, ...]]:
    """Return the last day on which words of a round were open, and everybody who came that day."""
    try:
        events = audit.read(gate.folder().audit)
    except ThroughlineError:
        return None, ()
    opened = [
        (date.fromisoformat(one["day"]), one["custodians"])
        for one in events
        if one["event"] == audit.Event.OPENED and one["round"] == round_id
        if one["part"] == "words"
    ]
    last = max((day for day, _ in opened), default=None)
    names = (name for day, who in opened if day == last for name in who)
    return last, tuple(dict.fromkeys(names))


def show(plan: Document) -> None:
    """Show the plan to those who are about to read, and let them change it."""
    if st.session_state.get(CHANGING):
        ask(plan)
        st.button("Leave it as it is", on_click=_change, args=(False,))
        return
    with st.expander("Your plan for reading"):
        for name, text in QUESTIONS.items():
            st.markdown(f"**{text}**  \n{texts.plain(plan.body[name])}")
        st.caption(f"Written on {texts.day(plan.saved_on)}.")
        st.button("Change the plan", on_click=_change, args=(True,))


def _change(changing: bool) -> None:
    st.session_state[CHANGING] = changing
