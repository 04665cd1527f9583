"""What custodians do in the reading room: read, read blind, settle, look by theme, note care."""

import json
import re
import secrets
import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest

from feedback import custody, opening
from feedback.rounds import load_round, states
from feedback.store import audit
from feedback.themes.coding import Choice, Kind, code, current, readings, resolve
from feedback.themes.hiding import hide
from feedback.ui import gate
from feedback.ui.hiding import words_of
from feedback.ui.tasks import Task

FIRST, SECOND = "Lead advocate", "Program director"
TODAY = date.today()  # noqa: DTZ011 - the day on which the page runs too


class Shelf:
    """The sealed snapshot of the open round, as those who hold the keys see it."""

    def __init__(self, team):
        self.team, self.folder = team, team.folder
        round_id = json.loads(team.folder.public.read_text())["round"]
        self.round = load_round(team.folder, round_id)
        given = {name: team.secrets[name] for name in (FIRST, SECOND)}
        self.keys = custody.unlock(team.folder, round_id, given)

    def read(self):
        return opening.read_snapshot(self.folder, self.round, self.keys.codes)

    def code(self, screen, coder, *themes, only=None, **more):
        """Let somebody code answers elsewhere, then come back to the page."""
        keys = [key for key in screen.desk.answers if only is None or key in only]
        seen = screen.desk.snapshot.events
        events = [
            code(seen, key, coder, Choice(themes, **more), secrets.token_hex(8)) for key in keys
        ]
        opening.add_events(self.folder, self.round, self.keys.codes, events)
        return keys


@pytest.fixture
def shelf(demonstration):
    return Shelf(demonstration)


@pytest.fixture
def screen(room, demonstration):
    return room().unlock(demonstration, FIRST, SECOND)


def text_of(screen, key):
    return screen.desk.answers[key].text


def plain(said):
    return said.replace("\\", "")


# ------------------------------------------------------------------ reading


def test_what_is_saved_is_sealed_and_the_next_answer_comes(screen, shelf):
    before = screen.desk.key
    screen.show().pick("wait", "court")
    screen.app.text_input(key=f"note-{screen.desk.turn}").set_value("two things")
    screen.press("Something new").press("Save and next")
    (event,) = shelf.read().events
    assert (event.key, event.coder, event.themes) == (before, FIRST, ("wait", "court"))
    assert (event.flags, event.note, event.saw) == (("something_new",), "two things", "")
    assert len(event.offered) == 5
    assert screen.desk.key != before


def test_back_shows_the_coding_with_its_note_and_keeps_both(screen, shelf):
    screen.show().pick("wait")
    screen.app.text_input(key=f"note-{screen.desk.turn}").set_value("a note")
    screen.press("Needs care").press("Save and next").show().press("Back").show()
    desk = screen.desk
    assert screen.app.text_input(key=f"note-{desk.turn}").value == "a note"
    assert "Marked: needs care" in screen.labels
    screen.pick("court").press("Save and next")
    first, second = shelf.read().events
    assert (second.themes, second.note, second.saw) == (("court",), "a note", first.id)


def test_what_was_coded_last_can_be_taken_back(screen, shelf):
    first = screen.desk.key
    screen.show().pick("wait").press("Save and next")
    assert first in current(shelf.read().events)
    screen.show().press("Take back my last coding")
    assert current(shelf.read().events) == {}
    assert screen.desk.key == first
    assert "Take back my last coding" not in screen.show().labels


def test_nothing_fits_is_a_coding_too(screen, shelf):
    screen.show().press("No theme fits")
    (event,) = shelf.read().events
    assert (event.themes, event.flags) == ((), ("other",))


def test_a_reader_may_hide_suggestions_and_none_counts_as_offered(screen, shelf):
    assert "Suggested; you decide. Keys 1 to 5." in screen.show().said
    screen.app.toggle(key="hide").set_value(True)
    screen.run()
    assert "Suggested" not in screen.said
    screen.pick("wait").press("Save and next")
    assert shelf.read().events[0].offered == ()


def test_how_a_reader_likes_to_read_is_kept_over_a_pause(screen):
    screen.show().app.toggle(key="hide").set_value(True)
    screen.run().app.toggle(key="cover").set_value(False)
    screen.run()
    screen.desk.read = 19
    screen.pick("wait").press("Save and next")
    assert "Time to look up" in [one.value for one in screen.app.header]
    screen.press("Go on")
    assert "Show the answer" not in screen.labels
    assert "Suggested" not in screen.said


