"""``tftmonitor trips``: trips and stops, or whole days, out of what is recorded."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS, SystemClock
from tftmonitor.cli.account import EXIT_USAGE
from tftmonitor.cli.profile import EXIT_FAILED, EXIT_UNKNOWN_ID, profile_of, write_lines
from tftmonitor.cli.recorded.stretch import (
    Progress,
    UnknownDeviceError,
    add_stretch_arguments,
    devices_of,
)
from tftmonitor.history.export.export import Export
from tftmonitor.history.export.trip_table import (
    DAY_HEADS,
    TRIP_HEADS,
    Cells,
    csv_line,
    day_cells,
    trip_cells,
)
from tftmonitor.history.export.ways import reports_of
from tftmonitor.history.samples.reader import HistoryError, HistoryReader
from tftmonitor.model.trips.day_sheet import DaySheet, day_sheet
from tftmonitor.model.trips.rules import TripRules
from tftmonitor.model.trips.trips import Kind, Segment, Totals, Trips, find_trips

_EPILOG: Final = """\
Whatever touches the stretch is listed whole (for up to 16 days around it): a trip is the same one
whichever period is asked for.
"no data" is a stretch in which nothing was heard, and never a stop. Times are shown in the zone of
this computer, in csv in UTC. exit codes: 0 all was listed; 1 failed; 2 wrong usage; 4 a
device of which nothing is recorded."""
_DAY = timedelta(days=1)
# So far around the stretch is read, farther while something goes on there, and no farther.
_LEAD_MS: Final = round(TripRules().lead_s * SECOND_MS)
_FARTHER: Final = 4
_MOST_LEAD_MS: Final = _LEAD_MS * _FARTHER**3
_KIND_WIDTH: Final = len("trip, lasts")
_LENGTH_WIDTH: Final = len("123:45 h")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.epilog = _EPILOG
    add_stretch_arguments(parser)
    parser.add_argument("--csv", action="store_true", help="CSV instead of a table to read")
    parser.add_argument("--days", action="store_true", help="a row a day, from local midnight")


def run(options: argparse.Namespace) -> int:
    """List them, or say why not."""
    if options.from_ms >= options.to_ms:
        return _say("--from is not before --to", EXIT_USAGE)
    try:
        with closing(HistoryReader(profile_of(options))) as reader:
            written = write_lines(_Listing(options, reader).lines())
    except HistoryError as error:
        return _say(str(error), EXIT_FAILED)
    except UnknownDeviceError as error:
        return _say(str(error), EXIT_UNKNOWN_ID)
    if reader.damaged:
        return _say(f"{reader.damaged} damaged blocks are not in it", EXIT_FAILED)
    return 0 if written else EXIT_FAILED


class _Listing:
    """The lines of one call."""

    def __init__(self, options: argparse.Namespace, reader: HistoryReader) -> None:
        self._options = options
        self._zone = options.moments.zone
        self._width = 0
        self._progress = Progress(SystemClock())
        self._spans = {span.key: span for span in reader.devices()}
        self._export = Export(
            reader,
            options.from_ms,
            options.to_ms,
            devices_of(options, reader),
            progress=self._progress.note,
        )

    def lines(self) -> Iterator[bytes]:
        cells = self._day_cells if self._options.days else self._segment_cells
        if self._options.csv:
            yield csv_line(DAY_HEADS if self._options.days else TRIP_HEADS)
        devices = self._export.device_keys()
        self._width = max(map(len, devices), default=0)
        for device in devices:
            found = self._find(device)
            self._progress.clear()
            if len(found.points):
                yield from map(self._line, cells(device, found))

    def _find(self, device: str) -> Trips:
        """What a device did, read so far around that what touches the stretch is whole."""
        lead_ms = _LEAD_MS
        while True:
            export = replace(
                self._export,
                start_ms=self._options.from_ms - lead_ms,
                end_ms=self._options.to_ms + lead_ms,
            )
            reports = reports_of(export, device)
            found = find_trips(reports.points, reports.fixed)
            if (
                lead_ms >= _MOST_LEAD_MS
                or self._options.days
                or self._is_whole(device, found, export)
            ):
                return found
            lead_ms *= _FARTHER

    def _is_whole(self, device: str, found: Trips, export: Export) -> bool:
        """True when nothing that touches the stretch goes on beyond what was read."""
        touching = [each for each in found.segments if self._touches(each)]
        if not touching:
            return True
        span = self._spans[device]
        has_begin = touching[0].first > 0 or span.first_ms >= export.start_ms
        has_end = touching[-1].last < len(found.points) - 1 or span.last_ms < export.end_ms
        return has_begin and has_end

    def _touches(self, each: Segment) -> bool:
        return each.start_ms < self._export.end_ms and each.end_ms > self._export.start_ms

    def _line(self, cells: Cells) -> bytes:
        return csv_line(cells) if self._options.csv else _table_line(cells)

    def _segment_cells(self, device: str, found: Trips) -> Iterator[Cells]:
        for each in found.segments:
            if self._touches(each):
                totals = found.totals(each.start_ms, each.end_ms)
                if self._options.csv:
                    yield trip_cells(device, each, totals)
                else:
                    yield self._words(device, each, totals)

    def _words(self, device: str, each: Segment, totals: Totals) -> Cells:
        place = f"{each.place[0]:.5f}, {each.place[1]:.5f}"
        return (
            device.ljust(self._width),
            f"{each.kind.value}{', lasts' if each.is_open else ''}".ljust(_KIND_WIDTH),
            self._clock(each.start_ms),
            self._clock(each.end_ms),
            _length(each.end_ms - each.start_ms).rjust(_LENGTH_WIDTH),
            place,
            *_told(each.kind, totals),
        )

    def _day_cells(self, device: str, found: Trips) -> Iterator[Cells]:
        begin, end = (
            datetime.fromtimestamp(time_ms / SECOND_MS, self._zone).date()
            for time_ms in (self._options.from_ms, self._options.to_ms - 1)
        )
        while begin <= end:
            sheet = day_sheet(found, begin, self._zone)
            if self._options.csv:
                yield day_cells(device, sheet)
            else:
                yield _day_words(device.ljust(self._width), sheet)
            begin += _DAY

    def _clock(self, time_ms: int) -> str:
        moment = datetime.fromtimestamp(time_ms / SECOND_MS, self._zone)
        return f"{moment:%Y-%m-%d %H:%M:%S}"


def _day_words(device: str, sheet: DaySheet) -> Cells:
    return (
        device,
        sheet.day.isoformat(),
        *(
            f"{_length(length_ms).rjust(len('12:34 h'))} {word}"
            for length_ms, word in (
                (sheet.moving_ms, "moving"),
                (sheet.idle_ms, "idling"),
                (sheet.stopped_ms, "stopped"),
                (sheet.no_data_ms, "no data"),
            )
        ),
        *_sums(sheet.totals),
    )


def _told(kind: Kind, totals: Totals) -> Cells:
    """What there is to say of a stretch of this kind."""
    if kind is Kind.TRIP:
        return _sums(totals)
    if kind is Kind.NO_DATA:
        return (f"{_km(totals.unseen_m)} by the odometer",) if totals.unseen_m else ()
    return _idle(totals)


def _sums(totals: Totals) -> Cells:
    known = totals.odometer_m
    odometer = "no odometer" if known is None else f"odometer {_km(known)}"
    refused = f" ({totals.refused} steps refused)" if totals.refused else ""
    top = "" if totals.top_kmh is None else f"top {totals.top_kmh:.0f} km/h"
    return (f"track {_km(totals.track_m)}", f"{odometer}{refused}", top, *_idle(totals))


def _idle(totals: Totals) -> Cells:
    return (f"idle {_length(totals.idle_ms)}",) if totals.idle_ms else ()


def _km(metres: float) -> str:
    return f"{metres / 1_000:.1f} km"


def _length(length_ms: int) -> str:
    hours, rest = divmod(length_ms, HOUR_MS)
    return f"{hours}:{rest // MINUTE_MS:02d} h"


def _table_line(cells: Iterable[str]) -> bytes:
    return "  ".join(cell for cell in cells if cell).encode("utf-8", "replace")


def _say(words: str, code: int) -> int:
    print(f"tftmonitor trips: {words}", file=sys.stderr)
    return code
