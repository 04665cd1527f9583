"""What was sealed once opens for ever: files frozen here and elsewhere."""

import hashlib
import json
from base64 import b64decode
from pathlib import Path

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from feedback.crypto import agefile, signing
from feedback.crypto.envelope import Part, context, open_part, split_row
from feedback.crypto.keyring import admit, unlock
from feedback.crypto.passphrase import Cost, derive
from feedback.crypto.recipient import Identity, Recipient
from feedback.errors import EnvelopeRefused

VECTORS = Path(__file__).parents[1] / "vectors"


def read(name):
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))


HPKE = read("hpke-mlkem768-x25519")
TEAM = read("team-keys-open-for-ever")
PARTS = read("codes-part-opens-or-is-refused")
FILES = read("age-files-from-typage")


@pytest.mark.parametrize("vector", HPKE, ids=lambda vector: f"kdf {vector['kdf_id']}")
def test_published_hpke_vector_opens(vector):
    identity = Identity(bytes.fromhex(vector["skRm"]))
    kdf = {1: KDF.HKDF_SHA256, 17: KDF.SHAKE256}[vector["kdf_id"]]
    suite = Suite(KEM.MLKEM768_X25519, kdf, AEAD.CHACHA20_POLY1305)
    first = vector["encryptions"][0]
    sealed, info, aad = (
        bytes.fromhex(text) for text in (vector["enc"] + first["ct"], vector["info"], first["aad"])
    )
    assert vector["pkRm"] == identity.recipient.public.hex()
    plain = openssl.hpke._decrypt_with_aad(suite, sealed, identity.hpke, info, aad)
    assert plain.hex() == first["pt"]


def test_frozen_keyrings_open_with_one_derivation_for_each_custodian():
    (ana, first), (ben, second) = list(TEAM["passphrases"].items())[:2]
    rings, secrets = TEAM["keyrings"], TEAM["secrets"]
    one = {ana: admit(rings["team"], ana, first)}
    both = one | {ben: admit(rings["words"], ben, second)}
    assert unlock(rings["team"], one).hex() == secrets["team"]
    assert unlock(rings["codes"], one).hex() == secrets["codes"]
    assert unlock(rings["words"], both).hex() == secrets["words"]


@pytest.mark.parametrize("name", ["team-keys-open-for-ever", "row-from-javascript-opens"])
def test_frozen_row_opens(name):
    vector = read(name)
    seeds = vector.get("seeds") or vector["secrets"]
    here = context(bytes.fromhex(vector["deployment"]), bytes.fromhex(vector["team"]))
    parts = split_row(bytes.fromhex(vector["row"]))
    for part, envelope in zip(Part, parts, strict=True):
        field = part.name.lower()
        identity = Identity(bytes.fromhex(seeds[field]))
        assert open_part(envelope, part, identity, here).decode() == vector[field]


def test_frozen_backup_opens():
    identity = Identity(bytes.fromhex(TEAM["secrets"]["codes"]))
    assert agefile.decrypt(b64decode(TEAM["backup"]), identity).decode() == TEAM["backup_holds"]


def test_frozen_signature_and_rounding_key_are_the_same():
    seed = bytes.fromhex(TEAM["secrets"]["team"])
    assert signing.public_key(seed).hex() == TEAM["signing_public"]
    assert signing.sign(seed, TEAM["signed"].encode()).hex() == TEAM["signature"]
    assert signing.rounding_key(seed).hex() == TEAM["rounding_key"]


@pytest.mark.parametrize("case", PARTS["cases"], ids=lambda case: case["name"])
def test_frozen_codes_part_opens_or_is_refused(case):
    identity = Identity(bytes.fromhex(PARTS["seed"]))
    here = context(bytes.fromhex(PARTS["deployment"]), bytes.fromhex(PARTS["team"]))
    try:
        open_part(bytes.fromhex(case["envelope"]), Part.CODES, identity, here)
        found = "opens"
    except EnvelopeRefused as refused:
        found = refused.reason
    assert found == case["expect"]


@pytest.mark.parametrize("case", FILES["files"], ids=lambda case: case["name"])
def test_age_file_made_elsewhere_opens_or_is_refused(case):
    identity = Identity.from_text(FILES["identity"])
    try:
        data = agefile.decrypt(b64decode(case["file"]), identity)
        found = "opens"
        assert hashlib.sha256(data).hexdigest() == case["sha256"]
    except EnvelopeRefused as refused:
        found = refused.reason
    assert found == case["expect"]


@pytest.mark.parametrize("key", read("keys-as-text")["keys"], ids=lambda key: key["kid"])
def test_key_is_written_as_age_writes_it(key):
    identity = Identity(bytes.fromhex(key["seed"]))
    assert identity.to_text() == key["identity"]
    assert identity.recipient.to_text() == key["recipient"]
    assert Recipient.from_text(key["recipient"]).kid.hex() == key["kid"]


@pytest.mark.parametrize("typed", read("passphrase-gives-key")["typed"])
def test_passphrase_gives_the_frozen_key(typed):
    vector = read("passphrase-gives-key")
    cost = Cost(vector["memory_cost"], vector["iterations"], vector["lanes"])
    assert derive(typed, salt=bytes.fromhex(vector["salt"]), cost=cost).key.hex() == vector["key"]
