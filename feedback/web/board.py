"""The public board as its file tells it: what was heard, decided, changed, and what not and why."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger("throughline.form")

PARTS = ("title", "heard", "decided", "changed", "not_done", "why")
TITLES = ("title", "theme", "area")  # the first of these that is there names the entry
ANY = ""  # texts that stand in the file without a language

Texts = Mapping[str, str]  # by language


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry in one language; a part that says nothing is empty."""

    title: str
    heard: str = ""
    decided: str = ""
    changed: str = ""
    not_done: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry in every language it has; ``only`` names the one that it is for, if it is."""

    texts: Mapping[str, Texts]
    only: str = ANY

    def shown(self, lang: str, fallback: str) -> Shown:
        """Return the entry in a language, part by part in another one where it is missing."""
        return Shown(**{part: _pick(self.texts.get(part, {}), lang, fallback) for part in PARTS})


def entries_for(board: Iterable[Entry], lang: str, fallback: str = "en") -> tuple[Shown, ...]:
    """Return what the board shows in a language, or in another one when it has nothing in it.

    An entry without a title, or that tells nothing, is left out.
    """
    entries = tuple(board)
    own = tuple(entry for entry in entries if entry.only in (ANY, lang))
    chosen = own or tuple(entry for entry in entries if entry.only == fallback)
    shown = (entry.shown(lang, fallback) for entry in chosen)
    return tuple(e for e in shown if e.title and (e.heard or e.decided or e.changed or e.not_done))


def read_board(path: Path) -> tuple[Entry, ...]:
    """Read `board.json`; an empty board when there is none or it cannot be read.

    A text is a string, or strings by language. Entries stand in a list, in a list under
    ``entries``, or in one list for each language. What is not known is passed over.
    """
    try:
        return tuple(_entries(json.loads(path.read_bytes())))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, RecursionError) as error:
        log.error("The board cannot be read: %s", type(error).__name__)
        return ()


def _entries(data: object) -> Iterable[Entry]:
    if isinstance(data, dict):
        if isinstance(data.get("entries"), list | dict):
            yield from _entries(data["entries"])
            return
        for lang, several in data.items():
            if isinstance(several, list) and len(lang) <= 12:
                yield from (_entry(fields, lang) for fields in several if isinstance(fields, dict))
    elif isinstance(data, list):
        yield from (_entry(fields) for fields in data if isinstance(fields, dict))


def _entry(fields: Mapping[str, object], only: str = ANY) -> Entry:
    named = {part: fields.get(part) for part in PARTS}
    named["title"] = next((fields[name] for name in TITLES if fields.get(name)), None)
    return Entry({part: _texts(value) for part, value in named.items()}, only)


def _texts(value: object) -> Texts:
    if isinstance(value, str):
        return {ANY: value.strip()}
    if isinstance(value, dict):
        return {str(lang): text.strip() for lang, text in value.items() if isinstance(text, str)}
    if isinstance(value, list):
        return {ANY: "\n".join(item.strip() for item in value if isinstance(item, str))}
    return {}


def _pick(texts: Texts, lang: str, fallback: str) -> str:
    return texts.get(lang) or texts.get(ANY) or texts.get(fallback) or ""
