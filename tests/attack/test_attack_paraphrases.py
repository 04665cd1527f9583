"""Whoever watches the paraphrases come and go learns no number, order or removal."""

import json
import secrets
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from feedback import backup, custody, ledgers
from feedback.disclosure import quotes
from feedback.errors import ReleaseRefused, StoreUnavailable
from feedback.paraphrases import Hand, People, Sentence, post, shown, standing, take_out
from feedback.store import audit
from feedback.store.box import open_box
from feedback.themes.coding import Box
from feedback.themes.paraphrase import Paraphrase, State

ENOUGH = People(all=20, consenting=5)
CUSTODIAN = "Lead advocate"


@pytest.fixture
def release(demonstration):
    demonstration.folder.paraphrases.unlink(missing_ok=True)
    return ledgers.load_release(demonstration.folder, 2)


@pytest.fixture
def hand(demonstration):
    words = {CUSTODIAN: demonstration.secrets[CUSTODIAN]}
    seed = custody.unlock_team(demonstration.folder, words)
    return Hand(CUSTODIAN, seed, date(2026, 11, 23))


@pytest.fixture
def approved(release):
    """Return four approved paraphrases under themes that many named."""
    return [
        Paraphrase(Box(box), theme, f"In {box}, about {theme}.", "Ana", State.APPROVED)
        for box, theme in list(quotes.places(release))[:4]
    ]


def texts(some):
    return sorted(one.text for one in some)


def test_what_is_shown_is_what_was_approved(demonstration, release, approved, hand):
    folder = demonstration.folder
    post(folder, release, approved, ENOUGH, hand)
    assert set(shown(folder)) == {2}
    assert set(shown(folder)[2]) == {Sentence(o.box, o.theme, o.text) for o in approved}
    post(folder, release, approved[:3], ENOUGH, hand)
    assert texts(shown(folder)[2]) == texts(approved[:3])


@pytest.mark.parametrize(
    ("people", "consenting", "number", "state"),
    [
        (19, 5, 3, State.APPROVED),
        (20, 4, 3, State.APPROVED),
        (20, 5, 2, State.APPROVED),
        (20, 5, 3, State.WRITTEN),
        (20, 5, 3, State.SENT_BACK),
    ],
)
def test_a_rule_that_does_not_hold_shows_nothing(
    demonstration, release, approved, hand, people, consenting, number, state
):
    chosen = [*approved[: number - 1], replace(approved[-1], state=state)]
    before = demonstration.folder.audit.read_bytes()
    with pytest.raises(ReleaseRefused):
        post(demonstration.folder, release, chosen, People(people, consenting), hand)
    assert not demonstration.folder.paraphrases.exists()
    assert demonstration.folder.audit.read_bytes() == before


def test_a_theme_under_few_or_none_is_never_spoken_of(demonstration, release, approved, hand):
    counts = release.table("change").everyone.counts
    rare = replace(approved[0], box=Box.CHANGE, theme=min(counts, key=lambda each: counts[each]))
    assert counts[rare.theme] == 0
    chosen = [*approved[:3], rare]
    with pytest.raises(ReleaseRefused, match="lets anybody know"):
        post(demonstration.folder, release, chosen, ENOUGH, hand)


def test_a_removal_leaves_the_same_bytes_as_if_it_had_never_been(
    demonstration, release, approved, hand
):
    folder = demonstration.folder
    still = {"shuffle": lambda some: some.sort(key=lambda one: one.text)}
    post(folder, release, approved, ENOUGH, hand, **still)
    take_out(folder, 2, approved[0].text, hand, **still)
    removed = folder.paraphrases.read_bytes()
    post(folder, release, approved[1:], ENOUGH, hand, **still)
    assert folder.paraphrases.read_bytes() == removed
    assert approved[0].text.encode() not in removed


def test_the_log_tells_the_same_of_coming_and_going(demonstration, release, approved, hand):
    folder = demonstration.folder
    start = len(audit.read(folder.audit))
    post(folder, release, approved, ENOUGH, hand)
    take_out(folder, 2, approved[0].text, hand)
    take_out(folder, 2, "never there", hand)
    came, went = audit.read(folder.audit)[start:]
    assert came == went
    assert set(came) == {"event", "day", "by"}
    log = folder.audit.read_bytes()
    assert not any(one.text.encode() in log for one in approved)


def test_two_of_three_show_nothing(demonstration, release, approved, hand):
    """Otherwise the day on which one goes would tell which one it was."""
    folder = demonstration.folder
    post(folder, release, approved[:3], ENOUGH, hand)
    take_out(folder, 2, approved[0].text, hand)
    assert shown(folder) == {}
    assert texts(standing(folder)[2]) == texts(approved[1:3])
    take_out(folder, 2, approved[1].text, hand)
    take_out(folder, 2, approved[2].text, hand)
    assert standing(folder) == {2: ()}


def test_every_order_comes_up(demonstration, release, approved, hand):
    """The order of people, of writing and of approving is in none of it."""
    folder = demonstration.folder
    seen = set()
    for _ in range(400):
        post(folder, release, approved[:3], ENOUGH, hand)
        seen.add(tuple(one.text for one in standing(folder)[2]))
        if len(seen) == 6:
            break
    assert seen == set(permutations(one.text for one in approved[:3]))


def test_the_file_holds_no_way_back_to_anybody(demonstration, release, approved, hand):
    folder = demonstration.folder
    post(folder, release, approved, ENOUGH, hand)
    document = json.loads(folder.paraphrases.read_bytes())
    assert set(document) == {"format", "releases", "signature"}
    for sentence in document["releases"]["2"]:
        assert set(sentence) == {"box", "theme", "text"}


@pytest.mark.parametrize("change", ["words", "signature", "rubbish", "another team"])
def test_words_that_no_custodian_signed_are_not_shown(
    demonstration, release, approved, hand, change
):
    folder = demonstration.folder
    post(folder, release, approved, ENOUGH, hand)
    document = json.loads(folder.paraphrases.read_bytes())
    if change == "words":
        document["releases"]["2"][0]["text"] = "The team does everything well."
    elif change == "signature":
        document["signature"] = "00" * 64
    elif change == "another team":
        stranger = replace(hand, team_seed=secrets.token_bytes(32))
        folder.paraphrases.unlink()
        post(folder, release, approved, ENOUGH, stranger)
        document = json.loads(folder.paraphrases.read_bytes())
    folder.paraphrases.write_text("{" if change == "rubbish" else json.dumps(document))
    with pytest.raises(StoreUnavailable):
        shown(folder)


def test_a_backup_brings_none_back(demonstration, release, approved, hand):
    folder = demonstration.folder
    post(folder, release, approved, ENOUGH, hand)
    newest = backup.newest_round(folder).id
    keys = custody.unlock(folder, newest, {CUSTODIAN: demonstration.secrets[CUSTODIAN]})
    with open_box(folder.box) as box:
        made = backup.make_backup(folder, box, folder.path / "team.sqlite", today=hand.today)
    kept = backup.open_backup(made.sealed, [keys.codes])
    assert "board.json" in kept
    assert "paraphrases.json" not in kept
    assert not any(one.text.encode() in data for one in approved for data in kept.values())
