"""The form for one decision: what, on what evidence, who, how it is measured, what is public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from feedback.decisions.log import (
    STATE_WORDS,
    Decision,
    Direction,
    Kind,
    Link,
    Measure,
    NotDone,
    OtherEvidence,
    OtherKind,
    OtherStrength,
    PublicStatus,
    Result,
    State,
)
from feedback.decisions.signals import Ref, signal
from feedback.decisions.structures import Workbench
from feedback.ui import texts, views
from feedback.ui.decision_saving import decision_key, save_form
from feedback.ui.signal_parts import how_many, topic_in_full
from feedback.ui.team_data import DECISION, Desk
from feedback.ui.widgets import DAYS, choose, fresh, look_at, role_field

NONE = ""
REASON = "reason-"  # how the names of the fields of the short form begin
# Where a decision may stand when it is written down; the later steps come one by one.
BEGINS = (State.DISCUSSING, State.DECIDED, State.NOT_NOW, State.HEARD)
LATER = (State.DOING, State.DONE, State.CHECKED)  # there is something to have been found
MAY_STAY_EMPTY = (
    "These may stay empty. “How the team is built” needs its way, and “Protocol” its area."
)


@dataclass(frozen=True, slots=True)
class Cited:
    """Something published that can be cited: where it stands, what it is about, how many say so."""

    link: Link
    about: str
    many: str

    @property
    def label(self) -> str:
        """Return how it reads in a list."""
        many = f" ({self.many})" if self.many else ""
        return f"Release {self.link.release}: {self.about}{many}"


def save_key(start: Decision) -> str:
    """Return the name of the button that saves a decision's form."""
    return f"{fresh(decision_key(start.id))}save"


def decision_form(desk: Desk, start: Decision) -> None:
    """Draw the form filled from ``start``; without an id it is a new decision."""
    form = decision_key(start.id)
    key = fresh(form)
    if f"{key}text" not in st.session_state:  # drawn anew, from what is saved now
        st.session_state[f"{form}seen"] = desk.version(DECISION, start.id)
    with st.form(key, border=False):
        typed = _fields(desk, start, key)
        role = role_field(f"{key}role")
        sent = st.form_submit_button("Save", type="primary", key=save_key(start))
    if sent:
        save_form(desk, start, replace(start, **typed), role, form)


def write_reason(desk: Desk, bench: Workbench) -> None:
    """Draw the short form that turns what the team saw into a structure decision."""
    st.header("Write down what you decide, and why", anchor=False)
    st.markdown(
        "The page prints no winner. Your reason is what the next coordinator will want to read."
    )
    cited = {
        f"{each.link.release}|{each.link.ref}": each
        for each in citable(desk)
        if any(each.link.ref == line.ref for picture in bench.pictures for line in picture.lines)
    }
    titles = {picture.structure: picture.title for picture in bench.pictures}
    key = fresh(REASON)
    with st.form(key, border=False):
        structure = st.selectbox(
            "Which way?", list(titles), format_func=lambda s: titles[s], key=f"{key}structure"
        )
        text = st.text_area("What do you decide, in one sentence?", key=f"{key}text")
        because = st.text_area("Why?", key=f"{key}because")
        evidence = st.multiselect(
            "What people said that you lean on",
            list(cited),
            format_func=lambda name: cited[name].label,
            key=f"{key}evidence",
        )
        others = st.text_area("Which ways did you not take, and why? One a line.", key=f"{key}not")
        role = role_field(f"{key}role")
        sent = st.form_submit_button("Save as a decision", type="primary")
    if sent:
        written = Decision(
            id=NONE,
            kind=Kind.STRUCTURE,
            text=text.strip(),
            because=because.strip(),
            structure=structure,
            stage="change",
            evidence=tuple(cited[name].link for name in evidence),
            options_not_taken=_lines(others),
            state=State.DISCUSSING,
            state_since=desk.today,
        )
        save_form(desk, written, written, role, REASON)


def citable(desk: Desk) -> tuple[Cited, ...]:
    """Return what the newest releases say, as it reads in a list."""
    return tuple(
        Cited(link, topic_in_full(said, desk.wording), how_many(said))
        for link, said in views.citable(desk)
    )


def _fields(desk: Desk, start: Decision, key: str) -> dict[str, Any]:
    st.header("What is decided", anchor=False)
    what = _what(start, key) | ({} if start.id else _begin(desk, key))
    st.subheader("What it rests on", anchor=False)
    evidence = _evidence(desk, start, key)
    st.subheader("What people asked for and we do not do", anchor=False)
    not_done = _not_done(start, key)
    st.subheader("Who, until when, and how we will see whether it helped", anchor=False)
    doing = _doing(desk, start, key)
    st.subheader("What we say in public", anchor=False)
    return what | evidence | not_done | doing | _public(start, key)


