"""Taking a whole release back, on the screen: which one, why, and two custodians."""

from __future__ import annotations

import streamlit as st

from feedback import custody, ledgers, withdrawing
from feedback.disclosure.withdrawal import Reason
from feedback.errors import ThroughlineError
from feedback.ui import gate
from feedback.ui.coding_screen import today
from feedback.ui.widgets import say_later

REASONS = {
    Reason.ERROR: "There was an error in it",
    Reason.FRAUD: "Some of its answers were not real",
}
WORDS = ("withdraw-words-1", "withdraw-words-2")


def draw() -> None:
    """Draw what was withdrawn, and the way to withdraw."""
    try:
        standing = ledgers.releases(gate.folder())
        for withdrawn in ledgers.withdrawals(gate.folder()):
            st.info(withdrawn.sentence, icon=":material/undo:")
        if not standing:
            return
        with st.expander("Withdraw a release"):
            st.write(
                "Only when there was an error in it, or some of its answers were not real. The "
                "whole release is withdrawn, for good: every page, file and board says so and "
                "shows no number of it, and its answers are never published again. The "
                "paraphrases beside it are taken out too."
            )
            st.write(
                "**Not for one person who takes back what they said.** A release holds nothing "
                "that is about one person, so it stays as it is, and nobody can tell."
            )
            _form({f"Release {one.number}, {one.round}": one.number for one in standing})
    except ThroughlineError as refused:
        st.error(str(refused))


def _form(standing: dict[str, int]) -> None:
    names = custody.team_custodians(gate.folder())
    alone = bool(gate.team().single_person)
    with st.form("withdraw", border=False):
        which = st.selectbox("Release", list(reversed(standing)))
        reason = st.selectbox("Why", list(REASONS), format_func=REASONS.__getitem__)
        given = {}
        for place, key in enumerate(WORDS[: 1 if alone else 2]):
            left, right = st.columns(2)
            count = ("First", "Second")[place]
            who = left.selectbox(f"{count} custodian", names, index=min(place, len(names) - 1))
            given[str(who)] = right.text_input(
                f"{count} custodian's passphrase", type="password", autocomplete="off", key=key
            )
        sure = st.checkbox("Yes, withdraw it for good")
        if not st.form_submit_button("Withdraw the release"):
            return
    if not sure:
        st.error("Tick the box if you are sure.")
        return
    seed = custody.unlock_team(gate.folder(), given)
    withdrawn = withdrawing.withdraw(
        gate.folder(), standing[which], seed, by=tuple(given), reason=reason, today=today()
    )
    for key in WORDS[: len(given)]:
        del st.session_state[key]
    say_later(f"Release {withdrawn.number} is withdrawn.")
    st.rerun()
