"""Asks the recorded history for days. Each call blocks: for a thread, never for the window's.

The one place of the day sheets that opens the history, so that what it reads with can be another.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from pathlib import Path
from typing import Final

from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.stored import FILE_NAME, DeviceSpan
from tftmonitor.model.trips.day_sheet import day_edges
from tftmonitor.monitor.days.day_record import DayRecord, Wanted, day_record
from tftmonitor.monitor.days.source import RestingSource
from tftmonitor.monitor.days.sums import DaySums
from tftmonitor.monitor.where.places import places

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """A day, and how many blocks of the history were too damaged to be in it."""

    record: DayRecord
    damaged: int


class DayReading:
    """What is recorded in a profile. Every call but ``exists`` raises HistoryError, and
    ReadingStopped once ``stop`` is set.
    """

    def __init__(self, profile: Path) -> None:
        self._profile = profile

    @property
    def exists(self) -> bool:
        """False where nothing was ever recorded."""
        return (self._profile / FILE_NAME).exists()

    def devices(self, stop: threading.Event) -> Sequence[DeviceSpan]:
        """All devices of which something is kept."""
        with self._open(stop) as (reader, _source):
            return reader.devices()

    def activity(
        self, device: str, first: date, last: date, zone: tzinfo, stop: threading.Event
    ) -> list[int]:
        """How many pushes each of these days has of a device."""
        edges = [day_edges(day, zone)[0] for day in _days(first, last + _DAY)]
        with self._open(stop) as (reader, _source):
            return reader.activity(device, edges)

    def day(self, wanted: Wanted, stop: threading.Event) -> DayAnswer:
        """One day, or some days as one."""
        # Its places are put into words by the window, which must not wait for the table.
        places().load()
        with self._open(stop) as (reader, source):
            record = day_record(source, wanted, reader.begin_ms())
            return DayAnswer(record, reader.damaged)

    def sums(self, wanted: Sequence[Wanted], stop: threading.Event) -> Iterator[DaySums]:
        """The sums of one device after the other; of the rest of a day nothing is held."""
        with self._open(stop) as (reader, source):
            begin_ms = reader.begin_ms()
            for each in wanted:
                yield day_record(source, each, begin_ms).sums

    @contextmanager
    def _open(self, stop: threading.Event) -> Iterator[tuple[HistoryReader, RestingSource]]:
        reader = HistoryReader(self._profile)
        try:
            yield reader, RestingSource(reader, stop)
        finally:
            reader.close()


def _days(first: date, last: date) -> list[date]:
    return [first + count * _DAY for count in range((last - first).days + 1)]
