"""Day sheets as tables for other programs: CSV in UTC and in metres, with words beside."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tftmonitor import __version__
from tftmonitor.base.clock import SECOND_MS, to_iso
from tftmonitor.history.export.csv_table import plain
from tftmonitor.history.export.trip_table import (
    TRIP_HEADS,
    Cells,
    csv_line,
    number_cell,
    trip_cells,
)
from tftmonitor.monitor.days.sums import DaySums, Extreme
from tftmonitor.monitor.where.places import COMPUTED
from tftmonitor.ui.day_sheet.sources import ShownDay
from tftmonitor.ui.day_sheet.wording import event_text, rules_text, unknown_text, zone_text

_MORE_HEADS: Final = (
    "part_of_day_s",
    f"from_place ({COMPUTED}, or an own place)",
    "to_place",
)
FLEET_HEADS: Final = (
    "device",
    "name",
    "first_day",
    "last_day",
    "from",
    "to",
    "trips",
    "track_m",
    "odometer_m",
    "unseen_m",
    "odometer_refused",
    "top_kmh",
    "moving_s",
    "idle_s",
    "stopped_s",
    "unknown_s",
    "not_recorded_s",
    "to_come_s",
    "ignition_s",
    "lowest_v",
    "highest_v",
    "reports",
    "alarms",
)


def sheet_csv(shown: ShownDay) -> bytes:
    """The trips and stops of a day; lines that begin with ``#`` tell what it is made with."""
    record = shown.record
    remarks = [
        f"tftmonitor {__version__}",
        f"device: {shown.label}, day: {record.sheet.day.isoformat()}",
        f"{zone_text(record.zone, record.sums)} In this table they are UTC.",
        rules_text(record.sheet.rules),
        unknown_text(record.sums) or "Nothing of the day is unknown.",
        *(f"{to_iso(event.start_ms)} {event_text(event)}" for event in record.voltage.events),
        *(f"{to_iso(alarm.at_ms)} alarm: {alarm.name}" for alarm in shown.alarms),
    ]
    rows: list[Cells] = [(*TRIP_HEADS, *_MORE_HEADS)]
    for row in shown.rows:
        own = trip_cells(record.sums.device, row.row.segment, row.row.totals)
        part = number_cell((row.row.end_ms - row.row.start_ms) / SECOND_MS)
        rows.append((*own, part, row.place, row.to_place))
    # A name with a line break must not begin a row.
    told = (" ".join(remark.split()) for remark in remarks)
    head = [f"# {plain(remark)}".encode("utf-8", "replace") for remark in told]
    return b"".join(line + b"\n" for line in (*head, *map(csv_line, rows)))


def fleet_csv(
    sums: Iterable[DaySums], labels: Mapping[str, str], alarms: Mapping[str, int] | None
) -> bytes:
    """A row a device; ``alarms`` None where they could not be counted."""
    lines = [csv_line(FLEET_HEADS)]
    for each in sums:
        label = labels.get(each.device, each.device)
        count = None if alarms is None else alarms.get(each.device, 0)
        lines.append(csv_line(_fleet_cells(each, label, count)))
    return b"".join(line + b"\n" for line in lines)


def _fleet_cells(sums: DaySums, label: str, alarms: int | None) -> Iterator[str]:
    totals = sums.totals
    yield from (sums.device, label, sums.first_day.isoformat(), sums.last_day.isoformat())
    yield from (to_iso(sums.start_ms), to_iso(sums.end_ms))
    yield from map(
        number_cell,
        (
            sums.trips,
            totals.track_m,
            totals.odometer_m,
            totals.unseen_m,
            totals.refused,
            totals.top_kmh,
            *(
                length / SECOND_MS
                for length in (
                    sums.moving_ms,
                    sums.idle_ms,
                    sums.stopped_ms,
                    sums.unknown_ms,
                    sums.not_recorded_ms,
                    sums.to_come_ms,
                    sums.ignition_ms,
                )
            ),
            _volts(sums.lowest),
            _volts(sums.highest),
            sums.reports,
            alarms,
        ),
    )


def _volts(extreme: Extreme | None) -> float | None:
    return None if extreme is None else extreme.value
