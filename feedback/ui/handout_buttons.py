"""Buttons that hand out files; each file is made when somebody asks for it, not before."""

from __future__ import annotations

from functools import partial
from typing import Literal

import streamlit as st

from feedback.disclosure.release import Release
from feedback.ui.handing_out import ABOUT, ON_PAPER, PAPERS, Kind, Whom, handout, handout_name
from feedback.ui.team_data import Desk

# Said beside the buttons: some browsers show nothing when a file came, and the page stays as it is.
WHERE = "Your browser keeps each file with its downloads."
Look = Literal["primary", "secondary", "tertiary"]


def file_button(desk: Desk, release: Release, kind: Kind, whom: Whom = Whom.MEETING) -> None:
    """Draw a button for one kind of file of a release."""
    said = ABOUT[kind].title
    label = f"{PAPERS[whom]} as {said}" if kind in ON_PAPER else f"Download {said}"
    _button(desk, release, kind, whom, label, "secondary")


def packet_button(
    desk: Desk,
    label: str,
    kind: Kind = Kind.PDF,
    *,
    look: Look,
    hint: str | None = None,
) -> None:
    """Draw a button for the packet of the newest release; there is one before the first, too."""
    newest = desk.shelf.releases[-1] if desk.shelf.releases else None
    _button(desk, newest, kind, Whom.MEETING, label, look, hint)


def _button(
    desk: Desk,
    release: Release | None,
    kind: Kind,
    whom: Whom,
    label: str,
    look: Look,
    hint: str | None = None,
) -> None:
    st.download_button(
        label,
        partial(handout, desk, release, kind, whom),
        file_name=handout_name(release, kind, whom),
        mime=ABOUT[kind].mime,
        icon=":material/download:",
        type=look,
        on_click="ignore",
        help=hint,
    )