def test_how_often_suggestions_were_right_comes_from_own_codings(screen):
    screen.show()
    offered = [one.theme for one in screen.desk.suggestions()]
    screen.pick(offered[0], offered[1]).press("Save and next").show()
    assert "About 10 in 10 themes people chose were among the three suggested." in screen.said


def test_more_than_four_themes_are_not_saved(screen, shelf):
    ids = [theme.id for theme in screen.desk.codebook.themes[:5]]
    screen.show().pick(*ids).press("Save and next")
    assert "Not saved: up to 4 themes fit one answer." in screen.said
    assert shelf.read().events == ()


def test_saving_nothing_says_what_is_missing(screen, shelf):
    screen.show().press("Save and next")
    assert "Not saved: choose a theme, or say that no theme fits." in screen.said
    assert shelf.read().events == ()


def test_when_all_are_read_they_can_be_looked_at_again(screen, shelf):
    shelf.code(screen, FIRST, "wait")
    screen.choose("task", Task.NEW).choose("task", Task.READ)
    assert "Every answer of this round has been read and coded." in screen.said
    screen.press("Look at them again").show()
    assert screen.picked == ["wait"]


def test_almost_the_same_words_are_pointed_out(screen):
    desk = screen.desk
    if not desk.copies:
        one, other = list(desk.answers)[:2]
        desk.copies = {one: other, other: one}
    desk.show(next(iter(desk.copies)))
    assert "Almost the same words as another answer" in screen.run().show().said


def press_words(screen, *words):
    """Press words of the answer in front, which hides them by hand or shows them again."""
    if "Hide more words" in screen.labels:
        screen.press("Hide more words")
    for word in words:
        screen.press(word)
    return screen


HIDABLE = "the bald clerk at that desk said so, ask the clerk"


@pytest.fixture
def in_front(screen):
    """Return the key of an answer in front, in words of our own, that is to be read twice."""
    key = next(key for key in screen.desk.queue if key in screen.desk.drawn)
    screen.desk.show(key)
    screen.desk.answers = {
        **screen.desk.answers,
        key: replace(screen.desk.answers[key], text=HIDABLE),
    }
    screen.run().show()
    return key


def hidden(screen, key):
    return [text_of(screen, key)[one.start : one.end] for one in screen.desk.hidden[key]]


def test_what_is_hidden_by_hand_is_hidden_from_whoever_reads_after(screen, in_front):
    press_words(screen, "bald", "desk")
    masked = "the :gray-badge[hidden] clerk at that :gray-badge[hidden] said so, ask the clerk"
    assert masked in plain(screen.said)
    screen.press("Done hiding").pick("wait").press("Save and next")
    screen.choose("reader", SECOND).choose("task", Task.SECOND).show()
    assert screen.desk.key == in_front
    assert masked in plain(screen.said)
    screen.press("Show hidden details")
    assert HIDABLE in plain(screen.said)
    press_words(screen, "hidden")  # the first of both in the answer
    assert hidden(screen, in_front) == ["desk"]
    screen.choose("reader", FIRST).choose("task", Task.THEMES)
    assert "the bald clerk at that :gray-badge[hidden]" in plain(screen.said)


def test_a_word_is_hidden_wherever_it_stands(screen, in_front):
    press_words(screen, "clerk")
    assert hidden(screen, in_front) == ["clerk", "clerk"]


def test_what_a_colleague_hides_meanwhile_is_not_shown_again(screen, in_front, shelf):
    press_words(screen, "bald")
    place = dict(words_of(HIDABLE))["desk"][0]
    event = hide(shelf.read().events, in_front, SECOND, place, "elsewhere")
    opening.add_events(shelf.folder, shelf.round, shelf.keys.codes, [event])
    press_words(screen, "desk", "that")
    assert set(hidden(screen, in_front)) == {"bald", "that", "desk"}
    press_words(screen, "that")
    assert set(hidden(screen, in_front)) == {"bald", "desk"}


def test_an_answer_can_be_passed_over_and_comes_back(screen, shelf):
    passed = screen.desk.key
    screen.show().press("Pass over for now")
    assert screen.desk.key != passed
    shelf.code(screen, FIRST, "wait", only=set(screen.desk.answers) - {passed})
    screen.show().pick("wait").press("Save and next")
    assert "Some answers were passed over without a theme." in screen.said
    screen.press("Start again with those")
    assert screen.desk.key == passed


