"""What the next round asks: the core, the module that the team chose, and what was heard last."""

from __future__ import annotations

from feedback import codebooks, ledgers
from feedback.decisions.published import SHOWN, Published, read_releases
from feedback.disclosure.plan import NO_ANSWER
from feedback.errors import RoundRefused
from feedback.folder import Folder
from feedback.questionnaire.choices import module_of
from feedback.questionnaire.definition import Questionnaire, load_questionnaire
from feedback.questionnaire.modules import compose
from feedback.settings import RoundDates
from feedback.themes.codebook import OTHER, Codebook

CHANGE = "change"  # the open question whose themes are shown again
MOST_HEARD = 3


def questionnaire_for(folder: Folder, round_id: str) -> Questionnaire:
    """Return what a round will ask, by `team.toml` and the newest release.

    It is frozen with the round. What people said last time comes from published numbers, and the
    custodian who opens the round is told of it first.

    Raises:
        InvalidSettings: team.toml asks for a module that cannot be asked.
        RoundRefused: it asks whether the last release sounds right, and there is none.
    """
    dates = folder.team().round_dates(round_id)
    module = module_of(dates)
    heard = heard_last_time(folder, dates) if dates.sounds_right else ()
    return compose(load_questionnaire(), module=module, heard=heard)


def heard_last_time(folder: Folder, dates: RoundDates) -> tuple[dict[str, str], ...]:
    """Return the themes that most people named, most named first, each as labels by language.

    Raises:
        RoundRefused: no release shows any.
    """
    releases = ledgers.releases(folder)
    published = read_releases(ledgers.published_rows(releases))
    found = _top(published[-1], codebooks.current(folder)) if published else ()
    if not found:
        raise RoundRefused(
            f"The round {dates.id} is to ask whether the last release sounds right, but no release "
            "shows what people want changed. Take sounds_right out of team.toml, or release first."
        )
    return found


def _top(published: Published, codebook: Codebook) -> tuple[dict[str, str], ...]:
    rows = [
        row
        for row in published.answers(CHANGE)
        if row.status in SHOWN and row.count and row.answer not in (*NO_ANSWER, OTHER)
    ]
    rows.sort(key=lambda row: -(row.count or 0))
    return tuple(
        {lang: codebook.label(row.answer, lang) for lang in codebook.languages}
        for row in rows[:MOST_HEARD]
    )


def in_words(asked: Questionnaire) -> tuple[str, ...]:
    """Return what a round asks besides the core, one sentence each, for the one who opens it."""
    core = {question.id for question in load_questionnaire().questions}
    return tuple(
        f"It also asks: {question.full_text}"
        for question in asked.questions
        if question.id not in core
    )
