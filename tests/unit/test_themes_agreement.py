"""Krippendorff's alpha equals reference values and comes with its range."""

import json
from pathlib import Path

import numpy as np
import pytest

from feedback.themes.agreement import alpha, alpha_range, per_theme

# Computed once with the `krippendorff` package 0.9.0 (GPL-3.0-or-later), which is no dependency.
REFERENCES = json.loads(
    (Path(__file__).parents[1] / "vectors" / "themes_alpha.json").read_text("utf-8")
)


def table(rows):
    return np.array([[np.nan if value is None else value for value in row] for row in rows], float)


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference["name"])
def test_alpha_equals_the_reference(reference):
    assert alpha(table(reference["table"])) == pytest.approx(reference["alpha"], abs=1e-9)


def test_full_agreement_is_one():
    assert alpha(table([[1, 0, 1], [1, 0, 1]])) == 1.0


def test_alpha_is_not_defined_without_difference_or_second_coders():
    assert alpha(table([[1, 1], [1, 1]])) is None
    assert alpha(table([[1, None], [None, 0]])) is None
    assert alpha_range(table([[1, None], [None, 0]]), np.random.default_rng(1)) is None
    assert alpha_range(table([[1, 1], [1, 1]]), np.random.default_rng(1)) is None


def test_the_range_holds_alpha_and_follows_the_seed():
    marks = table(REFERENCES[-1]["table"])
    low, high = alpha_range(marks, np.random.default_rng(4))
    assert low < alpha(marks) < high
    assert (low, high) == alpha_range(marks, np.random.default_rng(4))
    assert (low, high) != alpha_range(marks, np.random.default_rng(5))


def test_the_range_holds_ninety_five_of_a_hundred_draws():
    marks = table(REFERENCES[-1]["table"])
    low, high = alpha_range(marks, np.random.default_rng(4), draws=2000)
    rng, many = np.random.default_rng(9), marks.shape[1]
    drawn = [alpha(marks[:, rng.integers(many, size=many)]) for _ in range(1500)]
    inside = [low <= one <= high for one in drawn if one is not None]
    assert 0.93 < np.mean(inside) < 0.97


def test_more_answers_narrow_the_range():
    few = table(REFERENCES[-1]["table"])
    many = np.tile(few, 8)
    narrow, wide = (
        alpha_range(marks, np.random.default_rng(2), draws=300) for marks in (many, few)
    )
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_themes_are_compared_on_answers_coded_twice():
    marks = {
        "ana": {(1, "change"): ("wait",), (2, "change"): ("exam",), (3, "keep"): ("wait",)},
        "bo": {(1, "change"): ("wait",), (2, "change"): ("exam", "wait")},
    }
    wait, exam = per_theme(marks, ["wait", "exam"], np.random.default_rng(1))
    assert (wait.answers, exam.answers) == (2, 2)
    assert exam.alpha == 1.0
    assert wait.alpha < 0.5


def test_nobody_has_no_agreement():
    (wait,) = per_theme({}, ["wait"], np.random.default_rng(1))
    assert (wait.alpha, wait.low, wait.high, wait.answers) == (None, None, None, 0)
