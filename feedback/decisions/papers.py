"""What lies on the table when the team meets: releases, decisions, the coverage map and the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from feedback.decisions.coverage import CoverageItem
from feedback.decisions.log import Decision
from feedback.decisions.measure import Versions
from feedback.decisions.published import Releases, Rows, read_releases
from feedback.decisions.wording import Wording


def in_words(day: date) -> str:
    """Return a day as people write it: 14 July 2026."""
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything that cycle, agenda, packet and board are made from.

    ``rows``: long rows of every release. ``versions``: wording fingerprints by release.
    ``next_release``, ``next_focus``: plain words for the last item of the agenda, empty when not
    settled. ``next_meeting``: the day for which all this is made. ``leftovers``: what the last
    meeting did not get to. ``met_since``: how often the team met since each release.
    ``sources``: where each release comes from, with its day and fingerprint, by its number.
    ``reworded``: what stands beside a release in an advocate's words, a theme and a sentence each.
    """

    today: date
    wording: Wording
    rows: Rows = ()
    decisions: tuple[Decision, ...] = ()
    coverage: tuple[CoverageItem, ...] = ()
    versions: Versions = field(default_factory=dict)
    team: str = ""
    next_release: str = ""
    next_focus: str = ""
    next_meeting: date | None = None
    leftovers: tuple[str, ...] = ()
    met_since: Mapping[int, int] = field(default_factory=dict)
    sources: Mapping[int, str] = field(default_factory=dict)
    reworded: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def meets_on(self) -> str:
        """Return the day of the meeting in words; "" when none is set, or it has passed."""
        day = self.next_meeting
        return f"{day:%A}, {in_words(day)}" if day and day >= self.today else ""

    def as_of(self, release: int) -> Papers:
        """Return the papers as if this release were the newest; the rest is as it is today."""
        earlier = (each for each in read_releases(self.rows) if each.number <= release)
        return replace(self, rows=Releases(earlier))
