"""The parts of the meeting page: the agenda with its times, and the packet to print."""

from __future__ import annotations

import streamlit as st

from feedback.decisions.agenda import minutes_of
from feedback.decisions.printed import PacketPart
from feedback.ui import views, wall
from feedback.ui.handing_out import Kind
from feedback.ui.handout_buttons import packet_button
from feedback.ui.team_data import Desk
from feedback.ui.texts import plain
from feedback.ui.widgets import plain_table

NO_DAY = "No day is set yet: type it above, and it stands on the packet, too."


def buttons(desk: Desk) -> None:
    """Draw the buttons that hand out the packet to print, and the one for the wall."""
    with st.container(horizontal=True):
        packet_button(desk, "Get the packet to print", look="primary")
        packet_button(desk, "Get it as a web page", Kind.HTML, look="secondary")
        wall.begin_button()
    st.caption(
        "The packet is one sheet of paper, printed on both sides, in large type; a screen reader "
        "can read it, too. On the wall the agenda stands in large type, one item at a time: go "
        "on with the arrow keys."
    )


def agenda(desk: Desk) -> None:
    """Draw the agenda of the next meeting."""
    items = views.next_agenda(desk)
    day = desk.meeting_papers.meets_on
    st.header(f"Agenda for {day}" if day else "Agenda", anchor=False)
    st.markdown(f"{minutes_of(items)} minutes. {'' if day else NO_DAY}")
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
    mark = "1." if part.id == "agenda" else "-"
    if part.points:
        st.markdown("\n".join(f"{mark} {plain(point)}" for point in part.points))
    if part.table:
        columns = part.table.columns
        plain_table(
            dict(zip(columns, (plain(str(cell)) for cell in row), strict=True))
            for row in part.table.rows
        )
    if part.note:
        st.caption(plain(part.note))
