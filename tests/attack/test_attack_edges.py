"""The strong attacker at every edge of the rules: sizes, shapes, steps of rounding, real people.

Shapes are the ones that break tables: everybody says the same, one deviates, groups that nest,
somebody alone in a combination, nobody says anything, a question with one answer only.
"""

from itertools import product

import pytest

from feedback.disclosure.plan import Limits
from feedback.errors import ReleaseRefused
from tests.attack.attacker import attack, score_of
from tests.attack.teams import skewed, team, yrbs
from tests.attack.throws import attack_together

STRICT = Limits(k=20, k_groups=40, base=10, m=3)
SHAPES = ("unanimous", "one deviates", "nested", "alone", "skipped", "one answer", "two minorities")
SIZES = (10, 11, 14, 29, 30, 31, 50)


def shaped(shape, count, limits=None):
    """Return people of one shape."""
    half = count // 2
    age, sex = ["a"] * half + ["b"] * (count - half), ["f", "m"] * half + ["m"] * (count % 2)
    said, ticked = ["yes"] * count, [("u",)] * count
    if shape == "one deviates":
        said[0], ticked[0] = "no", ("v",)
    if shape == "nested":
        sex = ["f"] * (half + 2) + ["m"] * (count - half - 2)
        said = ["yes" if each == "a" else "no" for each in age]
    if shape == "alone":
        sex = ["f"] + ["m"] * (half - 1) + ["f"] * (count - half)
        said[0] = "no"
    if shape == "skipped":
        said, ticked = [None] * count, [()] * count
    if shape == "two minorities":
        said[:2], said[-2:] = ["no"] * 2, ["maybe"] * 2
        ticked[half - 1 : half + 1] = [("u", "v"), ()]
    options = {"said": ("yes",) if shape == "one answer" else ("yes", "no", "maybe")}
    options["ticked"] = ("u",) if shape == "one answer" else ("u", "v")
    answers = {"said": said, "ticked": ticked}
    return team({"age": age, "sex": sex}, answers, options=options, limits=limits)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_of_any_size_gives_anybody_away(shape):
    for count, key in product(SIZES, range(2)):
        people = shaped(shape, count)
        assert attack_together(people.publish(key=key), people.known()) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_rounded_to_tens_five_who_pool_their_answers_gain_nothing(shape):
    for count in (20, 21, 39, 40, 60):
        people = shaped(shape, count, STRICT)
        shown, known = people.publish(key=count), people.known(range(count - 5, count))
        assert (shown["count"].dropna() % 10 == 0).all()
        assert attack_together(shown, known) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_one_person_fewer_than_k_and_there_is_no_release(shape):
    for limits, k in ((Limits(), 10), (STRICT, 20)):
        with pytest.raises(ReleaseRefused, match=f"fewer than {k} people have answered"):
            shaped(shape, k - 1, limits).document()
        for count in (k, k + 1):
            shown = shaped(shape, count, limits).publish()
            assert (shown[shown["answer"] == ""]["count"].dropna() >= k - limits.base + 1).all()
            assert shown["count"].notna().any()


@pytest.mark.parametrize(("count", "seeds"), [(20, 5), (50, 4), (200, 2), (2000, 1)])
def test_of_real_students_nobody_is_found_out(count, seeds):
    for seed in range(seeds):
        people = yrbs(count, seed)
        shown = people.publish(key=seed)
        found = attack(shown, people.known())
        score = score_of(found, shown, people.known())
        assert (score.certain, score.excluded, found) == (0, 0, [])
        assert score.pairs > 0
        assert shown[shown["answer"] != ""]["count"].notna().any()


def test_of_ten_thousand_people_nobody_is_found_out():
    people = skewed(10_000, 3)
    shown = people.publish(key=3)
    assert attack(shown, people.known()) == []
    exact = people.frame["said"].value_counts()
    cells = shown[(shown["question"] == "said") & (shown[["age", "sex"]] == "").all(axis=1)]
    counts = cells.set_index("answer")["count"]
    assert all(abs(counts[answer] - count) < 5 for answer, count in exact.items())
