"""A team's own codebook: kept whole, numbered, and frozen for each round."""

import json
from dataclasses import replace
from datetime import date

import pytest

from feedback import codebooks
from feedback.errors import EditConflict, InvalidSettings, RoundRefused, StoreUnavailable
from feedback.folder import Folder
from feedback.publishing import make_plan
from feedback.questionnaire.definition import load_questionnaire
from feedback.settings import TeamFile
from feedback.store import audit
from feedback.themes import codebook as books
from feedback.themes import editing

DAY = date(2026, 11, 23)
SHIPPED = books.load()


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def plan_of(book, round_id="2026-Q4"):
    return make_plan(TeamFile(name="Cedar"), round_id, load_questionnaire(), book)


def test_a_team_begins_with_the_projects_codebook(folder):
    assert codebooks.current(folder) == SHIPPED


def test_a_change_raises_the_version_and_is_logged_without_its_words(folder):
    kept = codebooks.save(folder, editing.retire(SHIPPED, "wait"), seen=SHIPPED, today=DAY)
    assert kept.version == SHIPPED.version + 1
    assert codebooks.current(folder) == kept
    assert audit.read(folder.audit)[-1]["changed"] == [f"codebook, version {kept.version}"]


def test_nothing_changed_is_nothing_written(folder):
    assert codebooks.save(folder, SHIPPED, seen=SHIPPED, today=DAY) == SHIPPED
    assert not folder.codebook.exists()
    assert not folder.audit.exists()


def test_whoever_saves_second_is_told_and_overwrites_nothing(folder):
    first = codebooks.save(folder, editing.retire(SHIPPED, "wait"), seen=SHIPPED, today=DAY)
    with pytest.raises(EditConflict, match="Somebody else changed the codebook"):
        codebooks.save(folder, editing.retire(SHIPPED, "exam"), seen=SHIPPED, today=DAY)
    assert codebooks.current(folder) == first


def test_a_round_keeps_the_codebook_it_was_made_with(folder):
    plan = plan_of(SHIPPED)
    codebooks.freeze(folder, plan)
    codebooks.save(folder, editing.retire(SHIPPED, "wait"), seen=SHIPPED, today=DAY)
    assert codebooks.of_plan(folder, plan) == SHIPPED


def test_the_next_plan_holds_the_changed_codebook(folder):
    kept = codebooks.save(folder, editing.retire(SHIPPED, "wait"), seen=SHIPPED, today=DAY)
    plan = plan_of(codebooks.current(folder))
    codebooks.freeze(folder, plan)
    assert (plan.codebook.version, plan.codebook.digest) == (kept.version, kept.digest)
    assert "wait" not in {answer.id for answer in plan.question("change").answers}


def test_a_plan_of_another_codebook_is_refused(folder):
    plan = plan_of(SHIPPED)
    codebooks.save(folder, editing.retire(SHIPPED, "wait"), seen=SHIPPED, today=DAY)
    with pytest.raises(RoundRefused, match="was changed while this round was prepared"):
        codebooks.freeze(folder, plan)
    assert not folder.frozen_codebook(plan.round).exists()


@pytest.mark.parametrize("harm", ["gone", "changed", "no JSON", "another format"])
def test_a_frozen_codebook_that_was_touched_is_refused(folder, harm):
    plan, path = plan_of(SHIPPED), folder.frozen_codebook("2026-Q4")
    codebooks.freeze(folder, plan)
    data = json.loads(path.read_text("utf-8"))
    if harm == "gone":
        path.unlink()
    elif harm == "changed":
        data["themes"][0]["words"]["en"]["label"] = "Something else"
        path.write_text(json.dumps(data), "utf-8")
    else:
        path.write_text("{" if harm == "no JSON" else json.dumps({**data, "format": 2}), "utf-8")
    with pytest.raises(StoreUnavailable, match=r"codebook-2026-Q4\.json is missing or was changed"):
        codebooks.of_plan(folder, plan)


def test_a_damaged_codebook_is_named_and_not_passed_over(folder):
    folder.codebook.write_text('{"format": "throughline codebook 1", "name": "Ours"}', "utf-8")
    with pytest.raises(InvalidSettings, match=r"codebook\.json cannot be used"):
        codebooks.current(folder)


def test_labels_of_old_rounds_are_known_in_both_languages(folder):
    theme = replace(SHIPPED.theme("wait"), id="clinic_hours")
    kept = codebooks.save(folder, editing.put(SHIPPED, theme), seen=SHIPPED, today=DAY)
    codebooks.freeze(folder, plan_of(kept))
    codebooks.save(folder, editing.retire(kept, "clinic_hours"), seen=kept, today=DAY)
    assert codebooks.labels(folder, "es")["clinic_hours"] == "Esperas y horarios"
    assert codebooks.labels(folder, "en")["other"] == SHIPPED.label("other", "en")
