"""The parts of the themes page: both boxes beside each other, and one theme with where it bears."""

from __future__ import annotations

import streamlit as st

from feedback.decisions.heard import SAMPLE
from feedback.decisions.signals import Ref, signal
from feedback.ui import navigation, texts, views
from feedback.ui.reworded_parts import in_other_words, of_theme
from feedback.ui.signal_parts import (
    changes,
    fewer_list,
    how_many,
    series_chart,
    series_table,
    share_chart,
    signal_table,
    unknown_list,
)
from feedback.ui.team_data import Desk
from feedback.ui.texts import plain
from feedback.ui.widgets import decision_link

BOXES = {"change": "What to change", "keep": "What helped: keep it"}
MOST = 8


def both_boxes(desk: Desk) -> None:
    """Draw the themes of both open questions, most named first."""
    for column, (box, title) in zip(st.columns(2, gap="medium"), BOXES.items(), strict=True):
        with column:
            st.header(title, anchor=False)
            st.markdown(f"*{plain(desk.wording.question(box))}*")
            _box(desk, box)


def one_theme(desk: Desk) -> None:
    """Let the team choose a theme, and draw how it moved and where it bears."""
    themes = _themes(desk)
    if not themes:
        return
    st.header("One theme", anchor=False)
    asked = navigation.chosen("theme", themes)
    first = asked or max(themes, key=lambda theme: _most_named(desk, theme))
    chosen = st.selectbox(
        "Theme",
        themes,
        index=themes.index(first),
        format_func=desk.wording.theme,
        key=f"theme-{asked}",
    )
    for column, (box, title) in zip(st.columns(2, gap="medium"), BOXES.items(), strict=True):
        with column:
            st.subheader(title, anchor=False)
            found = views.series(desk, Ref(box, chosen))
            series_chart(found)
            series_table(found)
            of_theme(desk, box, chosen)
    _where_it_bears(chosen)
    _decisions(desk, chosen)


def _box(desk: Desk, box: str) -> None:
    named = [each for ref, each in views.said(desk).items() if ref.question == box]
    if desk.shelf.latest and desk.shelf.latest.is_sample(box):
        st.caption(SAMPLE)
    known = sorted((each for each in named if each.share), key=lambda each: -(each.share or 0.0))
    silent = signal(desk.shelf.latest, Ref(box, "none"), desk.wording)
    share_chart(known[:MOST], desk.wording, warm=box == "change")
    signal_table(known[:MOST], desk.wording, since=changes(desk, known))
    if not any(each.known for each in named):
        st.markdown(f"Nothing can be said about this yet. {texts.NOTHING_KNOWN}")
    fewer_list(desk, [*known[MOST:], *(each for each in named if each.share == 0)])
    if silent.known:
        st.markdown(f"Wrote nothing in this box: {how_many(silent)}.")
    unknown_list([each for each in named if not each.known], desk.wording)
    in_other_words(desk, box)


def _where_it_bears(theme: str) -> None:
    st.subheader("Where it bears", anchor=False)
    areas, known = views.areas(), views.structures()
    refs = {f"{box}:{theme}" for box in BOXES}
    for area in areas.of_theme(theme):
        st.page_link(
            navigation.team_page("protocol"),
            label=f"Protocol: {areas.by_id[area].title}",
            icon=":material/checklist:",
            query_params={"area": area},
        )
    if theme in areas.everywhere.themes:
        st.markdown("It bears on every area of the protocol.")
    for structure in known.structures:
        for bearing in structure.signals:
            if bearing.ref in refs:
                st.page_link(
                    navigation.team_page("structure"),
                    label=f"{plain(structure.title)}, {bearing.side}: {plain(bearing.because)}",
                    icon=":material/account_tree:",
                    query_params={"structure": structure.id},
                )
    for factor in known.factors:
        if refs & set(factor.signals):
            st.markdown(f"- It bears on {plain(factor.title.lower())}.")


def _decisions(desk: Desk, theme: str) -> None:
    refs = {f"{box}:{theme}" for box in BOXES}
    for decision in desk.decisions:
        if refs & decision.answers:
            decision_link(decision)


def _most_named(desk: Desk, theme: str) -> float:
    found = (views.said(desk).get(Ref(box, theme)) for box in BOXES)
    return max((each.share or 0.0 for each in found if each), default=0.0)


def _themes(desk: Desk) -> list[str]:
    return list(dict.fromkeys(ref.answer for ref in views.said(desk) if ref.question in BOXES))