def _what(start: Decision, key: str) -> dict[str, Any]:
    known, areas = views.structures(), views.areas()
    left, right = st.columns(2, gap="large")
    with left:
        kind = choose(
            "What kind of decision is it?",
            list(Kind),
            start.kind,
            key=f"{key}kind",
            words=texts.KIND_WORDS.__getitem__,
        )
        text = st.text_area("What is decided, in one sentence?", value=start.text, key=f"{key}text")
        because = st.text_area(
            "Why? (needed when nothing is changed)", value=start.because, key=f"{key}because"
        )
    with right:
        st.caption(MAY_STAY_EMPTY)
        chosen = {
            name: _pick(title, {each.id: each.title for each in options}, getattr(start, name), key)
            for name, title, options in (
                ("area", "Area of the protocol", areas.areas),
                ("structure", "Way to build the team", known.structures),
                ("factor", "Factor it bears on", known.factors),
                ("stage", "Stage of the work", known.stages),
            )
        }
    return {"kind": kind, "text": text.strip(), "because": because.strip(), **chosen}


def _begin(desk: Desk, key: str) -> dict[str, Any]:
    """Ask where a new decision stands, so that what is decided can be posted at once."""
    state = look_at(
        "Where does it stand?", BEGINS, BEGINS[0], key=f"{key}state", words=STATE_WORDS.__getitem__
    )
    decided = desk.today if state is State.DECIDED else None
    return {"state": state, "state_since": desk.today, "decided_on": decided}


def _evidence(desk: Desk, start: Decision, key: str) -> dict[str, Any]:
    kept = {_name(link): Cited(link, _reads(desk, link.ref), link.words) for link in start.evidence}
    cited = kept | {_name(each.link): each for each in citable(desk)}
    links = st.multiselect(
        "What people said",
        list(cited),
        default=list(kept),
        format_func=lambda name: cited[name].label,
        key=f"{key}evidence",
        help="Only what a release shows can be cited. Its words are copied now and never change.",
    )
    chosen = tuple(kept.get(name, cited[name]).link for name in links)
    others = [
        _other(n, each, key)
        for n, each in enumerate((*start.other_evidence, OtherEvidence(OtherKind.LAW, "")))
    ]
    left, right = st.columns(2, gap="large")
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
    return {
        "evidence": chosen,
        "other_evidence": tuple(each for each in others if each.text),
        "options_not_taken": _lines(options),
        "absent": _lines(absent),
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
        left, right = st.columns(2, gap="large")
        asked = left.text_input(
            "What people asked for", value=item.asked, key=f"{key}asked-{number}", max_chars=300
        )
        because = right.text_input(
            "Why we do not do it", value=item.because, key=f"{key}why-{number}", max_chars=300
        )
        if asked.strip():
            found.append(NotDone(asked.strip(), because.strip(), item.ref))
    return {"asked_not_done": tuple(found)}


def _doing(desk: Desk, start: Decision, key: str) -> dict[str, Any]:
    owner_column, due_column, review_column = st.columns(3, gap="large")
    owner = owner_column.text_input(
        "Which role sees to it?", value=start.owner, key=f"{key}owner", max_chars=120
    )
    due: date | None = due_column.date_input("Due", value=start.due, key=f"{key}due", format=DAYS)
    review: date | None = review_column.date_input(
        "Look at it again on", value=start.review, key=f"{key}review", format=DAYS
    )
    measure = _measure(desk, start, key)
    found = _found(start, key) if start.state in LATER or start.result else {}
    return {"owner": owner.strip(), "due": due, "review": review, "measure": measure, **found}


def _found(start: Decision, key: str) -> dict[str, Any]:
    result = _pick(
        "What was found?",
        {str(value): words for value, words in texts.RESULT_WORDS.items()},
        start.result or NONE,
        f"{key}result",
    )
    note_column, next_column = st.columns(2, gap="large")
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
    ref_column, way_column, base_column = st.columns([2, 1, 1], gap="large")
    refs = {each.link.ref: each.about for each in citable(desk)}
    if was:
        refs = {was.ref: _reads(desk, was.ref)} | refs
    with ref_column:
        ref = _pick("By which answer will we see it?", refs, was.ref if was else NONE, key)
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
    left, right = st.columns(2, gap="large")
    english = left.text_area("In English", value=start.public_line, key=f"{key}public-en")
    spanish = right.text_area("In Spanish", value=start.public_line_es, key=f"{key}public-es")
    wanted = st.checkbox(
        "Propose this for the public board, once it is decided; a second person then approves it",
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


def _reads(desk: Desk, text: str) -> str:
    ref = Ref.parse(text)
    return topic_in_full(signal(desk.shelf.latest, ref, desk.wording), desk.wording)


def _pick(title: str, options: Mapping[str, str], chosen: str, key: str) -> str:
    """Ask for one of some options, or none of them."""
    return choose(
        title,
        [NONE, *options],
        chosen,
        key=f"{key}{title}",
        words=lambda name: options.get(name, "—"),
    )


def _name(link: Link) -> str:
    return f"{link.release}|{link.ref}"


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def wanted_evidence(desk: Desk, ref: str) -> Sequence[Link]:
    """Return a link to what the newest release says on one thing, to begin an answer with."""
    return [each.link for each in citable(desk) if each.link.ref == ref][:1]
