"""The invented people of the demonstration: valid, repeatable, believable."""

import re
import time
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import feedback.demonstration
from feedback.demonstration.people import Person, invent
from feedback.demonstration.words import load_comments
from feedback.questionnaire.answers import Answers, applied, pack, read_answers, unpack_codes
from feedback.questionnaire.definition import LONGEST_WORDS, Kind, load_questionnaire
from feedback.themes.masking import find

CORE = load_questionnaire()
COMMENTS = load_comments()
HOME = Path(feedback.demonstration.__file__).parent
SCALES = [question.id for question in CORE.questions if question.kind is Kind.SCALE]
AGREE = {"agree", "strongly_agree"}
NOT_TREATED = {"did_not_ask", "young_ideas", "care_about"}


def crowd(count: int, *, chapter: int = 0, seed: int = 1) -> list[Person]:
    return list(invent(count, seed=seed, chapter=chapter))


def answers(person: Person) -> Answers:
    return read_answers(person.fields, CORE, lang=person.lang)


def picked(person: Person, question: str) -> set[str]:
    return {option for name, option in person.fields if name == question}


def words(people: list[Person]) -> list[str]:
    return [text for person in people for name, text in person.fields if name in ("change", "keep")]


def share(people: list[Person], question: str, options: set[str]) -> float:
    given = [picked(person, question) - {"does_not_apply"} for person in people]
    answered = [options_given for options_given in given if options_given]
    return sum(bool(options_given & options) for options_given in answered) / len(answered)


@pytest.fixture(scope="module")
def many() -> list[Person]:
    return crowd(3000)


@pytest.mark.parametrize("chapter", [0, 1, 2])
def test_every_person_is_taken_by_the_form(chapter: int) -> None:
    for person in crowd(300, chapter=chapter):
        read = answers(person)
        back = unpack_codes(pack(read, CORE, pair="0" * 16)[0], CORE).answers
        assert back.picked == read.picked
        assert set(read.words) == set(person.themes)


def test_fields_follow_the_order_of_the_form() -> None:
    order = [(q.id, option) for q in CORE.questions for option in (q.option_ids or ("",))]
    for person in crowd(100):
        places = [order.index((n, "" if n in ("change", "keep") else v)) for n, v in person.fields]
        assert places == sorted(places)


def test_the_same_seed_gives_the_same_people() -> None:
    assert crowd(80, seed=5) == crowd(80, seed=5)


def test_another_seed_or_chapter_gives_other_people() -> None:
    first = crowd(80, seed=5)
    assert first != crowd(80, seed=6)
    assert first != crowd(80, seed=5, chapter=1)


@pytest.mark.parametrize("count", [0, 1, 9])
def test_small_rounds_have_exactly_as_many_people(count: int) -> None:
    assert len(crowd(count)) == count


def test_ten_thousand_people_are_invented_quickly() -> None:
    start = time.process_time()
    assert sum(1 for _ in invent(10_000, seed=1, chapter=0)) == 10_000
    assert time.process_time() - start < 4  # two seconds on a quiet machine


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("chapter", [0, 1, 2])
def test_nobody_repeats_another_in_a_round_of_sixty(seed: int, chapter: int) -> None:
    said = words(crowd(60, seed=seed, chapter=chapter))
    assert len(said) > 40
    assert len(set(said)) == len(said)


def test_nobody_repeats_another_while_the_bank_lasts() -> None:
    said = words(crowd(len(COMMENTS)))
    assert len(set(said)) == len(said)


def test_large_rounds_use_the_whole_bank(many: list[Person]) -> None:
    assert set(words(many)) == {comment.text for comment in COMMENTS}


@pytest.mark.parametrize("seed", range(6))
def test_every_round_has_something_to_mask_and_something_that_needs_care(seed: int) -> None:
    people = crowd(60, seed=seed, chapter=2)
    assert any(re.search(r"Example|Ejemplo|555-0100", text) for text in words(people))
    assert any("needs_care" in flags for person in people for flags in person.flags.values())


def test_themes_and_flags_are_those_of_the_comment() -> None:
    by_text = {comment.text: comment for comment in COMMENTS}
    for person in crowd(200):
        for box, text in answers(person).words.items():
            assert person.themes[box] == by_text[text].themes
            assert person.flags.get(box, ()) == by_text[text].flags
            assert by_text[text].lang == person.lang


