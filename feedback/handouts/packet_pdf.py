"""The meeting packet and the summary as PDF: as many lines as fit the paper in large type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from feedback.decisions.packet import MOST_LINES, gather, lay_out
from feedback.decisions.papers import Papers
from feedback.decisions.printed import Packet
from feedback.decisions.summary import build_summary
from feedback.handouts.press import Sheet, press

DEMONSTRATION = "Demonstration: everything here is invented."
# How wide the columns of a table of words are, by the part in which it stands.
WIDTHS = {"coverage": (1, 5), "reviews": (5, 5, 4), "decisions": (7, 3, 2, 2), "stages": (1, 7)}


def fitting_packet(papers: Papers) -> Packet:
    """Return the packet with the longest lists whose two pages each fit their paper."""
    found = gather(papers)
    first, second = (
        _longest(lambda most: lay_out(found, (most, most)), page, papers.today) for page in (0, 1)
    )
    return lay_out(found, (first, second))


def fitting_summary(papers: Papers) -> Packet:
    """Return the summary with the longest lists that fit one page."""
    most = _longest(lambda most: build_summary(papers, most), 0, papers.today)
    return build_summary(papers, most)


def packet_pdf(packet: Packet, day: date, *, demonstration: bool = False) -> bytes:
    """Return a packet or summary as an accessible PDF."""
    return _print(packet, day, demonstration=demonstration).pdf


def _longest(build: Callable[[int], Packet], page: int, day: date) -> int:
    """Return how long the lists of a page may be. It has room for the line of a demonstration."""

    def fits(most: int) -> bool:
        packet = build(most)
        last = page == len(packet.pages) - 1
        alone = replace(
            packet,
            pages=((),) * page + (packet.pages[page],),  # the title stands on the first
            source=packet.source if last else "",
        )
        return _print(alone, day, demonstration=True).pages == page + 1

    return next((most for most in range(MOST_LINES, 1, -1) if fits(most)), 1)


def _print(packet: Packet, day: date, *, demonstration: bool) -> Sheet:
    facts = {
        "packet": packet.to_dict(),
        "banner": DEMONSTRATION if demonstration else "",
        "widths": WIDTHS,
    }
    return press("packet.typ", facts, day=day)
