"""The way of a device as formats of maps want it: places in order of time, in pieces at gaps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tftmonitor.base.clock import is_believable
from tftmonitor.history.export.export import Export
from tftmonitor.history.export.rows import Row
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.clock_offset import NEAR_MS
from tftmonitor.model.geo.fixes import LeftOut, judge
from tftmonitor.model.geo.projection import Numbers
from tftmonitor.model.trips.points import Flags, Points, gaps
from tftmonitor.model.trips.rules import TripRules
from tftmonitor.protocol.messages import Snapshot

_NO_PLACE = "reports without a place"
_NO_TIME = "reports of a time that nobody knows"
_NO_FIX = "places without a fix, which are the last one again or those of a cell tower"
_SAME_TIME = "places of a time that has one already"
_NOT_HERE = "pushes that are no snapshot; jsonl has them"

_LATITUDE, _LONGITUDE, _FIX, _SPEED, _ALTITUDE, _IGNITION, _ODOMETER, _SUPPLY = (
    STATUS_FIELDS.by_name[name]
    for name in (
        "lat",
        "lng",
        "latlng_valid",
        "speed",
        "altitude",
        "acc",
        "mileage",
        "external_power_voltage",
    )
)
_WIDTH = 10


@dataclass(frozen=True, slots=True)
class Way:
    """The places of one device; ``altitude`` (n,) is in metres, NaN for unknown.

    ``pieces`` are the stretches without a gap, each of one place at least. ``model`` is the name of
    the product, "" where no report has it.
    """

    device: str
    model: str
    points: Points
    altitude: Numbers
    pieces: tuple[slice, ...]


@dataclass(frozen=True, slots=True)
class Reports:
    """All reports of a device with a time, not in order.

    All arrays have the shape (n,). ``fixed`` says which had a fix, ``stored`` which came later than
    they were made. ``supply`` is the voltage of the vehicle, NaN for unknown; 0 is what was sent,
    also of a unit that measures none.
    """

    points: Points
    fixed: Flags
    stored: Flags
    altitude: Numbers
    supply: Numbers
    model: str


def reports_of(export: Export, device: str) -> Reports:
    """Read what one device made in the stretch; some 70 bytes a report are held."""
    columns: list[float] = []
    times: list[int] = []
    doubted: list[int] = []
    model, unit = "", None
    for row in export.rows_by_own_time(device):
        applied = row.applied
        if not isinstance(row.push, Snapshot) or applied is None:
            export.skip(_NOT_HERE)
            continue
        model, unit = str(row.push.data.model or model), applied.device
        raw_ms, received_ms = applied.raw_ms, row.frame.received_ms
        if applied.doubtful and raw_ms is not None and is_believable(raw_ms, received_ms):
            doubted.append(len(times))
            times.append(raw_ms)
        elif row.time_ms is not None or applied.live:
            times.append(received_ms if row.time_ms is None else row.time_ms)
        else:
            export.skip(_NO_TIME)
            continue
        columns += _numbers(row)
    at_ms = np.array(times, np.int64)
    if unit is not None and unit.clock is not None:
        # What was doubtful when it came is known now: as wrong as the clock, or right if it is.
        at_ms[doubted] -= unit.clock.offset_ms
    table = np.array(columns, np.float64).reshape(-1, _WIDTH)
    asked = (at_ms >= export.start_ms) & (at_ms < export.end_ms)
    latitude, longitude, fix, speed, altitude, ignition, odometer, supply, late, received_ms = (
        table[asked].T
    )
    # What a unit uploads in order is newer than all before it, and was stored all the same.
    stored = (late != 0) | (received_ms - at_ms[asked] >= NEAR_MS)
    points = Points(
        at_ms[asked],
        latitude,
        longitude,
        speed,
        np.nan_to_num(ignition, nan=-1.0).astype(np.int8),
        odometer,
    )
    # Who does not say whether it has a fix has one.
    return Reports(points, fix != 0, stored, altitude, supply, model)


def ways(export: Export) -> Iterator[Way]:
    """The way of each device that has one, one after the other."""
    for device in export.device_keys():
        reports = reports_of(export, device)
        placed = judge(reports.points.latitude, reports.points.longitude) == LeftOut.NO
        used = np.flatnonzero(placed & reports.fixed)
        export.skip(_NO_PLACE, int(np.count_nonzero(~placed)))
        export.skip(_NO_FIX, int(np.count_nonzero(placed & ~reports.fixed)))
        _, first = np.unique(reports.points.times_ms[used], return_index=True)
        export.skip(_SAME_TIME, len(used) - len(first))
        order = used[first]
        if len(order):
            points = reports.points.take(order)
            yield Way(device, reports.model, points, reports.altitude[order], _pieces(points))


def _numbers(row: Row) -> Iterator[float]:
    assert isinstance(row.push, Snapshot)
    status, now_ms = row.push.status, row.frame.received_ms
    for field in (_LATITUDE, _LONGITUDE, _FIX, _SPEED, _ALTITUDE, _IGNITION, _ODOMETER):
        value = field.read(status, now_ms)
        yield np.nan if value is None else float(value)
    volts = _SUPPLY.read(status, now_ms)
    if volts is None:
        # Whether a 0 is one is seen by the others of the stretch, and not by this report.
        yield 0.0 if _SUPPLY.raw(status) == 0 else np.nan
    else:
        yield float(volts)
    yield float(row.frame.is_late)
    yield float(now_ms)


def _pieces(points: Points) -> tuple[slice, ...]:
    cuts = (np.flatnonzero(gaps(points, TripRules())) + 1).tolist()
    return tuple(
        slice(begin, end) for begin, end in zip([0, *cuts], [*cuts, len(points)], strict=True)
    )
