"""Cards from a bowl: counted once, tied to nobody, and never a reason to lose an answer."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from click.testing import CliRunner
from page import validate_pdf

from feedback.cards import (
    LENGTH,
    OPEN_K,
    SIGNS,
    card_mark,
    cards_made,
    draw_code,
    make_cards,
    many_without,
)
from feedback.cards import people_counted as counted
from feedback.cli import main
from feedback.errors import InvalidSettings
from feedback.folder import Folder
from feedback.intake import row_key, seal
from feedback.questionnaire.answers import read_answers
from feedback.rounds import State, states
from feedback.store.box import open_box

ROUND = "2026-Q4"


class Bowl:
    """A form whose round has cards."""

    def __init__(self, team, site, count=30):
        self.team, self.site, self.folder = team, site, Folder(team.path)
        with open_box(self.folder.box) as box:
            self.codes = make_cards(self.folder, team.round, box, count)

    def send(self, card="", **fields):
        return self.site.post(data={**fields, "_card": card})

    def row(self):
        return seal(read_answers([], self.team.round.questionnaire, lang="en"), self.team.round)

    def send_sealed(self, row, card=""):
        headers = {"content-type": "application/octet-stream", "x-card": card}
        return self.site.post("/sealed", content=row, headers=headers)

    def used(self):
        with open_box(self.folder.box) as box:
            return box.cards_used(ROUND)


@pytest.fixture
def bowl(form_team, form_site):
    return Bowl(form_team, form_site)


def test_a_code_is_easy_to_type_and_hard_to_guess():
    codes = {draw_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(rf"[{SIGNS}]{{4}}(-[{SIGNS}]{{4}}){{2}}", code) for code in codes)
    assert len(SIGNS) ** LENGTH > 2**58
    assert not set("01OILU") & set(SIGNS)


def test_how_a_code_is_typed_does_not_matter(form_team):
    mark = card_mark("2ZPC-ZKVE-FWAS", form_team.round)
    for typed in ("2zpczkvefwas", " 2zpc zkve fwas ", "2ZPC–ZKVE–FWAS"):
        assert card_mark(typed, form_team.round) == mark
    for typed in ("", "2ZPC", "2ZPC-ZKVE-FWA0", "------------", "x" * 5000):
        assert card_mark(typed, form_team.round) is None


def test_a_card_is_counted_once(bowl):
    for card in (bowl.codes[0], bowl.codes[0], bowl.codes[1].lower(), "2222-2222-2222", ""):
        assert bowl.send(card).status_code == 303
    assert bowl.used() == 2
    assert len(bowl.team.rows()) == 5


def test_nobody_can_tell_by_the_answer_whether_a_card_was_good(bowl):
    answers = [bowl.send(card) for card in (bowl.codes[0], bowl.codes[0], "nonsense", "")]
    seen = {(a.status_code, a.text, tuple(sorted(a.headers.items()))) for a in answers}
    assert len(seen) == 1


def test_a_sealed_row_carries_its_card_beside_it(bowl):
    row = bowl.row()
    for _ in range(2):  # the second time is a retry
        assert bowl.send_sealed(row, bowl.codes[0].replace("-", "")).status_code == 204
    assert bowl.send_sealed(row, bowl.codes[1]).status_code == 204
    assert bowl.send_sealed(bowl.row(), "------------").status_code == 204
    assert (bowl.used(), len(bowl.team.rows())) == (1, 2)


def test_two_who_send_the_same_card_at_once_count_once(bowl):
    marks = [card_mark(bowl.codes[0], bowl.team.round)] * 8
    rows = [bowl.row() for _ in marks]
    with open_box(bowl.folder.box) as box, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: box.put(row_key(rows[n]), ROUND, rows[n], card=marks[n]), range(8)))
        assert box.cards_used(ROUND) == 1


def test_no_code_and_no_used_card_lies_on_the_disk(bowl):
    bowl.send(bowl.codes[0], change="A better bus.")
    bowl.site.close_storage()
    mark = card_mark(bowl.codes[0], bowl.team.round)
    unused = card_mark(bowl.codes[1], bowl.team.round)
    written = b"".join(p.read_bytes() for p in bowl.team.path.iterdir() if p.is_file())
    assert unused in written
    assert mark not in written
    for code in bowl.codes:
        assert code.encode() not in written
        assert code.replace("-", "").encode() not in written
    [(answers, texts)] = bowl.team.responses()
    assert bowl.codes[0] not in f"{answers} {texts}"


def test_the_box_says_nothing_of_the_order_of_cards(bowl):
    with open_box(bowl.folder.box) as box:
        assert box.check() == ()
        assert box.backup_bytes()


def test_only_a_form_with_cards_asks_for_them(bowl, make_form_team, tmp_path, open_site):
    assert 'name="_card"' in bowl.site.get("/form").text
    assert "Do you have a card?" in bowl.site.get("/paper").text
    other = open_site(make_form_team(tmp_path / "other"))
    assert "_card" not in other.get("/form").text


def test_a_card_comes_back_with_answers_that_are_shown_again(bowl):
    shown = bowl.send(bowl.codes[0], respect=["agree", "disagree"])
    assert shown.status_code == 422
    assert f'value="{bowl.codes[0]}"' in shown.text
    check = bowl.send(bowl.codes[0], change="Call me at 612-555-0199.")
    assert f'name="_card" value="{bowl.codes[0]}"' in check.text


# ------------------------------------------------------------------ who counts


def count(bowl, k=10):
    with open_box(bowl.folder.box) as box:
        return counted(bowl.folder, box, ROUND, k)


def fill(bowl, *, with_cards, without):
    with open_box(bowl.folder.box) as box:
        for n in range(with_cards + without):
            row = bowl.row()
            mark = card_mark(bowl.codes[n], bowl.team.round) if n < with_cards else None
            box.put(row_key(row), ROUND, row, card=mark)


@pytest.mark.parametrize(
    ("with_cards", "without", "people"),
    [(0, 0, 0), (9, 0, 9), (10, 0, 10), (0, 19, 0), (9, 10, 9), (9, 11, 20), (0, OPEN_K, OPEN_K)],
)
def test_cards_count_at_ten_and_open_answers_at_twenty(bowl, with_cards, without, people):
    fill(bowl, with_cards=with_cards, without=without)
    assert count(bowl) == people


def test_a_higher_k_holds_for_both(bowl):
    fill(bowl, with_cards=24, without=4)
    assert count(bowl, k=30) == 24


@pytest.mark.parametrize(
    ("with_cards", "without", "many"),
    [(0, 19, False), (0, 20, True), (6, 14, True), (7, 14, False)],
)
def test_far_more_answers_than_cards_are_worth_a_second_look(bowl, with_cards, without, many):
    fill(bowl, with_cards=with_cards, without=without)
    with open_box(bowl.folder.box) as box:
        assert many_without(bowl.folder, box, ROUND) is many
        assert not many_without(bowl.folder, box, "2027-Q1")


def test_without_cards_everybody_counts(form_team, form_site):
    form_site.post(data={"lang": "en"})
    with open_box(form_team.path / "box.sqlite") as box:
        assert counted(Folder(form_team.path), box, ROUND, 10) == 1


def test_cards_of_one_round_are_no_good_for_another(bowl, form_team):
    other = replace(form_team.round, id="2027-Q1")
    assert card_mark(bowl.codes[0], other) != card_mark(bowl.codes[0], form_team.round)


def test_a_damaged_file_of_cards_is_named(form_team):
    folder = Folder(form_team.path)
    assert cards_made(folder) == {}
    folder.cards.write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidSettings, match=r"cards\.json"):
        cards_made(folder)


def test_deleting_a_round_deletes_its_cards(bowl):
    bowl.send(bowl.codes[0])
    bowl.site.close_storage()
    with open_box(bowl.folder.box) as box:
        box.delete_round(ROUND)
        assert box.cards_used(ROUND) == 0
    assert card_mark(bowl.codes[1], bowl.team.round) not in bowl.folder.box.read_bytes()


# ------------------------------------------------------------------ printed


@pytest.mark.parametrize("name", ["cards.html", "cards.pdf"])
def test_cards_are_printed_once(demonstration, tmp_path, name):
    folder = demonstration.folder
    [round_id] = [name for name, state in states(folder).items() if state is State.OPEN]
    out = tmp_path / name
    command = ["cards", str(folder.path), round_id, "--count", "12", "--out", str(out)]
    done = CliRunner().invoke(main, [*command, "--address", "ideas.example.org"])
    assert done.exit_code == 0, done.output
    assert cards_made(folder) == {round_id: 12}
    assert out.stat().st_mode & 0o077 == 0
    if name.endswith("html"):
        page = out.read_text("utf-8")
        codes = set(re.findall(rf"<bdi>([{SIGNS}-]{{14}})</bdi>", page))
        assert len(codes) == 12
        assert not any(code in done.output for code in codes)
        assert "ideas.example.org" in page
        assert "Escribe esto" in page
    else:
        assert [failure.message for failure in validate_pdf(out, profile="ua1").failures] == []
    again = CliRunner().invoke(main, command)
    assert again.exit_code == 2


def test_where_nothing_can_be_written_no_cards_are_made(demonstration, tmp_path):
    folder = demonstration.folder
    [round_id] = [name for name, state in states(folder).items() if state is State.OPEN]
    out = tmp_path / "nowhere" / "cards.html"
    done = CliRunner().invoke(main, ["cards", str(folder.path), round_id, "--out", str(out)])
    assert done.exit_code == 2
    assert "There is no folder" in done.output
    assert cards_made(folder) == {}


def test_a_closed_round_gets_no_cards(demonstration, tmp_path):
    out = tmp_path / "cards.html"
    closed = min(path.stem.removeprefix("round-") for path in demonstration.path.glob("round-*"))
    done = CliRunner().invoke(main, ["cards", str(demonstration.path), closed, "--out", str(out)])
    assert done.exit_code == 1
    assert not out.exists()
