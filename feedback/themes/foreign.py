"""A codebook from a spreadsheet or another program becomes changes to ours; nothing is dropped."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from feedback.errors import InvalidSettings
from feedback.themes.codebook import Codebook, Theme, Words
from feedback.themes.editing import new_id, put
from feedback.themes.exchange import COLUMNS, EXCLUDE, FORMULA, ID, INCLUDE, QDC
from feedback.themes.stems import fold

_TAG_COLUMNS = ("tag", "name", "path")  # Taguette takes any of the three
_LONGEST = 600  # letters of a line of the codebook


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of the other codebook. ``place`` says where it stands; None = it does not say."""

    place: str
    label: str
    description: str
    id: str = ""
    stems: tuple[str, ...] | None = None
    examples: tuple[str, ...] | None = None


def read(data: bytes) -> list[Entry]:
    """Return the codes in a file: CSV with a column tag, name or path, or REFI-QDA (.qdc).

    Raises:
        InvalidSettings: it is neither; naming the place.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidSettings(
            "The file", ["It is not text in UTF-8. Save it as “CSV UTF-8” and try again."]
        ) from None
    try:
        entries = list(_from_qdc(text) if text.lstrip().startswith("<") else _from_csv(text))
    except csv.Error:
        raise InvalidSettings("The file", ["It is not a table in CSV."]) from None
    if not entries:
        raise InvalidSettings("The file", ["There is no code in it."])
    return entries


def add(book: Codebook, entries: list[Entry], lang: str) -> Codebook:
    """Return the codebook with what the entries say in one language.

    A theme is known by its id, else by its label; it keeps what an entry does not say. Whatever
    is not known becomes a theme, with the same words in every language until somebody writes
    them. Marks and themes that are not among the entries stay as they are.

    Raises:
        InvalidSettings: an entry is about a retired theme or does not fit, with its place.
    """
    marks = {name for flag in book.flags for name in (flag.id, fold(flag.words[lang].label))}
    for entry in entries:
        if entry.id in marks or fold(entry.label) in marks:
            continue
        try:
            book = put(book, _theme(book, entry, lang))
        except InvalidSettings as refused:
            raise InvalidSettings(entry.place, refused.problems) from None
    return book


def _theme(book: Codebook, entry: Entry, lang: str) -> Theme:
    label = entry.label[:_LONGEST]
    for theme in book.themes:
        known = theme.words[lang]
        if entry.id == theme.id or (not entry.id and fold(label) == fold(known.label)):
            return replace(theme, words={**theme.words, lang: _words(entry, known)})
    for gone in book.retired:
        if entry.id == gone.theme.id:
            raise InvalidSettings(
                entry.place, [f"{label} was retired. Bring it back first, or leave it out."]
            )
    words = _words(entry, Words(label=label, definition=label))
    name = entry.id if re.fullmatch(r"[a-z][a-z0-9_]+", entry.id) else label
    return Theme(id=new_id(book, name), words=dict.fromkeys(book.languages, words))


def _words(entry: Entry, known: Words) -> Words:
    lines = [line.strip() for line in entry.description.splitlines() if line.strip()]
    plain = [line for line in lines if not line.startswith((INCLUDE, EXCLUDE, ID))]
    try:
        return replace(
            known,
            label=entry.label,
            definition=" ".join(plain) or known.definition,
            include=_line(lines, INCLUDE) or known.include,
            exclude=_line(lines, EXCLUDE) or known.exclude,
            stems=known.stems if entry.stems is None else entry.stems,
            examples=known.examples if entry.examples is None else entry.examples,
        )
    except ValueError:
        raise InvalidSettings(
            entry.place,
            [f"Something in it is longer than {_LONGEST} letters, or a key word is no word."],
        ) from None


def _line(lines: list[str], start: str) -> str:
    return next((line.removeprefix(start) for line in lines if line.startswith(start)), "")


def _from_csv(text: str) -> Iterator[Entry]:
    rows = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip().lower() for cell in next(rows, [])]
    tags = [name for name in _TAG_COLUMNS if name in header]
    if not tags:
        raise InvalidSettings("The file", ["Line 1: no column is called tag, name or path."])
    for cells in rows:
        row = dict(zip(header, map(_plain, cells), strict=False))
        if label := row.get(tags[0], ""):
            description = row.get("description", "")
            yield Entry(
                place=f"Line {rows.line_num}",
                label=label,
                description=description,
                id=row.get("id") or _line(description.splitlines(), ID),
                stems=_lines(row.get(COLUMNS[3])),
                examples=_lines(row.get(COLUMNS[4])),
            )


def _plain(cell: str) -> str:
    quoted = cell.startswith("'") and cell[1:].startswith(FORMULA)
    return (cell[1:] if quoted else cell).strip()


def _lines(cell: str | None) -> tuple[str, ...] | None:
    if cell is None:
        return None
    return tuple(dict.fromkeys(line.strip() for line in cell.splitlines() if line.strip()))


def _from_qdc(text: str) -> Iterator[Entry]:
    try:
        if "<!DOCTYPE" in text:
            raise ElementTree.ParseError
        root = ElementTree.fromstring(text)  # noqa: S314 - without a DOCTYPE nothing can expand
    except ElementTree.ParseError:
        raise InvalidSettings("The file", ["It is not a REFI-QDA codebook."]) from None
    for number, code in enumerate(root.iter(f"{{{QDC}}}Code"), start=1):
        description = code.findtext(f"{{{QDC}}}Description") or ""
        if (label := code.get("name", "").strip()) and code.get("isCodable") != "false":
            id_ = _line(description.splitlines(), ID)
            yield Entry(f"Code {number}", label, description, id_)
