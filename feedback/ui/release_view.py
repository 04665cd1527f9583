"""One release as it was frozen: what it is, how it was made, its files and its numbers."""

from __future__ import annotations

import os
from collections.abc import Iterable

import streamlit as st

from feedback import publishing
from feedback.decisions.published import releases_named
from feedback.decisions.signals import Ref
from feedback.disclosure.derive import mean, share, year, year_of
from feedback.disclosure.release import Release, ReleaseRow, ReleaseTable
from feedback.errors import ThroughlineError
from feedback.exports import about
from feedback.settings import Settings
from feedback.store.box import open_box
from feedback.ui import gate, navigation
from feedback.ui.handing_out import ABOUT, ON_PAPER, Kind, Whom, kinds_for
from feedback.ui.handout_buttons import WHERE, file_button
from feedback.ui.team_data import Desk
from feedback.ui.texts import day, first_up, plain, unbroken
from feedback.ui.widgets import bullets, choose, plain_table

EVERYONE = "Everyone"


def pick_release(releases: tuple[Release, ...]) -> Release:
    """Ask for a release; the newest first, or the one that a link names."""
    by_number = {str(release.number): release for release in reversed(releases)}
    asked = navigation.chosen("release", by_number)
    number = choose(
        "Release",
        list(by_number),
        asked or next(iter(by_number)),
        key=f"release-{asked}",
        words=lambda n: f"Release {n}: {by_number[n].round}, published {day(by_number[n].day)}",
    )
    return by_number[number]


def files(desk: Desk, release: Release) -> None:
    """Draw the buttons that hand out a release, and what each file is for."""
    st.header("Take it along", anchor=False)
    st.markdown(f"Each file is made when you press its button, and takes a moment. {WHERE}")
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("For a meeting", anchor=False)
        st.markdown(
            "The packet: two pages in large type with what was heard, what waits and what is "
            "decided. Decisions are as they stand today."
        )
        _buttons(desk, release, ON_PAPER, Whom.MEETING)
    with right:
        st.subheader("For funders", anchor=False)
        st.markdown(
            "The summary: one page with who was heard, what changed and what nobody knows yet. "
            "It holds published numbers and approved public lines only."
        )
        _buttons(desk, release, ON_PAPER, Whom.FUNDER)
    st.subheader("The numbers and charts", anchor=False)
    st.markdown(
        "Each file holds the same numbers as this page, the rule by which they were made, the "
        "number of the release and its fingerprint, and nothing else."
    )
    kinds = [kind for kind in kinds_for(desk, release) if kind not in ON_PAPER]
    _buttons(desk, release, kinds, Whom.MEETING)
    st.caption(" · ".join(f"{first_up(ABOUT[kind].title)}: {ABOUT[kind].use}" for kind in kinds))


def _buttons(desk: Desk, release: Release, kinds: Iterable[Kind], whom: Whom) -> None:
    with st.container(horizontal=True):
        for kind in kinds:
            file_button(desk, release, kind, whom)


def facts(release: Release) -> None:
    """Draw what the release is, how it was made and what was left out."""
    st.header("What it is, and how it was made", anchor=False)
    lines = about(release)
    fingerprint = lines.pop("SHA-256")
    lines["Published on"] = day(release.day)
    bullets(f"{name}: {value}" for name, value in lines.items())
    st.markdown("Its fingerprint (SHA-256), to compare with the minutes:")
    st.code(fingerprint, language=None, wrap_lines=True)
    bullets((*release.method[1:], *release.attack))
    if release.protected:
        with st.expander("What was put together or left out, to protect people"):
            bullets(release.protected)


def verified() -> None:
    """Let somebody check that no release was changed, taken away or put in between."""
    if not st.button("Check that nothing was changed", icon=":material/verified:"):
        st.caption("Each release holds the fingerprint of the one before it, and is signed.")
        return
    try:
        with open_box(Settings.from_env(os.environ).box) as box:
            problems = publishing.verify(gate.folder(), box)
    except ThroughlineError as refused:
        problems = [str(refused)]
    for problem in problems:
        st.warning(plain(problem), icon=":material/error:")
    if not problems:
        st.success("Every release, the log and the box hold.", icon=":material/verified:")


def numbers(release: Release, releases: tuple[Release, ...]) -> None:
    """Draw one table of the release, or of its year; a link can name the row of a decision."""
    st.header("The numbers", anchor=False)
    tables = {table.question.id: table for table in release.tables}
    rows = {
        str(Ref(name, answer)): Ref(name, answer)
        for name, table in tables.items()
        for answer in ("", *(a.id for a in table.question.columns))
    }
    asked = navigation.chosen("row", rows)
    cited = rows[asked] if asked else Ref(next(iter(tables)))
    name = choose(
        "Question",
        list(tables),
        cited.question,
        key=f"question-{release.number}-{asked}",
        words=lambda question: tables[question].question.text,
    )
    together = year_of(release, releases, name)
    if together and _is_together(release, together, name):
        _year(together, name)
        return
    table = tables[name]
    shown = {row.label: row for row in table.rows if row.counts}
    label = EVERYONE
    if len(shown) > 1:
        label = choose("Of whom", list(shown), EVERYONE, key=f"row-{release.number}-{name}")
    if asked and name == cited.question:
        st.markdown("The row that was cited is marked with an arrow.")
    for row in table.rows:
        if not row.counts:
            st.markdown(plain(row.note))
    if label in shown:
        _one_row(table, shown[label], cited.answer)
    if table.note:
        st.caption(plain(table.note))
    st.caption(plain(release.method[0]))


def _is_together(release: Release, together: tuple[Release, ...], question: str) -> bool:
    alone = f"Release {release.number}"
    names = releases_named(each.number for each in together)
    listed = [alone, f"Published in {release.day.year}: {names} together"]
    return choose("Over what time", listed, alone, key=f"year-{release.number}-{question}") != alone


def _year(together: tuple[Release, ...], question: str) -> None:
    table = year(together, question)
    _one_row(table, table.everyone, "")
    st.caption(
        f"The rounded numbers of {releases_named(each.number for each in together)}, added up. "
        "A person who answered in two rounds counts twice."
    )
    st.caption(plain(together[-1].method[0]))


def _one_row(table: ReleaseTable, row: ReleaseRow, cited: str) -> None:
    rows = []
    for answer in table.question.columns:
        found = share(table, row, (answer.id,))
        mark = "**→** " if answer.id == cited else ""
        rows.append(
            {
                "Answer": f"{mark}{plain(answer.text)}",
                "People, rounded": rounded_people(row.counts[answer.id], row),
                "Share": unbroken(found.text) if found else "",
            }
        )
    note = f" {row.note}" if row.note else ""
    st.markdown(plain(f"{row.label}: about {row.base} people.{note}"))
    plain_table(rows)
    average = mean(table, row)
    if average is not None:
        best = max(table.question.answers, key=lambda answer: answer.score or 0)
        st.markdown(
            f"On average {average} of {best.score}, from the rounded numbers "
            f"({best.score} is “{plain(best.text)}”)."
        )


def rounded_people(count: int, row: ReleaseRow) -> str:
    """Say a published count; a zero stands for a few, too."""
    return f"few or none (0\u00a0to\u00a0{row.near})" if count == 0 else f"about {count}"
