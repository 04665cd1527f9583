"""Tells names and places from everyday words, by open word lists in both languages.

`tests/bench/make_masking_words.py` makes the lists and says where they come from.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib import resources

import snowballstemmer

from feedback.themes.stems import fold

_FOLDER = resources.files("feedback.themes")
LISTS = tomllib.loads(_FOLDER.joinpath("masking.toml").read_text("utf-8"))


def listed(name: str) -> frozenset[str]:
    """Return a list of masking.toml, folded."""
    return frozenset(fold(word).replace("_", " ") for word in LISTS[name].split())


def _lines(name: str) -> list[str]:
    return _FOLDER.joinpath(name).read_text("utf-8").splitlines()


_COMMON, _NAMES_AFTER = listed("common"), listed("names_after")
_ALWAYS = listed("first_names") | listed("family_names")
_NAMES = dict(line.partition(" ")[::2] for line in _lines("names.txt"))  # name: everyday where
_PLACES = (listed("places") | frozenset(_lines("places.txt"))) - _COMMON
_EVERYDAY = _FOLDER.joinpath("ordinary.txt").read_text("utf-8")  # stems, one a line
_SHORT_FORMS = listed("short_forms")
_ENDS_OF_OTHERS = re.compile(  # verbs, adverbs, small things: no name is unknown and ends so
    r"(?:ed|ing|ly|nt|it[oa]s?|io|iera|ieran|rian?|ron|ando|iendo|aba|aban|mente)$"
)


def is_name(word: str, languages: Iterable[str]) -> bool:
    """Say whether a folded word is a name and no everyday word of these languages."""
    everyday = _NAMES.get(word, "en es")
    return word in _ALWAYS or not any(lang in everyday for lang in languages)


def is_name_after_role(word: str) -> bool:
    """Say whether a folded word is a name where one is due: after a role, title or relative."""
    return word not in _COMMON and (is_listed(word) or word in _NAMES_AFTER or is_unknown(word))


def is_listed(word: str) -> bool:
    """Say whether a folded word is any name of the lists, everyday word or not."""
    return word in _ALWAYS or word in _NAMES


def is_unknown(word: str) -> bool:
    """Say whether no dictionary knows a folded word, and it may be a name by its end."""
    word = word.split("-")[0].replace("'", "")
    if len(word) < 3 or word in _COMMON or word in _SHORT_FORMS or _ENDS_OF_OTHERS.search(word):
        return False
    # A stemmer made for each look: one that is kept would keep the words of answers.
    stems = [snowballstemmer.stemmer(one).stemWord(word) for one in ("english", "spanish")]
    return not any(f"\n{stem}\n" in _EVERYDAY for stem in stems)


def is_place(words: Iterable[str]) -> bool:
    """Say whether folded words are a place that is told without its capital letters."""
    return " ".join(words) in _PLACES
