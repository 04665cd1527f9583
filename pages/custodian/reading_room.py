"""Reading room: custodians unlock, open what is new and code what people wrote."""

from __future__ import annotations

import streamlit as st

from feedback.custody import Keys
from feedback.errors import ThroughlineError
from feedback.rounds import State, states
from feedback.ui import coding_keys, coding_screen, gate, reading, reading_plan, tasks
from feedback.ui.widgets import head


def main() -> None:
    """Ask for the plan, then for passphrases, then show one answer at a time."""
    if not gate.allowed(custodian=True):
        return
    head("Reading room")
    keys = gate.keys()
    plan = reading_plan.current()
    if keys is None:
        st.write(
            "Answers are opened here, in this window's memory, by custodians of the advocacy "
            "program. Nothing that people wrote is saved, copied or sent on."
        )
    if plan is None:
        reading_plan.ask()
    elif keys is None:
        rounds = [r for r, state in states(gate.folder()).items() if state is not State.PREPARED]
        if rounds:
            rounds.reverse()
            reading_plan.show_state(gate.round_to_unlock(rounds))
            gate.unlock(rounds)
            reading_plan.show(plan)
        else:
            st.info("No round is open yet. When the form is open, its answers come here.")
    else:
        _desk(keys, dict(plan.body))


def _desk(keys: Keys, plan: dict[str, str]) -> None:
    try:
        found = reading.desk(keys, coding_screen.today())
    except ThroughlineError as refused:
        st.error(str(refused))
        return
    with coding_keys.heard(found):
        _room(found, keys, plan)


def _room(found: reading.Desk, keys: Keys, plan: dict[str, str]) -> None:
    tasks.set_apart(found, keys)
    tasks.remind(found, coding_screen.today())
    if not found.snapshot.responses:
        st.info("Nobody has answered this round yet.")
    elif keys.words is None:
        st.info(
            "The closed answers are open. To read words, more custodians must come together: lock "
            "the room, then each types a passphrase before you unlock it."
        )
    else:
        tasks.draw(found, keys, plan)


main()
