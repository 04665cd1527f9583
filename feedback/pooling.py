"""What teams handed over, checked and added up: for a coalition, which holds no key of theirs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedback.disclosure.audit import number_problems
from feedback.disclosure.export import Record, rows_text
from feedback.disclosure.ledger import canonical_bytes
from feedback.disclosure.pool import COLUMNS, FEWEST_TEAMS, Handed, pool_rows, rule
from feedback.disclosure.release import Release
from feedback.disclosure.withdrawal import FORMAT as WITHDRAWAL
from feedback.disclosure.withdrawal import Withdrawal, read_withdrawal, withdrawal_problems
from feedback.disclosure.wording import Status
from feedback.errors import InvalidSettings, LedgerBroken, ReleaseRefused
from feedback.ledgers import WITHDRAWALS, TeamKey
from feedback.store.files import read_json, write_file

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pool:
    """Releases that were added up, who signed each, and those that teams had withdrawn."""

    handed: tuple[Handed, ...]
    keys: Mapping[str, TeamKey]
    withdrawn: tuple[tuple[str, Withdrawal], ...]
    rows: Sequence[Record]

    @property
    def rounds(self) -> tuple[str, ...]:
        """Return the rounds that were added up."""
        return tuple(sorted({each.release.round for each in self.handed}))


@dataclass(frozen=True, slots=True)
class _File:
    """One signed release as it was handed over."""

    name: str
    key: TeamKey
    release: Release
    document: Document

    @property
    def place(self) -> tuple[str, str]:
        """Return whose it is and of which round."""
        return self.key.public.hex(), self.release.round


def pool(paths: Iterable[Path], keys: Sequence[TeamKey], rounds: Sequence[str]) -> Pool:
    """Check every release that was handed over and add up those of some rounds.

    A withdrawal counts when it is handed over too, or lies beside its release. Without
    ``rounds``, all releases must be of one.

    Raises:
        ReleaseRefused: naming each file that cannot be taken, or too few teams are left.
    """
    files, withdrawals = _read(sorted(set(paths)))
    problems: list[str] = []
    found = list(_signed(files, keys, problems))
    problems += _same_names(found)
    gone = list(_withdrawn(found, withdrawals, problems))
    taken_back = {(key.public, each.release) for key, each in gone}
    standing = [f for f in found if (f.key.public, f.release.hash) not in taken_back]
    chosen = _of_rounds(standing, rounds, problems)
    problems += _twice(chosen)
    if len({file.place[0] for file in chosen}) < FEWEST_TEAMS:
        problems.append(f"A pool needs at least {FEWEST_TEAMS} teams.")
    if problems:
        raise ReleaseRefused(*dict.fromkeys(problems))
    handed = tuple(Handed(file.place[0], file.release) for file in chosen)
    rows = pool_rows(handed)
    if not any(row["status"] == Status.SHOWN for row in rows):
        raise ReleaseRefused(
            "Nothing of this may be shown: too few people stand behind each question, or more than "
            "half of them are of one team. Nothing was written."
        )
    signers = {file.place[0]: file.key for file in chosen}
    return Pool(handed, signers, tuple((key.team, each) for key, each in gone), rows)


def write_pool(found: Pool, path: Path) -> None:
    """Write a pool as CSV or JSON, by the ending of its name. Raises StoreUnavailable."""
    text = rows_text(COLUMNS, found.rows) if path.suffix == ".csv" else _json(found)
    write_file(path, text.encode())


def _json(found: Pool) -> str:
    facts = {
        "rounds": list(found.rounds),
        "rule": rule(found.handed),
        "releases": [
            {
                "team": each.release.plan.team,
                "key": found.keys[each.team].fingerprint,
                "release": each.release.number,
                "round": each.release.round,
                "date": each.release.day.isoformat(),
                "hash": each.release.hash,
            }
            for each in found.handed
        ],
        "withdrawn": [f"{team}: {each.sentence}" for team, each in found.withdrawn],
        "columns": list(COLUMNS),
        "rows": list(found.rows),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def _read(paths: Sequence[Path]) -> tuple[dict[str, Document], list[Document]]:
    """Return releases by the names of their files, and withdrawals, also those beside them."""
    beside = {path for folder in {p.parent for p in paths} for path in folder.glob(WITHDRAWALS)}
    files: dict[str, Document] = {}
    withdrawals: list[Document] = []
    for path in (*paths, *sorted(beside - set(paths))):
        data = read_json(path)
        if not isinstance(data, dict):
            raise ReleaseRefused(f"{path} is not a release.")
        if data.get("format") == WITHDRAWAL:
            withdrawals.append(data)
        else:
            files[str(path)] = data
    return files, withdrawals


def _signed(
    files: Mapping[str, Document], keys: Sequence[TeamKey], problems: list[str]
) -> Iterator[_File]:
    for name, document in files.items():
        try:
            release = Release.from_document(document)
        except (LedgerBroken, InvalidSettings, KeyError, TypeError, ValueError, AttributeError):
            problems.append(f"{name} is not a release, or was changed after it was published.")
            continue
        data, signature = canonical_bytes(document), str(document["signature"])
        key = next((key for key in keys if key.signed(data, signature)), None)
        if key is None:
            problems.append(f"{name} is signed by none of these keys.")
        elif wrong := number_problems(document):
            problems += [f"{name}: {problem}" for problem in wrong]
        else:
            yield _File(name, key, release, document)


def _same_names(found: Iterable[_File]) -> Iterator[str]:
    """Yield names that two keys bear: it may be one team twice, which would count it twice."""
    names: dict[str, set[bytes]] = {}
    for file in found:
        names.setdefault(file.release.plan.team, set()).add(file.key.public)
    for name, publics in names.items():
        if len(publics) > 1:
            yield f"Two keys sign as {name}. Ask whether it is one team, and leave one out."


def _withdrawn(
    found: Sequence[_File], withdrawals: Iterable[Document], problems: list[str]
) -> Iterator[tuple[TeamKey, Withdrawal]]:
    for document in withdrawals:
        try:
            withdrawal = read_withdrawal(document)
        except LedgerBroken as broken:
            problems += broken.problems
            continue
        for file in found:
            if file.release.hash == withdrawal.release:
                problems += withdrawal_problems([document], [file.document], file.key.signed)
                yield file.key, withdrawal


def _of_rounds(
    standing: Sequence[_File], rounds: Sequence[str], problems: list[str]
) -> list[_File]:
    there = sorted({file.place[1] for file in standing})
    if not rounds and len(there) > 1:
        problems.append("Name the rounds to add up, such as --round " + " --round ".join(there))
    for missing in sorted(set(rounds) - set(there)):
        problems.append(f"No release of the round {missing} was handed over.")
    return [file for file in standing if not rounds or file.place[1] in rounds]


def _twice(chosen: Sequence[_File]) -> Iterator[str]:
    places = [file.place for file in chosen]
    for file in chosen:
        if places.count(file.place) > 1:
            yield f"{file.name}: the round {file.place[1]} of this team was handed over twice."
