"""Everything published, as team pages read it, with the words of what was asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from feedback import ledgers, publishing, questionnaire
from feedback.decisions.measure import LONG_AGO, RECENT, Versions
from feedback.decisions.papers import in_words
from feedback.decisions.published import Published, read_releases
from feedback.decisions.wording import Wording, wording_from
from feedback.disclosure.plan import Kind, Plan, PlannedQuestion
from feedback.disclosure.release import Release
from feedback.disclosure.withdrawal import Withdrawal
from feedback.folder import Folder
from feedback.questionnaire.catalogue import load_catalogue
from feedback.questionnaire.definition import Questionnaire, load_questionnaire
from feedback.themes.codebook import load as load_codebook

GROUPS = frozenset(publishing.GROUPS)

Rows = tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Everything published.

    ``key``: the files it was read from. ``rows``: everyone, and those whose help was recent or
    long ago, in every release; ``published``: the same rows, read. ``newest``: all rows of the
    newest release, broken down by group where it is. Groups of earlier releases are left out: no
    page asks.
    """

    key: tuple[object, ...]
    releases: tuple[Release, ...]
    rows: Rows
    newest: Rows
    published: tuple[Published, ...]
    wording: Wording
    versions: Versions
    withdrawn: tuple[Withdrawal, ...] = ()

    @property
    def latest(self) -> Published | None:
        """Return the newest release that was not withdrawn."""
        return self.published[-1] if self.published else None


def published(folder: Folder) -> Shelf:
    """Return everything published; read again only when a file of the ledger has changed."""
    files = sorted(folder.ledger.glob("*.json"))
    return _shelf(folder, tuple((path.name, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=4)  # published numbers only: whoever may see a page may see them all
def _shelf(folder: Folder, stamp: tuple[tuple[str, int], ...]) -> Shelf:
    releases = ledgers.releases(folder)
    rows = ledgers.published_rows(releases)
    newest = releases[-1].number if releases else 0
    every = tuple(row for row in rows if _is_wanted(row))
    return Shelf(
        key=(folder.path, stamp),
        releases=releases,
        rows=every,
        newest=tuple(row for row in rows if row["release"] == newest),
        published=read_releases(every),
        wording=wording_of(release.plan for release in releases),
        versions={release.number: versions_of(release.plan) for release in releases},
        withdrawn=ledgers.withdrawals(folder),
    )


def wording_of(plans: Iterable[Plan]) -> Wording:
    """Return the words of what was released; those of the starter form where nothing was yet.

    ``plans`` are oldest first: the newest says what a theme is called, and one that was retired
    keeps the name of the last plan that had it.
    """
    codebook = load_codebook()
    starter = wording_from(
        [load_bank(), load_questionnaire()],
        {entry: codebook.label(entry, "en") for entry in codebook.counted},
    )
    every = [question for plan in plans for question in plan.questions]
    asked = {question.id: question for question in every}
    themes = {
        a.id: a.text for question in every if question.kind is Kind.THEME for a in question.answers
    }
    scales = {question.id for question in asked.values() if question.kind is Kind.SCALE}
    answers = {(q.id, a.id): a.text for q in every for a in q.columns}
    return replace(
        starter,
        questions={**starter.questions, **{q.id: q.text for q in asked.values()}},
        answers={**starter.answers, **answers},
        themes={**starter.themes, **themes},
        reversed=starter.reversed | {q.id for q in asked.values() if q.reversed},
        scales=starter.scales | scales,
    )


def in_spanish(wording: Wording, themes: Mapping[str, str]) -> Wording:
    """Return the same words in Spanish, where there are some; ``themes``: the Spanish labels."""
    spanish = load_catalogue()["es"]
    answers = {  # an option may bear the id of a theme, and says something else
        place: spanish.texts.get(text) or themes.get(place[1], text)
        for place, text in wording.answers.items()
    }
    return replace(
        wording,
        questions={name: spanish.translate(text) for name, text in wording.questions.items()},
        answers=answers,
        themes={**wording.themes, **themes},
    )


def load_bank() -> Questionnaire:
    """Return the optional questions, so that what was not asked this time has its words too."""
    return load_questionnaire(Path(str(questionnaire.__file__)).with_name("bank.toml"))


def source_of(release: Release) -> str:
    """Say where a release comes from, so that a page on paper can be compared with the ledger."""
    return (
        f"Release {release.number} of {release.round}, published on {in_words(release.day)}. "
        f"Fingerprint (SHA-256): {release.hash}"
    )


def versions_of(plan: Plan) -> dict[str, str]:
    """Return a fingerprint of each question's words: only equal ones may be compared.

    SVJI asks to measure with the same questions as before.
    """
    return {question.id: _fingerprint(question) for question in plan.questions}


def _is_wanted(row: Mapping[str, object]) -> bool:
    """Say whether a row is about everyone, or about those whose help was recent or long ago."""
    groups = tuple((name, str(value)) for name, value in row.items() if name in GROUPS and value)
    return groups in ((), RECENT, LONG_AGO)


def _fingerprint(question: PlannedQuestion) -> str:
    # A theme keeps its meaning under its id, whatever it is called and whichever others there are.
    answers = () if question.kind is Kind.THEME else question.answers
    words = [question.text, [[answer.id, answer.text] for answer in answers]]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:12]
