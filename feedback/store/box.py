"""The only way to the sealed rows: they go in durably, lie in no order of arrival, and come out."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from feedback.errors import RowRefused, StoreUnavailable
from feedback.store.shelf import Row, Shelf
from feedback.store.sqlite_shelf import SqliteShelf
from feedback.store.trouble import Trouble, file_path, is_postgres, place, refusal

ROW_BYTES = 7432  # docs/reference/formats.md: one sealed response; just under one page of 8192
BATCH_ROWS = 128  # one transaction of 1 MB at most
FETCH_ROWS = 256  # 2 MB; what is in memory while rows are read

SMALL_ROWS = 500  # below it the newest row is easy to guess, and mixing takes under 0.1 s
QUIET_SECONDS = 0.5  # a small box is mixed after so much silence
LATEST_SECONDS = 3.0  # and so long after the first new row, however busy it is
RARE_SECONDS = 300.0  # a large box is mixed so often
PAUSE_PER_MIX = 50.0  # and never for more than 2 % of the time

_UNMIXED = "cannot be mixed, so its newest rows can be guessed. See that its disk has room."

T = TypeVar("T")


class Box:
    """Sealed rows of equal size, each under a random key and the round it belongs to.

    Any number of threads may use a box, and several processes may use the same place. One
    thread of the box owns the database: it takes all rows that wait into one transaction, so
    many people can send at once although each waits for the disk.
    """

    def __init__(self, shelf: Shelf, name: str) -> None:
        """Use :func:`open_box`."""
        self._shelf = shelf
        self._name = name
        self._mixing = _Mixing()
        self._jobs: queue.SimpleQueue[_Put | _Ask | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="box", daemon=True)
        self._thread.start()
        try:
            self._ask(self._begin)
        except BaseException:
            self.close()
            raise

    def put(self, rid: int, round_id: str, row: bytes, *, card: bytes | None = None) -> None:
        """Store a sealed row; return when it is safely on the disk. The same row again is fine.

        ``card``: the mark of the card that came with it. Used for the first time, it counts; else
        the row is stored like one without a card. Nothing keeps which card came with which row.

        Raises:
            ValueError: the key is not one of 63 bits, or the row has not the size of every row.
            RowRefused: another row lies under this key; it stays.
            StoreUnavailable: the row was not stored; the caller still has it and may try again.
        """
        if not (0 <= rid < 1 << 63 and 0 < len(round_id) <= 64 and len(row) == ROW_BYTES):
            raise ValueError(
                f"a row has a key of 63 bits, the name of a round and {ROW_BYTES} bytes"
            )
        put = _Put((rid, round_id, row), card)
        self._send(put)
        put.reply.result()

    def rows(self, round_id: str, skip: Collection[int] = ()) -> Iterator[tuple[int, bytes]]:
        """Yield the rows of a round in the order of their keys, without those to skip.

        Rows that arrive meanwhile are left for the next time. Others can send while it runs.
        """
        rids = sorted(self.rids(round_id).difference(skip))
        for start in range(0, len(rids), FETCH_ROWS):
            some = rids[start : start + FETCH_ROWS]
            yield from self._ask(partial(self._shelf.fetch, some))

    def rids(self, round_id: str) -> set[int]:
        """Return the keys of a round's rows."""
        return self._ask(partial(self._shelf.rids, round_id))

    def counts(self) -> dict[str, int]:
        """Return the number of sealed rows of each round that has any."""
        return self._ask(self._shelf.counts)

    def add_cards(self, round_id: str, marks: Sequence[bytes]) -> None:
        """Lay the marks of new cards into the box, in no order that tells of their making."""
        self._ask(partial(self._shelf.add_cards, round_id, sorted(marks)))
        self._ask(self._mix_now)

    def cards_used(self, round_id: str) -> int:
        """Return how many different cards came with rows of a round."""
        return self._ask(partial(self._shelf.cards_used, round_id))

    def delete_round(self, round_id: str) -> None:
        """Delete every row of a round; nothing of them stays in the database."""
        self._ask(partial(self._shelf.delete_round, round_id))
        self._ask(self._mix_now)

    def mix(self) -> None:
        """Lay all rows down anew now. The box does so by itself; see docs/reference/storage.md."""
        self._ask(self._shelf.mix)

    def check(self) -> tuple[str, ...]:
        """Return what is wrong with the box in plain sentences; nothing when it holds."""
        return self._ask(self._check)

    def backup_bytes(self) -> bytes:
        """Return a consistent copy of the box, as the bytes of a ``box.sqlite``. Seal it."""
        return self._ask(self._shelf.image)

    def close(self) -> None:
        """Mix what is new and let go of the database. A second time does nothing."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def __enter__(self) -> Self:
        """Return the box."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the box."""
        self.close()

    def _ask(self, call: Callable[[], T]) -> T:
        ask = _Ask(call)
        self._send(ask)
        answer: T = ask.reply.result()
        return answer

    def _send(self, job: _Put | _Ask) -> None:
        with self._gate:  # so that nothing is sent to a thread that has ended
            if self._closed:
                raise refusal(f"The box {self._name}", Trouble.CLOSED)
            self._jobs.put(job)

    def _work(self) -> None:
        """Do what is asked, in order, until the box is closed. Runs in the box's own thread."""
        waiting: deque[_Put | _Ask | None] = deque()
        while True:
            left = self._mixing.seconds_left()
            if left is not None and left <= 0:
                self._mix_now()
                continue
            with suppress(queue.Empty):
                waiting.append(self._jobs.get(timeout=0 if waiting else left))
                while len(waiting) < BATCH_ROWS:
                    waiting.append(self._jobs.get_nowait())
            if not waiting:
                continue
            job = waiting[0]
            if isinstance(job, _Put):
                self._add(_next_puts(waiting))
            elif job is not None:
                waiting.popleft()
                job.run()
            else:
                break
        self._end()

    def _add(self, puts: dict[int, _Put]) -> None:
        try:
            cards = {rid: put.card for rid, put in puts.items() if put.card}
            refused = self._shelf.add([put.row for put in puts.values()], cards)
        except BaseException as error:  # whatever it was, those who wait hear of it
            for put in puts.values():
                put.reply.set_exception(error)
            return
        for rid, put in puts.items():
            if rid in refused:
                put.reply.set_exception(RowRefused("Another row lies under this key; it stays."))
            else:
                put.reply.set_result(None)
        small = True
        with suppress(StoreUnavailable):
            small = self._shelf.holds_fewer_than(SMALL_ROWS)
        self._mixing.rows_came(small=small)

    def _begin(self) -> None:
        if not self._shelf.is_mixed():  # the last program ended in the middle of its work
            self._mix_now()

    def _check(self) -> tuple[str, ...]:
        self._mix_now()
        found = self._shelf.check(ROW_BYTES)
        return found if self._shelf.is_mixed() else (*found, f"The box {self._name} {_UNMIXED}")

    def _mix_now(self) -> None:
        began = time.monotonic()
        with suppress(Exception):  # nothing is lost: the mark stays, and it is tried again
            if not self._shelf.is_mixed():
                self._shelf.mix()
            self._mixing.done(time.monotonic() - began)
            return
        self._mixing.failed()

    def _end(self) -> None:
        self._mix_now()
        self._shelf.close()


