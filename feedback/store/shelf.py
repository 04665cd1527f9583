"""What a kind of database must do to hold the box; SQLite and PostgreSQL are the two there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

Row = tuple[int, str, bytes]  # key, round, sealed bytes


class Shelf(Protocol):
    """The box's way to one database. Only the box's own thread calls it.

    Every method raises StoreUnavailable and nothing else, leaves what was stored as it was,
    and works again as soon as the cause is gone.
    """

    def add(self, rows: Sequence[Row], cards: Mapping[int, bytes]) -> set[int]:
        """Store rows with different keys durably; return the keys where other bytes lie.

        ``cards`` are the marks of cards that came with some of the rows, by the row's key. In the
        same transaction each is crossed out, if it lies there, and one more is counted.
        """

    def add_cards(self, round_id: str, marks: Sequence[bytes]) -> None:
        """Lay the marks of unused cards into the box."""

    def cards_used(self, round_id: str) -> int:
        """Return how many cards of a round were used."""

    def fetch(self, rids: Sequence[int]) -> list[tuple[int, bytes]]:
        """Return these rows in key order, without those that are gone."""

    def rids(self, round_id: str) -> set[int]:
        """Return the keys of a round."""

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each round."""

    def delete_round(self, round_id: str) -> None:
        """Delete the rows of a round; they can be recovered from the database no longer."""

    def holds_fewer_than(self, rows: int) -> bool:
        """Tell quickly whether the box is about this small."""

    def is_mixed(self) -> bool:
        """Tell whether nothing arrived since the last mix, by this or another process."""

    def mix(self) -> None:
        """Lay all rows down anew, so that their places say nothing of their arrival."""

    def check(self, row_bytes: int) -> tuple[str, ...]:
        """Return what is wrong, in plain sentences."""

    def image(self) -> bytes:
        """Return a consistent, mixed copy as the bytes of an SQLite box."""

    def close(self) -> None:
        """Let go of the connection; the next call makes a new one."""
