"""All that is told of a device's day, worked out of its reports."""

from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import Final

import numpy as np

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.history.export.export import Export
from tftmonitor.history.export.source import HistorySource
from tftmonitor.history.export.ways import Reports, reports_of
from tftmonitor.model.trips.day_sheet import DaySheet, day_edges, stretch_sheet
from tftmonitor.model.trips.points import gaps
from tftmonitor.model.trips.rules import TripRules
from tftmonitor.model.trips.spans import QualitySpan, Span, quality_of, spans_of
from tftmonitor.model.trips.trips import Trips, find_trips
from tftmonitor.model.voltage.events import VoltageFindings, voltage_events
from tftmonitor.monitor.days.sums import DaySums, own_blindness, sums_of

_LEAD_MS: Final = round(TripRules().lead_s * SECOND_MS)


@dataclass(frozen=True, slots=True)
class DayRecord:
    """A day, or some days, of a device. ``sheet`` has trips and stops, ``found`` what is around.

    ``spans`` are the parts of the bar, ``quality`` those of the line under it; ``voltage`` has the
    events that touch the day. ``zone`` is that of its midnights.
    """

    sums: DaySums
    sheet: DaySheet
    found: Trips
    spans: tuple[Span, ...]
    quality: tuple[QualitySpan, ...]
    voltage: VoltageFindings
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the days of a device from ``first_day`` to ``last_day``, by a zone.

    ``now_ms`` says what is still to come, in ms since 1970.
    """

    device: str
    first_day: date
    last_day: date
    zone: tzinfo
    now_ms: int

    @property
    def edges_ms(self) -> tuple[int, int]:
        """The midnights at both ends."""
        return day_edges(self.first_day, self.zone)[0], day_edges(self.last_day, self.zone)[1]


def day_record(source: HistorySource, wanted: Wanted, recorded_from_ms: int | None) -> DayRecord:
    """Read and work it out; some 100 bytes a report are held.

    ``recorded_from_ms`` is when the first push of all was kept, None while there is none.
    """
    start_ms, end_ms = wanted.edges_ms
    export = Export(source, start_ms - _LEAD_MS, end_ms + _LEAD_MS, (wanted.device,))
    reports = _in_order(reports_of(export, wanted.device))
    rules, points = TripRules(), reports.points
    found = find_trips(points, reports.fixed, rules)
    sheet = stretch_sheet(found, wanted.first_day, start_ms, end_ms)
    silent = gaps(points, rules)
    spans = spans_of(found, start_ms, end_ms, wanted.now_ms)
    known = reports.fixed & np.isfinite(points.latitude)
    blind = own_blindness(source.blind(start_ms, end_ms), recorded_from_ms, start_ms, end_ms)
    voltage = voltage_events(points.times_ms, reports.supply, points.ignition)
    return DayRecord(
        sums_of(wanted.device, wanted.last_day, sheet, spans, reports, silent, blind),
        sheet,
        found,
        spans,
        quality_of(points.times_ms, known, reports.stored, silent, start_ms, end_ms),
        _of_stretch(voltage, start_ms, end_ms),
        wanted.zone,
    )


def _in_order(reports: Reports) -> Reports:
    """Sorted by time, one a time."""
    _, first = np.unique(reports.points.times_ms, return_index=True)
    return Reports(
        reports.points.take(first),
        reports.fixed[first],
        reports.stored[first],
        reports.altitude[first],
        reports.supply[first],
        reports.model,
    )


def _of_stretch(found: VoltageFindings, start_ms: int, end_ms: int) -> VoltageFindings:
    """The events that touch it."""
    events = tuple(
        each
        for each in found.events
        if each.start_ms < end_ms and (each.end_ms is None or each.end_ms >= start_ms)
    )
    return replace(found, events=events)