def test_an_answer_in_another_language_says_whom_it_needs(screen):
    key = screen.desk.key
    text = "In ay si naxariis leh ula hadlaan dadka waa muhiim"
    strange = replace(screen.desk.answers[key], lang="so", text=text)
    screen.desk.answers = {**screen.desk.answers, key: strange}
    screen.run().show()
    assert "This answer needs a reader of Somali." in screen.said
    assert "written on the form in Somali" in screen.said
    assert screen.desk.suggestions() == []
    screen.press("No theme fits").show()
    assert "needs a reader" not in screen.said


# ------------------------------------------------------------------ two at once


def test_two_sessions_lose_nothing_of_each_other(room, demonstration, shelf):
    one, other = (room().unlock(demonstration, FIRST, SECOND) for _ in range(2))
    other.choose("reader", SECOND)
    for _ in range(6):
        one.show().pick("wait").press("Save and next")
        other.show().pick("court").press("Save and next")
    events = shelf.read().events
    assert [sum(event.coder == who for event in events) for who in (FIRST, SECOND)] == [6, 6]
    other.choose("task", Task.SETTLE)
    unlike = other.desk.unlike
    twice = [key for key, it in readings(events)[SECOND].items() if key in readings(events)[FIRST]]
    assert set(unlike) == set(twice)
    assert len(current(events)) == 12 - len(twice)


def test_what_a_colleague_reads_meanwhile_is_not_read_again(screen, shelf):
    queue = list(screen.desk.queue)
    shelf.code(screen, SECOND, "court", only=queue[1:4])
    screen.show().pick("wait").press("Save and next")
    assert screen.desk.key == queue[4]


def test_the_work_of_two_computers_comes_together_on_the_page(
    room, demonstration, tmp_path, monkeypatch
):
    away = demonstration.copy(tmp_path / "copy")
    here = room().unlock(demonstration, FIRST, SECOND)
    here.show().pick("wait").press("Save and next")
    monkeypatch.setenv("THROUGHLINE_DATA", str(away.path))
    there = room().unlock(away, FIRST, SECOND).choose("reader", SECOND)
    there.show().pick("court").press("Save and next")
    sealed = away.folder.snapshot(there.desk.round.id).read_bytes()
    monkeypatch.setenv("THROUGHLINE_DATA", str(demonstration.path))
    here.run()
    here.app.file_uploader[0].set_value(("theirs.age", sealed, "application/octet-stream"))
    here.run().press("Bring it in")
    assert "that came in: 1. Readings in it are signed Program director." in here.said
    assert "a file does not prove who wrote it" in here.said
    assert {event.coder for event in Shelf(demonstration).read().events} == {FIRST, SECOND}


def test_a_file_that_is_none_is_refused_in_one_sentence(screen, shelf):
    screen.app.file_uploader[0].set_value(("theirs.age", b"holiday", "application/octet-stream"))
    screen.run().press("Bring it in")
    assert "is not a snapshot of the round" in screen.said
    assert shelf.read().events == ()


# ------------------------------------------------------------------ the second reader


def test_a_second_reader_sees_neither_coding_nor_suggestions(screen, shelf):
    shelf.code(screen, FIRST, "wait", note="what I thought", flags=("needs_care",))
    screen.choose("reader", SECOND).choose("task", Task.SECOND).show()
    assert screen.picked == []
    assert "Suggested" not in screen.said
    assert screen.app.text_input(key=f"note-{screen.desk.turn}").value == ""
    assert "Marked: needs care" not in screen.labels
    read = screen.desk.key
    screen.pick("court").press("Save and next")
    assert readings(shelf.read().events)[SECOND][read].themes == ("court",)
    assert shelf.read().events[-1].offered == ()


def test_nobody_reads_their_own_a_second_time(screen, shelf):
    shelf.code(screen, FIRST, "wait")
    screen.choose("task", Task.SECOND)
    assert "Nothing waits for your second reading." in screen.said
    screen.choose("reader", SECOND)
    assert len(screen.desk.queue) == min(50, len(screen.desk.answers))


