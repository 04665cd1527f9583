"""The desk for paraphrases: one writes, another approves, and nothing leaves it unguarded."""

import io
import zipfile

import pytest

from feedback import custody, ledgers, opening, paraphrases
from feedback.demonstration.rewording import load_sentences
from feedback.disclosure import quotes
from feedback.exports import Format, release_file
from feedback.rounds import load_round
from feedback.themes.hiding import words
from feedback.themes.paraphrase import State
from feedback.ui import gate
from feedback.ui.coding_screen import today
from feedback.ui.reading import hide_only
from feedback.ui.rewording import Desk, key_of
from feedback.ui.texts import plain

FIRST, SECOND = "Lead advocate", "Program director"
WRITE, REVIEW, SHOW = "Write", "Look at a colleague's", "Show to the team"
OWN = "People who asked for something were left to find their way alone."


class At:
    """The desk of the newest released round, unlocked by two."""

    def __init__(self, screen, team):
        self.screen, self.team = screen.unlock(team, FIRST, SECOND), team
        self.round = load_round(team.folder, self.desk.release.round)

    @property
    def desk(self):
        return self.screen.app.session_state[gate.REWORDED]

    def sits(self, who):
        if "Somebody else sits down" in self.screen.labels:
            self.screen.press("Somebody else sits down")
        app = self.screen.app
        next(one for one in app.selectbox if one.label == "Who sits here").set_value(who)
        app.text_input(key="sits").set_value(self.team.secrets[who])
        self.screen.press("Sit down")
        return self

    def does(self, task):
        self.screen.choose("paraphrase-task", task).show()
        return self

    def writes(self, text, *, heeding=True):
        self.does(WRITE)
        self.screen.app.text_area(key=f"paraphrase-{self.desk.turn}").set_value(text)
        self.screen.press("Hand to the second person")
        if heeding and "sound like other themes" in self.screen.said:
            self.screen.press("Hand to the second person")
        return self

    def answers(self, label, reason=""):
        self.does(REVIEW)
        field = next(one for one in self.screen.app.text_input if "send it back" in one.label)
        field.set_value(reason)
        self.screen.press(label)
        return self

    @property
    def kept(self):
        keys = self.screen.app.session_state[gate.KEYS]
        return opening.read_snapshot(self.team.folder, self.round, keys.codes).paraphrases

    def states(self, text):
        return [one.state for one in self.kept.values() if one.text == text]


@pytest.fixture
def at(room, demonstration):
    """Return the desk with nothing on it, and nothing shown."""
    demonstration.folder.paraphrases.unlink(missing_ok=True)
    screen = room("paraphrases").unlock(demonstration, FIRST, SECOND)
    desk = screen.app.session_state[gate.REWORDED]
    desk.keep(screen.app.session_state[gate.KEYS], dict.fromkeys(desk.written))
    return At(room("paraphrases"), demonstration).sits(FIRST)


@pytest.fixture
def shown(room, demonstration):
    """Return the desk of the demonstration as it is: some sentences shown, and one that waits."""
    return At(room("paraphrases"), demonstration).sits(FIRST)


def texts(folder):
    return {one.text for some in paraphrases.standing(folder).values() for one in some}


def find(place, text):
    return {path.name for path in place.rglob("*") if path.is_file() and text in path.read_bytes()}


def test_a_copy_is_refused_and_stays_in_front_of_its_writer(at):
    original = at.desk.to_write()[0].text
    at.writes(original)
    assert "Not handed on yet. Your text is kept." in at.screen.said
    assert at.screen.app.text_area(key=f"paraphrase-{at.desk.turn}").value == original.strip()
    assert at.kept == {}


def test_words_of_somebody_who_did_not_share_them_are_refused(at):
    desk = at.desk
    shared = {answer.rid for answer in desk.answers}
    others = [a.text for a in desk.reading.answers.values() if a.rid not in shared]
    longest = max(others, key=len)
    at.writes(longest[:230])
    assert "Four words of meaning" in at.screen.said
    assert at.kept == {}


def test_a_word_that_a_reader_hid_is_refused(at):
    answer = at.desk.to_write()[0]
    word = max((answer.text[slice(*place)] for place in words(answer.text)), key=len)
    place = next(place for place in words(answer.text) if answer.text[slice(*place)] == word)
    hide_only(at.desk.reading, at.screen.app.session_state[gate.KEYS], key_of(answer), [place])
    at.writes(f"{word} {OWN}")
    assert f"“{plain(word)}” was hidden by a reader" in at.screen.said
    assert at.kept == {}


