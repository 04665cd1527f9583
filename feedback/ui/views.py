"""What the rooms say of a desk, worked out once until something on the desk changes.

Only published numbers and the team's own documents are kept, and only the last few desks: whoever
may see a page may see them all.
"""

from __future__ import annotations

from functools import lru_cache

from feedback import codebooks
from feedback.decisions import (
    agenda,
    coverage,
    cycle,
    definitions,
    gaps,
    heard,
    measure,
    printed,
)
from feedback.decisions import protocol as protocol_room
from feedback.decisions import silence as silence_room
from feedback.decisions import structures as structures_room
from feedback.decisions.log import Decision, Link
from feedback.decisions.published import Published
from feedback.decisions.signals import Ref, Signal, refs_of, signal
from feedback.folder import Folder
from feedback.handouts.packet_pdf import fitting_packet
from feedback.ui import gate
from feedback.ui.team_data import Desk

DESKS = 4  # how many desks are remembered
RECENT_RELEASES = 2  # from which evidence is picked


@lru_cache(maxsize=1)
def structures() -> definitions.Structures:
    """Return the five structures and what bears on them."""
    return definitions.load_structures()


def areas() -> definitions.Areas:
    """Return the twelve areas of the protocol, with the team's own themes in their places."""
    path = gate.folder().codebook
    return _areas(gate.folder(), path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=2)
def _areas(folder: Folder, _changed: int) -> definitions.Areas:
    return definitions.load_areas().with_themes(codebooks.bears_on(folder))


@lru_cache(maxsize=DESKS)
def what_we_heard(desk: Desk) -> heard.Heard:
    """Return the newest release at a glance."""
    return heard.what_we_heard(desk.shelf.rows, desk.wording)


@lru_cache(maxsize=DESKS)
def said(desk: Desk, releases_ago: int = 0) -> dict[Ref, Signal]:
    """Return what everyone said in the newest release, or in one before; do not change it."""
    if len(desk.shelf.published) <= releases_ago:
        return {}
    published = desk.shelf.published[-1 - releases_ago]
    return {ref: signal(published, ref, desk.wording) for ref in refs_of(published)}


@lru_cache(maxsize=DESKS)
def last_that_speaks(desk: Desk) -> Published | None:
    """Return the newest release with enough answers to say anything."""
    return next(
        (
            published
            for published in reversed(desk.shelf.published)
            if any(signal(published, ref, desk.wording).known for ref in refs_of(published))
        ),
        None,
    )


@lru_cache(maxsize=DESKS * 16)
def series(desk: Desk, ref: Ref) -> tuple[Signal, ...]:
    """Return one thing over all releases."""
    return tuple(signal(published, ref, desk.wording) for published in desk.shelf.published)


@lru_cache(maxsize=DESKS)
def group_gaps(desk: Desk) -> tuple[gaps.GroupGap, ...]:
    """Return how groups differ, in the newest release."""
    return gaps.group_gaps(desk.meeting_papers.rows, desk.wording)


@lru_cache(maxsize=DESKS)
def waiting(desk: Desk) -> tuple[silence_room.Silent, ...]:
    """Return what was heard and not answered."""
    return silence_room.silence(
        desk.shelf.rows, desk.decisions, desk.wording, desk.papers.met_since
    )


@lru_cache(maxsize=DESKS)
def where_we_are(desk: Desk) -> cycle.Place:
    """Return where the team stands on the circle."""
    return cycle.where_we_are(desk.papers, structures())


@lru_cache(maxsize=DESKS)
def reviews(desk: Desk) -> tuple[cycle.Review, ...]:
    """Return the decisions to look at again."""
    return cycle.reviews_due(desk.papers)


@lru_cache(maxsize=DESKS)
def coverage_map(desk: Desk) -> coverage.CoverageMap:
    """Return who was heard and who was not."""
    return coverage.coverage_map(desk.points, today=desk.today)


@lru_cache(maxsize=DESKS)
def area_views(desk: Desk) -> tuple[protocol_room.AreaView, ...]:
    """Return the twelve areas with what bears on each."""
    rows, wording = desk.shelf.rows, desk.wording
    return protocol_room.area_views(rows, wording, desk.decisions, areas())


@lru_cache(maxsize=DESKS)
def workbench(desk: Desk) -> structures_room.Workbench:
    """Return the structure workbench."""
    return structures_room.build_workbench(desk.shelf.rows, desk.inputs, desk.wording, structures())


@lru_cache(maxsize=DESKS)
def what_moved(desk: Desk) -> tuple[str, ...]:
    """Return which lines of the workbench changed sides since the release before."""
    if len(desk.shelf.published) < 2:
        return ()
    newest = desk.shelf.published[-1].number
    earlier = tuple(row for row in desk.shelf.rows if row["release"] != newest)
    before = structures_room.build_workbench(earlier, desk.inputs, desk.wording, structures())
    return structures_room.what_moved(before, workbench(desk))


@lru_cache(maxsize=DESKS)
def next_agenda(desk: Desk) -> tuple[agenda.AgendaItem, ...]:
    """Return the agenda of the next meeting."""
    return agenda.next_agenda(desk.meeting_papers)


@lru_cache(maxsize=DESKS)
def meeting_packet(desk: Desk) -> printed.Packet:
    """Return the packet of the next meeting, with as many lines as fit its paper."""
    return fitting_packet(desk.meeting_papers)


@lru_cache(maxsize=DESKS * 16)
def did_it_help(desk: Desk, decision: Decision) -> measure.BeforeAfter | None:
    """Return before and after a decision."""
    return measure.before_after(
        decision,
        desk.shelf.rows,
        desk.wording,
        decisions=desk.decisions,
        versions=desk.shelf.versions,
    )


@lru_cache(maxsize=DESKS)
def citable(desk: Desk) -> tuple[tuple[Link, Signal], ...]:
    """Return what the newest releases say, newest first; what is not known cannot be cited."""
    found = []
    for published in desk.shelf.published[: -RECENT_RELEASES - 1 : -1]:
        for ref in refs_of(published):
            said = signal(published, ref, desk.wording)
            if said.known:
                found.append((Link(published.number, str(ref), said.words), said))
    return tuple(found)