def test_what_waits_to_be_read_blind_is_not_seen_elsewhere(screen, shelf):
    shelf.code(screen, FIRST, "wait", flags=("something_new",))
    screen.choose("reader", SECOND)
    waiting = [text_of(screen, key) for key in screen.desk.waiting]
    for task in (Task.THEMES, Task.NEW):
        screen.choose("task", task)
        assert screen.desk.waiting
        assert not [text for text in waiting if text in plain(screen.said)]
    screen.choose("task", Task.READ)
    assert not set(screen.desk.queue) & screen.desk.waiting


def test_a_second_readers_back_shows_their_own_reading_only(screen, shelf):
    shelf.code(screen, FIRST, "wait")
    screen.choose("reader", SECOND).choose("task", Task.SECOND).show()
    screen.pick("court").press("Save and next").show().press("Back").show()
    assert screen.picked == ["court"]
    screen.pick("housing").press("Save and next")
    assert len(readings(shelf.read().events)[SECOND]) == 1


# ------------------------------------------------------------------ settling


def read_twice(screen, shelf, themes=("court",)):
    """Let the first read everything, and the second all that was drawn."""
    shelf.code(screen, FIRST, "wait")
    drawn = shelf.code(screen, SECOND, *themes, only=screen.desk.drawn)
    screen.choose("task", Task.SETTLE)
    return drawn


def test_two_readings_stand_side_by_side_until_they_are_settled(screen, shelf):
    read_twice(screen, shelf)
    key = next(iter(screen.desk.unlike))
    number = len(screen.desk.unlike)
    label = screen.desk.label
    assert f"**{FIRST}**  \n{label('wait')}" in screen.said
    assert f"**{SECOND}**  \n{label('court')}" in screen.said
    screen.press("Take the themes of both").press("This is our coding")
    assert len(screen.desk.unlike) == number - 1
    settled = current(shelf.read().events)[key]
    assert settled.resolved
    assert set(settled.themes) == {"wait", "court"}
    assert settled.coder == f"{FIRST} and {SECOND}"


def test_a_coder_is_chosen_and_a_note_kept(screen, shelf):
    read_twice(screen, shelf)
    key = next(iter(screen.desk.unlike))
    name = f"settled-{key[0]:x}-{key[1]}"
    screen.app.text_input(key=f"note-{name}").set_value("she waited for court")
    screen.press(f"Take what {SECOND} chose").press("This is our coding")
    settled = current(shelf.read().events)[key]
    assert (settled.themes, settled.note) == (("court",), "she waited for court")
    screen.press("Take back what we settled last")
    assert key in screen.desk.unlike


def test_a_mark_of_care_is_kept_unless_both_take_it_away(screen, shelf):
    key = next(iter(screen.desk.answers))
    shelf.code(screen, FIRST, "wait", only=[key], flags=("needs_care",))
    shelf.code(screen, SECOND, "wait", only=[key])
    screen.choose("task", Task.SETTLE)
    box = screen.app.checkbox(key=f"care-settled-{key[0]:x}-{key[1]}")
    assert box.value
    screen.press(f"Take what {FIRST} chose").press("This is our coding")
    assert current(shelf.read().events)[key].flags == ("needs_care",)


def test_what_is_clear_is_told_with_its_range_and_no_grade(screen, shelf):
    read_twice(screen, shelf)
    many = len(screen.desk.drawn)
    assert many >= 30
    said = screen.said
    assert "**Define this theme better**" in said
    assert re.search(r"\*\*Waiting and hours\*\*: between -?\d\.\d\d and -?\d\.\d\d", said)
    assert f"From {many} answers that two people read" in said
    assert "says nothing about who read better" in said


def test_few_answers_tell_nothing_yet(screen, shelf):
    keys = list(screen.desk.drawn)[:12]
    shelf.code(screen, FIRST, "wait", only=keys[:8])
    shelf.code(screen, FIRST, "court", only=keys[8:])
    shelf.code(screen, SECOND, "wait", only=keys[:6])
    shelf.code(screen, SECOND, "court", only=keys[6:])
    screen.choose("task", Task.SETTLE)
    assert "**Too few answers to tell**" in screen.said
    assert "Define this theme better" not in screen.said
    assert "Read alike" not in screen.said


# ------------------------------------------------------------------ by theme, and new


def under(screen, theme, box=None):
    return {key for key, one in screen.desk.standing.items() if theme in one.themes}


