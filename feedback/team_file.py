"""Change `team.toml` as a careful person would: comments stay, and two at once lose nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from feedback.errors import EditConflict, InvalidSettings
from feedback.folder import Folder
from feedback.questionnaire.catalogue import load_catalogue
from feedback.questionnaire.choices import check_team
from feedback.settings import TeamFile, read_team
from feedback.store import audit
from feedback.store.files import locked, write_file

NAMED_BY = {"help": "name", "rounds": "id", "reviews": "language"}
RAISED_ONLY = ("k", "k_groups", "base")  # safety limits: a page makes them stricter, never weaker
LABEL = 64  # letters that the audit log takes for one change

Value = str | int | bool | date | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Edit:
    """One value that somebody changed, with the value that stood there when they looked.

    ``table`` is ``""`` for the file itself, ``help``, ``rounds`` or ``reviews`` for one of their
    entries, which ``entry`` names, or ``welcome_in``. None stands for nothing there. Without a
    ``key``, the whole entry goes.
    """

    key: str
    before: Value
    after: Value
    table: str = ""
    entry: str = ""

    @property
    def label(self) -> str:
        """Return what was changed, for people and for the audit log."""
        named = " ".join(filter(None, (self.table, self.entry, self.key)))[:LABEL]
        return _one_line(named)


def change_team(folder: Folder, edits: Iterable[Edit], *, today: date) -> TeamFile:
    """Make changes to the file as it is now, all of them or none; return what it says then.

    What others changed meanwhile stays. A safety limit is only ever raised.

    Raises:
        EditConflict: somebody changed one of the same values meanwhile; it says which.
        InvalidSettings: a value cannot be; it is named with its line.
        StoreUnavailable: the file could not be written; the old one is kept.
    """
    wanted = [edit for edit in edits if edit.before != edit.after]
    with locked(folder.path / "team.lock"):
        text = folder.team_text()
        before = read_team(text)
        done = [edit for edit in wanted if value_of(before, edit) != edit.after]
        _refuse_conflicts(before, done)
        document = tomlkit.parse(text)
        for edit in done:
            _apply(document, edit)
        return _write(folder, before, tomlkit.dumps(document), [e.label for e in done], today)


def move_up(folder: Folder, name: str, *, today: date) -> TeamFile:
    """Show a help line one place earlier. Raises what ``change_team`` raises."""
    with locked(folder.path / "team.lock"):
        text = folder.team_text()
        before = read_team(text)
        names = [line.name for line in before.help]
        at = names.index(name) if name in names else 0
        if at == 0:
            return before
        document = tomlkit.parse(text)
        lines: Any = document["help"]
        above, moved = lines[at - 1].unwrap(), lines[at].unwrap()
        _fill(lines[at - 1], moved)
        _fill(lines[at], above)
        return _write(folder, before, tomlkit.dumps(document), [f"help {name} order"], today)


def _write(
    folder: Folder, before: TeamFile, text: str, changed: Sequence[str], today: date
) -> TeamFile:
    after = read_team(text)
    check_team(after, text, load_catalogue())
    if problems := _weaker(before, after):
        raise InvalidSettings("team.toml", problems)
    if changed:
        # First the log, so that nothing people meet changes without a line of it.
        labels = [_one_line(label[:LABEL]) for label in changed]
        audit.append(folder.audit, audit.Event.SETTINGS, today=today, changed=labels)
        write_file(folder.team_file, text.encode())
    return after


def _one_line(text: str) -> str:
    """Return text as the log takes it: a sign that nobody sees becomes a mark."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _weaker(before: TeamFile, after: TeamFile) -> list[str]:
    return [
        f"{name} can be raised, not lowered, so that what was promised before still holds."
        for name in RAISED_ONLY
        if getattr(after, name) < getattr(before, name)
    ]


def _refuse_conflicts(now: TeamFile, edits: Iterable[Edit]) -> None:
    found = [edit for edit in edits if value_of(now, edit) != edit.before]
    if found:
        theirs = "; ".join(f"{edit.label} is now “{value_of(now, edit)}”" for edit in found)
        raise EditConflict(
            f"Somebody else changed the same thing meanwhile: {theirs}. Theirs was kept, and "
            "nothing of yours was written. Look at it and save once more."
        )


def value_of(team: TeamFile, edit: Edit) -> Value:
    """Return what stands now where an edit wants to write; None where nothing does."""
    named = NAMED_BY.get(edit.table)
    if named is None:
        place: Any = getattr(team, edit.table).get if edit.table else partial(getattr, team)
        found: Value = place(edit.key)
        return found
    listed = [e for e in getattr(team, edit.table) if getattr(e, named) == edit.entry]
    if not edit.key:
        return edit.entry if listed else None
    if edit.table == "rounds":
        listed = [team.round_dates(edit.entry)]
    return getattr(listed[0], edit.key) if listed else None


def _apply(document: tomlkit.TOMLDocument, edit: Edit) -> None:
    if not edit.table:
        _set(document, edit.key, edit.after)
    elif edit.table not in NAMED_BY:
        if edit.table not in document:
            document[edit.table] = tomlkit.table()
        _set(document[edit.table], edit.key, edit.after)
    elif edit.key:
        _set(_entry(document, edit), edit.key, edit.after)
    elif edit.after is None:
        entries: Any = document[edit.table]
        named = NAMED_BY[edit.table]
        places = [n for n, each in enumerate(entries) if each[named] == edit.entry]
        del entries[places[0]]
    else:
        _entry(document, edit)


def _entry(document: tomlkit.TOMLDocument, edit: Edit) -> Table:
    """Return the entry that an edit names, made at the end when there is none."""
    named = NAMED_BY[edit.table]
    if edit.table not in document:
        document.append(edit.table, AoT([]))
    entries: Any = document[edit.table]
    for each in entries:
        if each[named] == edit.entry:
            found: Table = each
            return found
    made = tomlkit.table()
    made[named] = edit.entry
    entries.append(made)
    last: Table = entries[-1]
    return last


def _set(place: Any, key: str, value: Value) -> None:  # noqa: ANN401
    if value is None:
        place.pop(key, None)
    elif value != "" or key in place:
        place[key] = list(value) if isinstance(value, tuple) else value


def _fill(place: Any, values: dict[str, Any]) -> None:  # noqa: ANN401
    """Put other values into an entry of the file, so that the comments around it stay."""
    for key in [key for key in place if key not in values]:
        del place[key]
    for key, value in values.items():
        place[key] = value
