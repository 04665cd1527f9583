"""Two people who edit one decision at once: what each changed is kept, and clashes are named."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from feedback.decisions.log import Decision, edit


@dataclass(frozen=True, slots=True)
class Merged:
    """A decision that holds what both changed.

    ``taken_over``: fields that only they changed. ``clashes``: fields that both changed, each in
    another way; there ``decision`` holds mine.
    """

    decision: Decision
    taken_over: tuple[str, ...]
    clashes: tuple[str, ...]


def merge(base: Decision, theirs: Decision, mine: Decision) -> Merged:
    """Put together what two people made of ``base``; items of lists are kept from both."""
    changes: dict[str, Any] = {}
    taken_over, clashes = [], []
    for name in (field.name for field in fields(Decision)):
        was, their, my = getattr(base, name), getattr(theirs, name), getattr(mine, name)
        if my in (was, their):
            taken_over += [name] if their != was else []
            continue
        changes[name] = _both(was, their, my) if isinstance(my, tuple) else my
        if their != was and not isinstance(my, tuple):
            clashes.append(name)
    return Merged(edit(theirs, **changes), tuple(taken_over), tuple(clashes))


def _both(was: tuple[Any, ...], their: tuple[Any, ...], my: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return their items without those that I took out, and with those that I added."""
    kept = [item for item in their if item in my or item not in was]
    return (*kept, *(item for item in my if item not in was and item not in kept))
