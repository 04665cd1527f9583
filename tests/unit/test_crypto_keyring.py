"""A keyring opens for any k of its custodians, names whose passphrase is wrong, and no more."""

import json
from itertools import combinations

import pytest

from feedback.crypto import keyring
from feedback.crypto.keyring import Terms, admit, fits, lock, read_terms, rewrap, unlock
from feedback.crypto.passphrase import Cost, derive, derive_all
from feedback.errors import KeyringDamaged, NotEnoughCustodians, SealingError, WrongPassphrase

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
SECRET = bytes(range(32))
KID = "0011223344556677"
PHRASES = {"Ana": "one two", "Ben": "three four", "Zoë": "five six"}


def ring(needed=2, phrases=PHRASES, **changes):
    fields = {"label": "words", "kid": KID, "passphrases": phrases, "cost": CHEAP} | changes
    return json.loads(json.dumps(lock(SECRET, needed=needed, **fields)))


def some(*names):
    return {name: PHRASES[name] for name in names}


TWO_OF_THREE = ring()


@pytest.mark.parametrize("names", list(combinations(PHRASES, 2)))
def test_any_two_of_three_open(names):
    assert unlock(TWO_OF_THREE, some(*names)) == SECRET
    assert unlock(TWO_OF_THREE, some(*reversed(names))) == SECRET


def test_all_three_open():
    assert unlock(TWO_OF_THREE, PHRASES) == SECRET


@pytest.mark.parametrize("name", PHRASES)
def test_any_one_opens_where_one_is_enough(name):
    assert unlock(ring(needed=1), some(name)) == SECRET


@pytest.mark.parametrize("given", [{}, some("Ana"), some("Ana") | {"Somebody else": "three four"}])
def test_too_few_are_refused_before_anything_is_tried(given):
    with pytest.raises(NotEnoughCustodians) as refused:
        unlock(TWO_OF_THREE, given)
    assert (refused.value.needed, refused.value.given) == (2, len(given.keys() & PHRASES.keys()))


def test_one_custodian_typed_in_two_ways_is_still_one():
    with pytest.raises(NotEnoughCustodians):
        unlock(TWO_OF_THREE, {"Zoë": "five six", "Zoe\u0308": "five six"})


def test_wrong_passphrase_names_its_custodian():
    with pytest.raises(WrongPassphrase) as refused:
        unlock(TWO_OF_THREE, some("Ana") | {"Ben": "three five"})
    assert refused.value.custodian == "Ben"
    assert "five" not in str(refused.value)


def test_passphrases_of_two_custodians_swapped_are_wrong():
    with pytest.raises(WrongPassphrase):
        unlock(TWO_OF_THREE, {"Ana": PHRASES["Ben"], "Ben": PHRASES["Ana"]})


def test_passphrase_may_be_typed_in_any_case_and_spacing():
    assert unlock(TWO_OF_THREE, {"Ana": "  ONE   Two ", "Ben": "three\tfour"}) == SECRET


def test_name_may_be_typed_with_a_composed_or_combined_accent():
    assert unlock(TWO_OF_THREE, some("Ana") | {"Zoe\u0308": "five six"}) == SECRET
    assert fits(TWO_OF_THREE, "Zoe\u0308", "five six")


def test_one_custodian_alone_is_checked_where_two_are_needed():
    assert fits(TWO_OF_THREE, "Ben", "three four")
    assert not fits(TWO_OF_THREE, "Ben", "one two")
    assert not fits(TWO_OF_THREE, "Ben", "")
    assert not fits(TWO_OF_THREE, "Ben", "\ud800")
    assert not fits(TWO_OF_THREE, "Nobody", "one two")


