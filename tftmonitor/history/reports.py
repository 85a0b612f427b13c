"""The reports of alarms that came in, on disk; as long and as many as ``KnownReports`` keeps."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from tftmonitor.history.bulk_insert import put_rows
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.known_reports import KEPT_MS, REPORTS_KEPT, KnownReport

_PUT: Final = "INSERT OR REPLACE INTO reports (device, kind, device_ms, source, at_ms, first_hand)"
# Counting them costs a millisecond or two, so it is not done with each alarm.
_PUT_BETWEEN_COUNTS: Final = 5_000
_AT_OF_ROW: Final = 4


def report_row(report: KnownReport) -> tuple[object, ...]:
    """The row of a report. Raises ValueError for a text that no file can hold."""
    for text in (report.device, report.kind):
        text.encode()
    return (*report[:3], report.source.value, report.at_ms, report.first_hand)


class ReportTable:
    """Table reports of one database. All of it raises sqlite3.Error."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._uncounted = 0

    def put(self, rows: Sequence[tuple[object, ...]]) -> None:
        """Write rows, within the caller's transaction; the oldest go."""
        put_rows(self._database, _PUT, rows)
        self._uncounted += len(rows)
        if self._uncounted >= _PUT_BETWEEN_COUNTS:
            at_ms = rows[-1][_AT_OF_ROW]
            assert isinstance(at_ms, int)
            self.forget_old(at_ms)

    def forget_old(self, now_ms: int) -> None:
        """Delete what is too old or too much."""
        self._uncounted = 0
        self._database.execute("DELETE FROM reports WHERE at_ms < ?", (now_ms - KEPT_MS,))
        self._database.execute(
            """DELETE FROM reports WHERE at_ms <= (
                 SELECT at_ms FROM reports ORDER BY at_ms DESC LIMIT 1 OFFSET ?)""",
            (REPORTS_KEPT,),
        )

    def load(self, now_ms: int) -> list[KnownReport]:
        """What is kept, oldest first; what is broken, or of a newer version, is left out."""
        self.forget_old(now_ms)
        rows = self._database.execute(
            """SELECT device, kind, device_ms, source, at_ms, first_hand
               FROM reports ORDER BY at_ms"""
        )
        found = (_report_of(row) for row in rows)
        return [report for report in found if report is not None]


_SOURCES: Final = {source.value: source for source in Source}
_TYPES: Final = (str, str, int, str, int, int)


def _report_of(row: tuple[Any, ...]) -> KnownReport | None:
    device, kind, device_ms, source, at_ms, first_hand = row
    if source not in _SOURCES or not all(map(isinstance, row, _TYPES)):
        return None
    return KnownReport(device, kind, device_ms, _SOURCES[source], at_ms, bool(first_hand))
