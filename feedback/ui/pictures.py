"""Charts as pictures for slides and reports: the only importer of vl_convert; offline."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from html import escape
from types import ModuleType

from feedback import look
from feedback.decisions.heard import Heard
from feedback.decisions.printed import how_many
from feedback.decisions.published import Published
from feedback.decisions.signals import SCALE, Signal, refs_of, signal
from feedback.decisions.wording import Wording
from feedback.handouts.press import FONTS
from feedback.ui.charts import Bar, Spec, agreement_bars, share_bars, tell

WIDTH = 640  # pixels
PIXELS = 2  # in a picture for each of these
COLOURS = 64  # a sixth of the bytes of a picture with all colours
FONT = '"Source Sans 3"'
TITLE_FONT = '"Source Serif 4"'
EDGE = 24  # pixels of white around a picture
NOTHING = "Nothing can be shown for this question in this release; that is not zero."


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart: its name as a file, what it shows, and the same in words; ``spec`` draws it."""

    name: str
    title: str
    alt: str
    spec: Spec = field(repr=False)

    def svg(self) -> str:
        """Return it as SVG that tells itself to people who do not see it."""
        drawn = str(_converter().vegalite_to_svg(self.spec, allowed_base_urls=[]))
        told = f"<title>{escape(self.title)}</title><desc>{escape(self.alt)}</desc>"
        return drawn.replace(">", f' role="img">{told}', 1)

    def png(self, svg: str = "") -> bytes:
        """Return it as PNG: what its SVG shows, in few colours, and no word about it."""
        from PIL import Image

        quick = Image.Quantize.FASTOCTREE  # a tenth of the time of the default
        big = _converter().svg_to_png(svg or self.svg(), scale=PIXELS)
        small = io.BytesIO()
        Image.open(io.BytesIO(big)).convert("RGB").quantize(COLOURS, quick).save(small, "PNG")
        return small.getvalue()


def at_a_glance(published: Published, heard: Heard, *, origin: str) -> Picture | None:
    """Return one picture of a release: how people were treated, what helps, what to change.

    None when too few people answered to draw anything.
    """
    core = [item for item in heard.core.items if item.known]
    parts = (
        ("How people were treated", _agreement(published, core), False),
        ("What helps: keep it", _shares(heard.kept), False),
        ("What to change", _shares(heard.wishes), True),
    )
    drawn = [part for part in parts if part[1]]
    if not drawn:
        return None
    alt = " ".join(f"{title}. {tell(bars)}" for title, bars, _ in drawn)
    charts = [_titled(_chart(bars, warm=warm), title) for title, bars, warm in drawn]
    title = f"Release {published.number}, {published.round}"
    sheet = {"vconcat": charts, "spacing": EDGE}
    return Picture("at-a-glance", title, alt, _whole(sheet, title, origin, alt))


def of_questions(
    published: Published, wording: Wording, *, origin: str
) -> Iterator[tuple[str, Picture | None]]:
    """Yield every question of a release with its chart; None where nothing can be shown."""
    refs = refs_of(published)
    for number, question in enumerate(published.questions(), start=1):
        found = [signal(published, ref, wording) for ref in refs if ref.question == question]
        known = [each for each in found if each.known]
        title = wording.question(question)
        bars = _bars(published, known, wording)
        if not bars:
            yield title, None
            continue
        picture = _titled(_chart(bars, warm=question == "change"))
        name = f"{number:02d}-{question}"
        yield title, Picture(name, title, tell(bars), _whole(picture, title, origin, tell(bars)))


def zipped(pictures: Iterable[tuple[str, Picture | None]], *, origin: str, day: date) -> bytes:
    """Return pictures as PNG and SVG in one ZIP file, with a text that tells each in words."""
    lines = [origin, "", "Copy the words under a picture's name into its alternative text.", ""]
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for title, picture in pictures:
            lines += [title, f"{picture.name}: {picture.alt}" if picture else NOTHING, ""]
            if picture:
                svg = picture.svg()
                _put(file, f"{picture.name}.svg", svg.encode(), day)
                _put(file, f"{picture.name}.png", picture.png(svg), day)
        _put(file, "in-words.txt", "\n".join(lines).encode(), day)
    return data.getvalue()


def _put(file: zipfile.ZipFile, name: str, data: bytes, day: date) -> None:
    """Put a file into a ZIP, dated with the day of the release and no time."""
    file.writestr(zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0)), data)


def _bars(published: Published, known: list[Signal], wording: Wording) -> tuple[Bar, ...]:
    if known and not known[0].ref.answer:
        return _agreement(published, known)
    return tuple(
        Bar(
            wording.answer(found.ref.question, found.ref.answer),
            how_many(found),
            found.share or 0.0,
            found.band or 0.0,
        )
        for found in known
    )


def _shares(known: Iterable[Signal]) -> tuple[Bar, ...]:
    return tuple(
        Bar(found.topic, how_many(found), found.share or 0.0, found.band or 0.0) for found in known
    )


def _agreement(published: Published, known: Iterable[Signal]) -> tuple[Bar, ...]:
    rows = []
    for found in known:
        answers = (published.row(found.ref.question, step) for step in SCALE)
        counts = [row.count or 0 for row in answers if row]
        parts = tuple(count / sum(counts) for count in counts)
        said = f"agree: {how_many(found)}"
        rows.append(Bar(found.topic, said, found.share or 0.0, found.band or 0.0, parts))
    return tuple(rows)


def _chart(bars: tuple[Bar, ...], *, warm: bool) -> Spec:
    return agreement_bars(bars) if bars[0].parts else share_bars(bars, warm=warm)


def _titled(chart: Spec, title: str = "") -> Spec:
    """Return a chart of fixed width that can stand alone or in a sheet."""
    kept = {name: part for name, part in chart.items() if name in {"layer", "height", "config"}}
    heading = {"title": {"text": title, "fontSize": 17, "offset": 10}} if title else {}
    return {**kept, "width": WIDTH, **heading}


def _whole(chart: Spec, title: str, origin: str, alt: str) -> Spec:
    """Return a picture with its title above it and under that where it comes from."""
    charts = chart.get("vconcat", [chart])
    parts = [{name: it for name, it in each.items() if name != "config"} for each in charts]
    config = charts[0]["config"]
    heading = {
        "font": TITLE_FONT,
        "fontWeight": 600,
        "anchor": "start",
        "frame": "group",
        "color": look.LIGHT.green,
        "subtitleFont": FONT,
        "subtitleFontSize": 13,
        "subtitleColor": look.LIGHT.quiet,
        "subtitlePadding": 6,
    }
    whole = {
        "text": title,
        "subtitle": _wrapped(origin),
        "fontSize": 22,
        "offset": 18,
        "aria": False,
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": alt,
        "title": whole,
        "vconcat": parts,
        "spacing": EDGE,
        # its own words for the marks are numbers and colours: the picture is told as a whole
        "config": {
            **config,
            "title": heading,
            "background": "#ffffff",
            "padding": EDGE,
            "aria": False,
            "axis": {**config["axis"], "aria": False},
        },
    }


def _wrapped(text: str) -> list[str]:
    """Break a text into lines that are as wide as a picture."""
    return re.findall(r".{1,92}(?:\s|$)", text) or [text]


@lru_cache(maxsize=1)
def _converter() -> ModuleType:
    import vl_convert  # 90 MB that only a picture needs

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert
