"""Release: close a round, draft what will be shown, look at it as others will, publish it."""

from __future__ import annotations

import streamlit as st

from feedback.ui import gate, releasing
from feedback.ui.widgets import head


def main() -> None:
    """Show the one step that is next."""
    if not gate.allowed(custodian=True):
        return
    head("Release")
    st.write(
        "A release turns a closed round into numbers in which nobody can find out what one person "
        "said. One custodian builds it, another approves it, and then it never changes."
    )
    releasing.draw()


main()
