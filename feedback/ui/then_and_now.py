"""What the team said of itself when it began, beside what it says now."""

from __future__ import annotations

import streamlit as st

from feedback.decisions.readiness import TeamInputs
from feedback.decisions.rerating import SAME, agreed_before, beside, is_a_year
from feedback.decisions.structures import build_workbench, what_moved
from feedback.ui import gate, views
from feedback.ui.team_data import READINESS, THE_TEAM, Desk, history
from feedback.ui.texts import day, first_up, plain
from feedback.ui.widgets import bullets, look_at, plain_table


def then_and_now(desk: Desk) -> None:
    """Draw an earlier rating, the first one unless another is chosen, beside the newest."""
    st.header("Then and now", anchor=False)
    documents = history(gate.settings(), READINESS, THE_TEAM)
    earlier = agreed_before(TeamInputs.from_dict(document.body) for document in documents)
    if not earlier:
        times = "once" if desk.inputs.agreed_on else "not yet"
        st.markdown(
            f"Nothing can be compared: the team has gone through this {times}. How the team is "
            "built is a change like any other: when it is gone through again in a year, the first "
            "answers stand here beside the new ones."
        )
        return
    before = _chosen(earlier)
    now = desk.inputs
    st.markdown(
        f"**{day(before.agreed_on)} beside {day(now.agreed_on)}.** "
        + (
            "A year and more lies between them: did the structure do what you hoped?"
            if is_a_year(before, now)
            else "Less than a year lies between them: too soon to say what the structure did."
        )
    )
    lines = beside(before, now, views.structures())
    plain_table(
        {
            "What the team says": plain(line.text),
            "Then, and now": f"{plain(line.before)} → {plain(line.now)}",
            "Since then": f"**{first_up(line.moved)}.** {plain(line.note)}",
        }
        for line in lines
        if line.moved != SAME
    )
    if same := [line for line in lines if line.moved == SAME]:
        with st.expander(f"What is the same as then: {len(same)}"):
            bullets(f"{line.text} {line.now}." for line in same)
    _what_it_moved(desk, before)


def _chosen(earlier: tuple[TeamInputs, ...]) -> TeamInputs:
    if len(earlier) == 1:
        return earlier[0]
    days = [day(each.agreed_on) for each in earlier]
    return earlier[days.index(look_at("Beside which day?", days, days[0], key="rated-then"))]


def _what_it_moved(desk: Desk, before: TeamInputs) -> None:
    """Draw which lines of the workbench changed sides because the team answers otherwise now."""
    st.subheader("What that moved in the evidence", anchor=False)
    bench = build_workbench(desk.shelf.rows, before, desk.wording, views.structures())
    sentences = what_moved(bench, views.workbench(desk))
    bullets(sentences)
    if not sentences:
        st.markdown("Nothing changed sides.")
