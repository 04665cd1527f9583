"""The steps of a release on the screen: close, build, look at it as others will, approve."""

from __future__ import annotations

from typing import Any

import streamlit as st

from feedback import custody, opening, publishing, status
from feedback.cards import people_counted
from feedback.custody import Keys
from feedback.disclosure.derive import share
from feedback.disclosure.release import Release, ReleaseRow, ReleaseTable
from feedback.drafting import build_draft, sample_of
from feedback.errors import ReleaseRefused, RoundRefused, ThroughlineError
from feedback.rounds import Round, State, load_round, states
from feedback.store.box import open_box
from feedback.themes.coding import unsettled
from feedback.ui import gate, withdrawing
from feedback.ui.coding_screen import today
from feedback.ui.release_view import rounded_people
from feedback.ui.widgets import said_before, say_later

NOT_DONE = "release-not-done"
APPROVAL = "approval-words"
UNSETTLED = (
    "Two readers differ on some answers. Settle them first in the reading room, or the later "
    "reading counts."
)
UNREAD = "Some words are not read yet. Read them first, or the release has no themes."


def draw() -> None:
    """Draw the step that is next for the newest round that has no release."""
    said_before()
    if said := st.session_state.pop(NOT_DONE, None):
        st.warning(said)
    known = states(gate.folder())
    closed = [round_id for round_id, state in known.items() if state is State.CLOSED]
    now_open = [round_id for round_id, state in known.items() if state is State.OPEN]
    if closed:
        _closed_round(load_round(gate.folder(), closed[0]))
    if now_open:
        _open_round(now_open[0])
    if not closed and not now_open:
        st.info(
            "No round is open or waiting. Whoever set this up opens the next one, with the command "
            "`throughline round open`."
        )
    withdrawing.draw()


def _open_round(round_id: str) -> None:
    team, day = gate.team(), today()
    st.header(f"Round {round_id} is collecting answers", anchor=False)
    with open_box(gate.settings().box) as box:
        enough = status.enough_people(gate.folder(), round_id, box, today=day)
    closes = team.round_dates(round_id).closes
    when = f"on {closes.day} {closes:%B %Y}" if closes and closes >= day else "when you close it"
    people = f"{team.k} or more people" if enough else f"fewer than {team.k} people"
    st.write(
        f"The next release comes {when}, if at least {team.k} people have answered. "
        f"As of this week: **{people}**."
    )
    st.caption(
        "There is no counter, because a number that moves tells who has just answered. "
        "This line is looked at once a week."
    )
    with st.expander("Close this round"):
        st.write(
            "The form stops taking answers for this round. Build its draft soon: should it turn "
            "out that too few of them are people's answers, the round opens again and nothing is "
            "lost. Then open the next round, so that nobody finds a closed form."
        )
        sure = st.checkbox(f"Yes, close the round {round_id}")
        if st.button("Close the round", disabled=not sure):
            _close(round_id)


def _close(round_id: str) -> None:
    folder = gate.folder()
    try:
        k = publishing.frozen_plan(folder, load_round(folder, round_id)).limits.k
        with open_box(gate.settings().box) as box:
            people = people_counted(folder, box, round_id, k)
        custody.close_round(folder, round_id, people=people, k=k, today=today())
    except ThroughlineError as refused:
        st.error(str(refused))
        return
    say_later(f"The round {round_id} is closed.")
    st.rerun()


def _closed_round(a_round: Round) -> None:
    st.header(f"Round {a_round.id} is closed and waits for its release", anchor=False)
    draft = _draft(a_round)
    if draft is None:
        _build_step(a_round)
        return
    release = Release.preview(draft["document"])
    st.write(f"**Draft of release {release.number}**, built by {draft['by']}. Nobody sees it yet.")
    _preview(release)
    _approve_step(a_round, draft)
    with st.expander("Build it again"):
        st.write("The same answers give the same numbers. Build again after reading more words.")
        _build_step(a_round)


def _draft(a_round: Round) -> dict[str, Any] | None:
    try:
        return publishing.read_draft(gate.folder(), a_round.id)
    except ReleaseRefused:
        return None


def _build_step(a_round: Round) -> None:
    keys = gate.keys()
    if keys is None or st.session_state.get(gate.ROUND) != a_round.id:
        st.write("To build the draft, one custodian unlocks the round.")
        gate.unlock([a_round.id])
        return
    st.write(f"The draft will be built by {keys.custodians[0]}.")
    try:
        for sentence in _left_to_read(a_round, keys):
            st.warning(sentence, icon=":material/menu_book:")
    except ThroughlineError as refused:
        st.error(str(refused))
    if st.button("Build the draft", type="primary"):
        with st.spinner("Tables, rounding, and the attacker's check …"):
            _build(a_round, keys)