def open_box(location: str | Path, *, create: bool = False) -> Box:
    """Open the box at a path or a ``postgresql://`` address; with ``create``, make a missing one.

    Raises:
        StoreUnavailable: there is no box, it is damaged, or it cannot be reached.
    """
    name = place(location)
    if not is_postgres(location):
        return Box(SqliteShelf(file_path(location), create=create), name)
    try:
        from feedback.store.postgres_shelf import PostgresShelf
    except ImportError as error:
        raise refusal(f"The box {name}", error) from None
    return Box(PostgresShelf(str(location), name, create=create), name)


class _Put:
    """A row on its way, and the promise to its sender."""

    def __init__(self, row: Row, card: bytes | None) -> None:
        self.row = row
        self.card = card
        self.reply: Future[None] = Future()


class _Ask:
    """A call to be made in the box's thread, and the promise to its caller."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self.reply: Future[Any] = Future()

    def run(self) -> None:
        try:
            self.reply.set_result(self._call())
        except BaseException as error:  # it belongs to the one who asked
            self.reply.set_exception(error)


def _next_puts(waiting: deque[_Put | _Ask | None]) -> dict[int, _Put]:
    """Take the rows at the front that can share a transaction: one for each key."""
    puts: dict[int, _Put] = {}
    while waiting and isinstance(put := waiting[0], _Put) and put.row[0] not in puts:
        puts[put.row[0]] = put
        waiting.popleft()
    return puts


class _Mixing:
    """When the rows are laid down anew."""

    def __init__(self) -> None:
        self._first: float | None = None  # when the first of the new rows came
        self._last = 0.0
        self._small = True
        self._pause = RARE_SECONDS

    def rows_came(self, *, small: bool) -> None:
        self._last = time.monotonic()
        self._first = self._last if self._first is None else self._first
        self._small = small

    def done(self, seconds: float) -> None:
        self._first = None
        self._pause = max(RARE_SECONDS, PAUSE_PER_MIX * seconds)

    def failed(self) -> None:
        self._first = self._last = time.monotonic()

    def seconds_left(self) -> float | None:
        """Return how long to wait, 0 or less when it is time, None when nothing is new."""
        if self._first is None:
            return None
        due = self._first + self._pause
        if self._small:
            due = min(self._last + QUIET_SECONDS, self._first + LATEST_SECONDS)
        return due - time.monotonic()
