"""Settings that are lists: help lines, languages and rounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from feedback.errors import ThroughlineError
from feedback.questionnaire.catalogue import Catalogue, Language
from feedback.questionnaire.choices import why_not
from feedback.questionnaire.definition import load_questionnaire
from feedback.questionnaire.modules import NEEDS_AGREEMENT, modules
from feedback.rounds import State, load_round
from feedback.settings import STALE_DAYS, HelpLine, RoundDates, TeamFile
from feedback.team_file import Edit, Value, move_up
from feedback.ui import gate
from feedback.ui import settings_saving as saving
from feedback.ui.settings_parts import advice
from feedback.ui.texts import day, plain
from feedback.ui.widgets import DAYS

# ---------------------------------------------------------------- help lines


def help_lines(team: TeamFile, today: date, *, may: bool) -> None:
    """Draw the help lines in their order, with the day on which each was last checked."""
    st.header("Help lines", anchor=False)
    st.markdown(
        "Your own program comes first. Call every number yourself: a number that rings nowhere "
        f"harms. After {STALE_DAYS} days without a check, the form says that it may have changed."
    )
    for at, line in enumerate(team.help):
        with st.container(border=True):
            _line(team, line, at, today, may=may)
    if may:
        with st.expander("Add a help line", icon=":material/add:"):
            _line_form(team, HelpLine(name="New"), new=True)


def _line(team: TeamFile, line: HelpLine, at: int, today: date, *, may: bool) -> None:
    numbers = [f"Call {line.call}" if line.call else "", f"Text {line.text}" if line.text else ""]
    said = (" · ".join(filter(None, numbers)), line.note)
    st.markdown("  \n".join((f"**{plain(line.name)}**", *map(plain, filter(None, said)))))
    checked = (
        f"Last checked on {day(line.checked_on)}."
        if line.checked_on
        else "Nobody has checked it yet."
    )
    if line.is_stale(today):
        st.warning(f"{checked} Call it before somebody needs it.", icon=":material/call:")
    else:
        st.caption(checked)
    if not may:
        return
    with st.container(horizontal=True):
        if st.button("I called it today", key=f"called-{at}", icon=":material/call:"):
            called = saving.edited("checked_on", today, team, table="help", entry=line.name)
            saving.save([called], f"{line.name} was called today.")
        if at and st.button("Show it earlier", key=f"up-{at}", icon=":material/arrow_upward:"):
            _move(line.name, today)
    with st.expander("Change it"):
        _line_form(team, line, new=False)


def _line_form(team: TeamFile, line: HelpLine, *, new: bool) -> None:
    def key(name: str) -> str:
        return saving.field(f"help-{'new' if new else line.name}-{name}")

    with st.form(key("form")):
        name = st.text_input("Name", key=key("name")) if new else line.name
        call = st.text_input("Number to call", line.call or "", key=key("call"))
        text = st.text_input("Number to text", line.text or "", key=key("text"))
        note = st.text_input("What people should know first", line.note, key=key("note"))
        gone = not new and st.checkbox("Take this line away", key=key("gone"))
        sent = st.form_submit_button("Add" if new else "Save", type="primary")
    advice(note)
    name = name.strip()
    if new and sent and (not name or name in [each.name for each in team.help]):
        st.error("Give it a name that no other line has.")
        return
    values = {"call": call.strip() or None, "text": text.strip() or None, "note": note.strip()}
    done = "Saved. Call the number, then press “I called it today”."
    if new:
        edits = [Edit(k, None, v, "help", name) for k, v in values.items() if v]
        edits.insert(0, Edit("", None, name, "help", name))
    elif gone:
        edits, done = [Edit("", name, None, "help", name)], f"{name} is taken away."
    else:
        edits = [saving.edited(k, v, team, table="help", entry=name) for k, v in values.items()]
        if (values["call"], values["text"]) != (line.call, line.text):  # nobody called the new one
            edits.append(Edit("checked_on", line.checked_on, None, "help", name))
    if sent:
        saving.save(edits, done)


def _move(name: str, today: date) -> None:
    try:
        move_up(gate.folder(), name, today=today)
    except ThroughlineError as refused:
        st.error(plain(str(refused)))
        return
    saving.begin_again(f"{name} is shown earlier now.")


# ---------------------------------------------------------------- languages


def languages(team: TeamFile, catalogue: Catalogue, today: date, *, may: bool) -> None:
    """Draw every language: whether it can be offered, and who of its community read it."""
    st.header("Languages", anchor=False)
    st.markdown(
        "Words that are fine in one place can hurt in another. Before a round opens, let somebody "
        "of the community, best a survivor, read every text aloud. Pay them."
    )
    known = catalogue.languages.values()
    st.markdown("\n".join(f"- **{plain(each.name)}**: {_standing(each, team)}" for each in known))
    if not may:
        return
    names = {tag: found.name for tag, found in catalogue.languages.items()}
    with st.form("settings-languages"):
        offered = st.multiselect(
            "Offered on the form; the first one is shown without a choice",
            [one.tag for one in known if one.tag in team.languages or not why_not(one, team)],
            [tag for tag in team.languages if tag in names],
            format_func=names.__getitem__,
            key=saving.field("languages"),
        )
        if st.form_submit_button("Save", type="primary"):
            saving.save([saving.edited("languages", tuple(offered), team)], "Saved.")
        saving.edited("languages", tuple(offered), team)
    with st.form("settings-review"):
        whole = [one.tag for one in known if not one.missing]
        tag = st.selectbox("Language", whole, format_func=names.__getitem__)
        by = st.text_input(
            "Who read it? A role, never a name",
            placeholder="Survivor reviewer, Spanish",
            key=saving.field("review-by"),
        )
        sent = st.form_submit_button("They read every text")
    if sent and by.strip():
        _reviewed(team, tag, by.strip(), today)
    elif sent:
        st.error("Say in which role somebody read it.")


def _standing(language: Language, team: TeamFile) -> str:
    offered = "offered. " if language.tag in team.languages else "not offered. "
    problem = why_not(language, team)
    if problem:
        return offered + plain(problem)
    review = team.reviewed(language.tag)
    if review is None:
        return f"{offered}**Not yet checked by a survivor reviewer.**"
    return f"{offered}Checked by {plain(review.by)} on {day(review.day)}."


def _reviewed(team: TeamFile, tag: str, by: str, today: date) -> None:
    edits = [
        saving.edited("by", by, team, table="reviews", entry=tag),
        saving.edited("day", today, team, table="reviews", entry=tag),
    ]
    saving.save(edits, "Written down. Thank them.")


# ---------------------------------------------------------------- rounds


def rounds(team: TeamFile, known: Mapping[str, State], next_round: str, *, may: bool) -> None:
    """Draw the rounds with their dates and what they ask, newest first, and the one to come.

    Of a round that is released nothing can be changed: those lie folded, a line for each.
    """
    st.header("Rounds", anchor=False)
    st.markdown(
        "Every round asks the same sixteen questions, so that answers can be compared. A round may "
        "add **one focus module** of one to three questions. Wording cannot be edited: a changed "
        "question is another question."
    )
    ids = sorted({*(dates.id for dates in team.rounds), *known, next_round}, reverse=True)
    released = [round_id for round_id in ids if known.get(round_id) is State.RELEASED]
    for round_id in ids:
        if round_id not in released:
            _round(team, team.round_dates(round_id), known.get(round_id), may=may)
    if released:
        with st.expander(f"Released rounds: {len(released)}"):
            lines = (_what(each, State.RELEASED, _frozen(each)) for each in released)
            st.markdown("\n".join(f"- {line}" for line in lines))


def _round(team: TeamFile, dates: RoundDates, state: State | None, *, may: bool) -> None:
    with st.container(border=True):
        more = _frozen(dates.id) if state else _chosen(dates)
        st.markdown(_what(dates.id, state, more))
        st.caption(f"Closes: {day(dates.closes)}. Read by: {day(dates.read_by)}.")
        if may and state in (None, State.PREPARED, State.OPEN):
            with st.expander("Change it"):
                _round_form(team, dates, made=state is not None)


def _what(round_id: str, state: State | None, more: list[str]) -> str:
    asks = f"Also asks: {', '.join(more)}." if more else "Asks the sixteen questions."
    return f"**{plain(round_id)}**: {state or 'to come'}. {asks}"


def _chosen(dates: RoundDates) -> list[str]:
    """Return what a round to come will ask besides the core."""
    module = modules().get(dates.module or "")
    return ([module.title] if module else []) + ["What people said last time"] * dates.sounds_right


def _frozen(round_id: str) -> list[str]:
    """Return what a round that was made asks besides the core."""
    core = {section.id for section in load_questionnaire().sections}
    asked = load_round(gate.folder(), round_id).questionnaire.sections
    return [section.title for section in asked if section.id not in core]


def _round_form(team: TeamFile, dates: RoundDates, *, made: bool) -> None:
    def key(name: str) -> str:
        return saving.field(f"round-{dates.id}-{name}")

    with st.form(key("form")):
        wanted: dict[str, Value] = {
            name: st.date_input(title, value, key=key(name), format=DAYS)
            for name, title, value in (
                ("closes", "Closes at the end of", dates.closes),
                ("read_by", "Answers are read by", dates.read_by),
            )
        }
        if made:
            st.caption("What this round asks was frozen when it was made.")
        else:
            wanted |= _asked_fields(dates, key("asks-"))
        sent = st.form_submit_button("Save", type="primary")
    edits = [saving.edited(k, v, team, table="rounds", entry=dates.id) for k, v in wanted.items()]
    if sent:
        saving.save(edits, f"Saved for {dates.id}.")


def _asked_fields(dates: RoundDates, key: str) -> dict[str, Value]:
    titles: dict[str | None, str] = {None: "None"}
    titles |= {name: module.title for name, module in modules().items()}
    listed = list(titles)
    module = st.selectbox(
        "Focus module",
        listed,
        listed.index(dates.module) if dates.module in titles else 0,
        format_func=titles.__getitem__,
        key=f"{key}module",
    )
    agreed = st.text_input(
        f"Who agreed that people are asked which groups they are part of (only for “"
        f"{modules()[NEEDS_AGREEMENT].title}”)",
        dates.agreed_by,
        key=f"{key}agreed",
    )
    shown = st.checkbox(
        "Show what people said last time, and ask whether it sounds right",
        dates.sounds_right,
        key=f"{key}sounds",
        help="Three themes of the newest release. The custodian who opens the round sees them.",
    )
    return {"module": module, "agreed_by": agreed.strip(), "sounds_right": shown}
