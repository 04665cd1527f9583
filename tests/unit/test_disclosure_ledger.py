"""The ledger notices every release that is changed, missing, moved, renumbered or impossible."""

import copy
import datetime
import hashlib

import pandas as pd
import pytest

from feedback.disclosure.audit import number_problems
from feedback.disclosure.ledger import canonical_bytes, chain, release_hash, verify
from feedback.disclosure.plan import Answer, Edition, Kind, Plan, PlannedQuestion
from feedback.disclosure.release import build_release
from feedback.errors import LedgerBroken, ReleaseRefused


def answers(*ids):
    return tuple(Answer(each, each) for each in ids)


AGE = PlannedQuestion("age", Kind.SINGLE, "Age?", answers("young", "old"))
SAID = PlannedQuestion("said", Kind.SINGLE, "Said?", answers("yes", "no"))
WHO = PlannedQuestion("who", Kind.MULTI, "Who?", answers("a", "b"))
KEEP = PlannedQuestion("keep", Kind.THEME, "Keep?", answers("kind"))


def sign(data):
    return hashlib.sha256(b"secret" + data).hexdigest()


def is_signed(data, signature):
    return signature == sign(data)


def document_of(number, previous_hash="", people=60):
    edition = Edition(1, "x")
    plan = Plan(f"r{number}", "t", edition, edition, (AGE, SAID, WHO, KEEP), ("age",))
    cells = {
        "age": ["young", "old", "old", None],
        "said": ["yes", "yes", "no"],
        "who": [("a",), (), ("a", "b")],
        "keep": [("kind",), ()],
    }
    frame = pd.DataFrame(
        {
            name: pd.Series([some[i % len(some)] for i in range(people)], dtype=object)
            for name, some in cells.items()
        }
    )
    return build_release(
        frame,
        plan,
        key=b"k" * 32,
        number=number,
        previous_hash=previous_hash,
        day=datetime.date(2026, 1, number),
    )


@pytest.fixture(scope="module")
def ledger():
    documents = []
    for number in range(1, 5):
        last = documents[-1] if documents else None
        documents.append(chain(document_of(number, last["hash"] if last else ""), last, sign))
    return documents


def problems_of(documents, **how):
    with pytest.raises(LedgerBroken) as broken:
        verify(documents, is_signed, **how)
    return " ".join(broken.value.problems)


def test_a_ledger_that_holds_is_silent(ledger):
    verify(ledger, is_signed)
    verify(ledger, is_signed, last_hash=ledger[-1]["hash"])
    verify([], is_signed)


def test_every_changed_release_is_named(ledger):
    changed = copy.deepcopy(ledger)
    changed[1]["date"] = "2026-01-09"
    changed[2]["tables"][0]["rows"][0]["base"] += 5
    text = problems_of(changed)
    assert "Release 2 was changed after it was published." in text
    assert "Release 3 was changed after it was published." in text
    assert "Release 1 was changed" not in text


def test_a_release_that_somebody_hashed_again_is_not_signed(ledger):
    changed = copy.deepcopy(ledger)
    changed[3]["date"] = "2026-01-09"
    changed[3]["hash"] = release_hash(changed[3])
    assert problems_of(changed) == "Release 4 is not signed by this team."


def test_a_missing_release_is_named(ledger):
    text = problems_of([ledger[0], *ledger[2:]])
    assert "Release 2 is missing." in text
    assert "Release 3 does not follow the release before it." in text


def test_newest_releases_that_were_taken_away_are_noticed(ledger):
    text = problems_of(ledger[:2], last_hash=ledger[-1]["hash"])
    assert text == "The ledger does not end with the release that was published last."


def test_releases_in_another_order_are_named(ledger):
    text = problems_of([ledger[0], ledger[2], ledger[1], ledger[3]])
    assert "Release 2 stands in the wrong place." in text


def test_a_renumbered_release_is_named(ledger):
    changed = copy.deepcopy(ledger)
    changed[2]["number"] = 2
    text = problems_of(changed)
    assert "The number 2 is used twice." in text
    assert "Release 3 is missing." in text


