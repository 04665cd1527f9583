"""The field's lists are complete, refer only to what exists, and refuse a wrong value."""

import json
import tomllib
from pathlib import Path

import pytest

from feedback.decisions.definitions import load_areas, load_coverage, load_structures
from feedback.decisions.signals import Ref
from feedback.errors import InvalidSettings
from feedback.questionnaire.definition import load_questionnaire

AREAS = [
    "first_response",
    "interview",
    "exam",
    "advocacy",
    "youth",
    "housing",
    "court",
    "follow_up",
    "access",
    "transport",
    "safety_privacy",
    "not_criminal",
]
STRUCTURES = ["subcommittee", "integrated", "standalone", "existing_mdt", "regional"]
FACTORS = ["capacity", "awareness", "protocol_type", "funding"]
THEMES = [
    "believed",
    "respect",
    "info_next",
    "choice",
    "repeat_story",
    "continuity",
    "wait",
    "know_where",
    "first_contact",
    "interview",
    "exam",
    "advocate",
    "child_protect",
    "report_limits",
    "school_youth",
    "housing",
    "basics",
    "transport",
    "language",
    "culture",
    "lgbtq",
    "disability",
    "in_trouble",
    "privacy_town",
    "safety",
    "court",
    "healing",
    "peers",
    "teamwork",
    "community",
]
BANK = [
    "hear",
    "team_style",
    "one_person",
    "know_where",
    "people_care",
    "learn_where",
    "wait",
    "missing",
    "say",
    "private",
    "told_limits",
    "first_calm",
    "first_choice",
    "int_pace",
    "int_support",
    "int_phone",
    "exam_choice",
    "exam_care",
    "adv_there",
    "adv_side",
    "cps_listen",
    "cps_report",
    "shel_safe",
    "shel_rules",
    "shel_type",
    "court_know",
    "court_want",
    "after_check",
    "after_need",
    "lang_use",
    "like_me",
    "ride_get",
    "device_ask",
    "groups",
]


def core():
    return load_questionnaire().by_id


def every_ref():
    areas, known = load_areas(), load_structures()
    for area in areas.areas:
        yield from area.questions
    yield from areas.everywhere.questions
    for factor in known.factors:
        yield from factor.signals
    for structure in known.structures:
        yield from (bearing.ref for bearing in structure.signals)
    yield from (point.ref for point in load_coverage().items if point.ref)


def test_the_lists_hold_the_field_s_words():
    known = load_structures()
    assert [area.id for area in load_areas().areas] == AREAS
    assert [structure.id for structure in known.structures] == STRUCTURES
    assert [factor.id for factor in known.factors] == FACTORS
    assert [stage.id for stage in known.stages] == ["assess", "change", "measure"]


def test_every_question_that_is_named_exists():
    asked = {Ref.parse(text).question for text in every_ref()}
    assert asked <= {*core(), *BANK, "change", "keep"}


def option_ids(data):
    """Walk definition files for questions with options, whatever shape the file has."""
    if isinstance(data, dict):
        options = data.get("options")
        if "id" in data and isinstance(options, list):
            yield data["id"], {option["id"] for option in options if isinstance(option, dict)}
        for value in data.values():
            yield from option_ids(value)
    elif isinstance(data, list):
        for value in data:
            yield from option_ids(value)


def test_every_answer_that_is_named_exists_where_its_question_is_defined():
    folder = Path(load_questionnaire.__code__.co_filename).parent
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in folder.glob("**/*.toml")]
    asked = dict(pair for data in files for pair in option_ids(data))
    assert {"hard", "who", "place"} <= set(asked)
    for text in every_ref():
        ref = Ref.parse(text)
        if ref.answer and ref.question in asked:
            assert ref.answer in asked[ref.question], text


def test_every_theme_that_is_named_exists_and_every_theme_has_a_home():
    areas = load_areas()
    homes = {*areas.everywhere.themes, *(t for area in areas.areas for t in area.themes)}
    boxed = {
        ref.answer for ref in map(Ref.parse, every_ref()) if ref.question in ("change", "keep")
    }
    assert homes == set(THEMES)
    assert boxed <= set(THEMES)


def test_every_core_question_about_treatment_bears_on_an_area():
    areas = load_areas()
    named = {*areas.everywhere.questions, *(q for area in areas.areas for q in area.questions)}
    scales = {name for name, question in core().items() if question.kind == "scale"}
    assert scales <= named


def test_every_structure_has_evidence_on_both_sides():
    for structure in load_structures().structures:
        sides = {b.side for b in (*structure.signals, *structure.team, *structure.facts)}
        assert sides == {"for", "against"}, structure.id
        assert {b.side for b in structure.signals} == {"for", "against"}, structure.id


def test_every_statement_and_fact_is_said_in_one_sentence():
    known = load_structures()
    for text in [s.text for s in known.statements] + [f.text for f in known.facts]:
        assert text.endswith(".")
        assert "?" not in text


def test_only_the_integrated_structure_offers_intervals():
    offering = [s.id for s in load_structures().structures if s.intervals]
    assert offering == ["integrated"]


@pytest.mark.parametrize(
    ("bearing", "problem"),
    [
        ('{ref="no_such", when="true", side="for", factor="capacity", because="x."}', "no_such"),
        ('{ref="hours", when="yes", side="for", factor="capacity", because="x."}', "when must be"),
        ('{ref="hours", when="true", side="for", factor="weather", because="x."}', "weather"),
        ('{ref="hours", when="true", side="winner", factor="capacity", because="x."}', "side"),
    ],
)
def test_a_wrong_bearing_is_named(tmp_path: Path, bearing, problem):
    text = Path(load_structures.__code__.co_filename).with_name("structures.toml").read_text()
    path = tmp_path / "structures.toml"
    path.write_text(text.replace("team = [\n", f"team = [\n  {bearing},\n", 1))
    with pytest.raises(InvalidSettings, match=problem):
        load_structures(path)


def test_an_id_cannot_be_used_twice(tmp_path: Path):
    text = Path(load_areas.__code__.co_filename).with_name("areas.toml").read_text()
    path = tmp_path / "areas.toml"
    path.write_text(text.replace('id = "exam"', 'id = "interview"'))
    with pytest.raises(InvalidSettings, match="used twice"):
        load_areas(path)


@pytest.mark.parametrize("text", ["not toml at all [", "areas = 3"])
def test_a_damaged_file_is_refused(tmp_path: Path, text):
    path = tmp_path / "areas.toml"
    path.write_text(text)
    with pytest.raises(InvalidSettings):
        load_areas(path)


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(InvalidSettings):
        load_coverage(tmp_path / "coverage.toml")


def test_areas_are_found_by_question_and_theme():
    areas = load_areas()
    assert areas.of_theme("housing") == ("housing",)
    assert areas.of_question("hard:no_ride") == ("transport",)
    assert areas.of_theme("teamwork") == ()
    assert load_structures().by_id["regional"].title == "A team for a region"
    assert json.dumps(areas.by_id["exam"].model_dump())


def test_a_theme_of_the_team_gets_its_place_and_ours_keep_theirs():
    areas = load_areas()
    more = areas.with_themes({"night_bus": ("transport", "housing"), "wait": ("court",)})
    assert set(more.of_theme("night_bus")) == {"transport", "housing"}
    assert more.of_theme("wait") == areas.of_theme("wait")
    assert [area.id for area in more.areas] == [area.id for area in areas.areas]
