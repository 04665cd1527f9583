"""What changed in a decision, in sentences, for its history."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from datetime import date

from feedback.decisions.log import (
    STATE_WORDS,
    Decision,
    Link,
    Measure,
    NotDone,
    OtherEvidence,
    State,
)
from feedback.decisions.papers import in_words
from feedback.decisions.signals import Ref, signal
from feedback.decisions.wording import Wording

_ID = re.compile(r"[a-z0-9_]+")  # of an area, a structure, a state: shown as words
ENDS = (".", "!", "?")  # a sentence that is quoted last needs no second end
_SILENT = frozenset({"state_since", "extra"})  # says nothing that another field does not


def describe_changes(
    old: Decision | None, new: Decision, wording: Wording | None = None
) -> tuple[str, ...]:
    """Say in sentences what changed, for the decision's history; no word that was cut is lost."""
    if old is None:
        return (f"Written down as {STATE_WORDS[new.state]}.",)
    changed = [
        f.name
        for f in fields(Decision)
        if f.name not in _SILENT and getattr(old, f.name) != getattr(new, f.name)
    ]
    words = wording or Wording()
    return tuple(_change(name, getattr(old, name), getattr(new, name), words) for name in changed)


def field_name(name: str) -> str:
    """Return what a field of a decision is called on the screen."""
    return _LABELS.get(name, name.replace("_", " ")).capitalize()


def field_text(value: object, wording: Wording) -> str:
    """Return what a field of a decision holds, in words; nothing for an empty one."""
    if isinstance(value, tuple):
        return "; ".join(field_text(item, wording) for item in value)
    if isinstance(value, Link):
        return f"release {value.release}, {_topic(value.ref, wording)}"
    if isinstance(value, Measure):
        return f"{_topic(value.ref, wording)}, {value.direction}, from release {value.baseline}"
    if isinstance(value, OtherEvidence):
        return f"{_say(value.kind)}: {value.text}"
    if isinstance(value, NotDone):
        return f"{value.asked} {value.because}"
    return STATE_WORDS[value] if isinstance(value, State) else _say(value)


def _change(name: str, old: object, new: object, wording: Wording) -> str:
    label = field_name(name)
    if isinstance(old, State) and isinstance(new, State):
        return f"State: {STATE_WORDS[old]}, now {STATE_WORDS[new]}."
    if isinstance(old, tuple) and isinstance(new, tuple):
        added = _listed("added", (item for item in new if item not in old), wording)
        cut = _listed("taken out", (item for item in old if item not in new), wording)
        return f"{label}: {'; '.join(filter(None, (added, cut))) or 'in another order'}."
    if not new:
        return f"{label}: “{field_text(old, wording)}” taken out."
    before = f"was “{field_text(old, wording)}”, now " if old else ""
    text = field_text(new, wording)
    return f"{label}: {before}“{text}”{'' if text.endswith(ENDS) else '.'}"


def _listed(done: str, items: Iterable[object], wording: Wording) -> str:
    texts = ", ".join(f"“{field_text(item, wording)}”" for item in items)
    return f"{texts} {done}" if texts else ""


def _topic(ref: str, wording: Wording) -> str:
    return signal(None, Ref.parse(ref), wording).topic


def _say(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return in_words(value)
    text = str(value)
    return text.replace("_", " ") if _ID.fullmatch(text) else text


_LABELS = {
    "text": "decision",
    "because": "reason",
    "evidence": "what people said",
    "asked_not_done": "what was asked and is not done",
    "options_not_taken": "options not taken",
    "absent": "who was absent",
    "review": "review date",
    "decided_on": "decided on",
    "public_line_es": "public line in Spanish",
    "public_status": "public line's status",
    "approved_by": "public line approved by",
}
