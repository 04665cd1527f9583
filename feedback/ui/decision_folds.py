"""What can wait when a decision is written down: folded, and named when something is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from feedback.decisions.definitions import Area, Factor, Stage, Structure
from feedback.decisions.log import (
    Decision,
    Direction,
    Measure,
    NotDone,
    OtherEvidence,
    OtherKind,
    OtherStrength,
    PublicStatus,
    Result,
    State,
)
from feedback.decisions.signals import Ref
from feedback.ui import texts, views
from feedback.ui.citing import citable, reads
from feedback.ui.team_data import Desk
from feedback.ui.widgets import choose

NONE = ""
LATER = (State.DOING, State.DONE, State.CHECKED)  # there is something to have been found
FOLDED = " · filled in"  # how the name of a fold ends that holds something


def can_wait(desk: Desk, start: Decision, key: str) -> dict[str, Any]:
    """Draw the folds of the form, and return what is typed in them."""
    rests_on = (start.factor, start.stage, start.other_evidence, start.options_not_taken)
    with _fold("What else it rests on, and who was not heard", *rests_on, start.absent):
        rest = _rest(start, key)
    with _fold("What people asked for and we do not do", start.asked_not_done):
        not_done = _not_done(start, key)
    with _fold("How we will see whether it helped", start.measure, start.result):
        seen = _seen(desk, start, key)
    with _fold("What we say in public", start.public_line, start.public_line_es):
        public = _public(start, key)
    return rest | not_done | seen | public


def pick(title: str, options: Mapping[str, str], chosen: str, key: str) -> str:
    """Ask for one of some options, or none of them."""
    return choose(
        title,
        [NONE, *options],
        chosen,
        key=key,
        words=lambda name: options.get(name, "—"),
    )


def titles(options: Iterable[Area | Structure | Factor | Stage]) -> dict[str, str]:
    """Return the titles of some options by their ids."""
    return {each.id: each.title for each in options}


def lines(text: str) -> tuple[str, ...]:
    """Return what was typed one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _fold(title: str, *held: object) -> DeltaGenerator:
    """Return a fold for what can wait; its name says when something is in it."""
    return st.expander(f"{title}{FOLDED if any(held) else ''}")


def _rest(start: Decision, key: str) -> dict[str, Any]:
    others = [
        _other(n, each, key)
        for n, each in enumerate((*start.other_evidence, OtherEvidence(OtherKind.LAW, "")))
    ]
    left, right = st.columns(2, gap="small")
    options = left.text_area(
        "Ways we did not take, one a line",
        value="\n".join(start.options_not_taken),
        key=f"{key}options",
    )
    absent = right.text_area(
        "Whose voice was not in the room, one a line",
        value="\n".join(start.absent),
        key=f"{key}absent",
    )
    known = views.structures()
    left, right = st.columns(2, gap="small")
    with left:
        factor = pick("What it bears on", titles(known.factors), start.factor, f"{key}factor")
    with right:
        stage = pick("Stage of the work", titles(known.stages), start.stage, f"{key}stage")
    return {
        "other_evidence": tuple(each for each in others if each.text),
        "options_not_taken": lines(options),
        "absent": lines(absent),
        "factor": factor,
        "stage": stage,
    }


def _other(number: int, each: OtherEvidence, key: str) -> OtherEvidence:
    kind_column, strength_column, text_column = st.columns([1, 1, 3])
    with kind_column:
        kind = choose(
            "Other evidence",
            list(OtherKind),
            each.kind,
            key=f"{key}other-kind-{number}",
            words=texts.OTHER_WORDS.__getitem__,
        )
    with strength_column:
        strength = choose(
            "How strong",
            list(OtherStrength),
            each.strength,
            key=f"{key}other-strength-{number}",
            words=texts.OTHER_STRENGTH_WORDS.__getitem__,
        )
    text = text_column.text_input(
        "What it says", value=each.text, key=f"{key}other-text-{number}", max_chars=400
    )
    return OtherEvidence(kind, text.strip(), strength)


