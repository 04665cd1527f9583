"""Every language that people can read the form in: gettext catalogues, English being the key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from feedback.errors import InvalidSettings

ENGLISH = "en"
FOLDER = Path(__file__).with_name("catalogues")

# Two entries of a catalogue that speak of the language itself.
NAME = "The name of this language, in this language"
DIRECTION = "default:LTR"  # GTK's convention; a right-to-left language answers default:RTL


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its tag (``es``), its own name for itself, and its texts by the English one.

    ``direction`` is ``ltr`` or ``rtl``. ``missing`` is how many texts have no translation. A
    ``draft`` was not yet read by a person of the community that speaks it.
    """

    tag: str
    name: str
    direction: str = "ltr"
    draft: bool = False
    missing: int = 0
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)

    def translate(self, text: str) -> str:
        """Return the text in this language; the English one while it has no translation."""
        return self.texts.get(text, text)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The languages that there are, by tag; English is always among them."""

    languages: Mapping[str, Language]

    def translate(self, text: str, lang: str) -> str:
        """Return a text in a language; in English when there is no such language."""
        return self[lang].translate(text)

    def __getitem__(self, lang: str) -> Language:
        """Return a language; English when there is no such language."""
        return self.languages.get(lang) or self.languages[ENGLISH]

    def offered(self, tags: Iterable[str]) -> tuple[Language, ...]:
        """Return the languages with these tags, in that order; English when there is none."""
        found = tuple(self.languages[tag] for tag in tags if tag in self.languages)
        return found or (self.languages[ENGLISH],)


def load_catalogue(folder: Path = FOLDER) -> Catalogue:
    """Read every ``.po`` file of a folder.

    Raises:
        InvalidSettings: a file cannot be read; it is named.
    """
    languages = {ENGLISH: Language(ENGLISH, "English")}
    for path in sorted(folder.glob("*.po")):
        languages[path.stem] = read_language(path)
    return Catalogue(languages)


def read_language(path: Path) -> Language:
    """Read one catalogue. It is a draft while its head is marked fuzzy, as gettext does.

    Raises:
        InvalidSettings: it is not a catalogue.
    """
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
    except (OSError, ValueError, PoFileError):
        raise InvalidSettings(path.name, ["It is not a gettext catalogue (.po)."]) from None
    messages = [message for message in catalogue if message.id]
    texts = {str(m.id): str(m.string) for m in messages if m.string and not m.fuzzy}
    return Language(
        tag=path.stem,
        name=texts.get(NAME, path.stem),
        direction="rtl" if texts.get(DIRECTION) == "default:RTL" else "ltr",
        draft=catalogue.fuzzy,
        missing=len(messages) - len(texts),
        texts=texts,
    )