def test_a_round_is_published_once(ledger):
    again = chain({**document_of(5, ledger[-1]["hash"]), "round": "r1"}, ledger[-1], sign)
    assert "Release 5 publishes the round r1 again." in problems_of([*ledger, again])


def test_a_file_that_is_no_release_is_named():
    text = problems_of([{"number": "x"}])
    assert "damaged" in text


def test_only_the_next_number_can_be_chained(ledger):
    with pytest.raises(ReleaseRefused, match="The next release is number 5"):
        chain(document_of(1), ledger[-1], sign)
    with pytest.raises(ReleaseRefused, match="The next release is number 1"):
        chain(document_of(2, "ab"), None, sign)


def test_hash_and_signature_are_not_part_of_what_is_signed(ledger):
    bare = {k: v for k, v in ledger[0].items() if k not in ("hash", "signature")}
    assert canonical_bytes(bare) == canonical_bytes(ledger[0])
    assert canonical_bytes(bare).isascii()


def everyone(document, table=1):
    return document["tables"][table]["rows"][0]


def damage_base(document):
    everyone(document)["base"] += 5


def damage_multiple(document):
    everyone(document)["answers"]["yes"] += 1


def damage_above_row(document):
    everyone(document, 2)["answers"]["a"] = everyone(document)["base"] + 5


def damage_sum(document):
    everyone(document)["answers"].update(yes=0, no=0, skipped=0)


def damage_small_row(document):
    for table in document["tables"][1:]:
        table["rows"][1]["base"] = 5


def damage_levels(document):
    document["tables"][1]["rows"][1]["levels"] = ["old"]


def damage_row_removed(document):
    document["tables"][1]["rows"].pop()


def damage_all_rows_removed(document):
    del document["tables"][1]["rows"][1:]


def damage_parts(document):
    for row in document["tables"][1]["rows"][1:]:
        row["answers"].update(yes=0, no=row["base"])


def damage_answers(document):
    everyone(document)["answers"].pop("skipped")


def damage_status(document):
    everyone(document)["status"] = "protected"


def damage_tables(document):
    document["tables"].reverse()


def damage_first_row(document):
    document["tables"][1]["rows"].reverse()


def damage_plan(document):
    document["plan"]["limits"]["k"] = 11


def damage_too_few_for_groups(document):
    document["plan"]["limits"]["k_groups"] = 1000


def damage_hidden_size(document):
    document["tables"][1]["rows"][1]["base"] = None


def damage_group_size(document):
    counts = everyone(document, 0)["answers"]
    counts["old"], counts["young"] = counts["young"], counts["old"]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (damage_base, "has another size than elsewhere in the release"),
        (damage_multiple, "holds a number that is not a multiple of 5"),
        (damage_above_row, "holds more people than the row"),
        (damage_sum, "the answers cannot add up to the row"),
        (damage_small_row, "holds fewer than 10 people"),
        (damage_levels, "the rows do not share everybody out"),
        (damage_row_removed, "the rows do not share everybody out"),
        (damage_all_rows_removed, "the rows are not the planned groups"),
        (damage_parts, "the rows cannot add up to everyone"),
        (damage_answers, "shows other answers than planned"),
        (damage_status, "has a status that does not fit"),
        (damage_tables, "its tables are not the planned questions"),
        (damage_first_row, "the first row is not everyone"),
        (damage_plan, "its plan is not the one it was made by"),
        (damage_too_few_for_groups, "too few people are broken down"),
        (damage_hidden_size, "shows numbers without a size"),
        (damage_group_size, "has another size than its number here"),
    ],
)
def test_a_number_against_the_plans_rules_is_named(ledger, damage, words):
    document = copy.deepcopy(ledger[0])
    damage(document)
    assert words in " ".join(number_problems(document))


def test_numbers_that_follow_from_the_plan_are_not_complained_of(ledger):
    assert number_problems(ledger[0]) == []
    assert number_problems(document_of(1, people=12)) == []
