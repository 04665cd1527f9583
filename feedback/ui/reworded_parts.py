"""What stands beside a release in an advocate's words: never anybody's own, and free to change."""

from __future__ import annotations

import streamlit as st

from feedback.decisions.packet import NOBODYS_OWN
from feedback.ui.team_data import Desk
from feedback.ui.texts import plain

SECOND = "A second person approved each."
ALONE = "One person wrote and approved them: this team has no second one."


def in_other_words(desk: Desk, box: str) -> None:
    """Draw the sentences about one box under their themes; nothing when there are none."""
    some = desk.in_other_words(box)
    if not some:
        return
    st.subheader("In other words", anchor=False)
    st.markdown(
        "\n".join(
            f"- **{plain(desk.wording.theme(one.theme))}.** {plain(one.text)}" for one in some
        )
    )
    st.caption(_caption(desk))


def of_theme(desk: Desk, box: str, theme: str) -> None:
    """Draw the sentences about one theme of one box; nothing when there are none."""
    some = desk.in_other_words(box, theme)
    for one in some:
        st.markdown(f"**In other words.** {plain(one.text)}")
    if some:
        st.caption(_caption(desk))


def _caption(desk: Desk) -> str:
    alone = desk.shelf.releases[-1].plan.single_person
    return f"{NOBODYS_OWN} {ALONE if alone else SECOND}"
