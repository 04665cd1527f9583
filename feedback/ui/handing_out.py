"""Everything that a release can be handed out as: each kind of file, and what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from feedback import exports
from feedback.decisions.heard import what_we_heard
from feedback.decisions.papers import Papers
from feedback.decisions.published import read_releases
from feedback.disclosure.release import Release
from feedback.disclosure.wording import rounding_rule
from feedback.errors import ReleaseRefused
from feedback.handouts.packet_html import packet_page
from feedback.handouts.packet_pdf import fitting_packet, fitting_summary, packet_pdf
from feedback.ui import pictures
from feedback.ui.shelf import source_of
from feedback.ui.team_data import Desk

TOO_FEW = (
    "Too few people answered in this release to draw it. The packet and the tables say "
    "what can be said."
)


class Kind(StrEnum):
    """The kinds of files."""

    PDF = "pdf"
    HTML = "html"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    PNG = "png"
    ZIP = "zip"


class Whom(StrEnum):
    """For whom a page on paper is: the team that meets, or people who give money."""

    MEETING = "meeting"
    FUNDER = "funder"


@dataclass(frozen=True, slots=True)
class About:
    """What a kind of file is called, what it is for, and its type."""

    title: str
    use: str
    mime: str


ABOUT: Mapping[Kind, About] = {
    Kind.PDF: About("PDF", "to print and to send; can be read aloud", "application/pdf"),
    Kind.HTML: About("web page", "opens in any browser without internet", "text/html"),
    Kind.XLSX: About(
        "XLSX",
        "for a spreadsheet, with a page that explains it",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    Kind.CSV: About("CSV", "for any spreadsheet or program", "text/csv"),
    Kind.JSON: About("JSON", "for another program", "application/json"),
    Kind.PNG: About("picture", "the release on one picture, for a slide or a report", "image/png"),
    Kind.ZIP: About(
        "all charts",
        "each question as PNG and SVG, with words for each; this one takes longest",
        "application/zip",
    ),
}
ON_PAPER = (Kind.PDF, Kind.HTML)
DRAWN = (Kind.PNG, Kind.ZIP)
FITTING = {Whom.MEETING: fitting_packet, Whom.FUNDER: fitting_summary}
PAPERS = {Whom.MEETING: "Packet", Whom.FUNDER: "Summary"}


def handout_name(release: Release | None, kind: Kind, whom: Whom = Whom.MEETING) -> str:
    """Return what a file is called."""
    word = "charts" if kind in DRAWN else "release"
    name = PAPERS[whom].lower() if kind in ON_PAPER else word
    place = f"{release.number:04d}-{release.round}" if release else "before-the-first-release"
    return f"{name}-{place}.{kind}"


def handout(desk: Desk, release: Release | None, kind: Kind, whom: Whom = Whom.MEETING) -> bytes:
    """Return the bytes of a file. Before the first release there is paper only.

    Raises:
        ReleaseRefused: pictures were asked for, and too few people answered to draw one.
    """
    if kind in ON_PAPER or release is None:
        papers = desk.meeting_papers.as_of(release.number) if release else desk.meeting_papers
        return _printed(desk, papers, kind, whom)
    if kind in DRAWN:
        return _drawn(desk, release, kind)
    return exports.release_file(release, exports.Format(kind))


def _printed(desk: Desk, papers: Papers, kind: Kind, whom: Whom) -> bytes:
    packet = FITTING[whom](papers)
    if kind is Kind.HTML:
        return packet_page(packet, demonstration=desk.team.demonstration)
    return packet_pdf(packet, desk.today, demonstration=desk.team.demonstration)


def kinds_for(desk: Desk, release: Release) -> tuple[Kind, ...]:
    """Return the kinds of files that there are for a release; no pictures of very few people."""
    drawn = _glance(desk, release) is not None
    return tuple(kind for kind in Kind if drawn or kind not in DRAWN)


def _drawn(desk: Desk, release: Release, kind: Kind) -> bytes:
    glance = _glance(desk, release)
    if glance is None:
        raise ReleaseRefused(TOO_FEW)
    if kind is Kind.PNG:
        return glance.png()
    origin, papers = _origin(release), desk.papers.as_of(release.number)
    published = read_releases(papers.rows)[-1]
    every = pictures.of_questions(published, desk.wording, origin=origin)
    return pictures.zipped(every, origin=origin, day=release.day)


def _glance(desk: Desk, release: Release) -> pictures.Picture | None:
    papers = desk.papers.as_of(release.number)
    heard = what_we_heard(papers.rows, desk.wording)
    published = read_releases(papers.rows)[-1]
    return pictures.at_a_glance(published, heard, origin=_origin(release))


def _origin(release: Release) -> str:
    return f"{source_of(release)}. {rounding_rule(release.plan)}"
