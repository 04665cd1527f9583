"""Charts as Vega-Lite dictionaries: bars with bands, agreement, before and after.

They are written as plain dictionaries because a page has 300 ms for everything, and Altair takes
about as long to check one such chart.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from feedback import look

CHART_FONT = '"Source Sans", "Source Sans 3", sans-serif'  # the pages' own, and that of handouts
CHART_TEXT_PX = 14
CHART_SMALL_PX = 13
LINE = 18  # pixels from one line of text to the next
BAR = 14  # pixels
BAND = 8  # pixels under a bar, where its band lies
GAP = 16  # pixels between one row and the next
LETTERS = 44  # in a line: what a telephone of 390 px shows
SERIES_HEIGHT = 230  # pixels
WALL = 2  # how many times as large its letters are for the back of a room
STEPS = ("strongly disagree", "disagree", "in the middle", "agree", "strongly agree")
HOW_MANY = ("none", "half", "all")
WHICH_WAY = ("← disagree", "line: where agreeing begins", "agree →")

Spec = dict[str, Any]
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart: what it is about, how it is said, and the share with its half band.

    ``parts``: the five shares from strongly disagree to strongly agree; only for agreement.
    """

    label: str
    said: str
    share: float
    band: float
    parts: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One release of a series; ``share`` is None where nothing is known."""

    label: str
    said: str
    share: float | None = None
    band: float = 0.0


def share_bars(bars: Sequence[Bar], *, dark: bool = False, warm: bool = False) -> Spec:
    """Return a bar for each thing said, its words above it and its band under its end."""
    palette, rows = _palette(dark), _lay_out(bars)
    sheet = _Sheet(_height(bars), HOW_MANY)
    colour = palette.warm if warm else palette.green
    layers = [
        sheet.bars(rows, "whole", {"color": palette.line}),
        sheet.bars(rows, "share", {"color": colour}),
        *sheet.bands(rows, palette),
        *sheet.words(rows, palette),
    ]
    return _chart(layers, sheet.height, tell(bars), dark=dark)


def agreement_bars(bars: Sequence[Bar], *, dark: bool = False) -> Spec:
    """Return a bar for each statement, from strongly disagree (warm) to strongly agree (green).

    An upright line marks where agreeing begins, so that it is seen without colour; the band lies
    under it: the share is read from the right.
    """
    palette, rows = _palette(dark), _lay_out(bars)
    sheet = _Sheet(_height(bars), WHICH_WAY)
    for row in rows:
        row["low"], row["high"] = 1 - row["high"], 1 - row["low"]
        row["begins"] = 1 - row["share"]
    steps = sheet.bars(_segments(rows, bars, dark=dark), "end", {"stroke": palette.ground})
    steps["encoding"]["color"] = {"field": "colour", "type": "nominal", "scale": None}
    layers = [
        steps,
        sheet.upright(rows, "begins", palette),
        *sheet.bands(rows, palette),
        *sheet.words(rows, palette),
    ]
    return _chart(layers, sheet.height, tell(bars), dark=dark)


def before_after_line(
    points: Sequence[Point],
    *,
    dark: bool = False,
    change_before: int | None = None,
    times: int = 1,
) -> Spec:
    """Return the share in each release with its band, and a line where something was changed.

    ``change_before`` is the place of the first release after the change. A release that says
    nothing keeps its place and is marked as not known. ``times``: how large its letters are.
    """
    palette = _palette(dark)
    x = _field("x", domain=(-0.5, len(points) - 0.5), axis=_releases(points))
    rows: Rows = [
        {"x": n, "share": p.share, **({} if p.share is None else _reach(p.share, p.band))}
        for n, p in enumerate(points)
    ]
    known = [row for row in rows if row["share"] is not None]
    silent = [{"x": row["x"], "y": 0.02} for row in rows if row["share"] is None]
    band = {"type": "bar", "width": 12 * times, "cornerRadius": 3, "color": palette.line}
    line = {"type": "line", "color": palette.green, "strokeWidth": 2}
    breaks = {"invalid": "break-paths-filter-domains"}
    dot = {"type": "point", "color": palette.green, "filled": True, "opacity": 1}
    share, text = _share_of_all("share"), {"type": "text", "color": palette.quiet}
    layers = [
        _layer(
            known, band | {"stroke": palette.edge}, x=x, y=_share_of_all("low"), y2=_end("high")
        ),
        _layer(rows, line | breaks, x=x, y=share),
        _layer(known, dot | {"size": 90 * times}, x=x, y=share),
        _layer(
            silent,
            text | {"text": "not known", "angle": 270, "align": "left"},
            x=x,
            y=_share_of_all("y"),
        ),
    ]
    if change_before is not None and change_before < len(points):
        layers += _change(change_before - 0.5, x, palette)
    return _chart(layers, SERIES_HEIGHT, tell(points), dark=dark, times=times)


def tell(rows: Iterable[Bar | Point]) -> str:
    """Return a chart in words, for people who do not see it."""
    return " ".join(f"{row.label.rstrip('.')}: {row.said}." for row in rows)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A place of fixed height where rows lie under each other; ``ends``: left, middle, right."""

    height: int
    ends: tuple[str, str, str]

    def bars(self, rows: Rows, end: str, looks: Spec) -> Spec:
        """Return bars from ``start`` to the field ``end``."""
        y, y2 = self.y("top"), _end("bottom")
        return _layer(rows, {"type": "bar", **looks}, x=self.x("start"), x2=_end(end), y=y, y2=y2)

    def upright(self, rows: Rows, field: str, palette: look.Palette) -> Spec:
        """Return a line through each bar, down to its band, at a share."""
        looks = {"type": "rule", "color": palette.ink, "strokeWidth": 3}
        return _layer(rows, looks, x=self.x(field), y=self.y("top"), y2=_end("band"))

    def bands(self, rows: Rows, palette: look.Palette) -> list[Spec]:
        """Return the bands: how far the true share may lie to either side."""
        y = self.y("band")
        rule = {"type": "rule", "color": palette.ink, "strokeWidth": 2}
        tick = {"type": "tick", "color": palette.ink, "orient": "vertical", "thickness": 2}
        return [
            _layer(rows, rule, x=self.x("low"), x2=_end("high"), y=y),
            _layer(rows, tick | {"size": BAND}, x=self.x("low"), y=y),
            _layer(rows, tick | {"size": BAND}, x=self.x("high"), y=y),
        ]

    def words(self, rows: Rows, palette: look.Palette) -> list[Spec]:
        """Return what each row is about, and under it how it is said."""
        left = {"type": "text", "align": "left", "baseline": "top"}
        label = left | {"lineBreak": "\n", "lineHeight": LINE, "fontWeight": 600}
        said = left | {"fontSize": CHART_SMALL_PX, "color": palette.quiet}
        return [
            _layer(rows, label, x={"value": 0}, y=self.y("label_y"), text=_end("label")),
            _layer(rows, said, x={"value": 0}, y=self.y("said_y"), text=_end("said")),
        ]

    def x(self, field: str) -> Spec:
        """Return a field as a share of all, from left to right."""
        left, middle, right = self.ends
        axis = _five([left, "", middle, "", right]) | {"grid": False, "labelFlush": True}
        return _field(field, domain=(0, 1), axis=axis)

    def y(self, field: str) -> Spec:
        """Return a field as pixels from the top."""
        found = _field(field, domain=(0, self.height), axis=None)
        found["scale"]["reverse"] = True
        return found


