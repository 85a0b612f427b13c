"""The rows of a day sheet as texts, and the places of its trips and stops in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.fields.distance_text import distance_text
from tftmonitor.model.places.place import Place, rows_within
from tftmonitor.model.trips.day_sheet import DayRow
from tftmonitor.model.trips.trips import Kind
from tftmonitor.monitor.days.day_record import DayRecord
from tftmonitor.monitor.where.places import places
from tftmonitor.ui.day_sheet.wording import clock_text, length_text, odometer_text, speed_text

TITLES: Final = ("What", "From", "To", "Where", "Length", "Track", "Odometer", "Highest", "Idling")
NUMBERS: Final = frozenset({4, 5, 6, 7, 8})
WHERE: Final = 3

_WORDS: Final = {Kind.TRIP: "Trip", Kind.STOP: "Stop", Kind.NO_DATA: "No data"}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of the table: what it is of, its places in words, and its cells."""

    row: DayRow
    place: str
    to_place: str
    cells: tuple[str, ...]


def sheet_rows(record: DayRecord, own_places: Sequence[Place]) -> list[SheetRow]:
    """All rows of a day, in order of time."""
    rows = record.sheet.rows
    words = place_words(
        [each for row in rows for each in (row.segment.place, row.segment.to_place)], own_places
    )
    return [
        _sheet_row(record, row, words[2 * place], words[2 * place + 1])
        for place, row in enumerate(rows)
    ]


def place_words(positions: Sequence[tuple[float, float]], own_places: Sequence[Place]) -> list[str]:
    """Where each position is: the smallest place of the user's own there, else by the next town."""
    if not positions:
        return []
    found = places().words_of(positions)
    found = [
        words or f"{north:.5f}, {east:.5f}"
        for words, (north, east) in zip(found, positions, strict=True)
    ]
    # The smallest comes last, and stays.
    ordered = sorted(own_places, key=_extent, reverse=True)
    north, east = zip(*positions, strict=True)
    for place, inside in zip(ordered, rows_within(ordered, north, east), strict=True):
        for at in inside.tolist():
            found[at] = place.name
    return found


def _sheet_row(record: DayRecord, row: DayRow, place: str, to_place: str) -> SheetRow:
    segment, totals = row.segment, row.totals
    is_trip = segment.kind is Kind.TRIP
    where = (
        f"{place} → {to_place}" if segment.kind is not Kind.STOP and place != to_place else place
    )
    cells = (
        _WORDS[segment.kind],
        _begin_text(record, row),
        _end_text(record, row),
        where,
        length_text(row.end_ms - row.start_ms),
        distance_text(totals.track_m) if is_trip else "",
        odometer_text(totals) if is_trip else _unseen(totals.unseen_m),
        speed_text(totals.top_kmh) if is_trip else "",
        length_text(totals.idle_ms) if totals.idle_ms >= SECOND_MS else "",
    )
    return SheetRow(row, place, to_place, cells)


def _begin_text(record: DayRecord, row: DayRow) -> str:
    begin = clock_text(row.segment.start_ms, record.zone, record.sheet.day)
    # What was going on where the reading begins may have begun at any time before.
    return f"before {begin}" if row.before and not row.segment.first else begin


def _end_text(record: DayRecord, row: DayRow) -> str:
    end = clock_text(row.segment.end_ms, record.zone, record.sheet.day)
    if row.after and row.segment.last == len(record.found.points) - 1:
        return f"after {end}"
    return f"{end}, lasts" if row.segment.is_open else end


def _unseen(metres: float) -> str:
    return distance_text(metres) if metres else ""


def _extent(place: Place) -> float:
    box = place.shape.box
    return (box.north - box.south) * box.width
