"""A whole release is taken back by two: it stays in the chain, and nobody reads a number of it."""

import json
from datetime import date

import pytest

from feedback import custody, ledgers, paraphrases, publishing, status, withdrawing
from feedback.disclosure.withdrawal import Reason
from feedback.errors import ReleaseRefused, StoreUnavailable
from feedback.folder import Folder
from feedback.rounds import State as RoundState
from feedback.rounds import states
from feedback.store import audit
from feedback.store.box import open_box
from feedback.themes.coding import Box
from feedback.themes.paraphrase import Paraphrase, State
from feedback.ui.shelf import published

FIRST, SECOND = "Lead advocate", "Program director"
TODAY = date(2026, 11, 30)


@pytest.fixture(scope="module")
def withdrawn_one(made_demonstration, tmp_path_factory):
    """A demonstration whose second release was withdrawn for fraud."""
    team = made_demonstration.copy(tmp_path_factory.mktemp("withdrawn") / "demo")
    take_back(team)
    return team


@pytest.fixture
def team(made_demonstration, tmp_path):
    return made_demonstration.copy(tmp_path / "demo")


@pytest.fixture
def withdrawn(withdrawn_one, tmp_path):
    return withdrawn_one.copy(tmp_path / "withdrawn")


def take_back(team, number=2, names=(FIRST, SECOND)):
    seed = custody.unlock_team(team.folder, {name: team.secrets[name] for name in names})
    return withdrawing.withdraw(
        team.folder, number, seed, by=names, reason=Reason.FRAUD, today=TODAY
    )


def problems(folder):
    with open_box(folder.box) as box:
        return publishing.verify(folder, box)


def keys_file(team, *names):
    path = team.path.parent / "some.txt"
    path.write_text("".join(f"{name}: {team.secrets[name]}\n" for name in names))
    path.chmod(0o600)
    return path


def test_two_custodians_withdraw_a_release_by_the_command_line(team, throughline):
    command = ("release", "withdraw", team.path, 2, "--reason", "error", "--passphrases-file")
    said = throughline(*command, keys_file(team, FIRST, SECOND))
    assert "Release 2 was withdrawn on " in said.stdout
    assert "because there was an error in it" in said.stdout
    assert "The public board is empty now." in said.stdout
    again = throughline(*command, keys_file(team, FIRST, SECOND), code=1)
    assert again.stderr == "Release 2 was withdrawn before. Nothing was changed.\n"


def test_one_custodian_alone_withdraws_nothing(team, throughline):
    command = ("release", "withdraw", team.path, 2, "--reason", "fraud", "--passphrases-file")
    said = throughline(*command, keys_file(team, FIRST), code=1)
    assert "Two custodians withdraw a release together" in said.stderr
    assert [release.number for release in ledgers.releases(team.folder)] == [1, 2]
    with pytest.raises(ReleaseRefused):
        take_back(team, names=(FIRST, FIRST))


def test_a_release_that_is_not_there_is_not_withdrawn(team):
    with pytest.raises(ReleaseRefused, match="There is no release 9"):
        take_back(team, number=9)


def test_no_reader_gets_a_number_of_it(withdrawn, throughline):
    assert {
        row["release"] for row in ledgers.published_rows(ledgers.releases(withdrawn.folder))
    } == {1}
    shelf = published(withdrawn.folder)
    assert {row["release"] for row in (*shelf.rows, *shelf.newest)} == {1}
    assert shelf.latest.number == 1
    for kind in ("csv", "xlsx", "json"):
        said = throughline("export", withdrawn.path, 2, "--format", kind, code=1)
        assert said.stderr.startswith("Release 2 was withdrawn on 30 November 2026")
    assert not withdrawn.folder.board.exists()


def test_the_paraphrases_beside_it_leave_the_file_with_it(team):
    there = paraphrases.standing(team.folder)
    assert there[2]
    take_back(team, number=1)
    assert set(paraphrases.standing(team.folder)[2]) == set(there[2])
    take_back(team)
    assert 2 not in paraphrases.standing(team.folder)
    kept = team.folder.paraphrases.read_text(encoding="utf-8")
    assert not [one.text for one in there[2] if one.text in kept]
    assert problems(team.folder) == []


