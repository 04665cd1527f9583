"""When paraphrases may stand beside a release, so that they tell no number it does not tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from feedback.disclosure.plan import Kind, Plan
from feedback.disclosure.release import Release

LEAST_CONSENTING = 5  # people who wrote something and let their words be shared
LEAST_SHOWN = 3  # or none at all
MOST_SHOWN = 8  # a few sentences, not a collection

Place = tuple[str, str]  # an open question and a theme


def places(release: Release) -> dict[Place, int]:
    """Return how many paraphrases may stand at each place, of those where one may.

    A sentence under a theme says that somebody named it, and two say that two did. So there may
    be as many as the published number already says at the least: none under "few or none".
    """
    return {
        (table.question.id, theme.id): least
        for table in release.tables
        if table.question.kind is Kind.THEME
        for theme in table.question.answers
        if (least := table.everyone.counts.get(theme.id, 0) - table.everyone.near) > 0
    }


def too_small(plan: Plan, *, people: int, consenting: int) -> list[str]:
    """Return why a round can have no paraphrases at all, in sentences."""
    problems = []
    if people < plan.limits.k_quotes:
        problems.append(
            f"Fewer than {plan.limits.k_quotes} people answered. In so small a round a story is "
            "recognised even in other words."
        )
    if consenting < LEAST_CONSENTING:
        problems.append(
            f"Fewer than {LEAST_CONSENTING} people who wrote something ticked that their words may "
            "be shared, reworded. With so few it would be easy to guess whose they are."
        )
    return problems


def set_problems(release: Release, chosen: Sequence[Place]) -> list[str]:
    """Return why paraphrases at these places cannot be shown together, in sentences."""
    problems = []
    if len(chosen) < LEAST_SHOWN:
        problems.append(f"At least {LEAST_SHOWN} are shown together, or none.")
    if len(chosen) > MOST_SHOWN:
        problems.append(f"At most {MOST_SHOWN} are shown. Take some out.")
    free = places(release)
    if any(times > free.get(place, 0) for place, times in Counter(chosen).items()):
        problems.append(
            "More stand under one theme than the release lets anybody know. Move or take out some."
        )
    return problems


def has_room(release: Release, place: Place, taken: Collection[Place]) -> bool:
    """Say whether one more may stand at a place, beside those that stand already."""
    return Counter(taken)[place] < places(release).get(place, 0)
