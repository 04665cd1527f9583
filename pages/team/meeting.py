"""The next meeting: an agenda with times, and the packet to send a week before."""

from __future__ import annotations

from feedback.ui import gate, meeting_form, meeting_parts, wall, widgets


def draw() -> None:
    """Draw the page for somebody who signed in."""
    desk = widgets.open_desk()
    if desk is None:
        return
    if wall.is_on():
        wall.on_the_wall(desk)
        return
    widgets.page_top(desk, "meeting")
    widgets.said_before()
    meeting_parts.buttons(desk)
    meeting_form.plan_the_meeting(desk)
    meeting_parts.agenda(desk)
    meeting_parts.packet(desk)


if gate.allowed():
    draw()