def test_an_answer_leaves_a_theme_and_gets_another(screen, shelf):
    keys = shelf.code(screen, FIRST, "wait", "court", only=list(screen.desk.answers)[:3])
    screen.choose("task", Task.THEMES)
    name = f"wait-{keys[0][0]:x}-{keys[0][1]}"
    screen.app.selectbox(key="theme").set_value("wait")
    screen.run().app.button(key=f"not-{name}").click()
    screen.run()
    assert under(screen, "wait") == set(keys[1:])
    name = f"more-wait-{keys[1][0]:x}-{keys[1][1]}"
    screen.app.selectbox(key=name).set_value("housing")
    screen.run()
    assert current(shelf.read().events)[keys[1]].themes == ("wait", "court", "housing")
    assert not shelf.read().events[-1].offered
    screen.press("Take back my last coding")
    assert current(shelf.read().events)[keys[1]].themes == ("wait", "court")


def test_a_long_theme_is_shown_a_few_at_a_time(screen, shelf):
    shelf.code(screen, FIRST, "wait")
    screen.choose("task", Task.THEMES)
    keys = list(screen.desk.answers)
    shown = [key for key in keys if text_of(screen, key) in plain(screen.said)]
    assert len(shown) < 12
    screen.press("Further")
    assert "6 to 10 of" in screen.said


def test_a_theme_moves_into_another_and_back_as_one(screen, shelf):
    keys = shelf.code(screen, FIRST, "wait", "exam", only=list(screen.desk.answers)[:7])
    screen.choose("task", Task.THEMES)
    screen.app.selectbox(key="theme").set_value("exam")
    screen.run().app.selectbox(key="move-exam").set_value("wait")
    screen.app.checkbox(key="sure-exam").check()
    screen.run().press("Move 7")
    assert under(screen, "exam") == set()
    assert {one.themes for one in screen.desk.standing.values()} == {("wait",)}
    screen.press("Take back my last coding")
    assert under(screen, "exam") == set(keys)


def test_what_is_new_is_listed_with_its_note(screen, shelf):
    shelf.code(
        screen, FIRST, "wait", only=list(screen.desk.answers)[:1],
        flags=("something_new",), note="bus passes",
    )  # fmt: skip
    screen.choose("task", Task.NEW)
    assert plain(text_of(screen, next(iter(screen.desk.answers)))) in plain(screen.said)
    assert "bus passes" in [one.value for one in screen.app.get("text")]


def test_a_new_word_leads_to_its_answers_and_never_to_a_masked_detail(screen):
    desk = screen.desk
    keys = list(desk.answers)[:5]
    for key in keys:
        desk.answers[key] = type(desk.answers[key])(
            key[0], str(key[1]), "en", "The gazebo broke again and Officer Zabriskie laughed"
        )
    screen.choose("task", Task.NEW)
    words = [option.split(" ")[0] for option in screen.app.radio(key="new-word").options]
    assert "gazebo" in words
    assert "zabriskie" not in words
    screen.choose("new-word", words.index("gazebo"))
    assert screen.said.count("gazebo broke") == 5
    assert "Zabriskie" not in screen.said


# ------------------------------------------------------------------ care


def test_care_is_noted_without_words_and_told_by_number_only(screen, shelf, demonstration):
    key = shelf.code(
        screen, FIRST, "wait", only=list(screen.desk.answers)[:1], flags=("needs_care",)
    )[0]
    screen.choose("task", Task.CARE)
    assert "Marked as needing care, without a note of what was done: 1." in screen.run().said
    assert "Program director (demonstration)" in plain(screen.said)
    screen.app.radio[-1].set_value("reported")
    screen.app.selectbox[-1].set_value("child_protection")
    screen.press("Add to the log")
    (outcome,) = shelf.read().outcomes
    assert (outcome.key, outcome.day, outcome.done) == (key, TODAY, "reported")
    assert "reported to child protection (Lead advocate)" in screen.said
    assert "without a note" not in screen.run().said
    assert [e for e in shelf.read().events if e.kind is not Kind.CODE] == []


def test_what_needs_care_waits_for_whoever_comes_next(room, screen, shelf, demonstration):
    shelf.code(screen, FIRST, only=list(screen.desk.answers)[:1], flags=("needs_care",))
    alone = room().unlock(demonstration, SECOND)
    assert "Marked as needing care, without a note of what was done: 1." in alone.said


def test_outside_the_room_nobody_learns_of_care(room, screen, shelf, demonstration):
    shelf.code(screen, FIRST, "wait", flags=("needs_care",))
    locked = room()
    assert "care" not in locked.said.replace("an answer needs care", "").replace("needs care?", "")


# ------------------------------------------------------------------ the door


