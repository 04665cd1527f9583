"""Posters: one that leads to the form without a word on its topic, one that tells what changed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import chain

import segno

from feedback.handouts.press import Sheet, is_plain, press
from feedback.questionnaire.catalogue import Language

ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-]{1,253}(:\d{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the board tells: what it is about, and lines with what each of them is."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Poster:
    """The words of one sheet. ``address`` is in the picture, too; ``more`` stands beside it.

    ``banner`` says that a sheet of a demonstration is one.
    """

    title: str
    lead: str
    lang: str
    address: str
    parts: tuple[Told, ...] = ()
    more: str = ""
    banner: str = ""


def form_poster(address: str, language: Language) -> Poster:
    """Return the poster that leads to the form; whoever walks by learns nothing of its topic."""
    return Poster(
        title=language.translate("You have ideas. We want to hear them."),
        lead=language.translate("About 4 minutes. No name. Skip what you want."),
        lang=language.tag,
        address=f"{address}/",
    )


def board_poster(address: str, language: Language, told: Iterable[Told]) -> Poster:
    """Return the poster of the public board: what was heard and what changed."""
    lead = (
        "People told us what to do better. This is what we did with it. Where we did nothing, we "
        "say why."
    )
    return Poster(
        title=language.translate("What we heard and what changed"),
        lead=language.translate(lead),
        lang=language.tag,
        address=f"{address}/board",
        parts=tuple(told),
        more=language.translate("You have ideas. We want to hear them."),
    )


def poster_pdf(poster: Poster, day: date) -> bytes:
    """Return a poster as an accessible PDF of one page; what does not fit stays on the board."""
    sheet = _pressed(poster, day)
    while sheet.pages > 1 and len(poster.parts) > 1:
        poster = replace(poster, parts=poster.parts[:-1])
        sheet = _pressed(poster, day)
    return sheet.pdf


def can_print(poster: Poster) -> bool:
    """Say whether our fonts have the letters of this poster's language."""
    told = (text for part in poster.parts for text in (part.title, *chain(*part.lines)))
    return all(map(is_plain, (poster.title, poster.lead, poster.more, *told)))


def clean_address(typed: str) -> str:
    """Return the address of a form as a poster needs it; empty when it is none."""
    text = typed.strip().rstrip("/")
    return text if ADDRESS.fullmatch(text) else ""


def _pressed(poster: Poster, day: date) -> Sheet:
    drawn = io.BytesIO()
    segno.make(poster.address, error="q", micro=False).save(drawn, kind="svg", xmldecl=False)
    return press("poster.typ", {"poster": asdict(poster), "qr": drawn.getvalue().decode()}, day=day)
