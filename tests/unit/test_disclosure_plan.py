"""A plan says before anybody answers what a release will show, and refuses what is not careful."""

import pytest

from feedback.disclosure.plan import Answer, Edition, Kind, Limits, NotFor, Plan, PlannedQuestion
from feedback.errors import InvalidSettings


def answers(*ids):
    return tuple(Answer(each, each.upper()) for each in ids)


SAFE = PlannedQuestion("safe", Kind.SINGLE, "Safe?", answers("yes", "no", "does_not_apply"))
AGE = PlannedQuestion("age", Kind.SINGLE, "Age?", answers("young", "old"))
WHO = PlannedQuestion("who", Kind.MULTI, "Who?", answers("police", "nurse"), at_most=1)


def make_plan(questions=(SAFE, AGE, WHO), groups=("age",), **other):
    parts = {
        "round": "2026-Q4",
        "team": "Cedar",
        "questionnaire": Edition(1, "ab", "core"),
        "codebook": Edition(2, "cd"),
        "questions": tuple(questions),
        "groups": groups,
    }
    return Plan(**{**parts, **other})


def problems_of(**parts):
    with pytest.raises(InvalidSettings) as refused:
        make_plan(**parts)
    return " ".join(refused.value.problems)


def test_a_plan_survives_json_and_keeps_its_hash():
    asked = PlannedQuestion(
        "asked", Kind.SCALE, "?", (*SAFE.answers,), True, None, NotFor("age", ("old",))
    )
    plan = make_plan([SAFE, AGE, WHO, asked], single_person=True)
    again = Plan.from_dict(plan.to_dict())
    assert again == plan
    assert again.plan_hash() == plan.plan_hash()


def test_every_change_changes_the_hash():
    plans = [
        make_plan(),
        make_plan(limits=Limits(k=11)),
        make_plan(groups=()),
        make_plan(single_person=True),
        make_plan(questions=(AGE, SAFE, WHO)),
        make_plan(round="2027-Q1"),
    ]
    assert len({plan.plan_hash() for plan in plans}) == len(plans)


def test_no_answer_is_one_more_row_of_every_question():
    assert [a.id for a in SAFE.columns][-1] == "skipped"
    assert [a.id for a in WHO.columns][-1] == "none"
    theme = PlannedQuestion("keep", Kind.THEME, "?", answers("kind"))
    assert theme.columns[-1].text == "Left no comment"
    assert theme.alone == (False, True)
    assert SAFE.alone == (True,) * 4


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        (Limits(k=9), "k"),
        (Limits(k=51), "k"),
        (Limits(k_groups=29), "k_groups"),
        (Limits(k=40, k_groups=39), "k_groups"),
        (Limits(base=3), "base"),
        (Limits(m=1), "m"),
        (Limits(tries=63), "tries"),
        (Limits(k_quotes=19), "k_quotes"),
        (Limits(k=True), "k"),
    ],
)
def test_limits_can_only_be_made_stricter(limits, name):
    assert problems_of(limits=limits).startswith(f"{name} must be")


def test_stricter_limits_are_taken():
    strict = Limits(k=50, k_groups=60, base=10, m=3, tries=128, k_quotes=40)
    assert make_plan(limits=strict).limits == strict


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"round": "../x"}, "The round must be"),
        ({"team": "  "}, "The team needs a name."),
        ({"questions": (), "groups": ()}, "At least one question"),
        ({"questions": (SAFE, AGE, AGE)}, "The question age is planned twice."),
        ({"groups": ("age", "age")}, "The group age is named twice."),
        ({"groups": ("who",)}, "The group who must be a planned single-choice question."),
        ({"groups": ("gone",)}, "The group gone must be"),
        ({"groups": ("a", "b", "c", "d")}, "At most 3 questions can make groups."),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(parts, words):
    assert words in problems_of(**parts)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (PlannedQuestion("q", Kind.SINGLE, "?", answers("a", "a")), "the answer a stands twice"),
        (PlannedQuestion("q", Kind.SINGLE, "?", answers("a", "skipped")), "stands twice"),
        (PlannedQuestion("q", Kind.MULTI, "?", answers("a", "none")), "stands twice"),
        (PlannedQuestion("q", Kind.SINGLE, "?", answers("A b")), "the id 'A b' cannot be used"),
        (PlannedQuestion("q", Kind.SINGLE, "?", ()), "1 to 12 answers"),
        (
            PlannedQuestion("q", Kind.SCALE, "?", answers(*(f"a{i}" for i in range(13)))),
            "1 to 12 answers",
        ),
        (
            PlannedQuestion("q", Kind.THEME, "?", answers(*(f"a{i}" for i in range(41)))),
            "1 to 40 answers",
        ),
        (PlannedQuestion("q", Kind.SINGLE, "?", answers("a"), at_most=1), "at_most is for"),
        (PlannedQuestion("q", Kind.MULTI, "?", answers("a"), at_most=0), "at_most is for"),
        (
            PlannedQuestion("q", Kind.SINGLE, "?", answers("a"), not_for=NotFor("age", ("old",))),
            "it needs the answer does_not_apply",
        ),
        (
            PlannedQuestion("q", Kind.SINGLE, "?", SAFE.answers, not_for=NotFor("age", ("x",))),
            "not_for names answers that are not planned",
        ),
    ],
)
def test_a_question_that_cannot_be_counted_is_refused(question, words):
    assert words in problems_of(questions=(SAFE, AGE, WHO, question))


def test_a_group_of_too_many_levels_is_refused():
    many = PlannedQuestion("many", Kind.SINGLE, "?", answers(*(f"a{i}" for i in range(7))))
    assert "more than 6 levels" in problems_of(questions=(many,), groups=("many",))


def test_a_group_cannot_be_called_like_a_column_of_the_export():
    count = PlannedQuestion("count", Kind.SINGLE, "?", answers("a", "b"))
    assert "like a column" in problems_of(questions=(count,), groups=("count",))


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.pop("groups"),
        lambda data: data.update(questions=[{"id": "x"}]),
        lambda data: data["questions"][0].update(kind="open"),
        lambda data: data["limits"].update(luck=1),
        lambda data: data["limits"].update(k="10"),
    ],
)
def test_a_damaged_plan_is_refused(damage):
    data = make_plan().to_dict()
    damage(data)
    with pytest.raises(InvalidSettings):
        Plan.from_dict(data)


def test_something_else_than_a_plan_is_refused():
    with pytest.raises(InvalidSettings):
        Plan.from_dict(["no plan"])