def _not_done(start: Decision, key: str) -> dict[str, Any]:
    found = []
    for number, item in enumerate((*start.asked_not_done, NotDone("", ""))):
        left, right = st.columns(2, gap="small")
        asked = left.text_input(
            "What people asked for", value=item.asked, key=f"{key}asked-{number}", max_chars=300
        )
        because = right.text_input(
            "Why we do not do it", value=item.because, key=f"{key}why-{number}", max_chars=300
        )
        if asked.strip():
            found.append(NotDone(asked.strip(), because.strip(), item.ref))
    return {"asked_not_done": tuple(found)}


def _seen(desk: Desk, start: Decision, key: str) -> dict[str, Any]:
    measure = _measure(desk, start, key)
    found = _found(start, key) if start.state in LATER or start.result else {}
    return {"measure": measure, **found}


def _found(start: Decision, key: str) -> dict[str, Any]:
    result = pick(
        "What was found?",
        {str(value): words for value, words in texts.RESULT_WORDS.items()},
        start.result or NONE,
        f"{key}result",
    )
    note_column, next_column = st.columns(2, gap="small")
    note = note_column.text_input(
        "What else did you see?", value=start.result_note, key=f"{key}note", max_chars=400
    )
    next_step = next_column.text_input(
        "What comes next?", value=start.next_step, key=f"{key}next", max_chars=300
    )
    return {
        "result": Result(result) if result else None,
        "result_note": note.strip(),
        "next_step": next_step.strip(),
    }


def _measure(desk: Desk, start: Decision, key: str) -> Measure | None:
    was = start.measure
    if not was and not desk.shelf.published:
        st.markdown("There is no release yet to compare a later one with.")
        return None
    ref_column, way_column, base_column = st.columns([2, 1, 1], gap="small")
    refs = {each.link.ref: each.about for each in citable(desk)}
    if was:
        refs = {was.ref: reads(desk, was.ref)} | refs
    with ref_column:
        ref = pick(
            "By which answer will we see it?", refs, was.ref if was else NONE, f"{key}measure"
        )
    with way_column:
        direction = choose(
            "It helped when",
            list(Direction),
            was.direction if was else Direction.UP,
            key=f"{key}direction",
            words=texts.DIRECTION_WORDS.__getitem__,
        )
    numbers = [published.number for published in reversed(desk.shelf.published)]
    if was and was.baseline not in numbers:
        numbers.append(was.baseline)
    baseline = base_column.selectbox(
        "Compare with release",
        numbers,
        index=numbers.index(was.baseline) if was else 0,
        key=f"{key}baseline",
    )
    if not ref or baseline is None:
        return None
    if was and (ref, direction, baseline) == (was.ref, was.direction, was.baseline):
        return was
    version = desk.shelf.versions.get(baseline, {}).get(Ref.parse(ref).question, "")
    return Measure(ref, direction, baseline, version)


def _public(start: Decision, key: str) -> dict[str, Any]:
    left, right = st.columns(2, gap="small")
    english = left.text_area("In English", value=start.public_line, key=f"{key}public-en")
    spanish = right.text_area("In Spanish", value=start.public_line_es, key=f"{key}public-es")
    wanted = st.checkbox(
        "Propose this for the public board: only what is decided, or “not now” with its reason. A "
        "second person then approves it.",
        value=start.public_status is not PublicStatus.PRIVATE,
        key=f"{key}propose",
    )
    status = start.public_status
    if not wanted or not english.strip():
        status = PublicStatus.PRIVATE
    elif status is PublicStatus.PRIVATE:
        status = PublicStatus.PROPOSED
    return {
        "public_line": english.strip(),
        "public_line_es": spanish.strip(),
        "public_status": status,
        "approved_by": start.approved_by if status is PublicStatus.APPROVED else "",
    }