def test_who_writes_cannot_approve(at):
    at.writes(OWN)
    assert at.states(OWN) == [State.WRITTEN]
    at.does(REVIEW)
    assert "waits for somebody else" in at.screen.said
    assert "Approve" not in at.screen.labels
    at.sits(SECOND).answers("Approve")
    assert at.states(OWN) == [State.APPROVED]


def test_a_second_person_sends_back_with_a_reason(at):
    at.writes(OWN).sits(SECOND).answers("Send back")
    assert "Say why you send it back" in at.screen.said
    assert at.states(OWN) == [State.WRITTEN]
    at.answers("Send back", "They meant the waiting.")
    assert at.states(OWN) == [State.SENT_BACK]
    at.sits(FIRST).does(WRITE)
    assert "It was sent back." in at.screen.said
    assert "They meant the waiting" in at.screen.said
    assert at.screen.app.text_area(key=f"paraphrase-{at.desk.turn}").value == OWN


def test_a_text_that_sounds_like_other_themes_is_asked_about_once(at, monkeypatch):
    monkeypatch.setattr(Desk, "other_themes", lambda *_: ["Rides and distance"])
    at.writes(OWN, heeding=False)
    assert "sound like other themes: Rides and distance" in at.screen.said
    assert at.kept == {}
    at.screen.press("Hand to the second person")
    assert at.states(OWN) == [State.WRITTEN]


def test_a_wrong_passphrase_seats_nobody(room, demonstration):
    screen = room("paraphrases").unlock(demonstration, FIRST, SECOND)
    screen.app.text_input(key="sits").set_value("seven wrong words")
    screen.press("Sit down")
    assert f"This passphrase does not fit {FIRST}" in screen.said
    assert gate.PERSON not in screen.app.session_state


def test_three_are_needed_before_the_team_sees_any(at):
    at.writes(OWN).sits(SECOND).answers("Approve").does(SHOW)
    assert "At least 3 are shown together, or none." in at.screen.said
    button = next(b for b in at.screen.app.button if b.label == "Show these to the team")
    assert button.disabled
    assert not at.team.folder.paraphrases.exists()


def test_shown_and_taken_out_again(shown, demonstration):
    folder, before = demonstration.folder, texts(demonstration.folder)
    assert len(before) >= 3
    waiting = next(one for one in shown.kept.values() if one.state is State.WRITTEN)
    shown.sits(SECOND).answers("Approve").does(SHOW)
    shown.screen.press("Show these to the team")
    assert texts(folder) == before | {waiting.text}
    assert {one.state for one in shown.kept.values()} == {State.SHOWN}
    radio = next(one for one in shown.screen.app.radio if one.label == "Take one out")
    radio.set_value(next(one for one in shown.desk.approved() if one.text == waiting.text))
    shown.screen.press("Take it out")
    assert texts(folder) == before
    assert shown.states(waiting.text) == []


def test_a_draft_lies_nowhere_in_plain(at, demonstration):
    at.writes(OWN).sits(SECOND).answers("Send back", "marmalade reason")
    for word in (OWN, "marmalade reason", "marmalade"):
        assert find(demonstration.path, word.encode()) == set()


def test_originals_lie_nowhere_in_plain_once_they_are_reworded(shown, demonstration):
    sentence = next(iter(texts(demonstration.folder))).encode()
    assert find(demonstration.path, sentence) == {"paraphrases.json"}
    for answer in shown.desk.answers:
        if len(answer.text) > 15:
            assert find(demonstration.path, answer.text.encode()) == set()


def test_files_of_numbers_hold_no_sentence(demonstration):
    known = texts(demonstration.folder)
    for release in ledgers.releases(demonstration.folder):
        for kind in (Format.CSV, Format.XLSX, Format.JSON):
            data = release_file(release, kind)
            parts = [data]
            if kind is Format.XLSX:
                with zipfile.ZipFile(io.BytesIO(data)) as book:
                    parts = [book.read(name) for name in book.namelist()]
            assert not any(text.encode() in part for text in known for part in parts)


def test_only_answers_of_the_sample_are_reworded(at):
    """The others were read for danger alone, and no number of the release counts them."""
    counted = {answer.rid for answer in at.desk.answers}
    kept = frozenset(sorted(counted)[:2])
    at.desk.reading.sample = kept
    assert {answer.rid for answer in at.desk.answers} == kept


def test_locking_leaves_neither_answers_nor_drafts(at):
    at.writes("Too short")
    answers = [answer.text for answer in at.desk.answers]
    at.screen.press("Lock now")
    left = repr(at.screen.app.session_state) + at.screen.said
    assert not any(text in left for text in (*answers, "Too short"))
    for name in (gate.REWORDED, gate.PERSON, gate.KEYS, gate.OPENED):
        assert name not in at.screen.app.session_state


