"""Values that are read from plain data: what is wrong is named with its place."""

from datetime import date
from typing import Annotated

import pytest
from msgspec import Meta

from feedback.shapes import Shape, WrongShape, plain, read_shape


class Line(Shape, frozen=True):
    name: str
    since: date | None = None


class Sheet(Shape, frozen=True):
    k: Annotated[int, Meta(ge=10)]
    lines: tuple[Line, ...] = ()
    words: dict[str, str] = {}  # noqa: RUF012 - each sheet gets its own


GOOD = {"k": 12, "lines": [{"name": "a", "since": date(2026, 11, 23)}], "words": {"es": "sí"}}


def test_what_fits_becomes_a_value_and_plain_again():
    sheet = read_shape(GOOD, Sheet)
    assert sheet == Sheet(12, (Line("a", date(2026, 11, 23)),), {"es": "sí"})
    again = {**GOOD, "lines": [{"name": "a", "since": "2026-11-23"}]}
    assert plain(sheet) == again
    assert read_shape(again, Sheet) == sheet


@pytest.mark.parametrize(
    ("wrong", "place", "said"),
    [
        ({"k": 9}, ("k",), "It must be 10 or more"),
        ({"lines": [{"name": "a"}, {"name": 5}]}, ("lines", 1, "name"), "It must be text"),
        ({"lines": [{}]}, ("lines", 0, "name"), "It is missing"),
        ({"colour": "red"}, ("colour",), "There is nothing of this name"),
        ({"lines": [{"name": "a", "x": 1}]}, ("lines", 0, "x"), "There is nothing of this name"),
        ({"words": {"es": 1}}, ("words",), "It must be text"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(wrong, place, said):
    with pytest.raises(WrongShape, match=said) as refused:
        read_shape({**GOOD, **wrong}, Sheet)
    assert refused.value.place == place


def test_what_is_no_table_is_refused():
    with pytest.raises(WrongShape) as refused:
        read_shape(["k"], Sheet)
    assert refused.value.place == ()
