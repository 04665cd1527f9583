"""Whatever was answered, a row round-trips, has one size and does not survive one changed bit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.crypto.envelope import (
    MAX_BYTES,
    ROW_BYTES,
    Part,
    Refusal,
    check_row,
    context,
    open_part,
    seal_row,
    split_row,
)
from feedback.crypto.recipient import Identity
from feedback.errors import EnvelopeRefused

CODES, WORDS = Identity(b"c" * 32), Identity(b"w" * 32)
BOTH = (CODES.recipient, WORDS.recipient)
HERE = context(bytes(16), bytes(16))
ROW = seal_row(b"codes", b"words", BOTH, HERE)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=MAX_BYTES[Part.CODES]),
    st.binary(max_size=MAX_BYTES[Part.WORDS]),
    st.tuples(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16)),
)
def test_any_answers_round_trip_in_a_row_of_one_size(codes, words, ids):
    row = seal_row(codes, words, BOTH, context(*ids))
    check_row(row, BOTH)
    first, second = split_row(row)
    assert len(row) == ROW_BYTES
    assert open_part(first, Part.CODES, CODES, context(*ids)) == codes
    assert open_part(second, Part.WORDS, WORDS, context(*ids)) == words


def test_no_changed_byte_anywhere_in_a_row_goes_unnoticed():
    for place in range(ROW_BYTES):
        changed = bytearray(ROW)
        changed[place] ^= 1 << place % 8
        codes, words = split_row(bytes(changed))
        part, envelope, identity = (
            (Part.CODES, codes, CODES) if place < len(codes) else (Part.WORDS, words, WORDS)
        )
        with pytest.raises(EnvelopeRefused) as refused:
            open_part(envelope, part, identity, HERE)
        assert refused.value.reason in set(Refusal)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=ROW_BYTES + 40))
def test_any_bytes_are_refused_at_the_public_door(data):
    with pytest.raises(EnvelopeRefused):
        check_row(data, BOTH)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2179))
def test_any_bytes_written_over_a_part_are_refused(data, start):
    part = split_row(ROW)[0]
    changed = (part[:start] + data + part[start + len(data) :])[: len(part)]
    if changed != part:
        with pytest.raises(EnvelopeRefused):
            open_part(changed, Part.CODES, CODES, HERE)
