"""The team's own codebook in its folder: one to change for rounds to come, one frozen a round."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from feedback.disclosure.plan import Plan
from feedback.errors import EditConflict, InvalidSettings, RoundRefused, StoreUnavailable
from feedback.folder import Folder
from feedback.store import audit
from feedback.store.files import locked, read_json, write_json
from feedback.themes.codebook import Codebook, load, parse, to_data

FORMAT = "throughline codebook 1"


def current(folder: Folder) -> Codebook:
    """Return the codebook for the next round: the team's own, or the project's.

    Raises:
        InvalidSettings: the file is damaged, naming theme and field.
        StoreUnavailable: it cannot be read.
    """
    return _read(folder.codebook) if folder.codebook.exists() else load()


def save(folder: Folder, changed: Codebook, *, seen: Codebook, today: date) -> Codebook:
    """Keep a changed codebook for the next round, one version higher, and return it.

    ``seen`` is the one that was changed. Nothing is written when nothing is different.

    Raises:
        EditConflict: somebody else saved another one meanwhile.
        StoreUnavailable: the disk is full or failed; the old one is kept.
    """
    with locked(folder.path / "codebook.lock"):
        now = current(folder)
        if now.digest != seen.digest:
            raise EditConflict(
                "Somebody else changed the codebook meanwhile. Nothing of theirs was lost. Look "
                "at it and make your change again."
            )
        if replace(changed, version=now.version) == now:
            return now
        kept = replace(changed, version=now.version + 1)
        write_json(folder.codebook, _document(kept))
        changes = [f"codebook, version {kept.version}"]
        audit.append(folder.audit, audit.Event.SETTINGS, today=today, changed=changes)
    return kept


def freeze(folder: Folder, plan: Plan) -> None:
    """Write down the codebook of a round, before the round opens. It never changes again.

    Raises:
        RoundRefused: the plan was made with another codebook than the team has.
    """
    book = current(folder)
    if book.digest != plan.codebook.digest:
        raise RoundRefused(
            "The codebook was changed while this round was prepared. Nothing was made. "
            "Open the round once more."
        )
    write_json(folder.frozen_codebook(plan.round), _document(book))


def of_plan(folder: Folder, plan: Plan) -> Codebook:
    """Return the codebook that a plan was frozen with.

    Raises:
        StoreUnavailable: it is missing or is not that one.
    """
    path = folder.frozen_codebook(plan.round)
    try:
        book = _read(path)
    except (InvalidSettings, StoreUnavailable):
        book = None
    if book is None or book.digest != plan.codebook.digest:
        raise StoreUnavailable(
            f"{path.name} is missing or was changed after the round was made. Put the copy from "
            "your backup in its place."
        )
    return book


def labels(folder: Folder, lang: str) -> dict[str, str]:
    """Return what every theme and counted mark of the team's rounds is called in a language.

    Raises:
        InvalidSettings, StoreUnavailable: a codebook of the team is damaged.
    """
    frozen = [_read(path) for path in sorted(folder.path.glob("codebook-*.json"))]
    return {id_: book.label(id_, lang) for book in (load(), *frozen) for id_ in book.counted}


def bears_on(folder: Folder) -> dict[str, tuple[str, ...]]:
    """Return which areas of the protocol each of the team's own themes bears on, retired too.

    Raises:
        InvalidSettings, StoreUnavailable: the codebook is damaged.
    """
    if not folder.codebook.exists():
        return {}
    book = _read(folder.codebook)
    themes = (*book.themes, *(each.theme for each in book.retired))
    return {theme.id: theme.areas for theme in themes}


def _document(book: Codebook) -> dict[str, object]:
    return {"format": FORMAT, **to_data(book)}


def _read(path: Path) -> Codebook:
    data = read_json(path)
    if not isinstance(data, dict) or data.pop("format", None) != FORMAT:
        raise InvalidSettings(path.name, ["It is no codebook of this program."])
    return parse(data, path.name)
