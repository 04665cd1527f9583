"""The codebook: which themes there are, what belongs in each, and which words hint at them."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from importlib import resources
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from feedback.errors import InvalidSettings
from feedback.themes.stems import STEM

OTHER = "other"  # the flag that is counted beside the themes
NEEDS_CARE = "needs_care"  # the flag that no count and no page ever shows
EXAMPLES_WANTED = 5  # per theme and language; fewer weaken the suggestions most of all
STEMS_WANTED = 5
MOST_THEMES = 38  # with the two marks a release plan holds 40 answers
LONGEST_ID = 24  # letters of a new id, which other files name too

Area = Literal[
    "first_response", "interview", "exam", "advocacy", "youth", "housing",
    "court", "follow_up", "access", "transport", "safety_privacy", "not_criminal",
]  # fmt: skip
About = Literal[
    "subcommittee", "integrated", "standalone", "existing_mdt", "regional",
    "capacity", "awareness", "protocol_type", "funding",
]  # fmt: skip
Direction = Literal["+", "-", "either"]


def _check_stem(stem: str) -> str:
    if not STEM.fullmatch(stem):
        raise ValueError("a stem is one or more words, each with or without a star at its end")
    return stem


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Stem = Annotated[Line, AfterValidator(_check_stem)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=_STRICT)
class Words:
    """A theme in one language. ``examples`` are invented phrases, never pasted answers."""

    label: Line
    definition: Line
    include: str = ""
    exclude: str = ""
    stems: tuple[Stem, ...] = ()
    examples: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, config=_STRICT)
class Theme:
    """A theme; ``signals`` say which structure or factor it bears on, and in which direction."""

    id: Id
    words: Mapping[Language, Words]
    areas: tuple[Area, ...] = ()
    signals: Mapping[About, Direction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, config=_STRICT)
class Flag:
    """A mark on an answer; only a ``counted`` one ever reaches a release."""

    id: Id
    counted: bool
    words: Mapping[Language, Words]


@dataclass(frozen=True, slots=True, config=_STRICT)
class Retired:
    """A theme used no longer, whose id stays taken. ``into``: the theme that took its place."""

    theme: Theme
    into: Literal[""] | Id = ""


@dataclass(frozen=True, slots=True, config=_STRICT)
class Codebook:
    """One version of a codebook, fixed for a round."""

    name: Line
    version: int
    languages: tuple[Language, ...]
    themes: tuple[Theme, ...]
    flags: tuple[Flag, ...]
    retired: tuple[Retired, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what the fields alone cannot see. Raises ValueError, which pydantic collects."""
        problems = [*_doubles(self), *_missing_words(self), *_missing_flags(self)]
        if not 1 <= len(self.themes) <= MOST_THEMES:
            problems.append(f"A codebook has 1 to {MOST_THEMES} themes.")
        if problems:
            raise ValueError(" ".join(problems))

    @property
    def digest(self) -> str:
        """The SHA-256 of the codebook's content, in hex; it names the version in a release."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()

    @property
    def counted(self) -> tuple[str, ...]:
        """Every id that a release lists: the themes in order, then the counted flags."""
        return tuple(t.id for t in self.themes) + tuple(f.id for f in self.flags if f.counted)

    @property
    def entries(self) -> tuple[Theme | Flag, ...]:
        """Everything that has an id and words and can be chosen."""
        return (*self.themes, *self.flags)

    @property
    def taken(self) -> frozenset[str]:
        """Every id that has a meaning, also of themes that were retired."""
        return frozenset((*(e.id for e in self.entries), *(r.theme.id for r in self.retired)))

    def theme(self, theme_id: str) -> Theme:
        """Return the theme. Raises KeyError if this version of the codebook has none by that id."""
        for theme in self.themes:
            if theme.id == theme_id:
                return theme
        raise KeyError(theme_id)

    def label(self, id_: str, lang: str) -> str:
        """Return the label of a theme or flag, in the codebook's first language if need be."""
        for entry in (*self.entries, *(each.theme for each in self.retired)):
            if entry.id == id_:
                return entry.words.get(lang, entry.words[self.languages[0]]).label
        raise KeyError(id_)


_ADAPTER: TypeAdapter[Codebook] = TypeAdapter(Codebook)


def load() -> Codebook:
    """Return the project's own starter codebook."""
    text = resources.files("feedback.themes").joinpath("codebook.toml").read_text("utf-8")
    return from_toml(text, "codebook.toml")


def from_toml(text: str, where: str) -> Codebook:
    """Return the codebook in a TOML text. Raises InvalidSettings that names theme and field."""
    try:
        return parse(tomllib.loads(text), where)
    except tomllib.TOMLDecodeError as error:
        raise InvalidSettings(where, [f"{error}."]) from None


def from_json(text: str, where: str = "the codebook") -> Codebook:
    """Return the codebook that `to_json` wrote. Raises InvalidSettings that names the place."""
    try:
        return parse(json.loads(text), where)
    except json.JSONDecodeError as error:
        raise InvalidSettings(where, [f"line {error.lineno} is not JSON."]) from None


def to_json(codebook: Codebook) -> str:
    """Return the codebook as JSON with sorted keys, the form that `Codebook.digest` is taken of."""
    return json.dumps(to_data(codebook), ensure_ascii=False, sort_keys=True)


def to_data(codebook: Codebook) -> dict[str, Any]:
    """Return plain JSON data; ``parse`` reads it back."""
    data: dict[str, Any] = _ADAPTER.dump_python(codebook, mode="json")
    return data


def parse(data: object, where: str) -> Codebook:
    """Return the codebook in plain data. Raises InvalidSettings that names theme and field."""
    try:
        return _ADAPTER.validate_python(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        raise InvalidSettings(
            where, [f"{_place(e['loc'], data)}: {_sentence(e['msg'])}" for e in details]
        ) from None


def advice(codebook: Codebook) -> tuple[str, ...]:
    """Return what would make the suggestions better, one sentence a gap."""
    return tuple(
        f"{theme.id} ({lang}) has {len(found)} {what}; {wanted} or more help."
        for theme in codebook.themes
        for lang, words in theme.words.items()
        for what, found, wanted in (
            ("example phrases", words.examples, EXAMPLES_WANTED),
            ("stems", words.stems, STEMS_WANTED),
        )
        if len(found) < wanted
    )


def _doubles(codebook: Codebook) -> list[str]:
    retired = (each.theme for each in codebook.retired)
    ids = Counter(entry.id for entry in (*codebook.entries, *retired))
    return [f"{id_} is defined {times} times." for id_, times in ids.items() if times > 1]


def _missing_words(codebook: Codebook) -> list[str]:
    return [
        f"{entry.id} has no words in {lang}."
        for entry in codebook.entries
        for lang in codebook.languages
        if lang not in entry.words
    ]


def _missing_flags(codebook: Codebook) -> list[str]:
    counted = {flag.id: flag.counted for flag in codebook.flags}
    wanted = {OTHER: True, NEEDS_CARE: False}
    return [
        f"The flag {id_} has to be there with counted = {str(value).lower()}."
        for id_, value in wanted.items()
        if counted.get(id_) is not value
    ]


def _place(loc: Sequence[int | str], data: object) -> str:
    """Name the place by ids, since a person counts no list entries."""
    names: list[str] = []
    here: Any = data
    for step in loc:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        known = here.get("id") if isinstance(here, dict) else None
        names.append(str(known or (step + 1 if isinstance(step, int) else step)))
    return " > ".join(names) or "the file"


def _sentence(message: str) -> str:
    return re.sub(r"^Value error, ", "", message).rstrip(".") + "."