def _left_to_read(a_round: Round, keys: Keys) -> list[str]:
    """Return what is better done in the reading room before the draft, without any number."""
    folder = gate.folder()
    snapshot = opening.read_snapshot(folder, a_round, keys.codes)
    sample = sample_of(folder, a_round, snapshot, keys)
    with open_box(gate.settings().box) as box:
        sealed = set(box.rids(a_round.id))
    opened = {response.rid for response in snapshot.responses}
    counted = opened if sample is None else sample
    sentences = []
    if any(rid in counted for rid, _ in unsettled(snapshot.events)):
        sentences.append(UNSETTLED)
    if sealed - opened - set(snapshot.quarantine) or not snapshot.is_read(sample):
        sentences.append(UNREAD)
    return sentences


def _build(a_round: Round, keys: Keys) -> None:
    folder = gate.folder()
    try:
        with open_box(gate.settings().box) as box:
            _, is_read = build_draft(folder, a_round, box, keys, today=today())
        publishing.check(folder, a_round, today=today())
    except RoundRefused as refused:  # too few people: the round is open again
        st.session_state[NOT_DONE] = str(refused)
        st.rerun()
    except ThroughlineError as refused:
        st.error(str(refused))
        return
    unread = "" if is_read else " Some words are not read yet, so it has no themes."
    say_later(f"The draft is built and checked.{unread}")
    st.rerun()


def _preview(release: Release) -> None:
    with st.expander("What an attacker would learn, and what was merged or protected"):
        for sentence in publishing.review(release):
            st.markdown(f"- {sentence}")
    st.write("**The tables, exactly as they will be seen**")
    asked = {table.question.id: table for table in release.tables}
    chosen = st.selectbox(
        "Question", list(asked), format_func=lambda question: asked[question].question.text
    )
    _table(asked[chosen])


def _table(table: ReleaseTable) -> None:
    texts = {answer.id: answer.text for answer in table.question.columns}
    rows = [row for row in table.rows if row.counts]
    if rows:
        st.table(
            {
                "Answer": [texts[answer] for answer in rows[0].counts],
                **{
                    f"{row.label}: about {row.base} people": [
                        _cell(table, row, answer) for answer in row.counts
                    ]
                    for row in rows
                },
            },
            hide_index=True,
        )
    for note in dict.fromkeys(row.note for row in table.rows if row.note):
        st.caption(note)


def _cell(table: ReleaseTable, row: ReleaseRow, answer: str) -> str:
    found, said = share(table, row, [answer]), rounded_people(row.counts[answer], row)
    return f"{said} · {found.text}" if found and not said.startswith(found.text) else said


def _approve_step(a_round: Round, draft: dict[str, Any]) -> None:
    folder = gate.folder()
    names, _ = custody.custodians(folder, a_round.id)
    alone = bool(gate.team().single_person)
    others = [name for name in names if alone or name != draft["by"]]
    st.write("**A second person approves**")
    with st.expander("Could somebody have answered many times?"):
        st.write(
            "Who sends nine false answers and knows of one true one knows nearly all that it "
            "says: no table can prevent that. Ask yourselves before you publish: did far more "
            "answers come than people whom you reached? Does anybody gain from a full round?"
        )
        st.write(
            "Cards help best, one for each person. A form that is open to everybody without cards "
            "should have **k = 20** and **base = 10** in team.toml from the next round on. Do not "
            "publish a round that you do not trust; what is published can only be withdrawn whole."
        )
    with st.form("approve", border=True):
        who = st.selectbox("Custodian who approves", others)
        words = st.text_input("Their passphrase", type="password", autocomplete="off", key=APPROVAL)
        looked = st.checkbox("I looked at the tables, and no row could tell who somebody is.")
        sent = st.form_submit_button("Publish", type="primary")
    if not sent:
        return
    if not looked:
        st.error("Look at the tables first, and tick the box.")
        return
    try:
        keys = custody.unlock(folder, a_round.id, {str(who): words})
        published = publishing.publish(folder, a_round, keys.team_seed, by=str(who), today=today())
    except ThroughlineError as refused:
        st.error(str(refused))
        return
    del st.session_state[APPROVAL]
    gate.lock()
    say_later(f"Release {published.number} is published. It will never change.")
    st.rerun()
