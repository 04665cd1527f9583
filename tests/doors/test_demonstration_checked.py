"""The checked decision of the demonstration says what its own releases say, on the board too."""

import json

from feedback import ledgers
from feedback.decisions.board import RESULT_WORDS
from feedback.decisions.checks import check_decision
from feedback.decisions.log import Result, State, from_dict
from feedback.decisions.measure import before_after
from feedback.store.records import open_records
from feedback.ui.shelf import wording_of


def checked(folder):
    records = open_records(str(folder.path / "team.sqlite"))
    try:
        documents = records.latest("decision")
    finally:
        records.close()
    decisions = [from_dict(document.body) for document in documents]
    [found] = [decision for decision in decisions if decision.state is State.CHECKED]
    return found


def test_what_was_found_agrees_with_the_numbers_it_is_measured_by(made_demonstration):
    folder = made_demonstration.folder
    published = ledgers.releases(folder)
    decision = checked(folder)
    wording = wording_of(release.plan for release in published)
    measured = before_after(decision, ledgers.published_rows(published), wording)
    assert measured.change.after.release == 2
    assert decision.result is (measured.suggested or Result.TOO_FEW)
    assert decision.result_note
    assert decision.next_step
    assert check_decision(decision) == ()


def test_the_board_says_what_was_found(made_demonstration):
    folder = made_demonstration.folder
    decision, (english, spanish) = checked(folder), RESULT_WORDS[checked(folder).result]
    board = json.loads(folder.board.read_text(encoding="utf-8"))
    changed = [line for entry in board["entries"] for line in entry["changed"]]
    assert {
        "text": f"{decision.public_line} {english}",
        "text_es": f"{decision.public_line_es} {spanish}",
    } in changed
