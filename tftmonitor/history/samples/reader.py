"""Reads the store: from any process, also while another one records.

It has no window, opens the file for reading alone and in short reads of a page each, so that no
log grows behind it, and never checkpoints.
"""

import heapq
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from tftmonitor.history.recovery import UNREADABLE
from tftmonitor.history.samples.activity import BEGINNINGS, sealed_counts
from tftmonitor.history.samples.batch import unpack_batch
from tftmonitor.history.samples.chunk import Chunk
from tftmonitor.history.samples.last import read_last
from tftmonitor.history.samples.opening import open_for_reading
from tftmonitor.history.samples.shapes import FileShapes
from tftmonitor.history.samples.stored import (
    DamagedBlockError,
    DeviceSpan,
    HistoryError,
    LastFrame,
    Recorded,
    StoredFrame,
)
from tftmonitor.history.samples.sums.chain import chain_of
from tftmonitor.history.samples.sums.checking import one_state, problems_of
from tftmonitor.model.coverage import BlindInterval, Blindness

__all__ = ["DeviceSpan", "HistoryError", "HistoryReader", "LastFrame", "StoredFrame"]

_Numbered = tuple[int, StoredFrame]
_END: Final = (1 << 63) - 1
_CHUNKS: Final = """SELECT device.key, min(first_ms), max(last_ms), sum(count), sum(size)
  FROM chunk JOIN device ON device.number = chunk.device GROUP BY chunk.device"""
_NEXT_CHUNK: Final = """SELECT last_seq, body FROM chunk
  WHERE device = ? AND last_seq > ? AND first_seq < ? AND last_ms >= ? AND first_ms <= ?
  ORDER BY last_seq LIMIT 1"""
_NEXT_BATCH: Final = """SELECT first_seq, count, body FROM spool
  WHERE first_seq >= ? AND last_ms >= ? AND first_ms <= ? ORDER BY first_seq LIMIT 1"""


