"""Everything that a release can be handed out as: each kind of file, and what it is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from feedback import exports
from feedback.decisions.heard import what_we_heard
from feedback.decisions.papers import Papers
from feedback.decisions.printed import Packet
from feedback.decisions.published import read_releases
from feedback.disclosure.release import Release
from feedback.disclosure.wording import rounding_rule
from feedback.errors import ReleaseRefused
from feedback.handouts.packet_html import packet_page
from feedback.handouts.packet_pdf import fitting_packet, fitting_summary, packet_pdf
from feedback.ui import pictures
from feedback.ui.team_data import Desk, source_of

TOO_FEW = (
    "Too few people answered in this release to draw a picture. The packet and the tables say "
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
        "all charts", "each question as PNG and SVG, with words for each", "application/zip"
    ),
}
ON_PAPER = (Kind.PDF, Kind.HTML)


def handout(
    desk: Desk, release: Release, kind: Kind, whom: Whom = Whom.MEETING
) -> tuple[str, bytes]:
    """Return a file's name and bytes.

    Raises:
        ReleaseRefused: a picture was asked for, and too few people answered to draw one.
    """
    if kind in ON_PAPER:
        return _paper(desk, release, kind, whom)
    if kind in (Kind.PNG, Kind.ZIP):
        return _pictures(desk, release, kind)
    return exports.release_file(release, exports.Format(kind))


def paper_name(release: Release | None, kind: Kind, whom: Whom) -> str:
    """Return what a page on paper is called as a file."""
    name = {Whom.MEETING: "packet", Whom.FUNDER: "summary"}[whom]
    number = f"-release-{release.number:04d}-{release.round}" if release else ""
    return f"{name}{number}.{kind}"


def on_paper(desk: Desk, kind: Kind, whom: Whom) -> bytes:
    """Return what the newest release is handed out as; also before there is one."""
    return _printed(desk, desk.meeting_papers, kind, whom)


def _paper(desk: Desk, release: Release, kind: Kind, whom: Whom) -> tuple[str, bytes]:
    papers = desk.meeting_papers.as_of(release.number)
    return paper_name(release, kind, whom), _printed(desk, papers, kind, whom)


def _printed(desk: Desk, papers: Papers, kind: Kind, whom: Whom) -> bytes:
    fitting: Callable[[Papers], Packet] = {
        Whom.MEETING: fitting_packet,
        Whom.FUNDER: fitting_summary,
    }[whom]
    packet, demonstration = fitting(papers), desk.team.demonstration
    if kind is Kind.HTML:
        return packet_page(packet, demonstration=demonstration)
    return packet_pdf(packet, desk.today, demonstration=demonstration)


def _pictures(desk: Desk, release: Release, kind: Kind) -> tuple[str, bytes]:
    papers = desk.papers.as_of(release.number)
    published = read_releases(papers.rows)[-1]
    origin = f"{source_of(release)}. {rounding_rule(release.plan)}"
    name = f"charts-release-{release.number:04d}-{release.round}.{kind}"
    if kind is Kind.ZIP:
        every = pictures.of_questions(published, desk.wording, origin=origin)
        return name, pictures.zipped(every, origin=origin, day=release.day)
    heard = what_we_heard(papers.rows, desk.wording, papers.versions)
    picture = pictures.at_a_glance(published, heard, origin=origin)
    if picture is None:
        raise ReleaseRefused(TOO_FEW)
    return name, picture.png()
