"""What can still be read of a damaged file of the store; nothing of it is believed unseen."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from tftmonitor.history.page_reader import rows_of_file
from tftmonitor.history.recovery import UNREADABLE
from tftmonitor.history.samples.batch import chained, text_sum, unpack_batch
from tftmonitor.history.samples.chunk import Chunk
from tftmonitor.history.samples.flatten import Shape, from_json
from tftmonitor.history.samples.stored import DamagedBlockError, Recorded
from tftmonitor.history.samples.sums.checking import sum_of
from tftmonitor.history.schema import tolerant_text

# A larger file is read by SQLite alone: the pages of this one are held in memory.
_PAGES_READ: Final = 256 << 20
_SUM: Final = 32
_END: Final = (1 << 63) - 1

_Row = tuple[Any, ...]
Numbered = list[tuple[int, Recorded]]
_COLUMNS: Final = {
    "device": "*",
    "shape": "*",
    "round": "number, at_ms, prior, sums, sum",
    "chunk": "number, device, first_seq, last_seq, count, first_ms, last_ms, size, round, place, "
    "body",
    "spool": "first_seq, count, first_ms, last_ms, prior, sum, body",
}
_KEYS: Final = {"spool": "first_seq"}
# By how many columns and which kinds a row of a page is known; the first is the row's number.
_KINDS: Final[dict[str, tuple[type | None, ...]]] = {
    "device": (int, str, None, bytes),
    "shape": (int, str, bytes),
    "round": (int, int, bytes, bytes, bytes),
    "chunk": (*(int,) * 10, bytes),
    "spool": (int, int, int, int, bytes, bytes, bytes),
}


class WoundedFile:
    """A damaged file, which is only read. ``close`` it at the end.

    ``unreadable`` counts chunks and batches of which a row is left and nothing more.
    """

    def __init__(self, path: Path) -> None:
        self.unreadable = 0
        self._path = path
        self._database: sqlite3.Connection | None = None
        with contextlib.suppress(*UNREADABLE):
            self._database = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
            )
            self._database.text_factory = tolerant_text
        self._of_pages = self._read_pages()
        self._devices = [row for row in self._all("device") if text_sum(row[1]) == row[3]]
        self._keys = {row[0]: row[1] for row in self._devices}
        self._shapes = {n: text for n, text, sum_ in self._all("shape") if text_sum(text) == sum_}
        self._sums = {row[0]: row[3] for row in self._all("round")}

    def close(self) -> None:
        """Let go of it."""
        if self._database is not None:
            self._database.close()

    def facts(self) -> dict[str, Any]:
        """Its named values, as far as they can be read."""
        return {row[0]: row[1] for row in self._query("SELECT name, value FROM facts")}

    def blind(self) -> Iterator[_Row]:
        """Its blind intervals, as rows."""
        yield from self._query("SELECT scope, start_ms, end_ms, cause, reason FROM blind")

    def links(self) -> Iterator[_Row]:
        """Its changes of links, as rows without a number."""
        yield from self._query("SELECT at_ms, channel, state, reason FROM link")

    def labels(self) -> Iterator[_Row]:
        """Keys of devices with what they are called."""
        yield from ((row[1], row[2]) for row in self._devices if row[2] is not None)

    def chunks(self, after: int) -> Iterator[tuple[int, str, Numbered]]:
        """Number, device and pushes of each chunk that is whole, beyond a number."""
        for row in self._all("chunk", after):
            device = self._keys.get(row[1])
            numbered = self._pushes_of(row, device) if device is not None else None
            if device is None or numbered is None:
                self.unreadable += 1
            else:
                yield row[0], device, numbered

    def batches(self, after: int) -> Iterator[tuple[int, Numbered]]:
        """First number and pushes of each batch that is whole, beyond a number."""
        for first_seq, *rest, prior, total, body in self._all("spool", after):
            if chained(prior, (first_seq, *rest), body) == total:
                # What has its sum is as it was written.
                yield first_seq, list(enumerate(unpack_batch(body), first_seq))
            else:
                self.unreadable += 1

    def _pushes_of(self, row: _Row, device: str) -> Numbered | None:
        """What a row of a chunk holds; None when it is not as it was written."""
        *_, turn, place, body = row
        kept = self._sums.get(turn)
        # Where the round is lost as well, what can be read is taken for right.
        if kept is not None and kept[place * _SUM : (place + 1) * _SUM] != sum_of(body):
            return None
        try:
            return _numbered(Chunk(body, device, self), device)
        except DamagedBlockError:
            return None

    def shape_of(self, number: int) -> Shape:
        """The keys of frames by their number; raises DamagedBlockError."""
        try:
            return from_json(self._shapes[number])
        except (KeyError, msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
            raise DamagedBlockError(f"the keys of number {number} are missing") from error

    def _query(self, query: str) -> Iterator[_Row]:
        if self._database is not None:
            with contextlib.suppress(*UNREADABLE):
                yield from self._database.execute(query)

    def _all(self, table: str, after: int = -1) -> Iterator[_Row]:
        """Each row once, by its number: as SQLite reads it, else as its page has it."""
        kinds = _KINDS[table]
        rows = (row for row in self._by_sqlite(table, after) if _is_like(row, kinds))
        others = self._of_pages.get(table)
        if not others:
            return rows
        # Of so small a file all of it is in memory as it is.
        found = {number: row for number, row in others.items() if number > after}
        found |= {row[0]: row for row in rows}
        return iter([found[number] for number in sorted(found)])

    def _by_sqlite(self, table: str, after: int) -> Iterator[_Row]:
        if self._database is None:
            return
        key = _KEYS.get(table, "number")
        columns = f"SELECT {_COLUMNS[table]} FROM {table} NOT INDEXED"  # noqa: S608
        ahead = f"{columns} WHERE {key} > ? ORDER BY {key} LIMIT 1"
        back = f"{columns} WHERE {key} > ? AND {key} < ? ORDER BY {key} DESC"
        wound = step = 0
        while after < _END:
            try:
                row = self._database.execute(ahead, (after,)).fetchone()
            except UNREADABLE:
                wound = wound if step else after
                step = min(step * 2 + 1, _END - after)
                after += step
                continue
            if step and row is not None:
                # What was jumped over lies between the wound and here, and is read backwards.
                behind: list[_Row] = []
                with contextlib.suppress(*UNREADABLE):
                    behind.extend(self._database.execute(back, (wound, row[0])))
                yield from reversed(behind)
            if row is None:
                return
            yield row
            after, step = row[0], 0

    def _read_pages(self) -> dict[str, dict[int, _Row]]:
        found: dict[str, dict[int, _Row]] = {}
        with contextlib.suppress(OSError):
            if self._path.stat().st_size > _PAGES_READ:
                return found
            for rowid, row in rows_of_file(self._path):
                whole = (rowid, *row[1:])
                table = next((name for name, kinds in _KINDS.items() if _is_like(whole, kinds)), "")
                if table and row[0] is None:
                    found.setdefault(table, {})[rowid] = whole
        return found


def _is_like(row: _Row, kinds: tuple[type | None, ...]) -> bool:
    return len(row) == len(kinds) and all(
        kind is None or type(value) is kind for value, kind in zip(row, kinds, strict=True)
    )


def _numbered(chunk: Chunk, device: str) -> Numbered:
    return [
        (seq, (device, one.channel, one.received_ms, one.device_ms, one.is_late, one.frame))
        for seq, one in chunk.frames()
    ]
