"""The team of the demonstration: its name, what it decided and what it says of itself."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from feedback.decisions.log import Decision, from_dict
from feedback.decisions.readiness import TeamInputs

NAME = "Cedar County SART (demonstration)"
MEETING = timedelta(days=-12)  # the last meeting, as in `decisions.toml`


def team_decisions(today: date) -> tuple[Decision, ...]:
    """Return the decisions of the demonstration team, with dates counted from ``today``.

    The words of each link are left empty: they are copied from a release when it exists.
    """
    return tuple(_decision(table, today) for table in _read("decisions.toml")["decisions"])


def team_inputs(today: date) -> TeamInputs:
    """Return what the team typed into the structure workbench at its last meeting."""
    agreed = (today + MEETING).isoformat()
    return TeamInputs.from_dict(_read("workbench.toml") | {"agreed_on": agreed})


def _decision(table: dict[str, Any], today: date) -> Decision:
    days = table.pop("days")
    dates = {name: (today + timedelta(days=count)).isoformat() for name, count in days.items()}
    return from_dict(table | dates)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
