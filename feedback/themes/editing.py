"""Changing a codebook between rounds: ids keep their meaning for ever, and nothing is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields

from feedback.errors import InvalidSettings
from feedback.themes.codebook import (
    EXAMPLES_WANTED,
    LONGEST_ID,
    STEMS_WANTED,
    Codebook,
    Retired,
    Theme,
    Words,
    parse,
)
from feedback.themes.masking import find
from feedback.themes.stems import fold

NOT_AN_ID = ("none", "skipped", "does_not_apply", "something_new")  # words with another meaning
_AGENCY = re.compile(
    r"\b(?:[A-Z]{2,}PD|PD|(?:[A-Z][\w’']+ )+(?:Police|Sheriff|Department|Office|Agency|Bureau))\b"
)


def put(book: Codebook, theme: Theme) -> Codebook:
    """Return the codebook with a theme in the place of the one with its id, or added at the end.

    Raises:
        InvalidSettings: its id belonged to a theme that was retired, or to a mark.
    """
    if theme.id in {each.id for each in book.themes}:
        themes = tuple(theme if each.id == theme.id else each for each in book.themes)
    else:
        themes = (*book.themes, theme)
    return _with(book, themes=themes)


def retire(book: Codebook, id_: str, *, into: str = "") -> Codebook:
    """Return the codebook without a theme; its id stays taken. Raises KeyError for an unknown id.

    Raises:
        InvalidSettings: it is the last theme.
    """
    gone = Retired(book.theme(id_), into)
    themes = tuple(theme for theme in book.themes if theme.id != id_)
    return _with(book, themes=themes, retired=(*book.retired, gone))


def bring_back(book: Codebook, id_: str) -> Codebook:
    """Return the codebook with a retired theme in use again, as it was. Raises KeyError."""
    for each in book.retired:
        if each.theme.id == id_:
            left = tuple(other for other in book.retired if other.theme.id != id_)
            return _with(book, themes=(*book.themes, each.theme), retired=left)
    raise KeyError(id_)


def merge(book: Codebook, ids: Sequence[str], theme: Theme) -> Codebook:
    """Return the codebook with a new theme in the place of several, which are retired into it.

    The new one needs an id of its own, so that none of the old ids comes to mean more.

    Raises:
        InvalidSettings: its id has a meaning already.
    """
    if theme.id in book.taken:
        raise InvalidSettings("The codebook", [f"{theme.id} has a meaning already."])
    changed = put(book, theme)
    for id_ in ids:
        changed = retire(changed, id_, into=theme.id)
    return changed


def together(book: Codebook, ids: Sequence[str], lang: str) -> Words:
    """Return what several themes say in one language, to be made into the words of one."""
    said = [book.theme(id_).words[lang] for id_ in ids]
    return Words(
        label=" / ".join([said[0].label, *(_inside(words.label) for words in said[1:])]),
        definition=" ".join(words.definition for words in said)[:600],
        include=" ".join(words.include for words in said if words.include),
        exclude=" ".join(words.exclude for words in said if words.exclude),
        stems=tuple(dict.fromkeys(stem for words in said for stem in words.stems)),
        examples=tuple(dict.fromkeys(one for words in said for one in words.examples)),
    )


def new_id(book: Codebook, label: str) -> str:
    """Return an id made of a label that has no meaning in this codebook yet, nor ever had."""
    slug = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")
    slug = slug if re.match(r"[a-z]", slug) else f"t_{slug}"
    taken = book.taken | set(NOT_AN_ID)
    for number in range(1, len(taken) + 2):
        tail = "" if number == 1 else f"_{number}"
        id_ = slug[: LONGEST_ID - len(tail)].strip("_") + tail
        if id_ not in taken and len(id_) > 1:
            return id_
    raise AssertionError  # one of so many numbers is free


def progress(words: Words) -> list[str]:
    """Return how far a theme's words have come in one language, as short phrases."""
    examples, stems = len(words.examples), len(words.stems)
    return [
        f"{examples} of {EXAMPLES_WANTED} examples"
        if examples < EXAMPLES_WANTED
        else f"{examples} examples",
        f"{stems} of {STEMS_WANTED} key words" if stems < STEMS_WANTED else f"{stems} key words",
    ]


def is_ready(words: Words) -> bool:
    """Say whether the suggestions have enough to go by."""
    return len(words.examples) >= EXAMPLES_WANTED and len(words.stems) >= STEMS_WANTED


def cautions(theme: Theme) -> list[str]:
    """Return what in a theme's words could point at a person, a place or an agency.

    A theme stands in every release, also with a 0 beside it, and the codebook is not secret.
    """
    found: dict[str, None] = {}
    for lang, words in theme.words.items():
        for what, text in _texts(words):
            details = [text[span.start : span.end] for span in find(text)]
            details += [match.group() for match in _AGENCY.finditer(text)]
            for detail in details:
                found[f"“{detail}” in the {what} ({lang})"] = None
    return list(found)


def changes(before: Codebook, after: Codebook) -> list[str]:
    """Return what is different in a codebook, a sentence each, in its first language."""
    lang = after.languages[0]
    old = {theme.id: theme for theme in before.themes}
    new = {theme.id: theme for theme in after.themes}
    into = {each.theme.id: each.into for each in after.retired}
    found = [f"New: {new[id_].words[lang].label}." for id_ in new if id_ not in old]
    for id_, theme in old.items():
        label = theme.words[lang].label
        if id_ not in new:
            heir = into.get(id_, "")
            found.append(f"Merged: {label}." if heir else f"Retired: {label}.")
        elif new[id_] != theme:
            found.append(f"Changed: {label}.")
    return found


def _inside(label: str) -> str:
    """Return a label as it stands inside a line; LGBTQ keeps its capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _texts(words: Words) -> Iterator[tuple[str, str]]:
    yield "name", words.label
    yield "definition", words.definition
    yield "list of what belongs here", words.include
    yield "list of what goes elsewhere", words.exclude
    for example in words.examples:
        yield "examples", example


def _with(book: Codebook, **parts: object) -> Codebook:
    """Return the codebook with other parts. Raises InvalidSettings when they do not fit."""
    whole = {each.name: getattr(book, each.name) for each in fields(book)}
    return parse({**whole, **parts}, "The codebook")
