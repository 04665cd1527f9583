"""Finds people and places in running words: by lists, by what stands before, by capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from feedback.themes import names
from feedback.themes.language import used
from feedback.themes.safety import Kind, Span
from feedback.themes.stems import fold

_TITLES, _ROLES = names.listed("titles"), names.listed("roles") | names.listed("relatives")
_PLACE_NOUNS, _PLACE_HEADS = names.listed("place_nouns"), names.listed("place_heads")
_PLACE_LEADS, _BEFORE_PLACES = names.listed("place_leads"), names.listed("before_places")
_ARTICLES, _QUALITIES = names.listed("articles"), names.listed("qualities")
_FIRST_NAMES, _NAMES_AFTER = names.listed("first_names"), names.listed("names_after")
_COMMON, _FOLLOWERS = names.listed("common"), names.listed("followers")
_NO_NAME = _COMMON | names.listed("months") | _TITLES | names.listed("roles")

_JOINT = re.compile(r" (?:[A-Z]\.? |de |de la |del )?")  # between the parts of one name
_INITIAL = re.compile(r" (?!I\b)[A-Z]\b\.?")
_SMALL_INITIAL = re.compile(r" [b-df-hj-np-tv-xz]\b\.?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_OPENING = re.compile(r"(?:^|[.!?…:;\n•*(\[\"“”¡¿]|-)\s*[\"“'‘(¡¿\-]*\s*$")
_ABBREVIATION = re.compile(r"\b(?:dra?|mrs?|ms|mx|sgt|lt|det|srta|sra?|lic|prof|st)\.\s*$", re.I)
_TO_A_NAME = re.compile(r"\.? |, (?:de |el |la )?")  # between a role and whom it speaks of


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    folded: str = field(repr=False)  # without a possessive ending
    capital: bool  # Like this; not LIKE THIS
    opens: bool  # opens a sentence, where a capital says nothing
    gap: str = field(repr=False)  # between the word before and this one


@dataclass(frozen=True, slots=True)
class _Text:
    """A text cut into words, with the languages it is written in."""

    text: str = field(repr=False)
    words: list[_Word] = field(repr=False)
    languages: frozenset[str]

    def before(self, at: int) -> str:
        return self.words[at - 1].folded if at else ""

    def is_name(self, at: int) -> bool:
        return names.is_name(self.words[at].folded, self.languages)


def mentions(text: str) -> Iterator[Span]:
    """Yield where people and places are named; the same words may be found more than once."""
    cut = _Text(text, _split(text), used(text))
    for at in range(len(cut.words)):
        yield from _person(cut, at)
        yield from _place(cut, at)
    yield from _by_capitals(cut)


def _split(text: str) -> list[_Word]:
    words: list[_Word] = []
    for match in _WORD.finditer(text):
        word, before = match.group(), text[max(0, match.start() - 12) : match.start()]
        words.append(
            _Word(
                match.start(),
                match.end(),
                re.sub(r"'s$", "", fold(word)),
                word[0].isupper() and (len(word) > 1 and not word.isupper()),
                bool(_OPENING.search(before)) and not _ABBREVIATION.search(before),
                text[words[-1].end if words else 0 : match.start()],
            )
        )
    return words


# ------------------------------------------------------------------ people


def _person(cut: _Text, at: int) -> Iterator[Span]:
    """Find a listed name in any spelling, or whoever follows a title, a role or a relative."""
    word = cut.words[at]
    titled = at > 0 and _follows_title(cut, at)
    if titled or any(
        rule(cut, at) for rule in (_is_listed, _follows_role, _is_paired, _is_nicknamed)
    ):
        belongs = titled or (cut.before(at) in _QUALITIES and word.gap == " ")
        start = cut.words[at - 1].start if belongs else word.start
        yield Span(start, _end_of_name(cut, at), Kind.NAME)


def _is_listed(cut: _Text, at: int) -> bool:
    word = cut.words[at]
    marco = not cut.text[word.start : word.end].endswith("ó")  # "marcó" is no Marco
    return marco and cut.is_name(at) and word.folded not in _COMMON


def _follows_title(cut: _Text, at: int) -> bool:
    word = cut.words[at]
    close = len(word.gap) <= 2
    return cut.before(at) in _TITLES and close and word.folded not in _COMMON


def _follows_role(cut: _Text, at: int) -> bool:
    word = cut.words[at]
    due = cut.before(at) in _ROLES and _TO_A_NAME.fullmatch(word.gap)
    plain = word.gap.strip(". ") == ""
    if not due:
        return False
    if word.folded in _FOLLOWERS:
        return names.is_listed(word.folded) and _has_a_family_name(cut, at)
    return (
        names.is_name_after_role(word.folded)
        if plain
        else (cut.is_name(at) and word.folded not in _COMMON)
    )


def _is_paired(cut: _Text, at: int) -> bool:
    """Find Hope in "gloria and hope", an everyday word beside a name."""
    word = cut.words[at].folded
    joined = at > 1 and cut.before(at) in ("and", "y", "e") and cut.is_name(at - 2)
    return joined and names.is_listed(word) and word not in _COMMON | _FOLLOWERS


def _is_nicknamed(cut: _Text, at: int) -> bool:
    """Find Ray in "lil ray"."""
    return cut.before(at) in ("big", "lil") and cut.words[at].folded in _NAMES_AFTER


def _has_a_family_name(cut: _Text, at: int) -> bool:
    """Tell "my advocate may lee" from "my advocate may know"."""
    after = cut.words[at + 1].folded if at + 1 < len(cut.words) else ""
    return names.is_listed(after) and after not in _COMMON | _FOLLOWERS


def _end_of_name(cut: _Text, at: int) -> int:
    """Return where a name ends that begins with a found word: a family name, an initial."""
    last = at
    if cut.words[at].folded in _FOLLOWERS:
        last += 1
    while last + 1 < len(cut.words) and _goes_on(cut, last + 1, last > at):
        last += 1
    end = cut.words[last].end
    initial = _SMALL_INITIAL.match(cut.text, end)
    return initial.end() if initial else end


def _goes_on(cut: _Text, at: int, long: bool) -> bool:
    word = cut.words[at]
    if word.gap not in (" ", "-") or word.folded in _COMMON | _FOLLOWERS:
        return False
    listed = names.is_listed(word.folded) if long else cut.is_name(at)
    return listed or names.is_unknown(word.folded)


# ------------------------------------------------------------------ places


def _place(cut: _Text, at: int) -> Iterator[Span]:
    """Find a listed place in any spelling, or what stands beside the noun of a place."""
    words = cut.words
    for length in (1, 2, 3):
        run = words[at : at + length]
        if names.is_place(one.folded for one in run):
            yield Span(run[0].start, run[-1].end, Kind.PLACE)
    word = words[at]
    if at and word.folded in _PLACE_NOUNS and word.gap == " " and _is_telling(cut, at - 1):
        yield Span(words[at - 1].start, word.end, Kind.PLACE)
    if word.folded in _PLACE_HEADS | _BEFORE_PLACES:
        yield from _after_head(cut, at)


def _after_head(cut: _Text, at: int) -> Iterator[Span]:
    """Find the name after "escuela" or "from": its article and every telling word."""
    first = at + 1
    following = cut.words[first : first + 2]
    if following and following[0].folded in _ARTICLES and following[0].gap == " ":
        first += 1
    last = first
    while last < len(cut.words) and cut.words[last].gap == " " and _is_telling(cut, last):
        last += 1
    if last > first:
        yield Span(cut.words[at + 1].start, cut.words[last - 1].end, Kind.PLACE)


def _is_telling(cut: _Text, at: int) -> bool:
    """Say whether a word beside the noun of a place names it."""
    word = cut.words[at]
    if word.folded.split("'")[0] in _NO_NAME:
        return False
    known = cut.is_name(at) or names.is_unknown(word.folded)
    return known or (word.capital and not word.opens)


# ------------------------------------------------------------------ capitals


def _by_capitals(cut: _Text) -> Iterator[Span]:
    """Find runs of words with a capital where none is due."""
    words = cut.words
    if _writes_capitals_everywhere(words):
        return
    for run in _runs(cut):
        first, last = words[run[0]], words[run[-1]]
        if len(run) == 1 and first.opens:
            continue
        around = {one.folded for one in words[max(0, run[0] - 1) : run[-1] + 2]}
        has_name = any(words[at].folded in _FIRST_NAMES for at in run)
        is_place = (cut.before(run[0]) in _PLACE_LEADS and not has_name) or around & _PLACE_NOUNS
        initial = _INITIAL.match(cut.text, last.end)
        end = initial.end() if initial else last.end
        yield Span(_start_of_run(words, run[0]), end, Kind.PLACE if is_place else Kind.NAME)


def _start_of_run(words: list[_Word], at: int) -> int:
    """Return where a run begins: "El" and "Big" belong to "El Tapatío" and "Big Mike"."""
    start = at
    while start and words[start].gap == " " and _may_begin_a_name(words[start - 1]):
        start -= 1
    return words[start].start


def _may_begin_a_name(word: _Word) -> bool:
    return word.capital and not word.opens and word.folded in _ARTICLES | _QUALITIES


def _runs(cut: _Text) -> list[list[int]]:
    """Group odd capitals that belong together, as positions among the words."""
    runs: list[list[int]] = []
    for at, word in enumerate(cut.words):
        is_noun = word.capital and word.folded in _PLACE_NOUNS
        gap = cut.text[cut.words[runs[-1][-1]].end : word.start] if runs else ""
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
