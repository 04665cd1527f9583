"""Masks and suggestions do on invented answers what the docs say, on the half kept from tuning.

The floors lie a little below what `tests/bench/bench_themes.py` prints.
"""

import json
from pathlib import Path

import pytest

from feedback.themes import codebook as books
from feedback.themes.masking import find
from feedback.themes.suggest import Suggester

ANSWERS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "invented_answers.json").read_text("utf-8")
)["answers"]
KEPT = [one for one in ANSWERS if one["part"] == "kept"]


def share_found(answers, change):
    found = []
    for one in answers:
        spans = find(change(one["text"]))
        marks = [(start, end) for start, end, kind in one["details"] if kind != "age"]
        found += [any(s.start < end and s.end > start for s in spans) for start, end in marks]
    return sum(found) / len(found)


@pytest.mark.parametrize(("change", "floor"), [(str, 0.95), (str.lower, 0.85)])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_most_details_of_unseen_answers_are_found(lang, change, floor):
    assert share_found([one for one in KEPT if one["lang"] == lang], change) >= floor


@pytest.mark.parametrize("change", [str, str.lower])
def test_nine_of_ten_unseen_answers_without_a_detail_stay_whole(change):
    plain = [one for one in KEPT if not one["details"]]
    assert sum(not find(change(one["text"])) for one in plain) >= 0.9 * len(plain)


def test_marks_of_the_invented_answers_lie_on_whole_words():
    for one in ANSWERS:
        for start, end, _ in one["details"]:
            inside = one["text"][start:end]
            assert inside == inside.strip() != ""


@pytest.mark.parametrize("learn", [True, False])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_starter_codebook_suggests_most_themes_before_anything_is_coded(lang, learn):
    suggester = Suggester(books.load(), learn=learn)
    among = [
        theme in [one.theme for one in suggester.suggest(answer["text"], lang, 3)]
        for answer in KEPT
        if answer["lang"] == lang
        for theme in answer["themes"]
    ]
    assert sum(among) / len(among) >= 0.73
