"""The public board: what a second person approved is written for the form side to show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date

from feedback import codebooks
from feedback.decisions.board import Board, build_board
from feedback.decisions.definitions import load_areas
from feedback.decisions.log import Decision
from feedback.decisions.wording import Wording
from feedback.folder import Folder
from feedback.ledgers import published_rows, releases
from feedback.store import audit
from feedback.store.files import write_file

FORMAT = "throughline board 1"


def board_of(
    folder: Folder, decisions: Iterable[Decision], wordings: Mapping[str, Wording]
) -> Board:
    """Return what the board would show: from releases, and from approved decisions only.

    ``wordings`` are the words of questions and themes by language; English must be there.
    """
    rows = published_rows(releases(folder))
    areas = load_areas().with_themes(codebooks.bears_on(folder))
    return build_board(rows, tuple(decisions), wordings["en"], wordings.get("es"), areas)


def post_board(folder: Folder, board: Board, *, today: date) -> None:
    """Put a board up. Raises StoreUnavailable; the old one stays then."""
    text = json.dumps({"format": FORMAT, **board.to_dict()}, ensure_ascii=False, indent=1)
    data = text.encode()
    write_file(folder.board, data)
    posted = hashlib.sha256(data).hexdigest()
    audit.append(folder.audit, audit.Event.BOARD_PUBLISHED, today=today, hash=posted)
