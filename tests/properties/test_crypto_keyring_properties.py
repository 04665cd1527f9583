"""Any k of n open a keyring and k-1 do not; a damaged one is refused and never opens wrongly."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.crypto.keyring import fits, lock, read_terms, unlock
from feedback.crypto.passphrase import Cost, normalise
from feedback.errors import KeyringDamaged, NotEnoughCustodians, WrongPassphrase

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
KID = "0123456789abcdef"
SECRET = bytes(range(32))
PHRASES = {"Ana": "one", "Ben": "two", "Zoë": "three"}
RING = json.dumps(lock(SECRET, label="words", kid=KID, passphrases=PHRASES, needed=2, cost=CHEAP))

scalars = st.none() | st.booleans() | st.sampled_from([-1, 0, 1, 2, 3, 10, 2**31, 2**70, 0.5, 2.0])
texts = st.text(max_size=5) | st.sampled_from(["", "00", "Ana", "Ben", "00" * 12, "00" * 48])
any_json = st.recursive(
    scalars | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_k_open_and_fewer_do_not(data):
    count = data.draw(st.integers(1, 6))
    needed = data.draw(st.integers(1, count))
    secret = data.draw(st.binary(min_size=32, max_size=32))
    phrases = {f"Custodian {n}": f"phrase {n}" for n in range(count)}
    ring = lock(secret, label="x", kid=KID, passphrases=phrases, needed=needed, cost=CHEAP)
    order = data.draw(st.permutations(list(phrases)))
    given_names = {name: phrases[name] for name in order[:needed]}
    assert unlock(json.loads(json.dumps(ring)), given_names) == secret
    with pytest.raises(NotEnoughCustodians):
        unlock(ring, dict(list(given_names.items())[1:]))


def places(node, path=()):
    """Yield the path of every value in a JSON document."""
    yield path
    if isinstance(node, dict | list):
        for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(inner, (*path, key))


def change(document, path, value):
    for key in path[:-1]:
        document = document[key]
    if value is KeyError:
        del document[path[-1]]
    else:
        document[path[-1]] = value


PLACES = [path for path in places(json.loads(RING)) if path]


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(PLACES), any_json | st.just(KeyError))
def test_keyring_damaged_anywhere_opens_rightly_or_is_refused(path, value):
    document = json.loads(RING)
    change(document, path, value)
    with suppress(KeyringDamaged, WrongPassphrase, NotEnoughCustodians):
        assert unlock(document, PHRASES) == SECRET
    with suppress(KeyringDamaged):
        fits(document, "Ana", PHRASES["Ana"])


@settings(max_examples=120, deadline=None)
@given(any_json)
def test_any_other_document_is_a_damaged_keyring(document):
    for use in (read_terms, lambda ring: unlock(ring, PHRASES), lambda ring: fits(ring, "Ana", "")):
        with pytest.raises(KeyringDamaged):
            use(document)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(RING) - 1), st.characters(codec="utf-8"))
def test_one_wrong_letter_in_the_file_never_opens_wrongly(place, letter):
    with suppress(json.JSONDecodeError):
        document = json.loads(RING[:place] + letter + RING[place + 1 :])
        with suppress(KeyringDamaged, WrongPassphrase, NotEnoughCustodians):
            assert unlock(document, PHRASES) == SECRET


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="aeiou ÁÑ\t\u3000ＡＢ", max_size=30))
def test_passphrase_written_down_as_it_is_read_stays_the_same(text):
    assert normalise(normalise(text)) == normalise(text)
    assert normalise(f" {text.upper()}\n") == normalise(text.lower())