def _lay_out(bars: Sequence[Bar]) -> Rows:
    """Return rows laid under each other; places are pixels from the top."""
    rows: Rows = []
    y = 2
    for bar in bars:
        lines = _lines(bar)
        said = y + LINE * len(lines)
        top = said + LINE + 3
        places = {"label_y": y, "said_y": said, "top": top, "bottom": top + BAR}
        texts = {"label": "\n".join(lines), "said": bar.said}
        ends = {"start": 0.0, "whole": 1.0, "band": top + BAR + BAND}
        rows.append(texts | places | ends | _reach(bar.share, bar.band))
        y = top + BAR + BAND + GAP
    return rows


def _height(bars: Sequence[Bar]) -> int:
    return sum(LINE * (len(_lines(bar)) + 1) + 3 + BAR + BAND + GAP for bar in bars)


def _lines(bar: Bar) -> list[str]:
    return textwrap.wrap(bar.label, LETTERS) or [""]


def _segments(rows: Rows, bars: Sequence[Bar], *, dark: bool) -> Rows:
    """Return one piece for each answer of each statement, from left to right."""
    colours = look.SCALE_DARK if dark else look.SCALE_LIGHT
    pieces: Rows = []
    for row, bar in zip(rows, bars, strict=True):
        start = 0.0
        for colour, step, part in zip(colours, STEPS, bar.parts, strict=True):
            end = min(start + part, 1.0)
            pieces.append(row | {"start": start, "end": end, "colour": colour, "step": step})
            start = end
    return pieces


