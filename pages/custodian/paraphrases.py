"""Paraphrases: an advocate rewords what people agreed to share, a second custodian approves."""

from __future__ import annotations

import streamlit as st

from feedback import ledgers
from feedback.custody import Keys
from feedback.errors import ThroughlineError
from feedback.keyrings import destroyed
from feedback.ui import coding_screen, gate, reading, reading_plan, rewording, rewording_screen
from feedback.ui.widgets import head, said_before


def main() -> None:
    """Ask for the plan, then for passphrases, then show one answer at a time."""
    if not gate.allowed(custodian=True):
        return
    head("Paraphrases")
    st.write(
        "A few sentences that say in other words what people meant. Only of those who ticked that "
        "their words may be shared, reworded; one custodian writes, another approves."
    )
    said_before()
    try:
        _draw()
    except ThroughlineError as refused:
        st.error(str(refused))


def _draw() -> None:
    keys = gate.keys()
    releases = ledgers.releases(gate.folder())
    rounds = [release.round for release in releases]
    if not rounds:
        st.info(
            "There is no release yet. Paraphrases are written after a release, so that they say "
            "no more than it does."
        )
    elif reading_plan.current() is None:
        reading_plan.ask()
    elif keys is None:
        st.write(
            f"Only a round that {releases[-1].plan.limits.k_quotes} or more people answered can "
            "have them: in a smaller one a story is recognised even in other words."
        )
        gate.unlock(rounds[::-1])
    else:
        _desk(keys)
    if keys is None:
        rewording_screen.take_out_of_pages()


def _desk(keys: Keys) -> None:
    found = reading.desk(keys, coding_screen.today())
    if keys.words is not None:
        rewording_screen.draw(rewording.desk(found, keys), keys)
    elif f"{found.round.id}-words" in destroyed(gate.folder()):
        st.info(
            "The words key of this round is destroyed: what people wrote can never be opened "
            "again, so nothing more can be reworded. Lock this page to take a sentence off the "
            "team's pages."
        )
    else:
        st.info("To read words, more custodians must come together.")


main()
