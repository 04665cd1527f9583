"""A codebook as other programs and people read it: CSV, REFI-QDA and a reference page."""

from __future__ import annotations

import csv
import io
import re
import uuid
from xml.etree import ElementTree

from feedback.errors import InvalidSettings
from feedback.themes.codebook import Codebook, Flag, Theme, load, parse
from feedback.themes.stems import fold

_INCLUDE, _EXCLUDE, _ID = "Include: ", "Elsewhere: ", "Id: "
_TAG_COLUMNS = ("tag", "name", "path")  # Taguette takes any of the three
_QDC = "urn:QDA-XML:codebook:1.0"  # REFI-QDA codebook exchange; QualCoder imports nothing else
_GUIDS = uuid.UUID("8a0c6a0e-3c33-5c8e-9c1e-6b8f6f0f7a11")  # arbitrary, so that ids stay the same
_GREY = "#808080"


def to_csv(codebook: Codebook, lang: str) -> str:
    """Return the themes and flags as CSV with the columns tag and description, for Taguette."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["tag", "description"])
    rows.writerows([e.words[lang].label, _description(e, lang)] for e in codebook.entries)
    return out.getvalue()


def from_csv(text: str, lang: str, name: str = "Codebook from CSV") -> Codebook:
    """Return a codebook made of a CSV with a column tag, name or path and maybe a description.

    Areas, stems and examples are left to be filled in; `feedback.themes.codebook.advice` lists
    them. Flags are the project's own. Raises InvalidSettings that names the line.
    """
    own_flags = [_as_data(flag) for flag in load().flags if lang in flag.words]
    flag_ids = {flag["id"] for flag in own_flags}
    themes = [_theme_of(tag, description, lang) for tag, description in _read_rows(text)]
    data = {
        "name": name,
        "version": 1,
        "languages": [lang],
        "themes": [theme for theme in themes if theme["id"] not in flag_ids],
        "flags": own_flags,
    }
    return parse(data, "the CSV")


def to_qdc(codebook: Codebook, lang: str) -> str:
    """Return the themes and flags as a REFI-QDA codebook (.qdc), for QualCoder and others."""
    root = ElementTree.Element("CodeBook", {"xmlns": _QDC, "origin": "Throughline"})
    codes = ElementTree.SubElement(root, "Codes")
    for entry in codebook.entries:
        guid = str(uuid.uuid5(_GUIDS, entry.id)).upper()
        label = entry.words[lang].label
        facts = {"guid": guid, "name": label, "isCodable": "true", "color": _GREY}
        code = ElementTree.SubElement(codes, "Code", facts)
        ElementTree.SubElement(code, "Description").text = _description(entry, lang)
    ElementTree.SubElement(root, "Sets")
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def to_markdown(codebook: Codebook) -> str:
    """Return the reference page: every theme and flag in every language."""
    lines = [
        f"# {codebook.name}, version {codebook.version}",
        "",
        "This page is made from `feedback/themes/codebook.toml`; change that file, not this page.",
        "The box gives the direction: a theme in *change* is a problem or a wish,",
        "in *keep* a strength.",
        "Up to four themes fit one answer; people are counted, never mentions.",
        "",
    ]
    for theme in codebook.themes:
        lines += [f"## `{theme.id}`", "", f"Protocol areas: {_codes(theme.areas)}."]
        signals = tuple(f"{about} {way}" for about, way in theme.signals.items())
        lines += [f"Bears on: {_codes(signals)}." if signals else "", ""]
        for lang in codebook.languages:
            lines += [*_section(theme, lang), ""]
    lines += ["## Marks that are not themes", ""]
    for flag in codebook.flags:
        labels = " / ".join(words.label for words in flag.words.values())
        counted = "counted" if flag.counted else "never counted or shown"
        lines += [f"- `{flag.id}` ({counted}): {labels}."]
        lines += [f"  {words.definition}" for words in flag.words.values()]
    return "\n".join(lines) + "\n"


def _section(theme: Theme, lang: str) -> list[str]:
    words = theme.words[lang]
    return [
        f"**{words.label}** ({lang}): {words.definition}",
        "",
        f"- {_INCLUDE}{words.include}",
        f"- {_EXCLUDE}{words.exclude}",
        f"- Stems: {_codes(words.stems)}",
        *(f"- “{example}”" for example in words.examples),
    ]


def _codes(ids: tuple[str, ...]) -> str:
    return ", ".join(f"`{id_}`" for id_ in ids)


def _description(entry: Theme | Flag, lang: str) -> str:
    words = entry.words[lang]
    parts = [
        words.definition,
        words.include and _INCLUDE + words.include,
        words.exclude and _EXCLUDE + words.exclude,
        _ID + entry.id,
    ]
    return "\n".join(part for part in parts if part)


def _read_rows(text: str) -> list[tuple[str, str]]:
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    header = [cell.strip().lower() for cell in next(rows, [])]
    column = next((name for name in _TAG_COLUMNS if name in header), None)
    if column is None:
        raise InvalidSettings("the CSV", ["line 1: no column is called tag, name or path."])
    at, about = header.index(column), _index(header, "description")
    return [
        (row[at].strip(), row[about].strip() if 0 <= about < len(row) else "")
        for row in rows
        if at < len(row) and row[at].strip()
    ]


def _index(header: list[str], name: str) -> int:
    return header.index(name) if name in header else -1


def _theme_of(tag: str, description: str, lang: str) -> dict[str, object]:
    lines = description.splitlines()
    plain = [line for line in lines if not line.startswith((_INCLUDE, _EXCLUDE, _ID))]
    words = {
        "label": tag,
        "definition": " ".join(plain) or tag,
        "include": _line(lines, _INCLUDE),
        "exclude": _line(lines, _EXCLUDE),
    }
    return {"id": _line(lines, _ID) or _id_of(tag), "words": {lang: words}}


def _line(lines: list[str], start: str) -> str:
    return next((line.removeprefix(start) for line in lines if line.startswith(start)), "")


def _id_of(tag: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", fold(tag)).strip("_")[:38]
    return slug if re.match(r"[a-z]", slug) else f"t_{slug}"


def _as_data(flag: Flag) -> dict[str, object]:
    words = {
        lang: {"label": words.label, "definition": words.definition}
        for lang, words in flag.words.items()
    }
    return {"id": flag.id, "counted": flag.counted, "words": words}