def _reach(share: float, band: float) -> dict[str, float]:
    return {"share": share, "low": max(0.0, share - band), "high": min(1.0, share + band)}


def _change(place: float, x: Spec, palette: look.Palette) -> list[Spec]:
    rows: Rows = [{"x": place, "y": 1.0}]
    line = {"type": "rule", "color": palette.warm, "strokeWidth": 2, "strokeDash": [5, 4]}
    name = {"type": "text", "text": "changed", "align": "left", "baseline": "top", "dx": 6}
    looks = {"color": palette.warm, "fontWeight": 600}
    return [_layer(rows, line, x=x), _layer(rows, name | looks, x=x, y=_share_of_all("y"))]


def _releases(points: Sequence[Point]) -> Spec:
    names = json.dumps([point.label.split("-", 1)[::-1] for point in points])
    return {
        "values": list(range(len(points))),
        "labelExpr": f"{names}[datum.value]",
        "grid": False,
        "labelOverlap": True,
    }


def _share_of_all(field: str) -> Spec:
    return _field(field, domain=(0, 1), axis=_five(["none", "", "half", "", "all"]))


def _five(names: list[str]) -> Spec:
    values = [0, 0.25, 0.5, 0.75, 1]
    return {"values": values, "labelExpr": f"{json.dumps(names)}[round(datum.value * 4)]"}


def _field(field: str, *, domain: tuple[float, float], axis: Spec | None) -> Spec:
    scale = {"domain": list(domain), "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def _end(field: str) -> Spec:
    return {"field": field}


def _layer(rows: Rows, mark: Spec, **encoding: Spec) -> Spec:
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def _chart(
    layers: list[Spec], height: int, description: str, *, dark: bool, times: int = 1
) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": description,
        "width": "container",
        "height": height,
        "padding": {"left": 2, "right": 2, "top": 2, "bottom": 2},  # else Streamlit adds 20 below
        "autosize": {"type": "fit-x", "contains": "padding"},
        "layer": layers,
        "config": chart_look(dark=dark, times=times),
    }


def chart_look(*, dark: bool, times: int = 1) -> dict[str, Any]:
    """Return the one configuration of every chart, in Vega-Lite's own names."""
    palette = look.DARK if dark else look.LIGHT
    text = {"font": CHART_FONT, "fontSize": CHART_TEXT_PX * times, "color": palette.ink}
    axis = {
        "labelFont": CHART_FONT,
        "labelFontSize": CHART_SMALL_PX * times,
        "labelColor": palette.quiet,
        "gridColor": palette.line,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "labelLimit": 0,  # no word is cut off
        "title": None,
    }
    return {
        "background": "transparent",
        "font": CHART_FONT,
        "view": {"stroke": None},
        "axis": axis,
        "text": text,
        "range": {"category": list(look.SERIES_DARK if dark else look.SERIES_LIGHT)},
    }


def _palette(dark: bool) -> look.Palette:
    return look.DARK if dark else look.LIGHT
