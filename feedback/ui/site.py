"""The main script of the team side: who may see which page, and the way between them."""

from __future__ import annotations

import streamlit as st

from feedback.ui import gate, navigation


def main() -> None:
    """Draw the sign-in page, or the page that was asked for."""
    team = gate.team()
    st.set_page_config(page_title=team.name, page_icon=":material/forum:", layout="wide")
    if gate.signed_in():
        navigation.menu().run()
    else:
        gate.sign_in()


main()
