"""Refuses a paraphrase that repeats somebody's words or tells who somebody is.

It misses things: a whole story, a way of speaking. That is what the second person reads for.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from importlib import resources
from typing import NoReturn

import snowballstemmer

from feedback.themes.masking import find
from feedback.themes.near import near_copies
from feedback.themes.stems import fold, stem_pattern

RUN = 4  # content words in a row that no paraphrase shares with any answer
ALIKE = 0.75  # share of content words in common, in any order, that makes a copy
LETTERS_ALIKE = 0.5  # finds copies with slips of the pen; unlike answers reach 0.4 at most
SHORTEST, LONGEST = 20, 240  # characters: one or two sentences
LANGUAGES = ("english", "spanish")  # people mix them, so both stemmers look

COPY = (
    "Four words of meaning stand in the same order in what somebody wrote. Say it in your own "
    "words, from the start."
)
NEAR = "It is almost what the person wrote. Say what they meant, in your own words."
NUMBER = "It holds a number. Numbers make people recognisable."
SPELLED = "It holds letters one by one. Whatever they spell could tell who somebody is."
QUOTED = "It holds quotation marks, but these are nobody's own words."
LENGTH = f"It is one or two sentences on one line: {SHORTEST} to {LONGEST} characters."

_LISTS = tomllib.loads(
    resources.files("feedback.themes").joinpath("paraphrase.toml").read_text("utf-8")
)
_SMALL = frozenset(_LISTS["small_words"].split())
_TELLING = [
    (rule["says"], stem_pattern([*rule["stems"].split(), *rule.get("phrases", ())]))
    for rule in _LISTS["telling"]
]
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_QUOTES = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')
_WORD = re.compile(r"[^\W_]+")
_SPELLED = re.compile(r"(?<!\w)(?:[^\W_][\W_]+){2,}[^\W_](?!\w)")

Words = tuple[str, ...]


class Guard:
    """Knows every answer of a round, in memory only, so that no paraphrase repeats one.

    Also answers of people who did not share their words: those least of all.
    """

    def __init__(self, answers: Iterable[str]) -> None:
        self._answers = [content(text) for text in answers]

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied to disk."""
        raise TypeError("A guard holds words of opened answers and is never stored.")

    def problems(self, text: str, original: str) -> list[str]:
        """Return why this cannot stand for ``original``, in sentences; nothing when it can."""
        mine, theirs, *others = _same_words([content(text), content(original), *self._answers])
        found = [] if _fits(text) else [LENGTH]
        if any(_shares_run(mine, each, RUN) for each in (theirs, *others)):
            found.append(COPY)
        elif _is_near(mine, theirs) or near_copies([text, original], LETTERS_ALIKE):
            found.append(NEAR)
        return found + tells(text)


def content(text: str) -> Words:
    """Return the words that carry meaning, folded, in order."""
    return tuple(word for word in _WORD.findall(_plain(text)) if word not in _SMALL)


def tells(text: str) -> list[str]:
    """Return what of a text could tell who somebody is, in sentences."""
    plain = _plain(text)
    found = [f"“{text[span.start : span.end]}” could be a {span.kind}." for span in find(text)]
    found += [
        f"“{match.group()}” {says}."
        for says, pattern in _TELLING
        if (match := pattern.search(plain))
    ]
    found += [SPELLED] if _SPELLED.search(plain) else []
    found += [NUMBER] if any(map(str.isnumeric, text)) else []
    return found + ([QUOTED] if _QUOTES.search(text) else [])


def repeats_hidden(text: str, hidden: Iterable[str]) -> list[str]:
    """Return, in sentences, which words of an answer a reader hid and this repeats."""
    mine = set(content(text))
    return [
        f"“{word}” was hidden by a reader of the answer."
        for word in dict.fromkeys(hidden)
        if mine & set(content(word))
    ]


def drifts(theme: str, sounds_like: Collection[str]) -> bool:
    """Say whether a paraphrase seems to speak of other themes than the one it stands under."""
    return bool(sounds_like) and theme not in sounds_like


def _plain(text: str) -> str:
    """Return text folded, without invisible signs and with its contractions closed up."""
    seen = unicodedata.normalize("NFKC", text)
    seen = "".join(letter for letter in seen if unicodedata.category(letter) != "Cf")
    return fold(_APOSTROPHES.sub("", seen))


def _fits(text: str) -> bool:
    return SHORTEST <= len(text) <= LONGEST and text.isprintable()


def _shares_run(mine: Words, theirs: Words, length: int) -> bool:
    return not set(_runs(mine, length)).isdisjoint(_runs(theirs, length))


def _runs(words: Words, length: int) -> Iterator[Words]:
    return (words[at : at + length] for at in range(len(words) - length + 1))


def _is_near(mine: Words, theirs: Words) -> bool:
    """Say whether all of a short text is repeated, or nearly the same words in any order."""
    if 2 <= len(theirs) < RUN and _shares_run(mine, theirs, len(theirs)):
        return True
    one, other = set(mine), set(theirs)
    return len(one & other) >= ALIKE * len(one | other) > 0


def _same_words(texts: Sequence[Words]) -> list[Words]:
    """Return the texts with one sign for all words that either language's stemmer calls one."""
    words = list({word for text in texts for word in text})
    root: dict[str, str] = {}

    def find_root(sign: str) -> str:
        while sign in root:
            sign = root[sign]
        return sign

    signs: dict[str, str] = {}
    # A stemmer holds the word it works on, so sessions must not share one.
    stems = (snowballstemmer.stemmer(language).stemWords(words) for language in LANGUAGES)
    for word, english, spanish in zip(words, *stems, strict=True):
        signs[word] = f"en {english}"
        one, other = find_root(signs[word]), find_root(f"es {spanish}")
        if one != other:
            root[one] = other
    return [tuple(find_root(signs[word]) for word in text) for text in texts]
