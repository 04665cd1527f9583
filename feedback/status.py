"""Where a team stands: rounds, keys, releases and help lines, without any number of answers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from feedback import custody, ledgers, publishing
from feedback.cards import many_without, people_counted
from feedback.errors import KeyringDamaged, StoreUnavailable
from feedback.folder import Folder
from feedback.questionnaire.catalogue import load_catalogue
from feedback.questionnaire.choices import check_team
from feedback.questionnaire.plain import topic_words
from feedback.rounds import State, states
from feedback.settings import STALE_DAYS
from feedback.store import audit
from feedback.store.box import Box
from feedback.store.files import read_json, write_json

LOOK_EVERY = timedelta(days=7)


def look(folder: Folder, box: Box, *, today: date) -> dict[str, Any]:
    """Return the status as JSON data; ``attention`` lists what needs a hand, in sentences."""
    team = folder.team()
    check_team(team, folder.team_text(), load_catalogue())
    rounds = states(folder)
    stale = [line.name for line in team.help if line.is_stale(today)]
    attention = publishing.verify(folder, box)
    if stale:
        attention.append(
            f"Nobody has checked these help lines for {STALE_DAYS} days: {', '.join(stale)}."
        )
    topic = topic_words(" ".join((team.welcome, *team.welcome_in.values())))
    if topic:
        attention.append(
            "The entry page tells what the form is about. Take these out of welcome: "
            f"{', '.join(topic)}."
        )
    attention += [
        f"Many more answers came without a card than with one in {round_id}. Look twice before "
        "you publish: somebody may have sent made-up ones."
        for round_id, state in rounds.items()
        # Of an open round it would come and go with one answer, and tell of a card in it.
        if state is State.CLOSED and many_without(folder, box, round_id)
    ]
    if State.PREPARED in rounds.values():
        attention.append("A round waits for a custodian to type a passphrase back.")
    return {
        "team": team.name,
        "demonstration": team.demonstration,
        "rounds": [
            {
                "round": round_id,
                "state": state,
                **_people(folder, round_id, state, box, today),
                "custodians": _custodians(folder, round_id),
            }
            for round_id, state in rounds.items()
        ],
        "releases": [release.number for release in ledgers.releases(folder)],
        "withdrawn": [each.number for each in ledgers.withdrawals(folder)],
        "stale_help_lines": stale,
        "audit_head": audit.head_words(audit.verify(folder.audit).head),
        "attention": attention,
    }


def enough_people(folder: Folder, round_id: str, box: Box, *, today: date) -> bool:
    """Say whether k people have answered the open round, looking at most once a week.

    A page that changed with each answer would tell who has just answered (release.md, 4.2 of
    the rules in docs/reference/release-rules.md).
    """
    path = folder.reached(round_id)
    seen = _seen(path)
    if seen and (seen[0] or today - seen[1] < LOOK_EVERY):
        return seen[0]
    k = folder.team().k
    enough = people_counted(folder, box, round_id, k) >= k
    write_json(path, {"day": today.isoformat(), "enough": enough})
    return enough


def _seen(path: Path) -> tuple[bool, date] | None:
    """Return what was seen on which day; None before anybody looked, or when the file is bad."""
    try:
        seen = read_json(path)
        return bool(seen["enough"]), date.fromisoformat(seen["day"])
    except (StoreUnavailable, KeyError, TypeError, ValueError):
        return None


def _people(folder: Folder, round_id: str, state: State, box: Box, today: date) -> dict[str, str]:
    if state is not State.OPEN:
        return {}
    k = folder.team().k
    enough = enough_people(folder, round_id, box, today=today)
    return {"people": f"{k} or more" if enough else f"fewer than {k}"}


def _custodians(folder: Folder, round_id: str) -> dict[str, Any]:
    try:
        names, needed = custody.custodians(folder, round_id)
    except KeyringDamaged:
        return {"keys": "not here"}
    return {"names": list(names), "needed_for_words": needed}


def sentences(found: dict[str, Any]) -> list[str]:
    """Return the status as lines for people."""
    lines = [found["team"]]
    if found["demonstration"]:
        lines.append("This is a demonstration: everything in it is invented.")
    for each in found["rounds"]:
        people = f", {each['people']} people" if "people" in each else ""
        names = ", ".join(each["custodians"].get("names", [])) or "keys are not here"
        lines.append(f"Round {each['round']}: {each['state']}{people}. Custodians: {names}.")
    releases = ", ".join(str(number) for number in found["releases"]) or "none yet"
    lines.append(f"Releases: {releases}.")
    lines += [f"Release {number} was withdrawn." for number in found["withdrawn"]]
    lines.append(f"Write this into your minutes: audit log {found['audit_head']}.")
    return lines + [f"! {sentence}" for sentence in found["attention"]]
