"""The look, written once: colours and type for the form, the charts, the packet and the board."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode, as ``#rrggbb``. Text on its ground has a contrast of 4.5 or more.

    ``ground`` lies under everything and ``sheet`` under what is held together on it; ``ink``
    and ``quiet`` are for text, ``line`` for rules, ``edge`` for the rim of a control (3.0 or
    more). ``green`` is for what moves on and ``warm`` for what leaves or wants a look; each has
    a ``soft`` ground of its own and an ink for text on it.
    """

    ground: str
    sheet: str
    ink: str
    quiet: str
    line: str
    edge: str
    green: str
    on_green: str
    soft_green: str
    warm: str
    on_warm: str
    soft_warm: str

    def to_css(self) -> str:
        """Return the colours as CSS custom properties, ``--on-green`` for ``on_green``."""
        pairs = asdict(self).items()
        return "".join(f"--{name.replace('_', '-')}:{colour};" for name, colour in pairs)


LIGHT = Palette(
    ground="#faf6ee",
    sheet="#fffdf8",
    ink="#1f2a24",
    quiet="#5a655e",
    line="#e0d9cb",
    edge="#7c877f",
    green="#1f5c4a",
    on_green="#ffffff",
    soft_green="#e3efe8",
    warm="#a64b0b",
    on_warm="#ffffff",
    soft_warm="#fbe9d8",
)

DARK = Palette(
    ground="#131a16",
    sheet="#1b2420",
    ink="#edf0ea",
    quiet="#a8b4ac",
    line="#33403a",
    edge="#7e8c84",
    green="#86d3b1",
    on_green="#0e1f18",
    soft_green="#1d3329",
    warm="#f2ae72",
    on_warm="#2a1605",
    soft_warm="#38261a",
)

# From disagreeing to agreeing: warm to green, the middle pale. Never the only carrier of meaning.
SCALE_LIGHT = ("#a64b0b", "#e5a566", "#d8d2c4", "#8dbfa9", "#1f5c4a")
SCALE_DARK = ("#f2ae72", "#a9713f", "#4c5751", "#4d8f75", "#86d3b1")

# Series beside each other, told apart by lightness as well as by hue.
SERIES_LIGHT = ("#1f5c4a", "#a64b0b", "#4a6c9b", "#8a6d1f", "#7b4b78")
SERIES_DARK = ("#86d3b1", "#f2ae72", "#9dbbe6", "#dfc577", "#d3a6d0")

# No font is ever loaded from another host; the form loads none at all.
SERIF = 'Georgia, Cambria, "Noto Serif", "Times New Roman", serif'
SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Helvetica, Arial, sans-serif'

PRINT_PT = 14  # running text on paper
CORNER_PX = 10
TOUCH_PX = 48  # the least height of anything that a finger should meet