def test_words_fit_the_person() -> None:
    by_text = {comment.text: comment for comment in COMMENTS}
    for person in crowd(400):
        for text in answers(person).words.values():
            needed = by_text[text].tags & {o for q in CORE.questions for o in q.option_ids}
            assert needed <= {value for _, value in person.fields}


def test_nobody_shares_words_without_having_written() -> None:
    people = crowd(300)
    assert any(person.share for person in people)
    assert not any(person.share for person in people if not person.themes)


def test_people_who_were_not_treated_skip_that_section(many: list[Person]) -> None:
    for person in many:
        if picked(person, "path") & NOT_TREATED:
            assert not any(name in SCALES for name, _ in person.fields)
            assert applied(answers(person), CORE)["respect"] == ("does_not_apply",)


def test_people_who_did_not_ask_have_mostly_not_tried(many: list[Person]) -> None:
    silent = [person for person in many if "did_not_ask" in picked(person, "path")]
    assert share(silent, "when", {"not_tried"}) > 0.8


def test_young_people_with_ideas_are_young(many: list[Person]) -> None:
    youth = [person for person in many if "young_ideas" in picked(person, "path")]
    assert share(youth, "age", {"25_or_older"}) == 0


@pytest.mark.parametrize("question", ["hard", "need"])
def test_hardly_anybody_picks_more_than_three(many: list[Person], question: str) -> None:
    picks = Counter(len(picked(person, question)) for person in many)
    assert sum(picks[n] for n in (1, 2, 3)) > 0.8 * len(many)
    assert 0 < sum(picks[n] for n in picks if n > 3) < 0.1 * len(many)


@pytest.mark.parametrize("question", [q.id for q in CORE.questions if q.kind is not Kind.OPEN])
def test_every_question_is_skipped_by_a_few(many: list[Person], question: str) -> None:
    asked = [p for p in many if question not in SCALES or not picked(p, "path") & NOT_TREATED]
    silent = sum(not picked(person, question) for person in asked) / len(asked)
    assert 0.001 < silent < 0.1


@pytest.mark.parametrize("question", [q.id for q in CORE.questions if q.kind is not Kind.OPEN])
def test_every_answer_is_given_by_somebody(many: list[Person], question: str) -> None:
    given = {option for person in many for option in picked(person, question)}
    assert given == set(CORE.by_id[question].option_ids)


@pytest.mark.parametrize(
    ("question", "options", "low", "high"),
    [
        ("age", {"under_18"}, 0.18, 0.27),
        ("age", {"25_or_older"}, 0.37, 0.48),
        ("path", {"got_help"}, 0.44, 0.56),
        ("path", NOT_TREATED, 0.24, 0.36),
        ("who", {"advocate"}, 0.24, 0.36),
        ("respect", AGREE, 0.60, 0.72),
        ("believed", AGREE, 0.55, 0.68),
        ("explained", AGREE, 0.36, 0.48),
        ("not_trouble", AGREE, 0.53, 0.65),
        ("repeat", AGREE, 0.54, 0.67),
        ("hard", {"nothing"}, 0.005, 0.05),
        ("need", {"safe_place"}, 0.35, 0.5),
    ],
)
def test_answers_are_shared_out_as_stated(
    many: list[Person], question: str, options: set[str], low: float, high: float
) -> None:
    assert low < share(many, question, options) < high


def test_satisfaction_is_skewed_and_not_even(many: list[Person]) -> None:
    counts = Counter(option for person in many for option in picked(person, "respect"))
    assert counts["agree"] > 2 * counts["disagree"]
    assert counts["strongly_agree"] > 2 * counts["strongly_disagree"]


def test_a_fifth_answers_in_spanish(many: list[Person]) -> None:
    assert 0.18 < sum(person.lang == "es" for person in many) / len(many) < 0.27


def test_people_with_an_advocate_were_treated_better_than_people_with_police(
    many: list[Person],
) -> None:
    advocate = [
        p for p in many if {"advocate"} <= picked(p, "who") and "police" not in picked(p, "who")
    ]
    police = [
        p for p in many if {"police"} <= picked(p, "who") and "advocate" not in picked(p, "who")
    ]
    for question in ("respect", "believed", "not_trouble"):
        assert share(advocate, question, AGREE) > share(police, question, AGREE) + 0.1


def test_people_who_were_respected_were_mostly_believed(many: list[Person]) -> None:
    well = [person for person in many if picked(person, "respect") & AGREE]
    badly = [p for p in many if picked(p, "respect") & {"disagree", "strongly_disagree"}]
    assert share(well, "believed", AGREE) > share(badly, "believed", AGREE) + 0.2
    assert share(well, "repeat", AGREE) < share(badly, "repeat", AGREE)


def test_things_get_modestly_better_after_the_decision(many: list[Person]) -> None:
    later = crowd(3000, chapter=1)
    assert 0.08 < share(later, "explained", AGREE) - share(many, "explained", AGREE) < 0.22
    assert 0.08 < share(many, "repeat", AGREE) - share(later, "repeat", AGREE) < 0.22
    assert 0.01 < share(later, "not_trouble", AGREE) - share(many, "not_trouble", AGREE) < 0.1
    assert 0.01 < share(later, "hard", {"wait"}) - share(many, "hard", {"wait"}) < 0.1
    assert abs(share(later, "respect", AGREE) - share(many, "respect", AGREE)) < 0.05


def test_those_who_came_after_the_change_feel_it_most() -> None:
    later = crowd(3000, chapter=1)
    recent = [person for person in later if "last_3_months" in picked(person, "when")]
    before = [person for person in later if "over_a_year" in picked(person, "when")]
    assert share(recent, "explained", AGREE) > share(before, "explained", AGREE) + 0.1


def test_the_bank_is_large_and_a_third_spanish() -> None:
    counts = Counter((comment.box, comment.lang) for comment in COMMENTS)
    assert counts["change", "en"] + counts["change", "es"] >= 100
    assert counts["keep", "en"] + counts["keep", "es"] >= 80
    spanish = counts["change", "es"] + counts["keep", "es"]
    assert 0.3 < spanish / len(COMMENTS) < 0.4
    assert len({comment.text.casefold() for comment in COMMENTS}) == len(COMMENTS)


def test_every_comment_is_short_and_holds_no_number() -> None:
    for comment in COMMENTS:
        assert comment.box in CORE.by_id
        assert 0 < len(comment.text) <= LONGEST_WORDS
        assert len(comment.text.split()) <= 50
        assert not re.search(r"[@\d]", comment.text.replace("555-0100", ""))


def test_the_masking_catches_each_slip_and_nothing_else() -> None:
    slips = [comment for comment in COMMENTS if find(comment.text)]
    assert len(slips) == 3
    assert all(comment.early for comment in slips)


def test_hardly_any_comment_is_shorter_than_four_words() -> None:
    short = [comment for comment in COMMENTS if len(comment.text.split()) < 4]
    assert 2 <= len(short) <= 10


def test_every_tag_can_hold_of_somebody() -> None:
    options = {o for q in CORE.questions if q.kind is not Kind.SCALE for o in q.option_ids}
    treated = {f"{scale}:{side}" for scale in SCALES for side in ("yes", "no")}
    known = options | treated | {"met", "young"}
    for comment in COMMENTS:
        assert comment.tags <= known
    rounds = {"es", "en", "round_1", "round_2", "since_change"}
    chances = tomllib.loads((HOME / "people.toml").read_text(encoding="utf-8"))
    for asked in chances["ask"].values():
        assert {*asked.get("times", {}), *asked.get("shifts", {})} <= known | rounds


def test_every_theme_and_flag_is_in_the_codebook() -> None:
    path = HOME.parent / "themes" / "codebook.toml"
    book = tomllib.loads(path.read_text(encoding="utf-8"))
    themes = {theme["id"] for theme in book["themes"]}
    flags = {flag["id"] for flag in book["flags"]}
    assert {theme for comment in COMMENTS for theme in comment.themes} == themes
    for comment in COMMENTS:
        assert len(comment.themes) <= 3
        assert set(comment.flags) <= flags
        assert comment.themes or comment.flags == ("other",)
