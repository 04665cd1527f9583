"""The meeting packet and the summary as PDF: as many lines as fit the paper in large type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from feedback.decisions.packet import MOST_LINES, build_packet
from feedback.decisions.papers import Papers
from feedback.decisions.printed import Packet
from feedback.handouts.press import press

DEMONSTRATION = "Demonstration: everything here is invented."
# How wide the columns of a table of words are, by the part in which it stands.
WIDTHS = {"coverage": (1, 5), "reviews": (5, 3, 5), "decisions": (6, 3, 2, 2)}


def packet_pdf(papers: Papers, *, demonstration: bool = False) -> bytes:
    """Return the packet as an accessible PDF of one sheet, printed on both sides."""
    packet = fitting(papers, demonstration=demonstration)
    return _print(packet, papers.today, demonstration=demonstration)[0]


def fitting(papers: Papers, *, demonstration: bool = False) -> Packet:
    """Return the packet with the longest lists whose pages both fit their paper."""

    def page(number: int) -> int:
        def fits(most: int) -> bool:
            packet = build_packet(papers, (most, most))
            alone = replace(packet, pages=packet.pages[number : number + 1])
            return _print(alone, papers.today, demonstration=demonstration)[1] == 1

        return _longest(fits)

    return build_packet(papers, (page(0), page(1)))


def _longest(fits: Callable[[int], bool]) -> int:
    return next((most for most in range(MOST_LINES, 1, -1) if fits(most)), 1)


def _print(packet: Packet, day: date, *, demonstration: bool) -> tuple[bytes, int]:
    facts = {
        "packet": packet.to_dict(),
        "banner": DEMONSTRATION if demonstration else "",
        "widths": WIDTHS,
    }
    sheet = press("packet.typ", facts, day=day)
    return sheet.pdf, sheet.pages
