"""The codebook of the next round, for the page that shows it and the form that changes it."""

from __future__ import annotations

from feedback import codebooks
from feedback.themes.codebook import Codebook
from feedback.ui import gate
from feedback.ui.team_data import today
from feedback.ui.widgets import say_later

LANGUAGES = {"en": "English", "es": "Spanish"}


def current() -> Codebook:
    """Return the codebook of the next round. Raises InvalidSettings when it is damaged."""
    return codebooks.current(gate.folder())


def keep(changed: Codebook, seen: Codebook, done: str) -> None:
    """Save a changed codebook and say so on the next drawing. Raises EditConflict."""
    kept = codebooks.save(gate.folder(), changed, seen=seen, today=today())
    if kept.digest == seen.digest:
        say_later("Nothing was different, so nothing was saved.")
    else:
        say_later(f"{done} The codebook is now version {kept.version}, for the next round.")


def language(lang: str) -> str:
    """Return the name of a language."""
    return LANGUAGES.get(lang, lang)
