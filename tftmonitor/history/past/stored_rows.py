"""Which blocks of the store have something of a device and a stretch of time, and their rows."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from tftmonitor.base.clock import DAY_MS
from tftmonitor.history.past.chunk_rows import ChunkRows
from tftmonitor.history.past.raw_rows import RawRows, Words, joined
from tftmonitor.history.past.wanted import Wanted
from tftmonitor.history.samples.batch import unpack_batch
from tftmonitor.history.samples.chunk import ShapeBook
from tftmonitor.history.samples.stored import DamagedBlockError, Recorded
from tftmonitor.model.fleet.clock_offset import NEAR_MS
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import Snapshot

LATER_MS: Final = 7 * DAY_MS
"""So long after a stretch of time it is looked for what devices had stored of it and sent later."""

# How many chunks are fetched at once, and how many rows are worked on at a time.
_PAGE: Final = 16
_ROWS: Final = 16384
# From so many pushes before the stretch the usual interval of then is learned.
_BEFORE: Final = 256

_CHUNKS: Final = """SELECT chunk.number, last_seq, count, first_ms, last_ms FROM chunk
  JOIN device ON device.number = chunk.device WHERE device.key IN ({}) ORDER BY last_seq"""
_BODIES: Final = "SELECT body FROM chunk WHERE number IN ({}) ORDER BY last_seq"
_SPOOL: Final = """SELECT first_seq, body FROM spool
  WHERE last_ms >= ? AND first_ms <= ? ORDER BY first_seq"""

Reaches = dict[tuple[int, int], tuple[float, float]]
"""From when to when the dates in a chunk are, in ms, by its place and last number."""


class Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """Nobody wants the result any more."""


class _Chunk(NamedTuple):
    number: int
    last_seq: int
    pushes: int
    first_ms: int
    last_ms: int


class StoredRows:
    """The snapshots of the device that all of ``keys`` name; ``damaged`` blocks are left out."""

    def __init__(
        self,
        database: sqlite3.Connection,
        book: ShapeBook,
        reaches: Reaches,
        keys: Sequence[str],
        wanted: Wanted,
        words: Words,
        is_wanted: Callable[[], bool],
    ) -> None:
        self.damaged = 0
        self._database = database
        self._chunks = ChunkRows(book, wanted, words)
        self._reaches = reaches
        self._keys = frozenset(keys)
        self._wanted, self._words = wanted, words
        self._is_wanted = is_wanted

    def between(self, start_ms: int, end_ms: int) -> Iterator[RawRows]:
        """In the order of their receipt, some thousand at a time, and with some before them.

        Raises sqlite3.Error, Cancelled.
        """
        waiting: list[RawRows] = []
        for rows in self._parts(start_ms, end_ms):
            waiting.append(rows)
            if sum(map(len, waiting)) >= _ROWS:
                yield joined(waiting)
                waiting = []
        if waiting:
            yield joined(waiting)

    def _parts(self, start_ms: int, end_ms: int) -> Iterator[RawRows]:
        listed = self._listed()
        near_ms = end_ms + NEAR_MS
        before = [chunk for chunk in listed if chunk.last_ms < start_ms]
        within = [c for c in listed if c.last_ms >= start_ms and c.first_ms <= near_ms]
        count = 0
        while before and count < _BEFORE:
            within.insert(0, before.pop())
            count += within[0].pushes
        yield from self._rows_of(within)
        after = [c for c in listed if near_ms < c.first_ms <= near_ms + LATER_MS]
        for place in range(0, len(after), _PAGE):
            page = after[place : place + _PAGE]
            self._look_into([chunk for chunk in page if chunk[:2] not in self._reaches])
            reaches = [(chunk, *self._reaches[chunk[:2]]) for chunk in page]
            yield from self._rows_of(
                [chunk for chunk, low, high in reaches if low <= end_ms and high >= start_ms]
            )
        yield from self._spooled(start_ms, near_ms + LATER_MS)

    def _listed(self) -> list[_Chunk]:
        keys = sorted(self._keys)
        found = self._database.execute(_CHUNKS.format(",".join("?" * len(keys))), keys)
        return [_Chunk(*row) for row in found]

    def _bodies(self, chunks: Sequence[_Chunk]) -> list[bytes]:
        if not self._is_wanted():
            raise Cancelled
        numbers = [chunk.number for chunk in chunks]
        query = _BODIES.format(",".join("?" * len(numbers)))
        return [body for (body,) in self._database.execute(query, numbers)]

    def _rows_of(self, chunks: Sequence[_Chunk]) -> Iterator[RawRows]:
        for low in range(0, len(chunks), _PAGE):
            for body in self._bodies(chunks[low : low + _PAGE]):
                try:
                    rows = self._chunks.rows_of(body)
                except DamagedBlockError:
                    self.damaged += 1
                else:
                    if len(rows):
                        yield rows

    def _look_into(self, chunks: Sequence[_Chunk]) -> None:
        """Note from when to when their dates are."""
        for chunk, body in zip(chunks, self._bodies(chunks) if chunks else (), strict=True):
            try:
                dates = self._chunks.dates_of(body)
            except DamagedBlockError:
                dates = np.empty(0)
            known = dates[np.isfinite(dates)]
            reach = (float(known.min()), float(known.max())) if len(known) else (np.inf, -np.inf)
            self._reaches[chunk[:2]] = reach

    def _spooled(self, start_ms: int, end_ms: int) -> Iterator[RawRows]:
        for first_seq, body in self._database.execute(_SPOOL, (start_ms, end_ms)):
            if not self._is_wanted():
                raise Cancelled
            try:
                found = unpack_batch(body)
            except DamagedBlockError:
                self.damaged += 1
                continue
            rows = self._decoded(first_seq, found)
            if len(rows):
                yield rows

    def _decoded(self, first_seq: int, batch: Sequence[Recorded]) -> RawRows:
        found = []
        for seq, (key, channel, received_ms, _, _, frame) in enumerate(batch, first_seq):
            if key in self._keys and channel == Channel.DEVICES.value:
                push = decode(Channel.DEVICES, frame)
                if isinstance(push, Snapshot):
                    found.append((seq, received_ms, push.status))
        seqs, received = ([row[place] for row in found] for place in (0, 1))
        rows = RawRows.empty(np.array(seqs, np.int64), np.array(received, np.int64), self._wanted)
        rows.put_statuses([status for *_, status in found], self._words)
        return rows
