"""The printing press: the only importer of typst; offline, with the project's own fonts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from feedback import look

HERE = Path(__file__).parent
FONTS = HERE / "fonts"  # under the SIL Open Font License; no font of the machine is ever used
SIGNS = "“”‘’„–—…•€"
PRINT_PT = 12  # nothing on paper is smaller


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed PDF and how many pages it has."""

    pdf: bytes = field(repr=False)
    pages: int


def press(template: str, facts: Mapping[str, Any], *, day: date) -> Sheet:
    """Return a sheet from a template of this room; the same facts and day give the same bytes.

    ``facts`` reach the template as data and are never read as its language. Nothing of the
    machine is written into the file, and of the time the ``day`` only. A letter that our fonts
    have not becomes a question mark.
    """
    import typst  # 80 MB that only a press needs

    words = json.dumps({**facts, "look": asdict(look.LIGHT), "points": PRINT_PT})
    try:
        return Sheet(*_pressed(template, words, day))
    except typst.TypstError as refused:
        if "could not be displayed" not in str(refused):
            raise
    return Sheet(*_pressed(template, json.dumps(_plain(json.loads(words))), day))


def _pressed(template: str, words: str, day: date) -> tuple[bytes, int]:
    import typst

    compiler = typst.Compiler(
        str(HERE / template),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"facts": words},
    )
    midnight = datetime.combine(day, datetime.min.time(), UTC)
    # PDF/UA-1: tags, language, title and alternative texts, or no file at all.
    pdf = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=midnight)
    pages = json.loads(compiler.query("<pages>", field="value", one=True))
    return bytes(cast(bytes, pdf)), pages


def is_plain(text: str) -> bool:
    """Say whether our fonts have every letter for sure: western European ones."""
    return all(c.isprintable() and (c < "\u0180" or c in SIGNS) for c in text)


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return "".join(c if is_plain(c) else "?" for c in value)
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value
