"""The screens for paraphrases: write one, look at a colleague's, show them to the team."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from feedback import custody, paraphrases
from feedback.custody import Keys
from feedback.disclosure import quotes
from feedback.errors import ThroughlineError
from feedback.opening import OpenAnswer
from feedback.paraphrases import Hand
from feedback.themes.coding import Box
from feedback.themes.guard import LONGEST
from feedback.themes.paraphrase import Paraphrase, State
from feedback.ui import gate
from feedback.ui.answer_parts import PROMPTS, card, said
from feedback.ui.coding_screen import today
from feedback.ui.rewording import Desk, key_of
from feedback.ui.texts import plain
from feedback.ui.widgets import look_at, say_later

SEEN = "paraphrase-seen"  # which answer was uncovered, by whom, for what
TASK = "paraphrase-task"
HEEDED = "paraphrase-heeded"  # of which text its writer was told that it sounds unlike
TASKS = ("Write", "Look at a colleague's", "Show to the team")
WHERE = (
    "Here are answers whose writers let their words be shared. A theme takes no more sentences "
    "than the release names people: more would tell a number."
)
RULES = (
    "Say what the person meant, no more and no less, in plain words of your own.",
    "Nothing on age, place, dates, who did it, agencies or groups.",
    "Nothing of how the person speaks: no slang, no odd spelling.",
    "Would the person be at ease if police and prosecutors read it aloud? If you doubt it, leave "
    "it out.",
)
STATE_WORDS = {
    State.WRITTEN: "It waits for a second person.",
    State.SENT_BACK: "It was sent back.",
    State.APPROVED: "A second person approved it.",
    State.SHOWN: "The team sees it.",
}


def draw(desk: Desk, keys: Keys) -> None:
    """Draw the task that was chosen, for the person who sits at the desk."""
    if problems := desk.too_small():
        st.info("This round has no paraphrases. " + " ".join(problems))
        return
    if desk.single_person:
        st.info("The plan of this round lets one person write and approve. The team is told so.")
    person = _person(keys)
    if person is None:
        return
    task = look_at("What to do", TASKS, TASKS[0], key=TASK)
    if task == TASKS[0]:
        _write(desk, keys, person)
    elif task == TASKS[1]:
        _review(desk, keys, person)
    else:
        _show(desk, keys, person)


def _person(keys: Keys) -> str | None:
    """Return who sits at the desk; with several custodians a passphrase tells them apart."""
    if len(keys.custodians) == 1:
        return keys.custodians[0]
    known: str | None = st.session_state.get(gate.PERSON)
    if known in keys.custodians:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"At the desk: **{plain(str(known))}**")
            if st.button("Somebody else sits down"):
                del st.session_state[gate.PERSON]
                st.rerun()
        return known
    st.write("One writes and another approves. So that nobody does both, say who you are.")
    with st.form("who-sits-here", border=True):
        who = st.selectbox("Who sits here", keys.custodians)
        words = st.text_input("Your passphrase", type="password", autocomplete="off", key="sits")
        sent = st.form_submit_button("Sit down", type="primary")
    if sent and _fits(str(who), words):
        st.session_state[gate.PERSON] = who
        del st.session_state["sits"]
        st.rerun()
    return None


def _fits(who: str, words: str) -> bool:
    try:
        custody.unlock_team(gate.folder(), {who: words})
    except ThroughlineError as refused:
        st.error(str(refused))
        return False
    return True


def _rules() -> None:
    with st.expander("What a paraphrase is, and is not"):
        st.markdown("\n".join(f"- {rule}" for rule in RULES))


def _covered(desk: Desk, person: str) -> bool:
    """Draw a cover over the answer until the reader is ready."""
    seen = (desk.turn, person, st.session_state[TASK])
    if st.session_state.get(SEEN) == seen:
        return False
    with st.container(border=True):
        st.write("An answer is here. Look when you are ready.")
        # Not Enter: it would press this button together with the one that has the focus.
        if st.button("Show the answer", type="primary", shortcut="S"):
            st.session_state[SEEN] = seen
            st.rerun()
    return True


# ------------------------------------------------------------------ write


def _write(desk: Desk, keys: Keys, person: str) -> None:
    st.header("Write", anchor=False)
    _rules()
    answers = desk.to_write()
    if not answers:
        st.info(f"Nothing is left to write. {WHERE}")
        return
    at = desk.at % len(answers)
    answer = answers[at]
    st.caption(f"Answer {at + 1} of {len(answers)}. {WHERE}")
    st.markdown(f"*{PROMPTS[answer.box]}*")
    back, following = st.columns(2)
    back.button("Back", width="stretch", on_click=desk.go, args=(-1,))
    following.button("Next answer", width="stretch", on_click=desk.go, args=(1,))
    if _covered(desk, person):
        return
    _original(desk, answer)
    _form(desk, keys, answer, person)


def _original(desk: Desk, answer: OpenAnswer) -> None:
    key = key_of(answer)
    with st.container(border=True):
        card(desk.reading, key, f"paraphrase-{desk.turn}")
    st.markdown(f"**Coded as:** {plain(said(desk.reading, desk.reading.standing[key]))}")


def _form(desk: Desk, keys: Keys, answer: OpenAnswer, person: str) -> None:
    before, free = desk.written.get(answer.rid), desk.free_themes(answer)
    if before is not None:
        st.markdown(f"**{STATE_WORDS[before.state]}** {plain(before.reason)}")
    with st.form(f"write-{desk.turn}", border=True):
        theme = st.selectbox(
            "Theme it stands under", free, format_func=lambda each: desk.label(answer.box, each)
        )
        text = st.text_area(
            "In other words",
            value=before.text if before else "",
            max_chars=LONGEST,
            height=110,
            key=f"paraphrase-{desk.turn}",
        )
        sent = st.form_submit_button("Hand to the second person", type="primary")
    if sent:
        one = Paraphrase(Box(answer.box), str(theme), text.strip() or " ", person)
        _hand_on(desk, keys, answer, one)


def _hand_on(desk: Desk, keys: Keys, answer: OpenAnswer, one: Paraphrase) -> None:
    if problems := desk.problems(one.text, answer):
        st.error("Not handed on yet. Your text is kept.\n" + _lines(problems))
        return
    others = desk.other_themes(one.text, one.theme)
    if others and st.session_state.get(HEEDED) != hash(one.text):
        st.session_state[HEEDED] = hash(one.text)
        st.warning(
            f"Your words sound like other themes: {plain(', '.join(others))}. Is it still what "
            "the person meant? If so, hand it on once more."
        )
        return
    try:
        desk.keep(keys, {answer.rid: one})
    except ThroughlineError as refused:
        st.error(f"Not saved. Your text is kept. {refused}")
        return
    _say("It waits for a second person.")


# ------------------------------------------------------------------ review


def _review(desk: Desk, keys: Keys, person: str) -> None:
    st.header("Look at a colleague's", anchor=False)
    waiting = desk.waiting(person)
    if not waiting:
        own = any(o.state is State.WRITTEN and o.by == person for o in desk.written.values())
        st.info(
            "Nothing waits for you. What you wrote yourself waits for somebody else."
            if own
            else "Nothing waits to be looked at."
        )
        return
    _rules()
    answer, one = waiting[desk.turn % len(waiting)]
    if _covered(desk, person):
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("What the person wrote", anchor=False)
        st.caption(PROMPTS[answer.box])
        _original(desk, answer)
    with right:
        st.subheader("In other words", anchor=False)
        st.caption(f"Written by {plain(one.by)}")
        with st.container(border=True):
            st.markdown(plain(one.text))
        st.markdown(f"**Stands under:** {plain(desk.label(one.box, one.theme))}")
        if others := desk.other_themes(one.text, one.theme):
            st.caption(f"It sounds like other themes: {plain(', '.join(others))}.")
    _decide(desk, keys, answer.rid, one, person)


def _decide(desk: Desk, keys: Keys, rid: int, one: Paraphrase, person: str) -> None:
    with st.form(f"decide-{desk.turn}", border=True):
        reason = st.text_input(
            "If you send it back: why? (do not copy the person's words)", max_chars=200
        )
        with st.container(horizontal=True):
            approved = st.form_submit_button("Approve", type="primary")
            sent_back = st.form_submit_button("Send back")
    if not approved and not sent_back:
        return
    alone = desk.single_person
    try:
        decided = (
            one.approve(person, single_person=alone)
            if approved
            else one.send_back(person, reason, single_person=alone)
        )
        desk.keep(keys, {rid: decided})
    except ThroughlineError as refused:
        st.error(str(refused))
        return
    _say("Approved." if approved else "Sent back to its writer.")


# ------------------------------------------------------------------ show


def _show(desk: Desk, keys: Keys, person: str) -> None:
    st.header("Show to the team", anchor=False)
    approved = desk.approved()
    st.write(
        "What two people agreed on is shown as one set, in random order, under its themes: on the "
        "team's pages and in the meeting packet, never in a file of numbers. You can take out any "
        "sentence on any day; nothing tells that it was there."
    )
    st.markdown(
        "\n".join(
            f"- **{plain(desk.label(one.box, one.theme))}.** {plain(one.text)} "
            f"*{STATE_WORDS[one.state]}*"
            for one in approved
        )
        or "Nothing is approved yet."
    )
    problems = quotes.set_problems(desk.release, [(o.box, o.theme) for o in approved])
    if problems:
        st.info(" ".join(problems))
    hand = Hand(person, keys.team_seed, today())
    everything_shown = all(one.state is State.SHOWN for one in approved)
    if st.button(
        "Show these to the team", type="primary", disabled=bool(problems) or everything_shown
    ):
        _do(lambda: desk.show_all(keys, hand), "The team sees these sentences now.")
    if approved:
        _take_out(desk, keys, approved, hand)


def _take_out(desk: Desk, keys: Keys, approved: list[Paraphrase], hand: Hand) -> None:
    with st.form(f"take-out-{desk.turn}", border=True):
        chosen = st.radio(
            "Take one out", approved, index=None, format_func=lambda one: plain(one.text)
        )
        sent = st.form_submit_button("Take it out")
    if sent and chosen is not None:
        _do(lambda: desk.take_out(keys, chosen, hand), "It is gone.")


# ------------------------------------------------------------------ take out without unlocking


def take_out_of_pages() -> None:
    """Let a custodian take a sentence off the team's pages, also when every key is destroyed."""
    folder = gate.folder()
    stands = {
        (number, sentence.text): sentence
        for number, some in paraphrases.standing(folder).items()
        for sentence in some
    }
    if not stands:
        return
    with st.expander("Take a sentence off the team's pages"), st.form("off-the-pages", border=True):
        chosen = st.radio(
            "Sentence",
            list(stands),
            index=None,
            format_func=lambda each: f"{plain(each[1])} (release {each[0]})",
        )
        who = st.selectbox("Custodian who takes it off", custody.team_custodians(folder))
        words = st.text_input("Their passphrase", type="password", autocomplete="off", key="off")
        sent = st.form_submit_button("Take it off")
    if not sent or chosen is None:
        return

    def take_off() -> None:
        seed = custody.unlock_team(folder, {str(who): words})
        paraphrases.take_out(folder, *chosen, Hand(str(who), seed, today()))
        del st.session_state["off"]

    _do(take_off, "It is gone.")


def _do(act: Callable[[], None], done: str) -> None:
    try:
        act()
    except ThroughlineError as refused:
        st.error(str(refused))
        return
    _say(done)


def _say(sentence: str) -> None:
    say_later(sentence)
    st.rerun()


def _lines(problems: list[str]) -> str:
    return "\n".join(f"- {plain(problem)}" for problem in problems)
