"""The demonstration team decides the way a real team may: complete, dated, fit to be shown."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

import feedback.demonstration
from feedback.decisions.checks import can_post, check_decision
from feedback.decisions.coverage import Reach, coverage_map, starter_items
from feedback.decisions.definitions import load_areas, load_structures
from feedback.decisions.log import Decision, Kind, PublicStatus, State
from feedback.decisions.signals import Ref
from feedback.demonstration.team import NAME, team_coverage, team_decisions, team_inputs
from feedback.questionnaire.definition import load_questionnaire

TODAY = date(2026, 11, 23)
DECISIONS = team_decisions(TODAY)
CORE = load_questionnaire()
HOME = Path(feedback.demonstration.__file__).parent
BOOK = tomllib.loads((HOME.parent / "themes" / "codebook.toml").read_text(encoding="utf-8"))
THEMES = {theme["id"] for theme in BOOK["themes"]}


def name_of(decision: Decision) -> str:
    return decision.id


def refs(decision: Decision) -> list[Ref]:
    texts = [link.ref for link in decision.evidence]
    texts += [item.ref for item in decision.asked_not_done if item.ref]
    texts += [decision.measure.ref] if decision.measure else []
    return [Ref.parse(text) for text in texts]


def test_the_name_says_that_it_is_a_demonstration() -> None:
    assert NAME == "Cedar County SART (demonstration)"


@pytest.mark.parametrize("decision", DECISIONS, ids=name_of)
def test_a_decision_has_nothing_to_mend(decision: Decision) -> None:
    assert [problem for problem in check_decision(decision) if problem.blocks] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=name_of)
def test_a_decision_rests_on_what_was_asked(decision: Decision) -> None:
    assert decision.evidence
    assert decision.other_evidence
    for ref in refs(decision):
        known = CORE.by_id[ref.question].option_ids or THEMES
        assert not ref.answer or ref.answer in known


@pytest.mark.parametrize("decision", DECISIONS, ids=name_of)
def test_a_decision_names_what_exists(decision: Decision) -> None:
    known = load_structures()
    assert decision.structure in {"", *known.by_id}
    assert decision.factor in {factor.id for factor in known.factors}
    assert decision.stage in {stage.id for stage in known.stages}
    assert decision.area in load_areas().by_id
    assert not decision.extra


@pytest.mark.parametrize("decision", DECISIONS, ids=name_of)
def test_a_change_is_measured_from_the_release_it_rests_on(decision: Decision) -> None:
    if decision.kind is Kind.NO_CHANGE:
        assert decision.because
        return
    assert decision.measure is not None
    assert {link.release for link in decision.evidence} == {decision.measure.baseline}


def test_decisions_stand_at_different_places() -> None:
    states = {decision.state for decision in DECISIONS}
    assert states == {
        State.DISCUSSING, State.DECIDED, State.DONE, State.CHECKED, State.NOT_NOW,
    }  # fmt: skip


def test_what_is_approved_may_be_posted_and_is_in_both_languages() -> None:
    approved = [d for d in DECISIONS if d.public_status is PublicStatus.APPROVED]
    assert len(approved) == 3
    for decision in approved:
        assert can_post(decision)
        assert decision.public_line_es


def test_a_review_is_due() -> None:
    assert any(d.state is State.DONE and d.review and d.review < TODAY for d in DECISIONS)


def test_dates_follow_the_day_of_the_demonstration() -> None:
    later = team_decisions(TODAY + timedelta(days=100))
    for before, after in zip(DECISIONS, later, strict=True):
        assert before.review is not None
        assert after.review == before.review + timedelta(days=100)


def test_everything_that_the_team_says_is_understood() -> None:
    inputs, known = team_inputs(TODAY), load_structures()
    assert set(inputs.ratings) == {statement.id for statement in known.statements}
    assert set(inputs.facts) == {fact.id for fact in known.facts}
    assert set(inputs.weights) == {factor.id for factor in known.factors}
    assert set(inputs.notes) <= set(inputs.ratings) | set(inputs.facts)
    assert inputs.members < set(CORE.by_id["who"].option_ids)
    assert inputs.interval in known.by_id["integrated"].intervals
    assert not inputs.is_due(TODAY)


def test_every_point_of_the_map_is_marked() -> None:
    marks = tomllib.loads((HOME / "coverage.toml").read_text(encoding="utf-8"))["marks"]
    assert set(marks) == {item.id for item in starter_items()}
    drawn = coverage_map(team_coverage(TODAY), today=TODAY)
    assert all(drawn.with_reach(reach) for reach in Reach)
    assert drawn.missing
    assert drawn.find_out
    assert drawn.stale