def test_one_who_wrote_meanwhile_is_not_written_over(at, room, demonstration):
    other = At(room("paraphrases"), demonstration).sits(SECOND)
    at.does(WRITE)
    other.writes(OWN)
    at.writes("What they needed was somebody to lean on, and there was nobody.")
    assert "Somebody else changed this paraphrase meanwhile" in at.screen.said
    assert at.states(OWN) == [State.WRITTEN]
    assert len(at.kept) == 1


def test_a_release_of_few_people_has_none(room, demonstration, monkeypatch):
    monkeypatch.setattr(quotes, "LEAST_CONSENTING", 99)
    screen = room("paraphrases").unlock(demonstration, FIRST, SECOND)
    assert "This round has no paraphrases." in screen.said
    assert "Sit down" not in screen.labels


def test_one_person_alone_may_do_both_where_the_plan_says_so(at, monkeypatch):
    monkeypatch.setattr(Desk, "single_person", True)
    at.writes(OWN).answers("Approve")
    assert at.states(OWN) == [State.APPROVED]
    assert "The plan of this round lets one person write and approve." in at.screen.said


def test_one_custodian_reads_no_words(room, demonstration):
    screen = room("paraphrases").unlock(demonstration, FIRST)
    assert "To read words, more custodians must come together." in screen.said


def test_only_released_rounds_can_be_unlocked(room, demonstration):
    released = {one.round for one in ledgers.releases(demonstration.folder)}
    box = room("paraphrases").app.selectbox(key="round-to-unlock")
    assert set(box.options) == released


def test_a_round_without_a_release_says_why_it_must_wait(room, demonstration):
    screen = room().unlock(demonstration, FIRST, SECOND)
    keys, name = screen.app.session_state[gate.KEYS], screen.app.session_state[gate.ROUND]
    later = room("paraphrases")
    used = screen.app.session_state[gate.LAST_USED]
    for key, value in ((gate.KEYS, keys), (gate.ROUND, name), (gate.LAST_USED, used)):
        later.app.session_state[key] = value
    assert "has no release that stands" in later.run().said


def test_without_any_key_a_sentence_can_still_be_taken_off(room, demonstration):
    folder = demonstration.folder
    newest = ledgers.releases(folder)[-1].round
    custody.destroy_keys(folder, newest, ("codes", "words"), today=today())
    screen = room("paraphrases")
    gone = sorted(texts(folder))[0]
    radio = next(one for one in screen.app.radio if one.label == "Sentence")
    radio.set_value((2, gone))
    screen.app.text_input(key="off").set_value("seven wrong words")
    screen.press("Take it off")
    assert gone in texts(folder)
    screen.app.text_input(key="off").set_value(demonstration.secrets[FIRST])
    screen.press("Take it off")
    assert gone not in texts(folder)
    assert "It is gone." in screen.said


def test_what_was_taken_off_while_locked_does_not_come_back(room, demonstration):
    folder = demonstration.folder
    gone = sorted(texts(folder))[0]
    seed = custody.unlock_team(folder, {FIRST: demonstration.secrets[FIRST]})
    paraphrases.take_out(folder, 2, gone, paraphrases.Hand(FIRST, seed, today()))
    later = At(room("paraphrases"), demonstration)
    assert later.states(gone) == []


def test_a_destroyed_words_key_is_one_clear_sentence(room, demonstration):
    newest = ledgers.releases(demonstration.folder)[-1].round
    custody.destroy_keys(demonstration.folder, newest, ("words",), today=today())
    screen = room("paraphrases").unlock(demonstration, FIRST, SECOND)
    assert "The words key of this round is destroyed" in screen.said


def test_after_a_restore_each_is_looked_at_before_it_is_shown(room, demonstration):
    before = texts(demonstration.folder)
    demonstration.folder.paraphrases.unlink()
    later = At(room("paraphrases"), demonstration).sits(FIRST)
    assert texts(demonstration.folder) == set()
    assert State.SHOWN not in {one.state for one in later.kept.values()}
    later.does(SHOW)
    later.screen.press("Show these to the team")
    assert texts(demonstration.folder) == before


def test_a_damaged_file_is_one_calm_sentence(room, demonstration):
    demonstration.folder.paraphrases.write_bytes(b"{")
    screen = room("paraphrases")
    assert "paraphrases.json" in screen.app.error[0].value


def test_every_sentence_of_the_demonstration_is_invented(demonstration):
    known = {text for box in load_sentences().values() for text in box.values()}
    assert texts(demonstration.folder) <= known
