"""A row has one size, opens for one key, team and deployment, and says nothing else."""

import pytest

from feedback.crypto.envelope import (
    MAX_BYTES,
    PART_BYTES,
    ROW_BYTES,
    Part,
    Refusal,
    check_row,
    context,
    open_part,
    seal_part,
    seal_row,
    split_row,
)
from feedback.crypto.recipient import Identity
from feedback.errors import EnvelopeRefused, SealingError

CODES, WORDS, STRANGER = (Identity(bytes([n]) * 32) for n in (1, 2, 3))
BOTH = (CODES.recipient, WORDS.recipient)
HERE = context(b"deployment here.", b"team of the town")
ROW = seal_row(b'{"a":1}', b'{"t":"hola"}', BOTH, HERE)


def refusal(envelope, part=Part.CODES, identity=CODES, place=HERE):
    with pytest.raises(EnvelopeRefused) as refused:
        open_part(envelope, part, identity, place)
    return refused.value.reason


def test_both_parts_of_a_row_open():
    codes, words = split_row(ROW)
    assert open_part(codes, Part.CODES, CODES, HERE) == b'{"a":1}'
    assert open_part(words, Part.WORDS, WORDS, HERE) == b'{"t":"hola"}'


def test_sizes_are_those_of_the_format():
    assert dict(MAX_BYTES) == {Part.CODES: 1020, Part.WORDS: 4092}
    assert dict(PART_BYTES) == {Part.CODES: 2180, Part.WORDS: 5252}
    assert ROW_BYTES == len(ROW) == 7432


def test_empty_and_full_parts_make_rows_of_one_size():
    full = seal_row(b"x" * 1020, b"y" * 4092, BOTH, HERE)
    empty = seal_row(b"", b"", BOTH, HERE)
    assert len(full) == len(empty) == ROW_BYTES
    assert open_part(split_row(full)[1], Part.WORDS, WORDS, HERE) == b"y" * 4092
    assert open_part(split_row(empty)[0], Part.CODES, CODES, HERE) == b""


@pytest.mark.parametrize(("part", "identity"), [(Part.CODES, CODES), (Part.WORDS, WORDS)])
def test_one_byte_too_many_is_refused_and_not_cut_off(part, identity):
    with pytest.raises(SealingError):
        seal_part(b"x" * (MAX_BYTES[part] + 1), part, identity.recipient, HERE)


def test_equal_answers_give_different_bytes_everywhere_but_in_the_header():
    one, other = (seal_part(b"same", Part.CODES, CODES.recipient, HERE) for _ in range(2))
    assert one[:20] == other[:20]
    equal = sum(a == b for a, b in zip(one[20:], other[20:], strict=True))
    assert equal < 60  # by chance about 1 byte in 256, and a few more: ML-KEM bytes are not uniform


def test_header_names_neither_team_nor_deployment():
    assert HERE[:16] not in ROW
    assert HERE[16:] not in ROW


def test_other_key_team_deployment_and_part_are_refused():
    codes, words = split_row(ROW)
    assert refusal(codes, identity=STRANGER) == Refusal.KEY
    assert refusal(codes, place=context(HERE[:16], bytes(16))) == Refusal.CHANGED
    assert refusal(codes, place=context(bytes(16), HERE[16:])) == Refusal.CHANGED
    assert refusal(words, Part.CODES) == Refusal.SIZE
    assert refusal(codes, Part.WORDS, WORDS) == Refusal.SIZE


def test_key_that_only_claims_the_name_does_not_open():
    codes, _ = split_row(ROW)
    renamed = codes[:12] + STRANGER.recipient.kid + codes[20:]
    assert refusal(renamed, identity=STRANGER) == Refusal.CHANGED


def test_ephemeral_key_of_small_order_is_refused_calmly():
    codes, _ = split_row(ROW)
    for small in (bytes(32), b"\1" + bytes(31)):
        assert refusal(codes[:1108] + small + codes[1140:]) == Refusal.CHANGED


def test_row_for_the_two_keys_passes_at_the_public_door():
    check_row(ROW, BOTH)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"", Refusal.SIZE),
        (ROW[:-1], Refusal.SIZE),
        (ROW + b"\0", Refusal.SIZE),
        (bytes(ROW_BYTES), Refusal.FORMAT),
        (b"FVE2" + ROW[4:], Refusal.FORMAT),
        (ROW[:5] + b"\0" + ROW[6:], Refusal.FORMAT),
        (ROW[:7] + b"\2" + ROW[8:], Refusal.FORMAT),
        (ROW[:9] + b"\3" + ROW[10:], Refusal.FORMAT),
        (ROW[:10] + b"\2" + ROW[11:], Refusal.FORMAT),
        (ROW[:11] + b"\x0c" + ROW[12:], Refusal.FORMAT),
        (ROW[:12] + STRANGER.recipient.kid + ROW[20:], Refusal.KEY),
        (ROW[:2180] + b"FVE2" + ROW[2184:], Refusal.FORMAT),
        (ROW[:2190] + b"\1" + ROW[2191:], Refusal.FORMAT),
        (ROW[:2192] + STRANGER.recipient.kid + ROW[2200:], Refusal.KEY),
        (ROW[2180:] + ROW[:2180], Refusal.FORMAT),
    ],
)
def test_anything_else_is_refused_at_the_public_door(row, reason):
    with pytest.raises(EnvelopeRefused) as refused:
        check_row(row, BOTH)
    assert refused.value.reason == reason


def test_rows_for_swapped_keys_are_refused_at_the_public_door():
    with pytest.raises(EnvelopeRefused):
        check_row(ROW, (WORDS.recipient, CODES.recipient))


@pytest.mark.parametrize("ids", [(b"", bytes(16)), (bytes(16), bytes(15)), (bytes(17), bytes(16))])
def test_ids_of_another_size_are_refused(ids):
    with pytest.raises(SealingError):
        context(*ids)


def test_context_that_context_did_not_make_seals_nothing():
    with pytest.raises(SealingError):
        seal_part(b"", Part.CODES, CODES.recipient, b"short")


def test_refusal_shows_no_content_and_no_key():
    codes, _ = split_row(ROW)
    with pytest.raises(EnvelopeRefused) as refused:
        open_part(codes[:-1] + b"\0", Part.CODES, CODES, HERE)
    assert refused.value.reason in set(Refusal)
    assert refused.value.__cause__ is None
