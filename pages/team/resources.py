"""Resources: questions for a team that only thinks about this work yet, and whom to ask."""

from __future__ import annotations

from feedback.ui import gate, resource_parts, widgets


def draw() -> None:
    """Draw the page for somebody who signed in."""
    desk = widgets.open_desk()
    if desk is None:
        return
    widgets.page_top(desk, "resources")
    widgets.said_before()
    resource_parts.checklist()
    resource_parts.contacts(desk)


if gate.allowed():
    draw()
