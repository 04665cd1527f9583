"""The parts of the page of resources: questions to begin with, and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from feedback.decisions.resources import (
    Contact,
    Nearness,
    Part,
    Tick,
    contact_from,
    contacts_of,
    load_starter,
    tick_from,
)
from feedback.ui import gate
from feedback.ui.keeping_both import Edited, finish, save_both
from feedback.ui.team_data import CONTACT, TICK, Desk, latest, new_id
from feedback.ui.texts import day, plain
from feedback.ui.widgets import choose, fresh, role_field

NEARNESS = {
    Nearness.HERE: "Near by",
    Nearness.STATE: "In the state",
    Nearness.COUNTRY: "In the country",
}
TO_ADD = (
    "your own advocacy program, the Safe Harbor navigator of your region, the tribal programs and "
    "culture groups near by, the nurse who does exams, the county attorney, the school's social "
    "worker."
)
LABELS = {
    "id": "entry",
    "name": "name",
    "reach": "how near",
    "what_for": "what for",
    "call": "call",
    "message": "text",
    "web": "page on the web",
    "found_on": "found on",
    "checked_on": "checked on",
    "taken_out": "taken out of the list",
}
NEW = Contact(id="", name="")


def checklist() -> None:
    """Draw the questions of three parts, each with its tick and its note, saved by part."""
    saved = {document.id: document for document in latest(gate.settings(), TICK)}
    ticks = {name: tick_from(document.body) for name, document in saved.items()}
    seen = {name: document.version for name, document in saved.items()}
    st.header("Questions to begin with", anchor=False)
    st.markdown("Take one part to a meeting. Nothing here is a test, and nobody has to be ready.")
    for number, part in enumerate(load_starter().parts):
        done = sum(ticks.get(each.id, Tick(each.id)).done for each in part.questions)
        title = f"{part.title} ({done} of {len(part.questions)} talked through)"
        with st.expander(title, expanded=number == 0):
            _part(part, number, ticks, seen)


def contacts(desk: Desk) -> None:
    """Draw whom the team can ask, nearest first, and the form that changes the list."""
    saved = {document.id: document for document in latest(gate.settings(), CONTACT)}
    known = contacts_of(contact_from(document.body) for document in saved.values())
    st.header("Whom to ask", anchor=False)
    for reach, title in NEARNESS.items():
        st.subheader(title, anchor=False)
        found = [contact for contact in known if contact.reach is reach]
        for contact in found:
            _contact(desk, contact)
        if not found:
            st.markdown(f"Nobody is written down yet. Think of {TO_ADD}")
    with st.expander("Add somebody, or change an entry", icon=":material/edit:"):
        by_id = {contact.id: contact for contact in known}
        chosen = choose(
            "Whom?",
            ["", *by_id],
            "",
            key="contact-whom",
            words=lambda name: by_id[name].name if name else "Somebody new",
        )
        taken = {*saved, *(contact.id for contact in load_starter().contacts)}
        versions = {name: document.version for name, document in saved.items()}
        _form(desk, by_id.get(chosen, NEW), versions, taken)


def _part(part: Part, number: int, ticks: Mapping[str, Tick], versions: Mapping[str, int]) -> None:
    form = f"part-{number}-"
    key = fresh(form)
    st.markdown(part.why)
    if f"{form}was" not in st.session_state:  # drawn anew, from what is saved now
        st.session_state[f"{form}was"] = dict(ticks)
    was: dict[str, Tick] = st.session_state[f"{form}was"]
    with st.form(f"{key}form", border=False):
        typed = []
        for question in part.questions:
            before = was.get(question.id, Tick(question.id))
            done = st.checkbox(
                question.text, value=before.done, key=f"{key}{question.id}", help=question.hint
            )
            note = st.text_input(
                f"Note to: {question.text}",
                value=before.note,
                key=f"{key}{question.id}-note",
                label_visibility="collapsed",
                placeholder=question.hint,
                max_chars=400,
            )
            typed.append(Tick(question.id, done, note.strip()))
        role = role_field(f"{key}role")
        sent = st.form_submit_button("Save this part")
    if sent:
        edited = [
            Edited(
                was.get(tick.id, Tick(tick.id)),
                ticks.get(tick.id, Tick(tick.id)),
                tick,
                versions.get(tick.id, 0),
                f"{form}{tick.id}-",
                {
                    "done": f"ticked: {question.text}",
                    "note": f"note to {question.text}",
                }.__getitem__,
            )
            for tick, question in zip(typed, part.questions, strict=True)
            if tick != was.get(tick.id, Tick(tick.id))
        ]
        _save_ticks(edited, form, role)


def _save_ticks(changed: list[Edited[Tick]], form: str, role: str) -> None:
    """Save each changed line for itself: two people can go through one part at once."""
    if not role:
        st.warning("Say in which role you write; nothing is lost.", icon=":material/edit:")
        return
    kept: list[str] = []
    for edited in changed:
        more = save_both(edited, role)
        if more is None:
            return
        kept += more
    finish("Saved.", kept, role=role, form=form)


def _contact(desk: Desk, contact: Contact) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{plain(contact.name)}**  \n{plain(contact.what_for)}")
        ways = [("Call", contact.call), ("Text", contact.message)]
        reached = " · ".join(f"{way} {plain(number)}" for way, number in ways if number)
        if reached:
            st.markdown(reached)
        if contact.is_link:
            st.markdown(f"<{contact.web}>")
        elif contact.web:
            st.markdown(plain(contact.web))
        st.caption(_checked(desk, contact))


def _checked(desk: Desk, contact: Contact) -> str:
    if contact.checked_on is None:
        found = f"Found on its page on {day(contact.found_on)}. " if contact.found_on else ""
        return f"{found}Nobody here has checked it yet."
    again = " Half a year ago or more: check it again." if contact.is_old(desk.today) else ""
    return f"Checked on {day(contact.checked_on)}.{again}"


def _form(desk: Desk, start: Contact, versions: Mapping[str, int], taken: set[str]) -> None:
    form = f"contact-{start.id or 'new'}-"
    key = fresh(form)
    if f"{key}name" not in st.session_state:
        st.session_state[f"{form}was"] = start
    with st.form(key, border=False):
        typed = _fields(desk, start, key)
        role = role_field(f"{key}role")
        sent = st.form_submit_button("Save", type="primary")
    if not sent:
        return
    if not typed.name or not role:
        st.warning("Give a name, and say in which role you write.", icon=":material/edit:")
        return
    if not typed.id:
        typed = replace(typed, id=new_id(typed.name, taken))
    was: Contact = st.session_state[f"{form}was"]
    version = versions.get(typed.id, 0)
    kept = save_both(Edited(was, start, typed, version, form, LABELS.__getitem__), role)
    if kept is not None:
        finish(f"Saved: {typed.name}.", kept, role=role, form=form)


def _fields(desk: Desk, start: Contact, key: str) -> Contact:
    left, right = st.columns(2, gap="medium")
    with left:
        name = st.text_input(
            "Name of the office or program", value=start.name, key=f"{key}name", max_chars=120
        )
        reach = choose(
            "How near?",
            list(Nearness),
            start.reach,
            key=f"{key}reach",
            words=NEARNESS.__getitem__,
        )
        what_for = st.text_area("What for?", value=start.what_for, key=f"{key}what", max_chars=400)
    with right:
        call = st.text_input("Call", value=start.call, key=f"{key}call", max_chars=40)
        message = st.text_input("Text", value=start.message, key=f"{key}message", max_chars=40)
        web = st.text_input(
            "Page on the web",
            value=start.web,
            key=f"{key}web",
            max_chars=200,
            placeholder="https://",
        )
        checked = st.checkbox("I made sure of this today", key=f"{key}checked")
        taken_out = st.checkbox("Take this entry out of the list", key=f"{key}out")
    typed = replace(
        start,
        name=name.strip(),
        reach=reach,
        what_for=what_for.strip(),
        call=call.strip(),
        message=message.strip(),
        web=web.strip(),
        taken_out=taken_out,
    )
    if typed.ways != start.ways:  # nobody made sure of the new one
        typed = replace(typed, found_on=None, checked_on=None)
    return replace(typed, checked_on=desk.today) if checked else typed
