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
PRINT_PT = 12  # nothing on paper is smaller


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed PDF and how many pages it has."""

    pdf: bytes = field(repr=False)
    pages: int


def press(template: str, facts: Mapping[str, Any], *, day: date) -> Sheet:
    """Return a sheet from a template of this room; the same facts and day give the same bytes.

    ``facts`` reach the template as data and are never read as its language. Nothing of the
    machine is written into the file, and of the time the ``day`` only.
    """
    import typst  # 80 MB that only a press needs

    words = {**facts, "look": asdict(look.LIGHT), "points": PRINT_PT}
    compiler = typst.Compiler(
        str(HERE / template),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(words)},
    )
    midnight = datetime.combine(day, datetime.min.time(), UTC)
    # PDF/UA-1: tags, language, title and alternative texts, or no file at all.
    pdf = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=midnight)
    pages = json.loads(compiler.query("<pages>", field="value", one=True))
    return Sheet(bytes(cast(bytes, pdf)), pages)
