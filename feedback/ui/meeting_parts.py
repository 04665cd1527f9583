"""The parts of the meeting page: the agenda with its times, and the packet to print."""

from __future__ import annotations

import streamlit as st

from feedback.decisions.agenda import minutes_of
from feedback.decisions.printed import PacketPart
from feedback.handouts.packet_html import packet_page
from feedback.ui import views, wall
from feedback.ui.team_data import Desk
from feedback.ui.texts import plain
from feedback.ui.widgets import plain_table


def packet_button(desk: Desk) -> None:
    """Draw the button that hands out the packet as a page to print, and the one for the wall."""
    packet = views.meeting_packet(desk)
    with st.container(horizontal=True):
        st.download_button(
            "Get the packet to print",
            packet_page(packet, demonstration=desk.team.demonstration),
            file_name=f"packet-{desk.today.isoformat()}.html",
            mime="text/html",
            icon=":material/print:",
            type="primary",
            on_click="ignore",
        )
        wall.begin_button()
    st.caption(
        "The packet opens in any browser. Print it from there, on one sheet of paper, both sides. "
        "On the wall the agenda stands in large type, one item at a time: go on with the arrow "
        "keys."
    )


def agenda(desk: Desk) -> None:
    """Draw the agenda of the next meeting."""
    items = views.next_agenda(desk)
    st.header(f"Agenda, {minutes_of(items)} minutes", anchor=False)
    for number, item in enumerate(items, start=1):
        points = "\n".join(f"    - {plain(point)}" for point in item.points)
        st.markdown(f"{number}. **{plain(item.title)}** ({item.minutes} minutes)\n{points}")


def packet(desk: Desk) -> None:
    """Draw the packet as it will be printed."""
    built = views.meeting_packet(desk)
    st.header("What the packet says", anchor=False)
    for page, parts in enumerate(built.pages, start=1):
        with st.container(border=True):
            st.markdown(f"**Page {page}**")
            for part in parts:
                _part(part)


def _part(part: PacketPart) -> None:
    st.subheader(part.heading, anchor=False)
    for sentence in part.sentences:
        st.markdown(plain(sentence))
    for point in part.points:
        st.markdown(f"- {plain(point)}")
    if part.table:
        columns = part.table.columns
        plain_table(
            dict(zip(columns, (plain(str(cell)) for cell in row), strict=True))
            for row in part.table.rows
        )
    if part.note:
        st.caption(plain(part.note))
