"""The team of the demonstration: its name, what it decided, says of itself and has heard."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from feedback.decisions.coverage import CoverageItem, starter_items
from feedback.decisions.log import Decision, from_dict
from feedback.decisions.readiness import TeamInputs

NAME = "Cedar County SART (demonstration)"
FIRST_MEETING = -391  # when the team first went through the workbench
MEETING = -12  # the last meeting, in days from today; as in `decisions.toml`


def team_decisions(today: date) -> tuple[Decision, ...]:
    """Return the decisions of the demonstration team, with dates counted from ``today``.

    The words of each link are left empty: they are copied from a release when it exists.
    """
    return tuple(_decision(table, today) for table in _read("decisions.toml")["decisions"])


def team_inputs(today: date) -> TeamInputs:
    """Return what the team typed into the structure workbench at its last meeting."""
    return TeamInputs.from_dict(_read("workbench.toml") | {"agreed_on": _day(today, MEETING)})


def first_inputs(today: date) -> TeamInputs:
    """Return what the team typed into it more than a year before."""
    now = _read("workbench.toml")
    ratings, facts = (now[name] | now["first"][name] for name in ("ratings", "facts"))
    then = {**now, "ratings": ratings, "facts": facts, "notes": {}}
    return TeamInputs.from_dict(then | {"agreed_on": _day(today, FIRST_MEETING)})


def team_coverage(today: date) -> tuple[CoverageItem, ...]:
    """Return the starter map with the team's marks: whom it has heard and whom not."""
    marks = _read("coverage.toml")["marks"]
    return tuple(_marked(item, marks.get(item.id, {}), today) for item in starter_items())


def _decision(table: dict[str, Any], today: date) -> Decision:
    dates = {name: _day(today, days) for name, days in table.pop("days").items()}
    return from_dict(table | dates)


def _marked(item: CoverageItem, mark: Mapping[str, Any], today: date) -> CoverageItem:
    looked_at = _day(today, mark.get("looked_at", MEETING))
    return CoverageItem.from_dict({**item.to_dict(), **mark, "looked_at": looked_at})


def _day(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
