"""The summary for people outside the team, such as funders: one page of what is public anyway."""

from __future__ import annotations

from dataclasses import replace

from feedback.decisions.board import build_board
from feedback.decisions.coverage import CoverageMap, coverage_map, heard_in_release
from feedback.decisions.cycle import reviews_due, where_we_are
from feedback.decisions.heard import Heard, changes, what_we_heard
from feedback.decisions.log import State
from feedback.decisions.packet import HOW_FAR, MOST_LINES, NO_WISHES, in_short
from feedback.decisions.papers import Papers, in_words
from feedback.decisions.printed import Packet, PacketPart, SmallTable, signal_table
from feedback.decisions.published import people_in, read_releases

GOING = (State.DECIDED, State.DOING)
DONE = (State.DONE, State.CHECKED)
TITLE = "What we heard and what changed"
LINE = 230  # letters of a public line
PRIVATE = "Nobody was asked for a name. No answer of one person leaves the program that asked."


def build_summary(papers: Papers, most: int = MOST_LINES) -> Packet:
    """Return one page: who was heard, what changed, and what is not known.

    Of decisions it holds how many there are, and the lines that a second person approved for the
    public. ``most``: how many lines a list may have, so that all of it fits its paper.
    """
    papers = replace(papers, rows=read_releases(papers.rows))
    heard = what_we_heard(papers.rows, papers.wording)
    points = heard_in_release(papers.coverage, papers.rows)
    laid = coverage_map(points, today=papers.today)
    parts = (
        _who(papers, laid),
        _stages(papers, heard),
        _said(papers, heard, most),
        _changed(papers, most),
        _unknown(papers, heard, laid, most),
    )
    return Packet(
        f"{papers.team}: {TITLE[0].lower()}{TITLE[1:]}" if papers.team else TITLE,
        f"A summary, made on {in_words(papers.today)}.",
        (parts,),
        f"{heard.rule} {papers.sources.get(heard.release, '')}".strip() if heard.release else "",
    )


def _who(papers: Papers, laid: CoverageMap) -> PacketPart:
    releases = read_releases(papers.rows)
    count = len(releases)
    rounds = "one round" if count == 1 else f"{count} rounds"
    told = (
        f"About {people_in(releases)} responses in {rounds}, rounded like every number here."
        if releases
        else "Nothing is released yet. Numbers come when a round has closed and enough people "
        "have answered to protect each of them."
    )
    reached = ", ".join(
        f"{sum(len(laid.with_reach(reach)) for reach in far)} {words.lower()}"
        for words, far in HOW_FAR.items()
    )
    where = f"Doors, places, languages and groups on our map: {reached}." if papers.coverage else ""
    return PacketPart("who", "Who we heard", tuple(filter(None, (told, where))), note=PRIVATE)


def _stages(papers: Papers, heard: Heard) -> PacketPart:
    """Return the circle of assessing, changing and measuring, with how much was done of each."""
    states = [decision.state for decision in papers.decisions]
    count = len(read_releases(papers.rows))
    rows = (
        ("Assess", f"{count} published {'release' if count == 1 else 'releases'}. {_core(heard)}"),
        (
            "Change",
            f"Changes made: {sum(state in DONE for state in states)}. "
            f"Decided and under way: {sum(state in GOING for state in states)}. "
            f"Answered with a no and its reason: {states.count(State.NOT_NOW)}.",
        ),
        (
            "Measure",
            f"Changes looked at again, with the same questions: {states.count(State.CHECKED)}. "
            f"Due to be looked at: {len(reviews_due(papers))}.",
        ),
    )
    place = where_we_are(papers)
    return PacketPart(
        "stages",
        "Assess, change, measure",
        (f"Now: {place.title.lower()}. {place.why}",),
        table=SmallTable(("Stage", "What was done"), rows),
    )


def _core(heard: Heard) -> str:
    return heard.core.text if heard.core.share is not None else ""


def _said(papers: Papers, heard: Heard, most: int) -> PacketPart:
    moved = changes(read_releases(papers.rows), papers.wording, papers.versions)
    each = max(most - 2, 1)
    named = {"Keep": (heard.kept or heard.strengths)[:each], "Change": heard.wishes[:each]}
    quiet = {"Keep": "What helps is not known yet.", "Change": NO_WISHES}
    signals = (
        replace(found, topic=f"{words}: {found.topic}")
        for words, some in named.items()
        for found in some
    )
    table = signal_table(signals, moved, "Named most")
    silent = tuple(quiet[words] for words, some in named.items() if not some)
    return PacketPart("said", "What helps, and what to change", silent, table=table)


def _changed(papers: Papers, most: int) -> PacketPart:
    board = build_board(papers.rows, papers.decisions, papers.wording)
    lines = [line.text for entry in board.entries for line in entry.changed]
    noes = [line.text for entry in board.entries for line in entry.not_done]
    shown = (*lines[:most], *(f"Not done: {text}" for text in noes[: max(most - 3, 1)]))
    return PacketPart(
        "changed",
        "What changed, and what did not",
        () if shown else ("No change is made public yet.",),
        points=tuple(_to_the_end_of_a_sentence(text) for text in shown),
    )


def _to_the_end_of_a_sentence(text: str) -> str:
    """Return a public line, cut after a sentence where it is too long for this page."""
    kept = in_short(text, LINE)
    end = kept.rfind(". ")
    return kept if not kept.endswith("…") or end < 0 else f"{kept[: end + 1]} …"


def _unknown(papers: Papers, heard: Heard, laid: CoverageMap, most: int) -> PacketPart:
    unreached = [item.name for reach in HOW_FAR["Not heard yet"] for item in laid.with_reach(reach)]
    points = (
        ("Not heard yet", unreached if papers.coverage else []),
        ("Too few answers to say anything about", [found.topic for found in heard.unknown]),
    )
    open_ends = sum(decision.state is State.DONE for decision in papers.decisions)
    said = [f"{words}: {_listed(names, most)}." for words, names in points if names]
    if open_ends:
        said.append(f"Whether it helped: {open_ends} of the changes made are not looked at yet.")
    return PacketPart(
        "unknown",
        "What we do not know",
        points=tuple(said),
        note="Silence is never counted as zero: whom nobody reaches does not show in answers.",
    )


def _listed(names: list[str], most: int) -> str:
    more = len(names) - most * 2
    rest = f" and {more} more" if more > 0 else ""
    return f"{', '.join(names[: most * 2])}{rest}"
