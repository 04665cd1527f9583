"""Buttons that hand out files; each file is made when somebody asks for it, not before."""

from __future__ import annotations

from functools import partial
from typing import Literal

import streamlit as st

from feedback.disclosure.release import Release
from feedback.ui.handing_out import ABOUT, ON_PAPER, PAPERS, Kind, Whom, handout, handout_name
from feedback.ui.team_data import Desk


def file_button(desk: Desk, release: Release, kind: Kind, whom: Whom = Whom.MEETING) -> None:
    """Draw a button for one kind of file of a release."""
    said = ABOUT[kind].title
    label = f"{PAPERS[whom]} as {said}" if kind in ON_PAPER else f"Download {said}"
    _button(desk, release, kind, whom, label, ":material/download:", "secondary")


def packet_button(
    desk: Desk,
    label: str,
    kind: Kind = Kind.PDF,
    *,
    look: Literal["primary", "secondary", "tertiary"],
) -> None:
    """Draw a button for the packet of the newest release; there is one before the first, too."""
    newest = desk.shelf.releases[-1] if desk.shelf.releases else None
    _button(desk, newest, kind, Whom.MEETING, label, ":material/print:", look)


def _button(
    desk: Desk,
    release: Release | None,
    kind: Kind,
    whom: Whom,
    label: str,
    icon: str,
    look: Literal["primary", "secondary", "tertiary"],
) -> None:
    st.download_button(
        label,
        partial(handout, desk, release, kind, whom),
        file_name=handout_name(release, kind, whom),
        mime=ABOUT[kind].mime,
        icon=icon,
        type=look,
        on_click="ignore",
    )
