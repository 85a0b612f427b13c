"""Trips, stops and days as cells of a CSV table, safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

from tftmonitor.base.clock import SECOND_MS, to_iso
from tftmonitor.history.export.csv_table import plain
from tftmonitor.model.trips.day_sheet import DaySheet
from tftmonitor.model.trips.trips import Segment, Totals

Cells = tuple[str, ...]

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")

TRIP_HEADS: Final = (
    "device",
    "what",
    "from",
    "to",
    "duration_s",
    "track_m",
    "odometer_m",
    "odometer_refused",
    "top_kmh",
    "idle_s",
    "from_lat",
    "from_lng",
    "to_lat",
    "to_lng",
    "open",
)
DAY_HEADS: Final = (
    "device",
    "day",
    "from",
    "to",
    "moving_s",
    "idle_s",
    "stopped_s",
    "no_data_s",
    "track_m",
    "odometer_m",
    "unseen_m",
    "odometer_refused",
    "top_kmh",
    "trips",
)


def trip_cells(device: str, each: Segment, totals: Totals) -> Cells:
    """A trip, a stop or a gap; times in UTC, lengths in metres and seconds."""
    return (
        device,
        each.kind.value,
        to_iso(each.start_ms),
        to_iso(each.end_ms),
        number_cell((each.end_ms - each.start_ms) / SECOND_MS),
        number_cell(totals.track_m),
        number_cell(totals.odometer_m),
        number_cell(totals.refused),
        number_cell(totals.top_kmh),
        number_cell(totals.idle_ms / SECOND_MS),
        *(f"{degrees:.7f}" for degrees in (*each.place, *each.to_place)),
        "true" if each.is_open else "false",
    )


def day_cells(device: str, sheet: DaySheet) -> Cells:
    """A day, in the same units."""
    lengths = (sheet.moving_ms, sheet.idle_ms, sheet.stopped_ms, sheet.no_data_ms)
    totals = sheet.totals
    return (
        device,
        sheet.day.isoformat(),
        to_iso(sheet.start_ms),
        to_iso(sheet.end_ms),
        *(number_cell(length / SECOND_MS) for length in lengths),
        number_cell(totals.track_m),
        number_cell(totals.odometer_m),
        number_cell(totals.unseen_m),
        number_cell(totals.refused),
        number_cell(totals.top_kmh),
        number_cell(sheet.trip_count),
    )


def number_cell(value: float | None) -> str:
    """Three decimals at most, "" for None."""
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def csv_line(cells: Iterable[str]) -> bytes:
    """A line without its end, UTF-8. No text is taken for a formula, and numbers stay numbers."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="")
    writer.writerow([each if _NUMBER.fullmatch(each) else plain(each) for each in cells])
    return line.getvalue().encode("utf-8", "replace")
