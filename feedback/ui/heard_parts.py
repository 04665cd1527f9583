"""The parts of the page on what we heard: who, what helps, what to change, and what waits."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from feedback.decisions.coverage import Reach
from feedback.decisions.cycle import tasks_late
from feedback.decisions.gaps import Difference
from feedback.decisions.heard import FEW_ANSWERED, SAMPLE, Heard, three_signals
from feedback.decisions.measure import Trend, in_words
from feedback.decisions.shares import Strength
from feedback.decisions.signals import CORE, NO_ANSWER, Signal
from feedback.decisions.silence import NOTHING, Silent
from feedback.ui import navigation, texts, views
from feedback.ui.reworded_parts import in_other_words
from feedback.ui.signal_parts import (
    agreement,
    agreement_chart,
    changes,
    chart_and_table,
    how_many,
    said_likely,
    share_chart,
    signal_table,
    topic,
    topic_in_full,
    unknown_list,
)
from feedback.ui.team_data import Desk
from feedback.ui.texts import day, first_up, one_line, plain
from feedback.ui.widgets import bullets, decision_link, plain_table

SOUNDS_RIGHT = "sounds_right"  # the question with which last time's themes are shown again
MOST = 5  # lines of each list; the pages behind show the rest
MOST_WAITING = 3  # of what was not answered: each is a sentence or two


def begin_with(desk: Desk, heard: Heard) -> None:
    """Draw up to three sentences to begin a meeting with, a strength first."""
    with st.container(border=True, gap="xsmall"):
        st.header("Begin with this", anchor=False)
        st.markdown(plain(heard.intro))
        for found in three_signals(heard):
            st.subheader(plain(found.text), anchor=False)
            st.caption(f"{said_likely(found)}{_as_many(found, heard)}")
        if not says_anything(desk):
            _until_more_can_be_said(desk)


def says_anything(desk: Desk) -> bool:
    """Say whether the newest release has enough answers to say anything at all."""
    return any(found.known for found in views.said(desk).values())


def who_we_heard(desk: Desk) -> None:
    """Draw who answered, and how far listening has come at each door, place, language and group."""
    st.header("Who we heard, and whom we have not", anchor=False)
    left, right = st.columns(2, gap="medium")
    with left:
        _who_answered(desk)
    with right:
        st.subheader("How far listening has come", anchor=False)
        coverage_in_short(desk)


def coverage_in_short(desk: Desk) -> None:
    """Draw how far listening has come, and what to do next."""
    laid = views.coverage_map(desk)
    places = {reach: laid.with_reach(reach) for reach in reversed(Reach)}
    st.markdown(
        "\n".join(
            f"- **{first_up(reach.words)}:** {plain(', '.join(item.name for item in items))}"
            for reach, items in places.items()
            if items
        )
    )
    for step in laid.next_steps[:2]:
        st.markdown(f"**Next: {plain(step.where)}.** {plain(step.text)}")
    st.page_link(navigation.team_page("coverage"), label="The whole map", icon=":material/groups:")


def did_we_hear_right(desk: Desk) -> None:
    """Draw what people said when they were shown the themes of last time, if they were."""
    answers = [each for ref, each in views.said(desk).items() if ref.question == SOUNDS_RIGHT]
    if not answers:
        return
    st.header("Did we hear it right?", anchor=False)
    st.markdown(
        "The form showed what people said most often last time, and asked: "
        f"“{plain(desk.wording.question(SOUNDS_RIGHT))}”"
    )
    known = [each for each in answers if each.known and each.ref.answer not in NO_ANSWER]
    if not known:
        st.markdown(f"{plain(answers[0].why)} {texts.NOTHING_KNOWN}")
        return
    left, right = chart_and_table()
    with left:
        share_chart(known, desk.wording)
    with right:
        signal_table(known, desk.wording, since=changes(desk, known))
    st.markdown(
        "Where people say “partly” or “no”, ask what was left out before deciding anything by it."
    )


def how_people_were_treated(desk: Desk, heard: Heard) -> None:
    """Draw the four questions of the core index, then the others about how people were treated."""
    st.header("How people were treated", anchor=False)
    st.markdown(f"**{plain(heard.core.text)}**")
    st.markdown(
        "These four say most about whether people are content with the help they got. They stay "
        "the same from round to round, so that they can be compared."
    )
    _statements(desk, list(heard.core.items))
    scales = [each for ref, each in views.said(desk).items() if not ref.answer]
    rest = sorted((each for each in scales if each.ref.question not in CORE), key=_well_said)
    if rest:
        st.subheader("And the other questions about it", anchor=False)
        _statements(desk, rest)


def what_helps(desk: Desk, heard: Heard) -> None:
    """Draw what people want kept."""
    st.header("What helps: keep it", anchor=False)
    _themes(desk, "keep", heard.kept)
    in_other_words(desk, "keep")


def what_to_change(desk: Desk, heard: Heard) -> None:
    """Draw what people ask to change, what made it hard and what should come first."""
    st.header("What people ask us to change", anchor=False)
    _themes(desk, "change", heard.wishes)
    in_other_words(desk, "change")
    lists = (
        ("What made it hard to get help", heard.barriers),
        ("What people should get first", heard.needs),
    )
    for column, (title, found) in zip(st.columns(2, gap="medium"), lists, strict=True):
        with column:
            st.subheader(title, anchor=False)
            bullets(
                f"{first_up(how_many(each))}: {topic(each, desk.wording)}" for each in found[:3]
            )
            if not found:
                st.markdown(f"Nothing stands out. {texts.NOTHING_KNOWN}")


def what_is_different(desk: Desk) -> None:
    """Draw what moved since the release before, and gaps between groups that can be shown."""
    st.header("What is different since last time", anchor=False)
    _since_last(desk)
    st.subheader("Between groups", anchor=False)
    gaps = views.group_gaps(desk)
    telling = [g for g in gaps if g.difference not in (Difference.SAME, Difference.TOO_FEW)]
    bullets(gap.text for gap in telling[:MOST])
    if not telling and any(gap.difference is Difference.SAME for gap in gaps):
        st.markdown("No group that can be shown stands out from the others.")
    elif not telling:
        st.markdown(
            "No groups can be compared this time: they are too small. We do not know of any gap, "
            "and we do not know that there is none."
        )


def what_waits(desk: Desk) -> None:
    """Draw where the team stands, what is due, and what was heard and not answered."""
    st.header("What waits for us", anchor=False)
    place = views.where_we_are(desk)
    st.markdown(f"**{plain(place.title)}.** {plain(place.why)} {plain(place.next)}")
    left, right = st.columns(2, gap="medium")
    with left:
        _due(desk)
    with right:
        _silence(views.waiting(desk))


def _until_more_can_be_said(desk: Desk) -> None:
    st.markdown(
        f"**The next release comes {plain(desk.next_release())}.** The more people answer until "
        "then, the more it can say."
    )
    st.page_link(
        navigation.team_page("coverage"), label="Plan whom to ask next", icon=":material/groups:"
    )
    spoke = views.last_that_speaks(desk)
    if spoke is not None:
        st.page_link(
            navigation.team_page("export"),
            label=plain(f"What release {spoke.number} said, {spoke.round}"),
            icon=":material/description:",
            query_params={"release": str(spoke.number)},
        )


def _since_last(desk: Desk) -> None:
    said = [each for ref, each in views.said(desk).items() if ref.answer not in NOTHING]
    compared = changes(desk, said)
    if compared is None:
        st.markdown("This is the first release: there is nothing yet to compare it with.")
        return
    moved = [c for c in compared.values() if c.trend not in (Trend.SAME, Trend.TOO_FEW)]
    st.markdown(
        "\n".join(
            f"- **{first_up(in_words(change))}.** "
            f"{plain(topic_in_full(change.after, desk.wording).rstrip('.'))}. "
            f"Last time {said_likely(change.before).lower()}; "
            f"this time {said_likely(change.after).lower()}."
            for change in sorted(moved, key=lambda change: change.trend is not Trend.CLEAR)[:MOST]
        )
    )
    if len(moved) > MOST:
        st.markdown(f"And {len(moved) - MOST} more, on the pages of the protocol and the themes.")
    if moved:
        st.caption(
            "“Clear change”: the two bands do not meet. “Points up” or “points down”: each lies "
            "outside the other's band, and it could still be chance."
        )
    elif all(change.trend is Trend.TOO_FEW for change in compared.values()):
        st.markdown(
            "Too few people answered in one of the two releases to tell. That is not the same as "
            "no change."
        )
    else:
        st.markdown("Nothing has moved enough to tell it from chance and rounding.")


def _statements(desk: Desk, found: Sequence[Signal]) -> None:
    known = [each for each in found if each.known]
    left, right = chart_and_table()
    with left:
        agreement_chart(agreement(desk, [each.ref.question for each in known]))
    with right:
        signal_table(known, desk.wording, since=changes(desk, known))
    unknown_list([each for each in found if not each.known], desk.wording)


def _due(desk: Desk) -> None:
    st.subheader("Decisions to look at again", anchor=False)
    due, late = views.reviews(desk), tasks_late(desk.decisions, desk.today)
    for review in due[:MOST]:
        decision_link(review.decision)
        says = review.measured.text if review.measured else "It names no measure."
        st.markdown(f"Review was due on {day(review.due)}. {plain(says)}")
    bullets(
        f"Overdue since {day(decision.due)}: {decision.text} ({decision.owner or 'no owner yet'})"
        for decision in late[:MOST]
    )
    if not due and not late:
        st.markdown("Nothing is due.")


def _silence(waiting: Sequence[Silent]) -> None:
    st.subheader("Heard, and not answered yet", anchor=False)
    bullets(silent.text for silent in waiting[:MOST_WAITING])
    if not waiting:
        st.markdown("Nothing that we know of waits for an answer.")
        return
    more = len(waiting) - MOST_WAITING
    if more > 0:
        st.markdown(f"And {more} more, on the page of the decisions.")
    st.page_link(
        navigation.team_page("decisions"),
        label="Answer one of these",
        icon=":material/edit_note:",
        query_params={"new": waiting[0].ref},
    )


def _who_answered(desk: Desk) -> None:
    st.subheader("Who answered", anchor=False)
    who = [each for ref, each in views.said(desk).items() if ref.question in ("path", "age")]
    if any(each.known for each in who):
        plain_table(
            {"Who": plain(topic(each, desk.wording)), "How many": _how_many_answered(each)}
            for each in who
        )
        if any(each.strength is Strength.WEAK for each in who):
            st.caption(FEW_ANSWERED)
    else:
        st.markdown("Too few people answered to say who they are.")
    st.markdown("Those who answer are never everybody. Look at who is missing before deciding.")


def _how_many_answered(found: Signal) -> str:
    return one_line(first_up(how_many(found, strength=False)))


def _as_many(found: Signal, heard: Heard) -> str:
    """Say when the first theme of a list is only one of several that were named about as often."""
    lists = (listed for listed in (heard.kept, heard.wishes) if found in listed)
    level = [e for listed in lists for e in listed if how_many(e) == how_many(found)]
    return " · others were named about as often" if len(level) > 1 else ""


def _themes(desk: Desk, box: str, found: Sequence[Signal]) -> None:
    st.markdown(f"*{plain(desk.wording.question(box))}*")
    if not found:
        st.markdown(f"Nothing can be said about this yet. {texts.NOTHING_KNOWN}")
        return
    if desk.shelf.latest and desk.shelf.latest.is_sample(found[0].ref.question):
        st.caption(SAMPLE)
    left, right = chart_and_table()
    with left:
        share_chart(found, desk.wording, warm=box == "change")
    with right:
        signal_table(found, desk.wording, since=changes(desk, found))


def _well_said(found: Signal) -> float:
    share = found.share or 0.0
    return share - 1 if found.reversed else -share