def test_a_withdrawal_waits_for_a_file_of_paraphrases_that_is_damaged(team):
    team.folder.paraphrases.write_text("{}")
    with pytest.raises(StoreUnavailable, match="Move the file away"):
        take_back(team)
    assert [release.number for release in ledgers.releases(team.folder)] == [1]
    team.folder.paraphrases.unlink()
    take_back(team)
    assert problems(team.folder) == []


def test_nobody_shows_a_paraphrase_beside_it_again(team):
    release = ledgers.load_release(team.folder, 2)
    names = (FIRST, SECOND)
    seed = custody.unlock_team(team.folder, {name: team.secrets[name] for name in names})
    chosen = [
        Paraphrase(Box(one.box), one.theme, one.text, FIRST, State.APPROVED)
        for one in paraphrases.standing(team.folder)[2]
    ]
    hand = paraphrases.Hand(FIRST, seed, TODAY)
    paraphrases.post(team.folder, release, chosen, paraphrases.People(60, 30), hand)
    take_back(team)
    with pytest.raises(ReleaseRefused, match="Release 2 was withdrawn on"):
        paraphrases.post(team.folder, release, chosen, paraphrases.People(60, 30), hand)
    assert 2 not in paraphrases.standing(team.folder)


def test_a_board_of_another_release_stays(team):
    before = team.folder.board.read_bytes()
    take_back(team, number=1)
    assert team.folder.board.read_bytes() == before


def test_its_answers_and_its_number_are_not_used_again(withdrawn, throughline):
    round_id = ledgers.documents(withdrawn.folder)[1]["round"]
    assert states(withdrawn.folder)[round_id] is RoundState.RELEASED
    given = ("--passphrases-file", keys_file(withdrawn, FIRST, SECOND))
    throughline("release", "build", withdrawn.path, round_id, *given, code=1)
    throughline("round", "open", withdrawn.path, round_id, *given, code=1)
    throughline("round", "close", withdrawn.path, max(states(withdrawn.folder)))
    built = throughline("release", "build", withdrawn.path, *given)
    assert "Draft of release 3" in built.stdout


def test_the_ledger_holds_with_it_and_without_any_secret(withdrawn):
    assert problems(withdrawn.folder) == []
    key = ledgers.read_team_key(withdrawn.folder.team_key)
    assert ledgers.ledger_problems(withdrawn.folder.ledger, key) == []


@pytest.mark.parametrize("field", ["number", "release", "date", "reason", "by", "signature"])
def test_a_withdrawal_that_was_changed_is_found(withdrawn, field):
    path = withdrawn.folder.withdrawal(2)
    document = json.loads(path.read_text())
    other = {"number": 1, "date": "2026-11-29", "reason": "error", "by": ["Somebody"]}
    document[field] = other.get(field) or document[field][::-1]
    path.write_text(json.dumps(document, indent=2) + "\n")
    assert problems(withdrawn.folder)


def test_a_withdrawal_that_was_taken_away_is_missed(withdrawn):
    withdrawn.folder.withdrawal(2).unlink()
    assert problems(withdrawn.folder) == [
        "The withdrawal of release 2 is missing: put the copy from your backup back."
    ]


def test_a_withdrawal_that_broke_off_is_finished_by_asking_again(team, monkeypatch):
    def broken(*_, **__):
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(audit, "append", broken)
        with pytest.raises(StoreUnavailable):
            take_back(team)
    assert problems(team.folder) == [
        "The log does not tell of the withdrawal of release 2. Withdraw it once more."
    ]
    assert {row["release"] for row in ledgers.published_rows(ledgers.releases(team.folder))} == {1}
    take_back(team)
    assert problems(team.folder) == []


def test_the_status_counts_it_apart(withdrawn):
    with open_box(withdrawn.folder.box) as box:
        found = status.look(withdrawn.folder, box, today=TODAY)
    assert (found["releases"], found["withdrawn"]) == ([1], [2])
    assert {"Releases: 1.", "Release 2 was withdrawn."} <= set(status.sentences(found))


def test_a_backup_brings_the_withdrawal_back(withdrawn, throughline, tmp_path):
    sealed, again = tmp_path / "team.backup", Folder(tmp_path / "again")
    throughline("backup", withdrawn.path, sealed)
    given = ("--keyrings", withdrawn.path, "--passphrases-file", keys_file(withdrawn, FIRST))
    throughline("restore", sealed, again.path, *given)
    assert [each.number for each in ledgers.withdrawals(again)] == [2]
    assert again.team_key.read_bytes() == withdrawn.folder.team_key.read_bytes()
    assert problems(again) == []
