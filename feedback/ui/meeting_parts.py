"""The parts of the meeting page: the agenda with its times, and the packet to print."""

from __future__ import annotations

import streamlit as st

from feedback.decisions.agenda import minutes_of
from feedback.decisions.printed import PacketPart, SmallTable
from feedback.ui import views, wall
from feedback.ui.handing_out import Kind
from feedback.ui.handout_buttons import WHERE, packet_button
from feedback.ui.team_data import Desk
from feedback.ui.texts import plain, unbroken
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
        f"can read it, too. {WHERE} On the wall the agenda stands in large type, one item at a "
        "time: go on with the arrow keys."
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
    """Draw what will be printed, folded by page."""
    st.header("What the packet says", anchor=False)
    st.markdown("The same words stand on paper, where a bar shows each share, too.")
    for page, parts in enumerate(views.meeting_packet(desk).pages, start=1):
        with st.expander(f"Page {page}: from “{parts[0].heading}” to “{parts[-1].heading}”"):
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
        _table(part.table)
    if part.note:
        st.caption(plain(part.note))


def _table(table: SmallTable) -> None:
    """Draw shares as a table, and long words as a list: their columns have no room on a phone."""
    rows = [
        {name: plain(unbroken(cell)) for name, cell in zip(table.columns, row, strict=True)}
        for row in table.rows
    ]
    if table.bars:
        plain_table(rows)
        return
    first, *rest = table.columns
    st.markdown(
        "\n".join(
            f"- **{row[first]}**  \n  {' · '.join(f'{name}: {row[name]}' for name in rest)}"
            for row in rows
        )
    )
