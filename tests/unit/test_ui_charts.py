"""Charts are dictionaries: every row has its band, its words and its place, and nothing hides."""

from itertools import pairwise

import pytest

from feedback import look
from feedback.ui.charts import Bar, Point, agreement_bars, before_after_line, share_bars, tell

BARS = (
    Bar("Being believed", "some, about 30 %", 0.3, 0.15, (0.1, 0.2, 0.4, 0.2, 0.1)),
    Bar("They respected who I am (like my culture, language, gender, or faith).", "most", 0.7, 0.4,
        (0.0, 0.1, 0.2, 0.4, 0.3)),
)  # fmt: skip
POINTS = (Point("2026-Q1", "most", 0.7, 0.1), Point("2026-Q2", "not known yet"),
          Point("2026-Q3", "some", 0.3, 0.1))  # fmt: skip


def rows(spec, field):
    """Return the rows of the first layer that holds a field, with one row for each bar."""
    for layer in spec["layer"]:
        found = layer["data"]["values"]
        whole = field == "step" or "step" not in found[0]
        if whole and field in found[0]:
            return found
    raise AssertionError(field)


def marks(spec):
    return [layer["mark"]["type"] for layer in spec["layer"]]


def test_where_agreeing_begins_is_seen_without_colour():
    spec = agreement_bars(BARS)
    (mark,) = [layer for layer in spec["layer"] if layer["encoding"]["x"].get("field") == "begins"]
    assert mark["mark"]["type"] == "rule"
    for row, bar in zip(mark["data"]["values"], BARS, strict=True):
        assert row["begins"] == pytest.approx(1 - bar.share)
        assert row["low"] <= row["begins"] <= row["high"]


@pytest.mark.parametrize("draw", [share_bars, agreement_bars])
def test_every_row_stands_under_the_one_before(draw):
    first, second = rows(draw(BARS), "label_y")
    assert first["label_y"] < first["said_y"] < first["top"] < first["bottom"] < first["band"]
    assert first["band"] < second["label_y"]
    assert second["band"] < draw(BARS)["height"]


def test_a_band_never_leaves_the_sheet():
    _, second = rows(share_bars(BARS), "low")
    assert (second["low"], second["high"]) == (pytest.approx(0.3), 1.0)


def test_agreeing_is_read_from_the_right():
    first, _ = rows(agreement_bars(BARS), "band")
    assert (first["low"], first["high"]) == (pytest.approx(0.55), pytest.approx(0.85))


def test_the_parts_of_an_answer_fill_the_bar_without_a_gap():
    pieces = [row for row in rows(agreement_bars(BARS), "step") if row["label"] == BARS[0].label]
    assert [piece["step"] for piece in pieces][::4] == ["strongly disagree", "strongly agree"]
    for left, right in pairwise(pieces):
        assert left["end"] == right["start"]
    assert pieces[-1]["end"] == pytest.approx(1.0)


def test_long_words_are_broken_for_a_telephone():
    _, second = rows(share_bars(BARS), "label")
    assert max(map(len, second["label"].split("\n"))) <= 44


def test_a_chart_tells_itself_in_words():
    said = tell(BARS)
    assert said.startswith("Being believed: some, about 30 %. They respected")
    assert share_bars(BARS)["description"] == said


def test_no_value_is_shown_only_on_hover():
    for spec in (share_bars(BARS), agreement_bars(BARS), before_after_line(POINTS)):
        assert "tooltip" not in str(spec)
        assert "params" not in spec


def test_a_release_that_says_nothing_keeps_its_place():
    spec = before_after_line(POINTS)
    silent = [layer for layer in spec["layer"] if layer["mark"].get("text") == "not known"]
    assert [row["x"] for row in silent[0]["data"]["values"]] == [1]
    line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    assert [row["share"] for row in line["data"]["values"]] == [0.7, None, 0.3]


def test_a_change_is_marked_between_two_releases():
    spec = before_after_line(POINTS, change_before=1)
    change = spec["layer"][marks(spec).index("rule")]
    assert change["data"]["values"][0]["x"] == 0.5


def test_a_change_after_the_newest_release_has_no_line_yet():
    assert "rule" not in marks(before_after_line(POINTS, change_before=3))


@pytest.mark.parametrize(("dark", "palette"), [(False, look.LIGHT), (True, look.DARK)])
def test_charts_wear_the_colours_of_the_house(dark, palette):
    spec = share_bars(BARS, dark=dark)
    assert spec["config"]["text"]["color"] == palette.ink
    assert spec["layer"][1]["mark"]["color"] == palette.green


def test_charts_load_nothing_from_another_place():
    assert "url" not in str(share_bars(BARS))
