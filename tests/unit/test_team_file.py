"""Changing team.toml: comments stay, wrong values are named, and two people lose nothing."""

import difflib
import threading
from datetime import date

import pytest

from feedback import custody
from feedback.errors import EditConflict, InvalidSettings, StoreUnavailable
from feedback.folder import Folder
from feedback.questionnaire.plain import hard_sentences, topic_words
from feedback.settings import read_team
from feedback.store import audit
from feedback.team_file import Edit, change_team, move_up

TODAY = date(2027, 1, 15)


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path / "team")
    custody.make_team(made, "Cedar County team", password="one two", today=TODAY)  # noqa: S106
    return made


def change(folder, *edits):
    return change_team(folder, edits, today=TODAY)


def changed_lines(folder, before):
    lines = difflib.ndiff(before.splitlines(), folder.team_text().splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_one_value_changes_one_line_and_every_comment_stays(folder):
    before = folder.team_text()
    team = change(folder, Edit("leave", "https://www.weather.gov/", "https://www.usa.gov/"))
    assert team.leave == "https://www.usa.gov/"
    assert changed_lines(folder, before) == [
        '- leave = "https://www.weather.gov/"',
        '+ leave = "https://www.usa.gov/"',
    ]


def test_a_call_is_written_beside_its_line(folder):
    before = folder.team_text()
    line = folder.team().help[2]
    change(folder, Edit("checked_on", line.checked_on, TODAY, "help", line.name))
    assert changed_lines(folder, before) == [
        "- checked_on = 2026-11-23",
        "+ checked_on = 2027-01-15",
    ]
    assert folder.team().help[2].checked_on == TODAY


def test_what_is_not_there_yet_is_added(folder):
    team = change(
        folder,
        Edit("module", None, "housing", "rounds", "2027-Q2"),
        Edit("closes", None, date(2027, 6, 30), "rounds", "2027-Q2"),
        Edit("es", None, "Hola", "welcome_in"),
        Edit("by", None, "Survivor reviewer", "reviews", "es"),
        Edit("day", None, TODAY, "reviews", "es"),
        Edit("", None, "Our line", "help", "Our line"),
        Edit("call", None, "555-0142", "help", "Our line"),
    )
    dates = team.round_dates("2027-Q2")
    assert (dates.module, dates.closes) == ("housing", date(2027, 6, 30))
    assert team.greeting("es") == "Hola"
    assert team.reviewed("es").by == "Survivor reviewer"
    assert (team.help[-1].name, team.help[-1].call) == ("Our line", "555-0142")
    assert folder.team() == team


def test_a_line_goes_and_another_comes_first(folder):
    names = [line.name for line in folder.team().help]
    comments = [line for line in folder.team_text().splitlines() if line.startswith("#")]
    change(folder, Edit("", names[0], None, "help", names[0]))
    move_up(folder, names[2], today=TODAY)
    team = move_up(folder, names[2], today=TODAY)
    assert [line.name for line in team.help] == [names[2], names[1], *names[3:]]
    assert [line for line in folder.team_text().splitlines() if line.startswith("#")] == comments


def test_a_value_can_be_taken_away(folder):
    line = folder.team().help[0]
    team = change(folder, Edit("text", line.text, None, "help", line.name))
    assert team.help[0].text is None


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (
            Edit("leave", "https://www.weather.gov/", "weather.gov"),
            "Line 6, leave: ",
        ),
        (Edit("languages", ("en", "es"), ("en", "so")), "Soomaali has no translation for"),
        (Edit("module", None, "houses", "rounds", "2027-Q2"), "There is no module houses"),
        (Edit("k", 10, 51), "k: It must be 50 or less"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_written(folder, edit, says):
    before = folder.team_text()
    with pytest.raises(InvalidSettings, match=says):
        change(folder, Edit("welcome", "", "Hello."), edit)
    assert folder.team_text() == before


def test_safety_limits_are_only_raised(folder):
    assert change(folder, Edit("k", 10, 20)).k == 20
    with pytest.raises(InvalidSettings, match="k can be raised, not lowered"):
        change(folder, Edit("k", 20, 12))
    assert folder.team().k == 20


def test_two_people_change_different_things_and_both_stay(folder):
    change(folder, Edit("welcome", "", "Theirs."))
    change(folder, Edit("leave", "https://www.weather.gov/", "https://www.usa.gov/"))
    assert (folder.team().welcome, folder.team().leave) == ("Theirs.", "https://www.usa.gov/")


def test_two_people_change_the_same_thing_and_the_second_hears_of_it(folder):
    change(folder, Edit("welcome", "", "Theirs."))
    with pytest.raises(EditConflict, match=r"welcome is now “Theirs\.”"):
        change(folder, Edit("welcome", "", "Ours."), Edit("k", 10, 20))
    assert (folder.team().welcome, folder.team().k) == ("Theirs.", 10)
    assert change(folder, Edit("welcome", "Theirs.", "Both.")).welcome == "Both."


def test_two_people_who_write_the_same_agree(folder):
    for _ in range(2):
        change(folder, Edit("welcome", "", "Hello."))
    assert folder.team().welcome == "Hello."


def test_many_at_once_lose_nothing(folder):
    names = [line.name for line in folder.team().help]
    edits = [Edit("checked_on", date(2026, 11, 23), TODAY, "help", name) for name in names]
    threads = [threading.Thread(target=change, args=(folder, edit)) for edit in edits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {line.checked_on for line in folder.team().help} == {TODAY}


def test_what_was_changed_is_logged_and_never_to_what(folder):
    change(folder, Edit("welcome", "", "A secret word."), Edit("k", 10, 20))
    [*_, event] = audit.read(folder.audit)
    assert (event["event"], event["changed"]) == ("settings", ["welcome", "k"])
    assert b"secret" not in folder.audit.read_bytes()


@pytest.mark.parametrize("sign", ["\u200b", "\n", "\u202e"])
def test_signs_that_nobody_sees_do_not_keep_a_change_out_of_the_log(folder, sign):
    name, seen = f"Our{sign} line", "Our\ufffd line"
    change(folder, Edit("", None, name, "help", name), Edit("call", None, "555-0142", "help", name))
    [*_, event] = audit.read(folder.audit)
    assert event["changed"] == [f"help {seen}", f"help {seen} call"]
    assert folder.team().help[-1].name == name


def test_what_cannot_be_logged_is_not_changed(folder):
    before = folder.team_text()
    folder.audit.unlink()
    folder.audit.mkdir()
    with pytest.raises(StoreUnavailable):
        change(folder, Edit("leave", "https://www.weather.gov/", "https://elsewhere.example/"))
    assert folder.team_text() == before


def test_nothing_changed_writes_nothing(folder):
    before = folder.team_file.stat().st_mtime_ns
    change(folder, Edit("welcome", "", ""))
    assert folder.team_file.stat().st_mtime_ns == before


# ------------------------------------------------------------------ plain and quiet words


def test_a_hard_sentence_is_found_and_a_plain_one_is_not():
    hard = "Our participation necessitates comprehensive institutional work between all agencies."
    assert hard_sentences(f"You can stop. {hard}") == (hard,)
    assert (
        hard_sentences("You can skip any question. You can stop at any time that you want.") == ()
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("For survivors of trafficking", ("traffick", "survivor")),
        ("La agresión y la trata de personas", ("trata de", "agresion")),
        ("A county team that helps", ()),
        ("We grape juice", ()),
    ],
)
def test_words_of_the_topic_are_found(text, found):
    assert topic_words(text) == found


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[[help]]\nname = 'A'\nchecked_on = 5", "Line 4, checked_on: It must be a day such as"),
        (
            "[[help]]\nname = 'A'\nchecked_on = 'now'",
            "Line 4, checked_on: It must be a day such as",
        ),
        ("[[rounds]]\nid = 'a b'", "Line 3, id: A round is named by letters, digits and hyphens"),
        ("[[rounds]]\nid = 'a'\nmodule = 'A 1'", "Line 4, module: It is not written as it must be"),
        ("help = 'A'", "Line 2, help: It must be a list"),
    ],
)
def test_a_wrong_value_is_named_in_plain_words(line, says):
    with pytest.raises(InvalidSettings, match=says):
        read_team(f"name = 'Cedar'\n{line}\n")


def test_a_file_that_is_no_text_is_said_to_be_none(folder):
    folder.team_file.write_bytes(b"name = \xff")
    with pytest.raises(InvalidSettings, match="It is no text in UTF-8"):
        folder.team()
