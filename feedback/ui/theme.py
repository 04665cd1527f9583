"""The look and the manners of the team side, as settings of Streamlit and of charts."""

from __future__ import annotations

from typing import Any

import streamlit as st

from feedback import look

# Streamlit writes white on the primary colour and mixes captions from 60 % of the text colour:
# both have to reach a contrast of 4.5 in both modes.
PRIMARY = {"light": look.LIGHT.green, "dark": "#2f7d62"}
INK = {"light": "#101a14", "dark": look.DARK.ink}
CHIP = {"light": "#e8e2d5", "dark": "#2a332e"}  # else what is masked is hard to see by day


def streamlit_options() -> dict[str, Any]:
    """Return every Streamlit option that is not left at its default, with its reason.

    Names are written as the command line would: ``server_port`` for ``server.port``.
    """
    manners = {
        "browser_gatherUsageStats": False,  # else each visitor is reported to another host
        "client_showErrorDetails": "none",  # a traceback could quote what was opened
        "client_toolbarMode": "minimal",
        "server_fileWatcherType": "none",  # halves the CPU of a rerun
        "server_runOnSave": False,
        "server_headless": True,
        "server_maxUploadSize": 1,
        "server_disconnectedSessionTTL": 30,  # seconds; what is open must not outlive the page
        "server_enableStaticServing": False,
        "logger_level": "critical",
    }
    shape = {
        "theme_font": "sans-serif",  # bundled with Streamlit, under the SIL Open Font License
        "theme_headingFont": "serif",
        "theme_headingFontSizes": ["2.1rem", "1.5rem", "1.2rem", "1.05rem", "1rem", "1rem"],
        "theme_headingFontWeights": [650, 600, 600, 600, 600, 600],
        "theme_baseFontSize": 16,
        "theme_baseRadius": f"{look.CORNER_PX}px",
        "theme_showWidgetBorder": True,
        "theme_linkUnderline": True,
    }
    light = _colours("light", look.LIGHT, look.SERIES_LIGHT, look.SCALE_LIGHT)
    dark = _colours("dark", look.DARK, look.SERIES_DARK, look.SCALE_DARK)
    return manners | shape | light | dark


def _colours(
    mode: str, palette: look.Palette, series: tuple[str, ...], scale: tuple[str, ...]
) -> dict[str, Any]:
    options = {
        "primaryColor": PRIMARY[mode],
        "backgroundColor": palette.ground,
        "secondaryBackgroundColor": palette.sheet,
        "textColor": INK[mode],
        "linkColor": palette.green,
        "borderColor": palette.line,
        "greenColor": palette.green,
        "greenBackgroundColor": palette.soft_green,
        "greenTextColor": palette.green,
        "orangeColor": palette.warm,
        "orangeBackgroundColor": palette.soft_warm,
        "orangeTextColor": palette.warm,
        "redColor": palette.warm,  # no red alarm anywhere
        "redBackgroundColor": palette.soft_warm,
        "redTextColor": palette.warm,
        "yellowBackgroundColor": palette.soft_warm,
        "yellowTextColor": palette.warm,
        "blueBackgroundColor": palette.soft_green,
        "blueTextColor": palette.green,
        "grayTextColor": palette.quiet,
        "grayBackgroundColor": CHIP[mode],
        "chartCategoricalColors": list(series),
        "chartDivergingColors": _ten(scale),
    }
    return {f"theme_{mode}_{name}": value for name, value in options.items()}


def is_dark() -> bool:
    """Say whether this browser shows the dark colours."""
    return st.context.theme.type == "dark"


def _ten(scale: tuple[str, ...]) -> list[str]:
    """Return the five steps twice each: Streamlit wants exactly ten."""
    return [colour for colour in scale for _ in range(2)]