def test_one_derivation_opens_every_keyring_of_a_custodian(monkeypatch):
    derived = derive_all(PHRASES, cost=CHEAP)
    rings = [
        ring(needed, derived, label=label, kid=kid)
        for needed, label, kid in [(1, "team", "0" * 16), (1, "codes", "1" * 16), (2, "words", KID)]
    ]
    first = {name: admit(rings[0], name, PHRASES[name]) for name in ("Ana", "Zoë")}
    monkeypatch.setattr(keyring, "derive", None)
    assert [unlock(each, first) for each in rings] == [SECRET] * 3


def test_typed_and_derived_passphrases_may_come_together():
    assert unlock(TWO_OF_THREE, {"Ana": admit(TWO_OF_THREE, "Ana", "one two"), "Ben": "three four"})


def test_derived_key_of_another_salt_does_not_fit():
    with pytest.raises(WrongPassphrase):
        unlock(TWO_OF_THREE, some("Ana") | {"Ben": derive("three four", cost=CHEAP)})


@pytest.mark.parametrize("name", ["Nobody", "Ben"])
def test_admitting_a_stranger_or_a_wrong_passphrase_is_refused(name):
    with pytest.raises(WrongPassphrase) as refused:
        admit(TWO_OF_THREE, name, "not it")
    assert refused.value.custodian == name


@pytest.mark.parametrize(
    ("field", "other"), [("label", "codes"), ("kid", "f" * 16), ("format", "x"), ("kdf", "scrypt")]
)
def test_piece_opens_in_its_own_keyring_only(field, other):
    with pytest.raises((WrongPassphrase, KeyringDamaged)):
        unlock(TWO_OF_THREE | {field: other}, PHRASES)


def test_piece_opens_for_its_own_custodian_only():
    renamed = json.loads(json.dumps(TWO_OF_THREE).replace("Ana", "Eva"))
    with pytest.raises(WrongPassphrase):
        unlock(renamed, {"Eva": PHRASES["Ana"], "Ben": PHRASES["Ben"]})


def test_lowering_the_number_needed_opens_nothing():
    pieces = [piece | {"group": [piece["who"]]} for piece in TWO_OF_THREE["pieces"][::2]]
    pieces[2] = TWO_OF_THREE["pieces"][5] | {"group": ["Zoë"]}
    for each, name in zip(pieces, PHRASES, strict=True):
        each["who"], each["group"] = name, [name]
    lowered = TWO_OF_THREE | {"needed": 1, "pieces": pieces}
    assert read_terms(lowered).needed == 1
    with pytest.raises(WrongPassphrase):
        unlock(lowered, some("Ana"))


def test_no_piece_holds_the_secret_where_two_are_needed():
    key = admit(TWO_OF_THREE, "Ana", "one two")
    opened = keyring._open_pieces(keyring._read(TWO_OF_THREE), "Ana", key)
    assert len(opened) == 2
    assert SECRET not in opened.values()
    assert len(set(opened.values())) == 2


def test_damaged_piece_is_passed_over_when_another_group_opens():
    damaged = json.loads(json.dumps(TWO_OF_THREE))
    damaged["pieces"][0]["ct"] = "00" * 48  # Ana's, for Ana with Ben
    assert unlock(damaged, PHRASES) == SECRET
    with pytest.raises(KeyringDamaged):
        unlock(damaged, some("Ana", "Ben"))


def test_pieces_may_lie_in_any_order():
    assert unlock(TWO_OF_THREE | {"pieces": TWO_OF_THREE["pieces"][::-1]}, PHRASES) == SECRET


def test_terms_are_read_without_a_passphrase():
    assert read_terms(TWO_OF_THREE) == Terms("words", KID, 2, ("Ana", "Ben", "Zoë"))


def test_terms_stand_in_the_keyring_and_the_secret_does_not():
    text = json.dumps(ring(needed=1))
    assert SECRET.hex() not in text
    assert not any(phrase in text for phrase in PHRASES.values())
    assert "key=" not in repr(derive("one two", cost=CHEAP))


