"""The coverage map: how far listening has come, what to do next, and a form to mark it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from feedback.decisions.coverage import (
    Cards,
    CoverageItem,
    CoverageMap,
    HowMany,
    Reach,
    Where,
)
from feedback.ui.keeping_both import Edited, finish, save_both
from feedback.ui.team_data import COVERAGE, Desk, new_id
from feedback.ui.texts import first_up, one_line, plain
from feedback.ui.widgets import (
    bullets,
    choose,
    fresh,
    plain_table,
    role_field,
)

KIND_TITLES = {
    Where.DOOR: "Doors where people come for help",
    Where.PLACE: "Places where people live",
    Where.LANGUAGE: "Languages",
    Where.GROUP: "Groups",
}
LABELS = {
    "id": "point",
    "kind": "what it is",
    "name": "name",
    "reach": "how far listening has come",
    "lives_here": "how many live here",
    "served": "how many are served",
    "cards": "cards given out",
    "owner": "role",
    "note": "note",
    "looked_at": "looked at",
}
NEW = CoverageItem(id="", kind=Where.DOOR, name="")


def next_steps(laid: CoverageMap) -> None:
    """Draw whose voices are missing and what to do next, most needed first."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.header("Do next", anchor=False)
        st.markdown(
            "\n".join(
                f"{number}. **{plain(step.where)}.** {plain(step.text)}"
                for number, step in enumerate(laid.next_steps, start=1)
            )
        )
    with right:
        st.header("Whose voices are missing", anchor=False)
        bullets(each.text for each in laid.missing)
        if not laid.missing and laid.find_out:
            st.markdown(
                "That cannot be said yet: nobody has marked how many people live here and are "
                "served. Anybody who was not reached may be missing."
            )
        elif not laid.missing:
            st.markdown("Nobody that the team knows of. Ask who lives here and never comes.")


def the_map(laid: CoverageMap) -> None:
    """Draw every point, by kind."""
    for kind, items in laid.by_kind.items():
        if not items:
            continue
        st.header(KIND_TITLES[kind], anchor=False)
        known = any(_what_we_know(item) for item in items)
        plain_table(_row(item, known=known) for item in items)


def to_find_out(laid: CoverageMap) -> None:
    """Draw what nobody knows yet, and marks that are old."""
    with st.expander("What to find out, and what was not looked at for half a year"):
        bullets([*laid.find_out, *(f"Not looked at lately: {name}." for name in laid.stale)])
        if not laid.find_out and not laid.stale:
            st.markdown("Nothing.")


def mark(desk: Desk) -> None:
    """Draw the form that marks one point, or adds one."""
    points = {item.id: item for item in desk.points}
    with st.expander("Mark a point of the map, or add one", icon=":material/edit:"):
        chosen = choose(
            "Which point?",
            ["", *points],
            "",
            key="coverage-point",
            words=lambda name: points[name].name if name else "A new point",
        )
        _form(desk, points.get(chosen, NEW))


def _row(item: CoverageItem, *, known: bool) -> dict[str, str]:
    row = {"Where": f"**{plain(item.name)}**", "How\u00a0far": one_line(first_up(item.reach.words))}
    return row | {"What we know": plain(_what_we_know(item)) or "nothing yet"} if known else row


def _what_we_know(item: CoverageItem) -> str:
    """Return what the team wrote of a point; empty when nobody marked anything."""
    lives_here = HowMany.UNKNOWN if item.kind is Where.DOOR else item.lives_here
    known = (
        (lives_here, f"{lives_here} live here"),
        (item.served, f"{item.served} are served"),
        (item.cards, f"cards given out: {item.cards}"),
    )
    facts = ", ".join(words for number, words in known if number != HowMany.UNKNOWN)
    return first_up(" ".join(_ended(part) for part in (facts, item.owner, item.note) if part))


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _form(desk: Desk, item: CoverageItem) -> None:
    form = f"coverage-{item.id or 'new'}-"
    key = fresh(form)
    if f"{key}owner" not in st.session_state:
        st.session_state[f"{form}was"] = item
    with st.form(key, border=False):
        typed = _fields(item, key)
        role = role_field(f"{key}role")
        sent = st.form_submit_button("Save", type="primary")
    if not sent:
        return
    if not typed.name or not role:
        st.warning(
            "Give the point a name, and say in which role you write.", icon=":material/edit:"
        )
        return
    typed = replace(typed, looked_at=desk.today)
    if not typed.id:
        typed = replace(typed, id=new_id(typed.name, [point.id for point in desk.points]))
    _save(desk, item, typed, form, role)


def _fields(item: CoverageItem, key: str) -> CoverageItem:
    left, right = st.columns(2, gap="medium")
    with left:
        name = st.text_input("Name", value=item.name, key=f"{key}name", max_chars=80)
        kind = choose(
            "What is it?",
            list(Where),
            item.kind,
            key=f"{key}kind",
            words=KIND_TITLES.__getitem__,
        )
        reach = choose(
            "How far has listening come?",
            list(Reach),
            item.reach,
            key=f"{key}reach",
            words=lambda value: value.words,
        )
        cards = choose("Cards given out", list(Cards), item.cards, key=f"{key}cards")
    with right:
        lives = choose("How many live here?", list(HowMany), item.lives_here, key=f"{key}lives")
        served = choose("How many are served?", list(HowMany), item.served, key=f"{key}served")
        owner = st.text_input(
            "Which role sees to it?", value=item.owner, key=f"{key}owner", max_chars=120
        )
        note = st.text_input("Note", value=item.note, key=f"{key}note", max_chars=300)
    return replace(
        item,
        name=name.strip(),
        kind=kind,
        reach=reach,
        cards=cards,
        lives_here=lives,
        served=served,
        owner=owner.strip(),
        note=note.strip(),
    )


def _save(desk: Desk, now: CoverageItem, typed: CoverageItem, form: str, role: str) -> None:
    was: CoverageItem = st.session_state[f"{form}was"]
    version = desk.version(COVERAGE, typed.id)
    kept = save_both(Edited(was, now, typed, version, form, LABELS.__getitem__), role)
    if kept is not None:
        finish(f"Saved: {typed.name}.", kept, role=role, form=form)
