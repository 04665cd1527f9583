"""A codebook as other programs and people read it: CSV, REFI-QDA and a reference page."""

from __future__ import annotations

import csv
import io
import uuid
from xml.etree import ElementTree

from feedback.themes.codebook import Codebook, Flag, Theme

INCLUDE, EXCLUDE, ID = "Include: ", "Elsewhere: ", "Id: "  # how lines of a description begin
COLUMNS = ("tag", "description", "id", "key words", "examples")  # Taguette reads the first two
QDC = "urn:QDA-XML:codebook:1.0"  # REFI-QDA codebook exchange; QualCoder imports nothing else
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run instead of show
_GUIDS = uuid.UUID("8a0c6a0e-3c33-5c8e-9c1e-6b8f6f0f7a11")  # arbitrary, so that ids stay the same
_GREY = "#808080"


def to_csv(codebook: Codebook, lang: str) -> str:
    """Return the themes and flags as CSV, for spreadsheets and Taguette; `foreign` reads it back.

    A cell with several key words or examples holds one a line.
    """
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for entry in codebook.entries:
        words = entry.words[lang]
        cells = (
            words.label,
            _description(entry, lang),
            entry.id,
            "\n".join(words.stems),
            "\n".join(words.examples),
        )
        rows.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return out.getvalue()


def to_qdc(codebook: Codebook, lang: str) -> str:
    """Return the themes and flags as a REFI-QDA codebook (.qdc), for QualCoder and others."""
    root = ElementTree.Element("CodeBook", {"xmlns": QDC, "origin": "Throughline"})
    codes = ElementTree.SubElement(root, "Codes")
    for entry in codebook.entries:
        guid = str(uuid.uuid5(_GUIDS, entry.id)).upper()
        label = entry.words[lang].label
        facts = {"guid": guid, "name": label, "isCodable": "true", "color": _GREY}
        code = ElementTree.SubElement(codes, "Code", facts)
        ElementTree.SubElement(code, "Description").text = _description(entry, lang)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def to_markdown(codebook: Codebook) -> str:
    """Return the reference page: every theme and flag in every language."""
    lines = [
        f"# {codebook.name}, version {codebook.version}",
        "",
        "This page is made from `feedback/themes/codebook.toml`; change that file, not this page.",
        "A team changes its own copy on the page *Codebook*: [how](../how-to/codebook.md).",
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
        f"- {INCLUDE}{words.include}",
        f"- {EXCLUDE}{words.exclude}",
        f"- Stems: {_codes(words.stems)}",
        *(f"- “{example}”" for example in words.examples),
    ]


def _codes(ids: tuple[str, ...]) -> str:
    return ", ".join(f"`{id_}`" for id_ in ids)


def _description(entry: Theme | Flag, lang: str) -> str:
    words = entry.words[lang]
    parts = [
        words.definition,
        words.include and INCLUDE + words.include,
        words.exclude and EXCLUDE + words.exclude,
        ID + entry.id,
    ]
    return "\n".join(part for part in parts if part)
