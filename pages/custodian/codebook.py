"""Codebook: the themes of the rounds to come, to read, try, change, bring in and hand out."""

from __future__ import annotations

import streamlit as st

from feedback.errors import ThroughlineError
from feedback.ui import codebook_form, codebook_parts, gate
from feedback.ui.codebook_saving import current
from feedback.ui.widgets import head, said_before


def main() -> None:
    """Draw the themes, and over them the form for the one that is being changed."""
    if not gate.allowed(custodian=True):
        return
    head("Codebook")
    try:
        said_before()
        codebook_parts.draw(current())
        if codebook_form.is_open():
            codebook_form.draw()
    except ThroughlineError as refused:
        st.error(str(refused))


main()
