"""The agenda for a projector: one item at a time, in large type, moved by the arrow keys."""

from __future__ import annotations

import streamlit as st

from feedback.decisions.agenda import AgendaItem
from feedback.ui import navigation, views
from feedback.ui.charts import WALL
from feedback.ui.signal_parts import chart_and_table, has_course, series_chart, series_table
from feedback.ui.team_data import Desk
from feedback.ui.texts import plain, unbroken

SHOW = "show"  # the word of the address that holds which item is on the wall
# Read from the back of a room: a thirtieth of the wall is the least for a line of text.
LARGE = """<style>
[data-testid=stMain] :is(p, li) { font-size: clamp(1.2rem, 2.1vw, 2.6rem); line-height: 1.35 }
[data-testid=stTable] :is(td, th, p) { font-size: clamp(1rem, 1.6vw, 1.9rem) !important }
@media (min-width: 64rem) {
  [data-testid=stTable] td * { white-space: nowrap !important } }
[data-testid=stMain] h1 { font-size: clamp(1.9rem, 3.6vw, 4.6rem) }
[data-testid=stMain] li { margin-bottom: .5em }
[data-testid=stMain] :is(button, a, [data-testid=stCaptionContainer]) p {
  font-size: clamp(1rem, 1.2vw, 1.5rem) }
[data-testid=stMain] button kbd { font-size: clamp(1rem, 1.2vw, 1.5rem) }
[data-testid=stMainBlockContainer] { padding-top: 2.5rem; padding-bottom: 1rem }
</style>"""
MORE = {
    "where_we_are": "decisions",
    "who_we_heard": "coverage",
    "three_things": "what_we_heard",
    "gaps": "what_we_heard",
    "reviews": "decisions",
    "new_decision": "decisions",
    "posting": "decisions",
}


def is_on() -> bool:
    """Say whether an item is on the wall; the menu is put away then."""
    return SHOW in st.query_params


def begin_button() -> None:
    """Draw the button that puts the agenda on the wall."""
    st.button("Show it on the wall", icon=":material/present_to_all:", on_click=_to, args=(1,))


def on_the_wall(desk: Desk) -> None:
    """Draw the item that the address names; the first one when it names none."""
    items = views.next_agenda(desk)
    numbers = [str(number) for number in range(1, len(items) + 1)]
    place = numbers.index(navigation.chosen(SHOW, numbers) or numbers[0])
    st.html(LARGE)
    if desk.team.demonstration:
        st.caption("Demonstration: everything here is invented.")
    _item(desk, items, place)


def _item(desk: Desk, items: tuple[AgendaItem, ...], place: int) -> None:
    item = items[place]
    begins = sum(each.minutes for each in items[:place])
    st.title(f"{place + 1}. {item.title}", anchor=False)
    day = desk.meeting_papers.meets_on
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"{place + 1} of {len(items)} · {item.minutes} minutes, from minute {begins} to minute "
            f"{begins + item.minutes}{f' · {day}' if day else ''}",
            width="content",
        )
        _steps(place, len(items))
    st.markdown("\n".join(f"- {plain(unbroken(point))}" for point in item.points))
    if item.id == "reviews":
        _before_and_after(desk)
    if item.id in MORE:
        name = MORE[item.id]
        st.page_link(
            navigation.team_page(name),
            label=f"Leave the wall and open “{navigation.TEAM[name][0]}”",
            icon=":material/open_in_full:",
        )


def _before_and_after(desk: Desk) -> None:
    """Draw the first measure that has something to show; of others the point says enough."""
    every = (review.measured.series for review in views.reviews(desk) if review.measured)
    series = next((found for found in every if any(one.known for one in found)), ())
    if not series:
        return
    if not has_course(series):
        series_table(series)
        return
    left, right = chart_and_table()
    with left:
        series_chart(series, times=WALL)
    with right:
        series_table(series)


def _steps(place: int, many: int) -> None:
    """Draw the buttons above the item: they stay where they are, however long it is."""
    st.button("Back", shortcut="Left", disabled=place == 0, on_click=_to, args=(place,), key="back")
    st.button(
        "Next",
        shortcut="Right",
        type="primary",
        disabled=place == many - 1,
        on_click=_to,
        args=(place + 2,),
        key="next",
    )
    st.button("End", shortcut="Esc", type="tertiary", on_click=_leave, key="end")


def _to(number: int) -> None:
    st.query_params[SHOW] = str(number)


def _leave() -> None:
    st.query_params.clear()
