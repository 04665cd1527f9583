"""Two people who edit one document at once: what each changed is kept, and clashes are named."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from feedback.decisions.log import Decision, edit

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    T = TypeVar("T", bound=DataclassInstance)
else:
    T = TypeVar("T")

DAYS = frozenset({"agreed_on", "looked_at", "checked_on"})  # set by saving: the last one stands
_NOTHING = object()  # in place of an entry that is not there


@dataclass(frozen=True, slots=True)
class Merged(Generic[T]):
    """A document that holds what both changed.

    ``taken_over``: fields that only they changed. ``clashes``: fields that both changed, each in
    another way; there ``document`` holds mine. An entry of a mapping is called ``field.entry``.
    """

    document: T
    taken_over: tuple[str, ...]
    clashes: tuple[str, ...]


def merge(base: T, theirs: T, mine: T) -> Merged[T]:
    """Put together what two people made of ``base``; items of lists are kept from both."""
    was, their, my = (_flat(document) for document in (base, theirs, mine))
    merged = dict(their)
    taken_over, clashes = [], []
    for name in dict.fromkeys((*was, *their, *my)):
        then, there, here = (each.get(name, _NOTHING) for each in (was, their, my))
        if here in (then, there):
            taken_over += [name] if there != then else []
        elif isinstance(here, tuple | frozenset):
            merged[name] = type(here)(_both(then, there, here))
        else:
            merged[name] = here
            clashes += [name] if there != then and name not in DAYS else []
    return Merged(_built(theirs, merged), tuple(taken_over), tuple(clashes))


def _flat(document: DataclassInstance) -> dict[str, Any]:
    """Return the fields of a document by name, and the entries of its mappings one by one."""
    found: dict[str, Any] = {}
    for field in fields(document):
        value = getattr(document, field.name)
        if isinstance(value, Mapping):
            found |= {f"{field.name}.{key}": each for key, each in value.items()}
        else:
            found[field.name] = value
    return found


def _built(document: T, flat: Mapping[str, Any]) -> T:
    """Return a document with other fields; a public text that changed loses its approval."""
    changes: dict[str, Any] = {}
    for field in fields(document):
        start = f"{field.name}."
        if isinstance(getattr(document, field.name), Mapping):
            there = {key: each for key, each in flat.items() if each is not _NOTHING}
            changes[field.name] = {
                key.removeprefix(start): each
                for key, each in there.items()
                if key.startswith(start)
            }
        else:
            changes[field.name] = flat[field.name]
    if isinstance(document, Decision):
        return cast("T", edit(document, **changes))
    return replace(document, **changes)


def _both(was: Collection[Any], their: Collection[Any], my: Collection[Any]) -> tuple[Any, ...]:
    """Return their items without those that I took out, and with those that I added."""
    kept = [item for item in their if item in my or item not in was]
    return (*kept, *(item for item in my if item not in was and item not in kept))
