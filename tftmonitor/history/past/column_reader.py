"""Samples of one device out of the store: of a day in a few milliseconds, of a month in some tens.

A reading sees one moment of the file, behind which its log grows meanwhile: even a year takes no
longer than seconds, and is ended as soon as nobody wants it any more.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from tftmonitor.history.past.gathering import Gatherer
from tftmonitor.history.past.raw_rows import Words
from tftmonitor.history.past.sampling import PastSamples, Sampler
from tftmonitor.history.past.stored_rows import Cancelled, Reaches, StoredRows
from tftmonitor.history.past.wanted import Wanted
from tftmonitor.history.recovery import UNREADABLE
from tftmonitor.history.samples.batch import unpack_batch
from tftmonitor.history.samples.opening import open_for_reading
from tftmonitor.history.samples.shapes import FileShapes
from tftmonitor.history.samples.stored import DamagedBlockError, HistoryError
from tftmonitor.history.samples.sums.checking import one_state
from tftmonitor.model.coverage import BlindInterval, Blindness

__all__ = ["Cancelled", "ColumnReader", "PastStretch"]

# A chunk looked into costs less than it; they are forgotten together.
_MOST_REACHES: Final = 20_000
_EXTENT: Final = """SELECT min(first_ms), max(last_ms) FROM chunk
  JOIN device ON device.number = chunk.device WHERE device.key IN ({})"""
_BLIND: Final = """SELECT scope, cause, start_ms, end_ms, reason FROM blind
  WHERE start_ms <= ? AND (end_ms IS NULL OR end_ms >= ?) ORDER BY start_ms, scope"""


class PastStretch(NamedTuple):
    """What was read: samples by time, None without any, and whether only what shows was kept.

    ``damaged`` blocks were left out.
    """

    samples: PastSamples | None
    is_thinned: bool
    damaged: int


class ColumnReader:
    """The store of a profile, for one thread. Raises HistoryError where there is none to read."""

    def __init__(self, profile: Path) -> None:
        self._database = open_for_reading(profile)
        self._book = FileShapes(self._database)
        self._reaches: Reaches = {}

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def read(
        self,
        keys: Sequence[str],
        wires: Sequence[str],
        start_ms: int,
        end_ms: int,
        pixels: int | None = None,
        measured: int = 0,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> PastStretch:
        """The samples of these fields, by wire name, from ``start_ms`` to ``end_ms``.

        ``keys`` are all ids of one device. One sample before the start is there too, and one after
        the end where it is near. ``pixels`` is how many there are to show it on, None for all
        samples. ``measured`` are the bits of what the device is known to measure; ``is_wanted`` is
        asked now and then. Raises HistoryError, Cancelled, and ValueError for what is no number.
        """
        wanted, words = Wanted(wires), Words()
        sampler, gatherer = Sampler(wanted, words, measured), Gatherer(start_ms, end_ms, pixels)
        if len(self._reaches) > _MOST_REACHES:
            self._reaches.clear()
        rows = StoredRows(self._database, self._book, self._reaches, keys, wanted, words, is_wanted)
        with self._reading():
            for part in rows.between(start_ms, end_ms):
                for samples in sampler.sample(part):
                    gatherer.add(samples)
        return PastStretch(gatherer.result(), gatherer.is_thinned, rows.damaged)

    def span(self, keys: Sequence[str]) -> tuple[int, int] | None:
        """When the first and the last push of a device came in, ms since 1970 UTC; None: never.

        Raises HistoryError.
        """
        query = _EXTENT.format(",".join("?" * len(keys)))
        with self._reading():
            first, last = self._database.execute(query, tuple(keys)).fetchone()
            times = [] if first is None else [first, last]
            for (body,) in self._database.execute("SELECT body FROM spool ORDER BY first_seq"):
                try:
                    times += [row[2] for row in unpack_batch(body) if row[0] in keys]
                except DamagedBlockError:
                    continue
        return (min(times), max(times)) if times else None

    def blind(self, start_ms: int, end_ms: int) -> list[BlindInterval]:
        """Stretches that touch these times in which nothing could be recorded, by their start.

        Raises HistoryError.
        """
        known = {cause.value: cause for cause in Blindness}
        with self._reading():
            return [
                BlindInterval(scope, known.get(cause, Blindness.PROGRAM), begin, end, reason)
                for scope, cause, begin, end, reason in self._database.execute(
                    _BLIND, (end_ms, start_ms)
                )
            ]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """All of one moment of the file."""
        try:
            with one_state(self._database):
                yield
        except UNREADABLE as error:
            raise HistoryError(f"The history cannot be read: {error}.") from error