class HistoryReader:
    """What is recorded in a profile. ``damaged`` counts blocks that a reading left out as broken.

    For one thread; another one opens its own.
    """

    def __init__(self, profile: Path) -> None:
        """Open the file; raises HistoryError when there is none or it cannot be read."""
        self.damaged = 0
        self._database = open_for_reading(profile)
        self._book = FileShapes(self._database)

    def devices(self) -> list[DeviceSpan]:
        """Every device with pushes, by its key; "" has those that name none. Raises HistoryError.

        ``bytes`` of what is not sealed yet is its share of the batches.
        """
        with self._reading(), one_state(self._database):
            labels = dict(self._database.execute("SELECT key, label FROM device"))
            spans = {
                row[0]: DeviceSpan(row[0], labels.get(row[0]), *row[1:])
                for row in self._database.execute(_CHUNKS)
            }
            position = 0
            while (page := self._batch(position, 0, _END)) is not None:
                position, rows, size = page
                for key, _, received_ms, *_ in rows:
                    alone = DeviceSpan(key, labels.get(key), received_ms, received_ms, 0, 0)
                    spans[key] = _with(spans.get(key, alone), received_ms, size // len(rows))
        return [spans[key] for key in sorted(spans)]

    def frames(
        self, start_ms: int, end_ms: int, devices: Collection[str] | None = None
    ) -> Iterator[StoredFrame]:
        """Pushes received from ``start_ms`` to ``end_ms``, both included, in order of receipt.

        ``devices`` are keys, None for all. Times are ms since 1970 UTC. No lock is held between two
        pushes, and what is recorded meanwhile comes as well. Raises HistoryError.
        """
        for _, frame in self.numbered(start_ms, end_ms, devices):
            yield frame

    def numbered(
        self, start_ms: int, end_ms: int, devices: Collection[str] | None = None
    ) -> Iterator[_Numbered]:
        """As ``frames``, each with the number that the recorder gave it, by which gaps show."""
        position = 0
        while True:
            sealed = self._sealed()
            if position < sealed:
                yield from self._sealed_frames(position, sealed, start_ms, end_ms, devices)
                position = sealed
            page = self._batch(position, start_ms, end_ms)
            if self._sealed() > sealed:
                continue  # what was looked for has moved in the meantime
            if page is None:
                return
            position, rows, _ = page
            for number, row in enumerate(rows, position - len(rows)):
                if start_ms <= row[2] <= end_ms and (devices is None or row[0] in devices):
                    yield number, StoredFrame(*row)

    def blind(self, start_ms: int, end_ms: int) -> list[BlindInterval]:
        """Stretches that touch these times in which nothing could be recorded, by their start.

        Raises HistoryError.
        """
        query = """SELECT scope, cause, start_ms, end_ms, reason FROM blind
          WHERE start_ms <= ? AND (end_ms IS NULL OR end_ms >= ?) ORDER BY start_ms, scope"""
        known = {cause.value: cause for cause in Blindness}
        with self._reading():
            return [
                BlindInterval(scope, known.get(cause, Blindness.PROGRAM), start, end, reason)
                for scope, cause, start, end, reason in self._database.execute(
                    query, (end_ms, start_ms)
                )
            ]

    def activity(self, device: str, edges_ms: Sequence[int]) -> list[int]:
        """How many pushes came from a device between each of ``n`` ascending times and the next.

        Times are ms since 1970 UTC, of receipt; the answer has ``n - 1`` counts. Those of a block
        that crosses a time are shared out evenly. No block is read but what is not sealed yet.
        Raises HistoryError.
        """
        if len(edges_ms) < 2:
            return []
        with self._reading(), one_state(self._database):
            counts = sealed_counts(self._database, device, edges_ms)
            position = 0
            while (page := self._batch(position, edges_ms[0], edges_ms[-1])) is not None:
                position, rows, _ = page
                times = [row[2] for row in rows if row[0] == device]
                counts += np.histogram(times, edges_ms)[0]
        return [round(count) for count in counts.tolist()]

    def begin_ms(self) -> int | None:
        """When about the oldest push came that is kept; None without one. Raises HistoryError."""
        with self._reading(), one_state(self._database):
            found = [self._database.execute(query).fetchone() for query in BEGINNINGS]
        return min((row[0] for row in found if row), default=None)

    def chain(self, device: str, start_ms: int, end_ms: int) -> dict[str, Any]:
        """The sums that a device's pushes of a stretch hang on, see ``chain_of``.

        Raises HistoryError.
        """
        with self._reading(), one_state(self._database):
            return chain_of(self._database, device, start_ms, end_ms)

    def last_frames(self) -> list[LastFrame]:
        """The newest snapshot of each device, of what was recorded since the file's version 2.

        Raises HistoryError.
        """
        with self._reading():
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
            return list(read_last(self._database)) if version > 1 else []

    def check(self) -> Iterator[str]:
        """Read everything and verify all sums; each problem in words. Raises HistoryError."""
        with self._reading():
            yield from problems_of(self._database)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except UNREADABLE as error:
            raise HistoryError(f"The history cannot be read: {error}.") from error

    def _sealed(self) -> int:
        """All pushes with smaller numbers are in chunks, the others in batches."""
        query = "SELECT value FROM facts WHERE name = 'sealed_seq'"
        with self._reading():
            found = self._database.execute(query).fetchone()
            return int(found[0]) if found else 0

    def _batch(
        self, position: int, start_ms: int, end_ms: int
    ) -> tuple[int, list[Recorded], int] | None:
        """The next batch at or after a number: the number after it, its rows, its bytes."""
        while True:
            with self._reading():
                found = self._database.execute(_NEXT_BATCH, (position, start_ms, end_ms)).fetchone()
            if found is None:
                return None
            first_seq, count, body = found
            position = first_seq + count
            try:
                return position, unpack_batch(body), len(body)
            except DamagedBlockError:
                self.damaged += 1

    def _sealed_frames(
        self, after: int, before: int, start_ms: int, end_ms: int, devices: Collection[str] | None
    ) -> Iterator[_Numbered]:
        with self._reading():
            known = self._database.execute("SELECT number, key FROM device").fetchall()
        streams = [
            self._of_device(number, key, after, before, start_ms, end_ms)
            for number, key in known
            if devices is None or key in devices
        ]
        yield from heapq.merge(*streams, key=lambda numbered: numbered[0])

    def _of_device(
        self, device: int, key: str, after: int, before: int, start_ms: int, end_ms: int
    ) -> Iterator[_Numbered]:
        position = after - 1
        while True:
            with self._reading():
                wanted = device, position, before, start_ms, end_ms
                found = self._database.execute(_NEXT_CHUNK, wanted).fetchone()
            if found is None:
                return
            last_seq, body = found
            try:
                chunk = Chunk(body, key, self._book)
            except DamagedBlockError:
                self.damaged += 1
            else:
                for seq, frame in chunk.frames(position):
                    if seq >= before:
                        return  # of a chunk that has grown in the meantime
                    if start_ms <= frame.received_ms <= end_ms:
                        yield seq, frame
            position = last_seq


def _with(span: DeviceSpan, received_ms: int, size: int) -> DeviceSpan:
    """The span with one more push of so many bytes."""
    first_ms, last_ms = min(span.first_ms, received_ms), max(span.last_ms, received_ms)
    return DeviceSpan(span.key, span.label, first_ms, last_ms, span.count + 1, span.bytes + size)