def test_rewrapped_keyring_opens_for_the_new_custodians_only():
    new = {"Ana": "seven eight", "Cam": "nine ten"}
    again = rewrap(TWO_OF_THREE, some("Ben", "Zoë"), new=new, cost=CHEAP)
    assert unlock(again, new) == SECRET
    assert read_terms(again) == Terms("words", KID, 2, ("Ana", "Cam"))
    assert not fits(again, "Ana", PHRASES["Ana"])
    assert not fits(again, "Ben", PHRASES["Ben"])


def test_rewrapping_can_change_how_many_are_needed():
    assert read_terms(rewrap(TWO_OF_THREE, PHRASES, new=PHRASES, needed=3, cost=CHEAP)).needed == 3


def test_nine_custodians_of_whom_five_are_needed_fit_in_a_keyring():
    nine = {f"Custodian {n}": f"passphrase {n}" for n in range(9)}
    big = ring(needed=5, phrases=nine)
    assert len(big["pieces"]) == 126 * 5
    assert unlock(big, dict(list(nine.items())[4:])) == SECRET


@pytest.mark.parametrize(
    "changes",
    [
        {"needed": 0},
        {"needed": 4},
        {"needed": True},
        {"phrases": {}},
        {"phrases": {str(n): f"phrase {n}" for n in range(10)}},
        {"phrases": {"Ana": "same words", "Ben": " SAME  words"}},
        {"phrases": {"Ana": "  ", "Ben": "three four"}},
        {"phrases": {"": "one two", "Ben": "three four"}},
        {"phrases": {" Ana": "one two", "Ben": "three four"}},
        {"phrases": {"A\nB": "one two", "Ben": "three four"}},
        {"phrases": {"\ud800": "one two", "Ben": "three four"}},
        {"phrases": {"x" * 41: "one two", "Ben": "three four"}},
        {"phrases": {"Zoë": "one two", "Zoe\u0308": "three four"}},
        {"label": ""},
        {"kid": "short"},
    ],
)
def test_terms_that_cannot_be_met_are_refused(changes):
    with pytest.raises(SealingError):
        ring(**changes)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "feedback-vault keyring 2"},
        {"kdf": "scrypt"},
        {"kid": "00"},
        {"needed": 3},
        {"custodians": TWO_OF_THREE["custodians"][:2]},
        {"custodians": [seat | {"salt": "00"} for seat in TWO_OF_THREE["custodians"]]},
        {"custodians": [seat | {"salt": "x" * 32} for seat in TWO_OF_THREE["custodians"]]},
        {"custodians": TWO_OF_THREE["custodians"] + TWO_OF_THREE["custodians"][:1]},
        {"pieces": TWO_OF_THREE["pieces"][1:]},
        {"pieces": TWO_OF_THREE["pieces"][1:] + TWO_OF_THREE["pieces"][1:2]},
        {"pieces": TWO_OF_THREE["pieces"] + TWO_OF_THREE["pieces"][:1]},
        {"pieces": [piece | {"ct": "00"} for piece in TWO_OF_THREE["pieces"]]},
        {"pieces": [piece | {"nonce": ""} for piece in TWO_OF_THREE["pieces"]]},
        {"pieces": [piece | {"who": []} for piece in TWO_OF_THREE["pieces"]]},
    ],
)
def test_file_that_is_no_whole_keyring_is_refused(change):
    with pytest.raises(KeyringDamaged):
        read_terms(TWO_OF_THREE | change)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_secret_of_another_size_is_refused(size):
    with pytest.raises(SealingError):
        lock(bytes(size), label="x", kid=KID, passphrases=PHRASES, needed=1, cost=CHEAP)


@pytest.mark.parametrize("memory", [-1, 0, 7, 2**20 + 1, 2**70, 1.5, "64", None, True])
def test_keyring_cannot_ask_for_silly_memory(memory):
    damaged = json.loads(json.dumps(TWO_OF_THREE))
    damaged["custodians"][0]["memory_cost"] = memory
    with pytest.raises(KeyringDamaged):
        unlock(damaged, PHRASES)
