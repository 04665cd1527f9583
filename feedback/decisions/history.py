"""What changed in a decision, in sentences, for its history."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from feedback.decisions.log import STATE_WORDS, Decision, Measure, State


def describe_changes(old: Decision | None, new: Decision) -> tuple[str, ...]:
    """Say in sentences what changed, for the decision's history."""
    if old is None:
        return (f"Written down as {STATE_WORDS[new.state]}.",)
    changed = [
        f.name
        for f in fields(Decision)
        if f.name not in ("state_since", "extra") and getattr(old, f.name) != getattr(new, f.name)
    ]
    return tuple(_change(name, getattr(old, name), getattr(new, name)) for name in changed)


def _change(name: str, old: object, new: object) -> str:
    label = _LABELS.get(name, name.replace("_", " ")).capitalize()
    if isinstance(old, State) and isinstance(new, State):
        return f"State: {STATE_WORDS[old]}, now {STATE_WORDS[new]}."
    if isinstance(new, tuple | Measure):
        return f"{label}: changed."
    if not new:
        return f"{label}: taken out."
    before = f"was “{_say(old)}”, now " if old else ""
    return f"{label}: {before}“{_say(new)}”."


def _say(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value).replace("_", " ")


_LABELS = {
    "text": "decision",
    "because": "reason",
    "asked_not_done": "what was asked and is not done",
    "options_not_taken": "options not taken",
    "absent": "who was absent",
    "review": "review date",
    "decided_on": "decided on",
    "public_line_es": "public line in Spanish",
    "public_status": "public line's status",
    "approved_by": "public line approved by",
}
