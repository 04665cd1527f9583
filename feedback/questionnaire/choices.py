"""What a team chose in `team.toml`, held against what there is: focus modules and languages."""

from __future__ import annotations

from collections.abc import Iterator

from feedback.errors import InvalidSettings
from feedback.questionnaire.catalogue import Catalogue, Language
from feedback.questionnaire.definition import Section
from feedback.questionnaire.modules import NEEDS_AGREEMENT, modules
from feedback.settings import RoundDates, TeamFile, line_of
from feedback.shapes import Place

Problem = tuple[Place, str]


def check_team(team: TeamFile, text: str, catalogue: Catalogue) -> None:
    """Check what the schema of `team.toml` cannot know. ``text`` is what the file says.

    Raises:
        InvalidSettings: naming each wrong value with its line.
    """
    _refuse([*_language_problems(team, catalogue), *_round_problems(team)], text)


def check_languages(team: TeamFile, text: str, catalogue: Catalogue) -> None:
    """Check the languages alone, as the form does: a round to come must not stop it.

    Raises:
        InvalidSettings: naming each wrong value with its line.
    """
    _refuse([*_language_problems(team, catalogue)], text)


def module_of(dates: RoundDates) -> Section | None:
    """Return the module that a round asks, if any. Raises InvalidSettings when it cannot."""
    problem = _module_problem(dates)
    if problem:
        raise InvalidSettings("team.toml", [f"Round {dates.id}, module: {problem}"])
    return modules()[dates.module] if dates.module else None


def why_not(language: Language, team: TeamFile) -> str:
    """Return why a language cannot be offered yet, as a sentence; nothing when it can."""
    if language.missing:
        return (
            f"{language.name} has no translation for {language.missing} texts yet. "
            "See docs/how-to/translate.md."
        )
    if language.draft and not team.reviewed(language.tag):
        return (
            f"{language.name} is a draft: nobody of the community that speaks it has checked it. "
            "When somebody has, write down who and when."
        )
    return ""


def _refuse(problems: list[Problem], text: str) -> None:
    if problems:
        named = (f"Line {line_of(text, place)}, {place[-1]}: {said}" for place, said in problems)
        raise InvalidSettings("team.toml", list(named))


def _language_problems(team: TeamFile, catalogue: Catalogue) -> Iterator[Problem]:
    for tag in team.languages:
        if tag not in catalogue.languages:
            there = ", ".join(catalogue.languages)
            yield ("languages",), f"There is no catalogue for {tag}. There are: {there}."
        elif problem := why_not(catalogue[tag], team):
            yield ("languages",), problem


def _round_problems(team: TeamFile) -> Iterator[Problem]:
    for number, dates in enumerate(team.rounds):
        problem = _module_problem(dates)
        if problem:
            yield ("rounds", number, "module"), problem


def _module_problem(dates: RoundDates) -> str:
    if not dates.module:
        return ""
    if dates.module not in modules():
        return f"There is no module {dates.module}. There are: {', '.join(modules())}."
    if dates.module == NEEDS_AGREEMENT and not dates.agreed_by.strip():
        return (
            "This module asks which groups people are part of. Ask survivor reviewers first, and "
            "for Native people their nation or program. Then write into agreed_by who agreed."
        )
    return ""
