"""The words of the team pages that no room has: titles, rules, empty states, and safe text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from feedback.decisions.log import (
    Direction,
    Kind,
    OtherKind,
    OtherStrength,
    PublicStatus,
    Result,
)
from feedback.decisions.papers import in_words

BAND = (
    "The line under each bar shows how far the true share may lie to either side, "
    "from rounding and from chance."
)
NOTHING_KNOWN = "That is not the same as nothing to say."

# How an answer begins when it stands beside answers to other questions.
BEFORE_ANSWER: Mapping[str, str] = {
    "change": "To change",
    "keep": "To keep",
    "hard": "Made it hard",
    "need": "Needed first",
    "missing": "Was missing",
    "who": "Went to",
    "place": "Would go",
    "age": "Age",
    "path": "Their way",
    "when": "Last help",
    "sounds_right": "It sounds right",
}
KIND_WORDS: Mapping[Kind, str] = {
    Kind.STRUCTURE: "How the team is built",
    Kind.PROTOCOL: "Protocol",
    Kind.TRAINING: "Training",
    Kind.POLICY: "Policy",
    Kind.PRACTICE: "Practice",
    Kind.OUTREACH: "Outreach",
    Kind.NO_CHANGE: "No change, because",
}
RESULT_WORDS: Mapping[Result, str] = {
    Result.BETTER: "Better",
    Result.SAME: "About the same",
    Result.WORSE: "Worse",
    Result.TOO_FEW: "Too few to tell",
}
DIRECTION_WORDS: Mapping[Direction, str] = {
    Direction.UP: "more people say so",
    Direction.DOWN: "fewer people say so",
}
OTHER_WORDS: Mapping[OtherKind, str] = {
    OtherKind.LAW: "Law",
    OtherKind.AGENCY_DATA: "Agency data",
    OtherKind.BUDGET: "Budget",
    OtherKind.RESEARCH: "Research",
    OtherKind.EXPERIENCE: "Experience",
}
OTHER_STRENGTH_WORDS: Mapping[OtherStrength, str] = {
    OtherStrength.STRONG: "strong",
    OtherStrength.SOME: "some",
    OtherStrength.WEAK: "weak",
}
PUBLIC_WORDS: Mapping[PublicStatus, str] = {
    PublicStatus.PRIVATE: "Kept in the team",
    PublicStatus.PROPOSED: "Waits for a second person",
    PublicStatus.APPROVED: "Approved for the public board",
}


@dataclass(frozen=True, slots=True)
class PageWords:
    """What a page is called, what one sees on it and by what rule, and what will appear there."""

    title: str
    sentence: str
    waiting: str


PAGES: Mapping[str, PageWords] = {
    "what_we_heard": PageWords(
        "What we heard",
        "What people told us, in words first. Every number here comes from a release: counted "
        "once, protected, approved, and never changed again.",
        "What helps, what people ask us to change, and how that moves from one round to the next.",
    ),
    "structure": PageWords(
        "How to build the team",
        "Five ways to build the team and what speaks for and against each: from releases, from "
        "what the team says of itself, and from facts about this place.",
        "What people said that bears on each way to build the team. What the team says of itself "
        "and the facts about this place can be filled in today.",
    ),
    "protocol": PageWords(
        "The protocol, area by area",
        "Twelve areas of the protocol in the order in which help happens: what people said that "
        "bears on each, what was decided, and whether it helped.",
        "What people said about each area. The team's decisions stand here from the first day.",
    ),
    "themes": PageWords(
        "Themes of what people wrote",
        "People read what was written and marked its themes. Only how many people named a theme is "
        "released, never a sentence that somebody wrote.",
        "The themes of both open questions: what to change, and what to keep.",
    ),
    "decisions": PageWords(
        "Decisions",
        "What the team decided, on what evidence, who sees to it, and what came of it. "
        "“No change, because” is a decision too.",
        "",
    ),
    "coverage": PageWords(
        "Who we heard, and whom we have not",
        "The doors, places, languages and groups of this community, and how far listening has "
        "come at each. No answer from a place is no proof that nothing happens there.",
        "Where a release shows that people were heard, its mark moves by itself.",
    ),
    "meeting": PageWords(
        "The next meeting",
        "An agenda with times and a packet of two pages, made from the newest release and the "
        "decision log. Send it a week before.",
        "",
    ),
    "export": PageWords(
        "Files and posters",
        "Files to take along, posters, and every release with its number and fingerprint. A file "
        "with numbers holds what the release holds, and nothing else.",
        "The first release, with files for a spreadsheet, a report or another program.",
    ),
    "settings": PageWords(
        "Settings",
        "What people meet on the form: the way out, help lines, languages, what each round asks; "
        "and how careful releases are.",
        "",
    ),
    "resources": PageWords(
        "Where to begin, and whom to ask",
        "Questions for a team that only thinks about this work yet, and people who can help. Both "
        "lists are yours to change.",
        "",
    ),
}

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-!|<>~$:&])")
_START_OF_LIST = re.compile(r"^(\s*\d+)\.", re.MULTILINE)


def plain(text: str) -> str:
    """Return a text so that Markdown shows it letter by letter.

    What people type may hold an address of a picture: shown as Markdown, every reader's browser
    would ask that address for it.
    """
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _START_OF_LIST.sub(r"\1\\.", escaped)


def topic_in_short(topic: str) -> str:
    """Return what people said without the question that it answers."""
    said, closed, _question = topic.partition("” (")
    return f"{said}”" if closed else said


def unbroken(text: str) -> str:
    """Return a text whose numbers stay together with their sign: "10 %" on one line."""
    return text.replace(" %", "\u00a0%")


def one_line(text: str) -> str:
    """Return a short text that no narrow column breaks, with signs that only look the same."""
    return plain(text.replace(" ", "\u00a0").replace("-", "\u2011"))


def day(when: date | None) -> str:
    """Return a day as people write it: 14 July 2026; "no date yet" without one."""
    return in_words(when) if when else "no date yet"


def first_up(text: str) -> str:
    """Return a text with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]
