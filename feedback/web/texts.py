"""Every text that a respondent reads, and the catalogues brought up to date with them.

Run ``python -m feedback.web.texts`` after a text was changed: every catalogue then asks for what
is new and keeps what was translated. With the tag of a language (``… hmn``) it also begins a new
catalogue. docs/how-to/translate.md is for translators.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from feedback.questionnaire.catalogue import DIRECTION, FOLDER, NAME
from feedback.questionnaire.definition import Questionnaire, load_questionnaire
from feedback.questionnaire.modules import BANK
from feedback.themes.codebook import OTHER
from feedback.themes.codebook import load as load_codebook
from feedback.web.card_sheet import ASK, HOW, WHOSE
from feedback.web.pages import HERE

# Lines of the head that gettext's tools would fill with names, addresses and times.
UNUSED = tuple(
    f'"{name}'.encode()
    for name in (
        "Report-Msgid", "POT-Creation", "PO-Revision", "Last-Translator", "Language-Team",
        "Generated",
    )
)  # fmt: skip

FOR_TRANSLATORS = (
    "A translation of the form. Thank you for your time.",
    "",
    "Write each translation between the marks after msgstr. Leave msgid, and words like %(n)s, as",
    "they are. Use short, plain, warm words, as to a person of 13 who had a hard day.",
    "Leave out every word that tells what the form is about: somebody may look at the screen.",
    "First come the name of the language in itself, and default:LTR, or default:RTL for a language",
    "that is written from right to left.",
    "",
    "When all is written, another person of your community reads it aloud and says in English",
    'what they heard. When both are content, take away the line "#, fuzzy" below.',
    "More: docs/how-to/translate.md",
)

Found = tuple[str, str]  # a text, and where it is shown


def texts() -> dict[str, list[str]]:
    """Return every text in the order in which people meet them, and where each is shown."""
    found: dict[str, list[str]] = {}
    for text, where in (*_templates(), *_cards(), *_questions(), *_help_lines(), *_themes()):
        places = found.setdefault(text, [])
        if where not in places:
            places.append(where)
    return found


def template() -> Catalog:
    """Return the texts as a gettext template: what a new language starts from."""
    catalogue = Catalog(project="throughline", version="1", fuzzy=True)
    for own in (NAME, DIRECTION):
        catalogue.add(own)
    for text, places in texts().items():
        catalogue.add(text, locations=[(place, 0) for place in places])
    return catalogue


def begin(path: Path) -> None:
    """Begin a catalogue: every text is asked for, and it is a draft."""
    catalogue = template()
    catalogue.header_comment = "\n".join(f"# {line}".rstrip() for line in FOR_TRANSLATORS)
    _write(path, catalogue)


def update(path: Path) -> None:
    """Bring one catalogue up to date: new texts are empty, those that went away go."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    catalogue.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    _write(path, catalogue)


def _write(path: Path, catalogue: Catalog) -> None:
    written = BytesIO()
    write_po(written, catalogue, width=0)
    lines = written.getvalue().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith(UNUSED)))


def _templates() -> Iterator[Found]:
    for path in sorted((HERE / "templates").glob("*.html")):
        tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            named = isinstance(call.node, nodes.Name) and call.node.name == "_"
            if named and isinstance(call.args[0], nodes.Const):
                yield str(call.args[0].value), path.name


def _cards() -> Iterator[Found]:
    yield from ((text, "cards.html") for text in (ASK, HOW, WHOSE))


def _questions() -> Iterator[Found]:
    asked: tuple[Questionnaire, ...] = (load_questionnaire(), load_questionnaire(BANK))
    for questionnaire in asked:
        where = f"{questionnaire.id}.toml"
        for section in questionnaire.sections:
            yield section.title, where
            for question in section.questions:
                yield question.text, where
                yield from ((option.text, where) for option in question.options)


def _help_lines() -> Iterator[Found]:
    """Yield what the help lines of a new team say of themselves; their names stay as they are."""
    text = files("feedback").joinpath("new_team.toml").read_text(encoding="utf-8")
    lines = tomllib.loads(text.replace("$name", '""').replace("$demonstration", ""))["help"]
    yield from ((line["note"], "new_team.toml") for line in lines if line.get("note"))


def _themes() -> Iterator[Found]:
    codebook = load_codebook()
    yield from (
        (codebook.label(theme, "en"), "codebook.toml")
        for theme in codebook.counted
        if theme != OTHER
    )


def main(tags: Sequence[str]) -> None:
    """Begin catalogues with these tags where there are none, and bring all others up to date."""
    for path in sorted(FOLDER.glob("*.po")):
        update(path)
    for tag in tags:
        path = FOLDER / f"{tag}.po"
        if not path.exists():
            begin(path)


if __name__ == "__main__":
    main(sys.argv[1:])