def test_the_door_speaks_of_the_round_that_is_chosen(room, demonstration):
    newest, before, *_ = reversed(states(demonstration.folder))
    door = room()
    assert f"Round **{newest}** takes answers" in door.said
    door.app.selectbox(key=gate.TO_UNLOCK).set_value(before)
    assert f"Round **{before}** is closed" in door.run().said


def test_the_door_says_until_when_and_who_reads_today(room, demonstration):
    team = demonstration.folder.team()
    dates = next(one for one in team.rounds if one.closes)
    assert "Nobody has opened it so far." in room().said
    room().unlock(demonstration, FIRST, SECOND)
    said = room().said
    assert f"takes answers until {dates.closes.day} {dates.closes:%B %Y}." in said
    assert f"are read by **{dates.read_by.day} {dates.read_by:%B %Y}**." in said
    assert f"Reading today: {FIRST}, {SECOND}." in said


def test_who_has_not_looked_in_for_long_is_reminded(room, demonstration, shelf):
    long_ago = TODAY - timedelta(days=9)
    audit.append(
        demonstration.folder.audit, audit.Event.OPENED, today=long_ago, custodians=[FIRST],
        round=shelf.round.id, part="words", responses=3,
    )  # fmt: skip
    assert "Nobody has looked in for 9 days." in room().said


def test_what_is_late_is_told_by_number(room, demonstration):
    path = demonstration.folder.team_file
    late = TODAY - timedelta(days=1)
    path.write_text(re.sub(r"read_by = .*", f"read_by = {late}", path.read_text()))
    assert "The promised day has passed" in room().said
    screen = room().unlock(demonstration, FIRST, SECOND)
    assert f"Not read yet: {len(screen.desk.answers)}." in screen.said


def test_a_settled_coding_is_changed_where_it_stands(screen, shelf):
    key = next(iter(screen.desk.answers))
    event = resolve((), key, "both", Choice(("wait",)), "r1")
    opening.add_events(shelf.folder, shelf.round, shelf.keys.codes, [event])
    screen.choose("task", Task.THEMES)
    screen.app.button(key=f"not-wait-{key[0]:x}-{key[1]}").click()
    screen.run()
    standing = current(shelf.read().events)[key]
    assert (standing.themes, standing.flags, standing.resolved) == ((), ("other",), True)


def test_a_snapshot_that_vanished_while_reading_is_one_calm_sentence(screen, shelf):
    shutil.rmtree(shelf.folder.path / "ledger")
    shelf.folder.snapshot(shelf.round.id).write_bytes(b"harm")
    screen.show().pick("wait").press("Save and next")
    assert "Not saved: " in screen.said
    assert gate.KEYS in screen.app.session_state


# ------------------------------------------------------------------ before a draft is built


DIFFER, UNREAD = "Two readers differ on some answers.", "Some words are not read yet."


@pytest.fixture
def release_page(room, demonstration, shelf):
    """Return a function that unlocks the page of releases, once the open round is closed."""

    def start():
        if not demonstration.folder.closed(shelf.round.id).exists():
            custody.close_round(demonstration.folder, shelf.round.id, people=60, k=10, today=TODAY)
        return room("release").unlock(demonstration, FIRST, SECOND)

    return start


def test_a_release_waits_for_second_readings_to_be_settled(screen, shelf, room, release_page):
    drawn = read_twice(screen, shelf)
    locked = release_page()
    assert DIFFER in locked.said
    assert UNREAD not in locked.said
    assert not re.search(r"[0-9]+ (answers|themes|people)", locked.said)
    settled = [
        resolve(shelf.read().events, key, "both", Choice(("wait",)), secrets.token_hex(8))
        for key in drawn
    ]
    opening.add_events(shelf.folder, shelf.round, shelf.keys.codes, settled)
    assert DIFFER not in release_page().said


def test_a_release_says_that_words_are_unread_and_only_where_it_is_unlocked(
    screen, shelf, room, release_page
):
    first, *_ = shelf.code(screen, FIRST, "wait", only=[next(iter(screen.desk.answers))])
    page = release_page()
    assert UNREAD in page.said
    assert DIFFER not in page.said
    assert "Build the draft" in page.labels
    locked = room("release").said
    assert UNREAD not in locked
    shelf.code(screen, FIRST, "wait", only=[k for k in screen.desk.answers if k != first])
    assert UNREAD not in release_page().said
