"""Finds what could show who somebody is, so that a reader sees it masked first.

It misses things, most of all in small letters, and a whole story can tell who somebody is without
one name; say so wherever it is used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import resources

from feedback.themes.safety import Kind, Span, check_writing, joined
from feedback.themes.stems import fold


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text; with a kind it is a detail that a chip should hide."""

    text: str = field(repr=False)
    kind: Kind | None = None

    @property
    def chip(self) -> str:
        """The piece as a masked reader sees it."""
        return f"[{self.kind}]" if self.kind else self.text


def find(text: str) -> list[Span]:
    """Return the details found in ``text``, in order, never overlapping.

    English and Spanish rules both look, since people mix the two.
    """
    spans = [*check_writing(text), *_by_patterns(text), *_by_lists(text), *_by_capitals(text)]
    return joined(spans)


def mask(text: str, by_hand: Iterable[tuple[int, int]] = ()) -> list[Segment]:
    """Return ``text`` in pieces; joined they are the text, joined as chips they are masked.

    ``by_hand``: where words lie that a reader hid besides.
    """
    more = [Span(start, end, Kind.HIDDEN) for start, end in by_hand if start < end <= len(text)]
    segments: list[Segment] = []
    at = 0
    for span in joined([*find(text), *more]):
        segments += [Segment(text[at : span.start])] if span.start > at else []
        segments.append(Segment(text[span.start : span.end], span.kind))
        at = span.end
    return segments + ([Segment(text[at:])] if at < len(text) else [])


# ------------------------------------------------------------------ the rules as data

_LISTS = tomllib.loads(
    resources.files("feedback.themes").joinpath("masking.toml").read_text("utf-8")
)


def _words(name: str) -> frozenset[str]:
    return frozenset(fold(word).replace("_", " ") for word in _LISTS[name].split())


_FIRST_NAMES, _PLACES, _COMMON = _words("first_names"), _words("places"), _words("common")
_TITLES, _ROLES = _words("titles"), _words("roles")
_FAMILY_NAMES, _NAMES_AFTER = _words("family_names"), _words("names_after")
_BEFORE_NAMES = _ROLES | _TITLES | _words("relatives")
_PLACE_NOUNS, _PLACE_LEADS, _MONTHS = _words("place_nouns"), _words("place_leads"), _words("months")
_NO_NAME = _COMMON | _MONTHS | _TITLES | _ROLES

_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_READER_PATTERNS = [
    (Kind(rule["kind"]), re.compile(rule["pattern"].replace("MONTH", _MONTH), re.IGNORECASE))
    for rule in _LISTS["reader"]
]


def _by_patterns(text: str) -> Iterator[Span]:
    for kind, pattern in _READER_PATTERNS:
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), kind)


# ------------------------------------------------------------------ names and places


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    folded: str = field(repr=False)  # without a possessive ending
    capital: bool  # Like this; not LIKE THIS
    opens: bool  # opens a sentence, where a capital says nothing


_JOINT = re.compile(r" (?:[A-Z]\.? |de |de la |del )?")  # between the parts of one name
_INITIAL = re.compile(r" (?!I\b)[A-Z]\b\.?")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_OPENING = re.compile(r"(?:^|[.!?…:;\n•*(\[\"“”¡¿]|-)\s*[\"“'‘(¡¿\-]*\s*$")
_ABBREVIATION = re.compile(r"\b(?:dra?|mrs?|ms|mx|sgt|lt|det|srta|sra?|lic|prof|st)\.\s*$", re.I)


def _split(text: str) -> list[_Word]:
    words = []
    for match in _WORD.finditer(text):
        word, before = match.group(), text[max(0, match.start() - 12) : match.start()]
        words.append(
            _Word(
                match.start(),
                match.end(),
                re.sub(r"'s$", "", fold(word)),
                word[0].isupper() and (len(word) > 1 and not word.isupper()),
                bool(_OPENING.search(before)) and not _ABBREVIATION.search(before),
            )
        )
    return words


def _by_lists(text: str) -> Iterator[Span]:
    """Find listed names and places in any spelling, and whatever follows a short title."""
    words = _split(text)
    for at, word in enumerate(words):
        before = words[at - 1].folded if at else ""
        if _is_listed(word.folded, before) and not _is_other_word(text[word.start : word.end]):
            yield Span(word.start, word.end, Kind.NAME)
        if word.folded in _TITLES and at + 1 < len(words) and _is_name_after(word, words[at + 1]):
            yield Span(word.start, words[at + 1].end, Kind.NAME)
        for length in (1, 2, 3):
            run = words[at : at + length]
            if " ".join(one.folded for one in run) in _PLACES:
                yield Span(run[0].start, run[-1].end, Kind.PLACE)


def _is_listed(word: str, before: str) -> bool:
    """Say whether a word is a name, or one after the word before it."""
    return word in _FIRST_NAMES | _FAMILY_NAMES or (
        word in _NAMES_AFTER and before in _BEFORE_NAMES
    )


def _is_other_word(word: str) -> bool:
    """Tell "marcó" from Marco: no Spanish name ends so, and many verbs do."""
    return word.endswith("ó")


def _is_name_after(title: _Word, word: _Word) -> bool:
    return word.start - title.end <= 2 and word.folded not in _COMMON


def _by_capitals(text: str) -> Iterator[Span]:
    """Find runs of words with a capital where none is due."""
    words = _split(text)
    if _writes_capitals_everywhere(words):
        return
    for run in _runs(text, words):
        first, last = words[run[0]], words[run[-1]]
        if len(run) == 1 and first.opens:
            continue
        around = {one.folded for one in words[max(0, run[0] - 1) : run[-1] + 2]}
        lead = words[run[0] - 1].folded if run[0] else ""
        has_name = any(words[at].folded in _FIRST_NAMES for at in run)
        is_place = (lead in _PLACE_LEADS and not has_name) or around & _PLACE_NOUNS
        initial = _INITIAL.match(text, last.end)
        end = initial.end() if initial else last.end
        yield Span(first.start, end, Kind.PLACE if is_place else Kind.NAME)


def _runs(text: str, words: list[_Word]) -> list[list[int]]:
    """Group odd capitals that belong together, as positions among the words."""
    runs: list[list[int]] = []
    for at, word in enumerate(words):
        is_noun = word.capital and word.folded in _PLACE_NOUNS
        gap = text[words[runs[-1][-1]].end : word.start] if runs else ""
        if _JOINT.fullmatch(gap) and (_is_odd(word) or is_noun):
            runs[-1].append(at)
        elif _is_odd(word):
            runs.append([at])
    return runs


def _writes_capitals_everywhere(words: list[_Word]) -> bool:
    inside = [word for word in words if not word.opens]
    return len(inside) > 5 and sum(word.capital for word in inside) * 2 > len(inside)


def _is_odd(word: _Word) -> bool:
    return word.capital and word.folded.split("'")[0] not in _NO_NAME
