"""The parts of the decision log: the list, and one decision with its evidence and history."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date

import streamlit as st

from feedback.decisions.checks import check_decision
from feedback.decisions.history import describe_changes
from feedback.decisions.log import (
    SETTLED,
    STATE_WORDS,
    Decision,
    Direction,
    State,
    from_dict,
)
from feedback.decisions.measure import BeforeAfter, Trend, in_words
from feedback.decisions.protocol import areas_of
from feedback.decisions.signals import Ref, signal
from feedback.ui import gate, texts, views
from feedback.ui.signal_parts import (
    has_course,
    said_likely,
    series_chart,
    series_table,
    topic_in_full,
)
from feedback.ui.team_data import DECISION, Desk, history
from feedback.ui.texts import day, first_up, plain
from feedback.ui.widgets import bullets, evidence_link, look_at

EVERYTHING, OPEN, DUE, SETTLED_ONES, REFUSED = (
    "All",
    "Open",
    "To look at again",
    "Decided and done",
    "Not done, because",
)
FILTERS = (EVERYTHING, OPEN, DUE, SETTLED_ONES, REFUSED)
ANY_AREA = ""
MOST = 12  # decisions in sight; those whose last step is longer ago are folded


def decision_list(desk: Desk) -> None:
    """Draw the log, filtered by state and area, newest step first."""
    if not desk.decisions:
        st.markdown("Nothing is written down yet. The first decision can be to change nothing.")
        return
    areas = views.areas()
    titles = {ANY_AREA: "Every area"} | {area.id: area.title for area in areas.areas}
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        which = look_at("Show", FILTERS, EVERYTHING, key="decision-filter")
    area = right.selectbox(
        "Area", list(titles), format_func=lambda name: titles[name], key="decision-area"
    )
    found = [
        decision
        for decision in sorted(desk.decisions, key=lambda d: str(d.state_since), reverse=True)
        if _fits(decision, which, desk) and area in (ANY_AREA, *areas_of(decision, areas))
    ]
    for decision in found[:MOST]:
        _entry(desk, decision)
    if earlier := found[MOST:]:
        with st.expander(f"Earlier: {len(earlier)}", icon=":material/history:"):
            for decision in earlier:
                _entry(desk, decision)
    if not found:
        st.markdown("No decision fits what you chose above.")


def one_decision(desk: Desk, decision: Decision) -> None:
    """Draw one decision in full: why, on what evidence, who, and what came of it."""
    st.button("All decisions", icon=":material/arrow_back:", type="tertiary", on_click=_open)
    st.header(plain(decision.text), anchor=False)
    _badges(decision)
    if decision.because:
        st.markdown(f"**Because.** {plain(decision.because)}")
    left, right = st.columns(2, gap="medium")
    with left:
        _rests_on(desk, decision)
    with right:
        _who_and_when(decision)
    problems = check_decision(decision)
    if problems:
        st.subheader("Still to do", anchor=False)
        bullets(problem.text for problem in problems)
    helped = views.did_it_help(desk, decision)
    if helped is not None and decision.measure is not None:
        before_and_after(desk, helped, decision.measure.direction)


def before_and_after(desk: Desk, found: BeforeAfter, direction: Direction) -> None:
    """Draw what the same question said before and after, with what else to bear in mind."""
    st.subheader("Did it help? Before and after", anchor=False)
    about = topic_in_full(found.change.before, desk.wording).rstrip(".")
    st.markdown(
        f"**Seen by:** {plain(about)}. It helped when {texts.DIRECTION_WORDS[direction]}.  \n"
        f"{plain(found.text)}"
    )
    _course(found)
    _compared(found)
    others = [f"Changed at about the same time: {other}" for other in found.others]
    compared = found.change.trend is not Trend.TOO_FEW
    bullets((*(n for n in found.notes if n not in found.text), *(others if compared else ())))
    if found.suggested is not None and found.change.after.release is not None:
        words = texts.RESULT_WORDS[found.suggested].lower()
        st.markdown(f"The numbers alone would say: **{words}**. What was found, the team decides.")


def _course(found: BeforeAfter) -> None:
    """Draw the measure in every release, where any says something."""
    places = [each.release for each in found.series]
    baseline = found.change.before.release
    lonely = baseline not in places and not has_course(found.series)
    if lonely or not any(each.known for each in found.series):
        return
    change = places.index(baseline) + 1 if baseline in places else None
    if has_course(found.series):
        left, right = st.columns(2, gap="medium")
        with left:
            series_chart(found.series, change_before=change)
        with right:
            series_table(found.series)
    else:
        series_table(found.series)


def _compared(found: BeforeAfter) -> None:
    """Draw the comparisons that go by when people got help, where a release allows them."""
    pairs = (
        ("Help in the last 3 months", "Before", "Now", found.recent),
        ("In the newest release", "Help over a year ago", "Help lately", found.by_experience),
    )
    lines = [
        f"- **{title}: {in_words(pair)}.** {first}: {said_likely(pair.before).lower()}. "
        f"{then}: {said_likely(pair.after).lower()}."
        for title, first, then, pair in pairs
        if pair is not None
    ]
    if lines:
        st.markdown("\n".join(lines))


def versions(desk: Desk, decision: Decision) -> None:
    """Draw who changed what, version by version."""
    with st.expander("History of this decision", icon=":material/history:"):
        before: Decision | None = None
        for document in history(gate.settings(), DECISION, decision.id):
            now = from_dict(document.body)
            sentences = describe_changes(before, now, desk.wording) or ("Saved without a change.",)
            st.markdown(
                f"**{document.version}.** {day(document.saved_on)}, {plain(document.author)}: "
                + " ".join(plain(sentence) for sentence in sentences)
            )
            before = now


def _entry(desk: Desk, decision: Decision) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{plain(decision.text)}**")
        _badges(decision)
        owner = plain(decision.owner or "No owner yet")
        st.markdown("\u00a0· ".join((owner, *_days(decision, desk.today))))
        short = textwrap.shorten(decision.text, 32, placeholder=" …")
        st.button(
            plain(f"Open “{short}”"), key=f"open-{decision.id}", on_click=_open, args=(decision.id,)
        )


def _days(decision: Decision, today: date) -> tuple[str, ...]:
    """Return what lies ahead of a decision, or when it was checked."""
    if decision.state is State.CHECKED:
        found = f": {texts.RESULT_WORDS[decision.result].lower()}" if decision.result else ""
        return (f"checked on {day(decision.state_since)}{found}",)
    to_do = decision.due or decision.state is not State.NOT_NOW
    again = f"look again: {day(decision.review)}"
    if decision.review and decision.review <= today:
        again = f"**time to look again** (since {day(decision.review)})"
    return (*([f"due: {day(decision.due)}"] if to_do else ()), again)


def _open(id_: str = "") -> None:
    st.query_params.from_dict({"decision": id_} if id_ else {})


def _badges(decision: Decision) -> None:
    settled = decision.state in SETTLED and decision.state is not State.NOT_NOW
    colour = "green" if settled else "orange"
    area = views.areas().by_id.get(decision.area)
    structure = views.structures().by_id.get(decision.structure)
    rest = [
        texts.KIND_WORDS[decision.kind],
        *([area.title] if area else []),
        *([structure.title] if structure else []),
    ]
    badges = [f":{colour}-badge[{first_up(STATE_WORDS[decision.state])}]"]
    badges += [f":gray-badge[{plain(words)}]" for words in rest]
    st.markdown(" ".join(badges))


def _rests_on(desk: Desk, decision: Decision) -> None:
    st.subheader("What it rests on", anchor=False)
    numbers = {published.number for published in desk.shelf.published}
    withdrawn = {each.number for each in desk.shelf.withdrawn}
    for link in decision.evidence:
        ref = Ref.parse(link.ref)
        about = topic_in_full(signal(None, ref, desk.wording), desk.wording)
        said = f"{about.rstrip('.')} ({link.words})" if link.words else about
        if link.release in numbers:
            evidence_link(desk, link.release, ref, said)
        else:
            gone = " (withdrawn)" if link.release in withdrawn else ""
            st.markdown(f"- Release {link.release}{gone}: {plain(said)}")
    for other in decision.other_evidence:
        kind, strength = texts.OTHER_WORDS[other.kind], texts.OTHER_STRENGTH_WORDS[other.strength]
        st.markdown(f"- **{kind}** ({strength}): {plain(other.text)}")
    if not decision.evidence and not decision.other_evidence:
        st.markdown("Nothing is linked yet.")
    _list("Asked for, and not done", [f"{n.asked} {n.because}" for n in decision.asked_not_done])
    _list("Ways not taken", decision.options_not_taken)


def _who_and_when(decision: Decision) -> None:
    st.subheader("Who and when", anchor=False)
    lines = [
        f"**Role:** {plain(decision.owner or 'no owner yet')}",
        f"**Decided on:** {day(decision.decided_on)}",
    ]
    if decision.due or decision.state is not State.NOT_NOW:
        lines.append(f"**Due:** {day(decision.due)}")
    if decision.state is State.CHECKED:
        lines.append(f"**Checked on:** {day(decision.state_since)}")
    else:
        lines.append(f"**Look at it again on:** {day(decision.review)}")
    if decision.result:
        found = f"{texts.RESULT_WORDS[decision.result]}. {decision.result_note}"
        lines.append(f"**Found:** {plain(found.strip())}")
    if decision.next_step:
        lines.append(f"**Next:** {plain(decision.next_step)}")
    st.markdown("  \n".join(lines))
    _list("Not in the room", decision.absent)


def _list(title: str, lines: Sequence[str]) -> None:
    if lines:
        st.markdown(f"**{title}**")
        bullets(lines)


def _fits(decision: Decision, which: str, desk: Desk) -> bool:
    due = decision.review is not None and decision.review <= desk.today
    return {
        EVERYTHING: True,
        OPEN: decision.state not in SETTLED,
        DUE: due and decision.state is not State.CHECKED,
        SETTLED_ONES: decision.state in SETTLED and decision.state is not State.NOT_NOW,
        REFUSED: decision.state is State.NOT_NOW,
    }[which]
