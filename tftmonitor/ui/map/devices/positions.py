"""Where each device is drawn and as what, by row of the fleet: a few arrays, kept up to date.

No Qt. A place that is no place is left out; a device without a fix stays where its last one was,
and a jump farther than anything drives is not believed until a second fix says the same.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fields.bulk_reading import FloatArray, read_numbers, read_reported
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.activity import Activity, Staleness
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import LEAST_LIMIT_MS, value_age
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.row_columns import RowColumns
from tftmonitor.model.geo.fixes import LeftOut, doubt_m, is_jump, judge
from tftmonitor.model.geo.projection import to_world

_LATITUDE, _LONGITUDE = STATUS_FIELDS.by_name["lat"], STATUS_FIELDS.by_name["lng"]
_COURSE, _SPEED = STATUS_FIELDS.by_name["azimuth"], STATUS_FIELDS.by_name["speed"]
_FIX_TIME = STATUS_FIELDS.by_name["location_date"]
MOST_NEW: Final = 1_000
"""So many new rows are read at once: the first reading of a large fleet is in parts, too."""
_BLANK: Final = DeviceStatus()


class AlarmMark(NamedTuple):
    """The worst open alarm of a device, 0 for none, and whether it only waits."""

    severity: int
    is_over: bool


class Positions:
    """Columns over the rows of a fleet; NaN stands for no place.

    ``alarm_of`` says what a device, by its key, has open.
    """

    def __init__(self, fleet: Fleet, alarm_of: Callable[[str], AlarmMark]) -> None:
        self._fleet = fleet
        self._alarm_of = alarm_of
        self._columns = RowColumns()
        columns = {
            name: self._columns.add(np.float64)
            for name in ("x", "y", "latitude", "longitude", "course", "speed", "other_y", "other_x")
        }
        self._x, self._y = columns["x"], columns["y"]
        self._latitude, self._longitude = columns["latitude"], columns["longitude"]
        self._course, self._speed = columns["course"], columns["speed"]
        # What was not believed yet: a second fix near it proves it.
        self._other_latitude, self._other_longitude = columns["other_y"], columns["other_x"]
        self._since_ms = self._columns.add(np.int64)
        self._left_out = self._columns.add(np.int8)
        self._is_old = self._columns.add(np.bool_)
        self._severity = self._columns.add(np.int8)
        self._is_over = self._columns.add(np.bool_)
        self._staleness: NDArray[Any] = np.zeros(0, np.int8)
        self._read_rows = 0

    @property
    def count(self) -> int:
        """How many rows have been read."""
        return self._read_rows

    @property
    def x(self) -> FloatArray:
        """East, in world units."""
        return self._x.rows

    @property
    def y(self) -> FloatArray:
        """South, in world units."""
        return self._y.rows

    @property
    def latitude(self) -> FloatArray:
        """In degrees."""
        return self._latitude.rows

    @property
    def longitude(self) -> FloatArray:
        """In degrees."""
        return self._longitude.rows

    @property
    def course(self) -> FloatArray:
        """Clockwise from north, in degrees; NaN for none."""
        return self._course.rows

    @property
    def since_ms(self) -> NDArray[np.int64]:
        """The time of the fix."""
        return self._since_ms.rows

    @property
    def left_out(self) -> NDArray[np.int8]:
        """``LeftOut`` codes: of a jump the place before is drawn, of the others none."""
        return self._left_out.rows

    @property
    def severities(self) -> NDArray[np.int8]:
        """The worst open alarm, 0 for none."""
        return self._severity.rows

    @property
    def is_over(self) -> NDArray[np.bool_]:
        """Whether that alarm has ended and only waits."""
        return self._is_over.rows

    @property
    def activities(self) -> NDArray[np.int8]:
        """``Activity`` codes."""
        return self._fleet.activities[: self.count]

    @property
    def staleness(self) -> NDArray[Any]:
        """``Staleness`` codes as of the last ``tick``, ``FRESH`` for rows that came after it."""
        missing = self.count - len(self._staleness)
        return np.pad(self._staleness, (0, missing)) if missing else self._staleness

    @property
    def is_hollow(self) -> NDArray[np.bool_]:
        """Where the place is not one of now: no fix, an old fix, or nothing heard."""
        is_lost = self.activities == Activity.NO_FIX
        return np.asarray(self._is_old.rows | is_lost | (self.staleness >= Staleness.OVERDUE))

    @property
    def has_all(self) -> bool:
        """False while there are rows of the fleet that were never read."""
        return self.count == len(self._fleet.devices)

    def left_out_rows(self) -> NDArray[np.intp]:
        """The rows that are not shown where they say, without those that never said anything."""
        hidden = self._fleet.hidden[: self.count]
        return np.flatnonzero((self.left_out > LeftOut.NONE_YET) & ~hidden)

    def hollow_of(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """``is_hollow`` of these rows alone."""
        is_lost = self.activities[rows] == Activity.NO_FIX
        is_late = self.staleness[rows] >= Staleness.OVERDUE
        return np.asarray(self._is_old.rows[rows] | is_lost | is_late)

    def doubt_m(self, rows: NDArray[np.intp], now_ms: int) -> FloatArray:
        """How far from its place each of these can be by now, in metres, 0 for those with a fix."""
        metres = doubt_m(now_ms - self.since_ms[rows], self._speed.rows[rows])
        return np.where(self.hollow_of(rows), metres, 0.0)

    def tick(self, now_ms: int) -> bool:
        """Time went on; True when a device looks different by it."""
        staleness = self._fleet.staleness(now_ms)[: self.count]
        same = np.array_equal(staleness, self._staleness)
        self._staleness = staleness
        return not same

    def ingest(self, rows: Iterable[int], now_ms: int) -> None:
        """Read rows that moved, and those that are new, up to ``MOST_NEW`` of them."""
        known = self._read_rows
        self._read_rows = min(len(self._fleet.devices), known + MOST_NEW)
        self._columns.grow(self.count)
        for column in (self._x, self._y, self._latitude, self._longitude, self._course):
            column.rows[known:] = np.nan
        for column in (self._other_latitude, self._other_longitude, self._speed):
            column.rows[known:] = np.nan
        for row in range(known, self.count):
            self._set_alarm(row)
        moved = [row for row in rows if row < known]
        moved += range(known, self.count)
        if moved:
            self._read(np.array(moved, np.intp), now_ms)

    def set_alarms(self, keys: Iterable[str]) -> None:
        """Read again what these devices have open."""
        for key in keys:
            device = self._fleet.find(key)
            if device is not None and device.row < self.count:
                self._set_alarm(device.row)

    def _set_alarm(self, row: int) -> None:
        mark = self._alarm_of(self._fleet.devices[row].key)
        self._severity.rows[row], self._is_over.rows[row] = mark

    def _read(self, rows: NDArray[np.intp], now_ms: int) -> None:
        devices = [self._fleet.devices[row] for row in rows.tolist()]
        statuses = [_BLANK if device.status is None else device.status for device in devices]
        latitude = read_reported(_LATITUDE, statuses)
        longitude = read_reported(_LONGITUDE, statuses)
        codes = judge(latitude, longitude)
        since, self._is_old.rows[rows] = self._ages(rows, devices, statuses, now_ms)
        self._course.rows[rows] = read_numbers(_COURSE, statuses, now_ms)
        self._speed.rows[rows] = read_numbers(_SPEED, statuses, now_ms)
        good = codes == LeftOut.NO
        far = good & self._is_jump(rows, latitude, longitude, since)
        codes[far] = LeftOut.JUMP
        self._left_out.rows[rows] = codes
        for columns, chosen in (
            ((self._other_latitude, self._other_longitude), far),
            ((self._latitude, self._longitude), good & ~far),
        ):
            columns[0].rows[rows[chosen]] = latitude[chosen]
            columns[1].rows[rows[chosen]] = longitude[chosen]
        taken = rows[good & ~far]
        self._since_ms.rows[taken] = since[good & ~far]
        self._x.rows[taken], self._y.rows[taken] = to_world(
            self.latitude[taken], self.longitude[taken]
        )

    def _ages(
        self,
        rows: NDArray[np.intp],
        devices: Sequence[Device],
        statuses: Sequence[DeviceStatus],
        now_ms: int,
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """When each place was measured, and whether that is too long ago to be one of now.

        As ``value_age`` says it, but for most devices at once: those whose newest frame carried
        a place with a fix.
        """
        data = self._fleet.data_ms[rows]
        fix = read_numbers(_FIX_TIME, statuses, now_ms)
        late = data - np.fmin(fix, data)
        since = np.where(np.isnan(late), data, data - late).astype(np.int64)
        limit = np.maximum(LEAST_LIMIT_MS, OVERDUE_FACTOR * self._fleet.intervals_ms[rows])
        is_old = now_ms - since > limit
        is_usual = (self._fleet.activities[rows] > Activity.NO_FIX) & (late <= LEAST_LIMIT_MS)
        for place, (device, usual) in enumerate(zip(devices, is_usual.tolist(), strict=True)):
            if device.inherited or device.is_doubtful or not usual:
                age = value_age(device, "lat", now_ms)
                since[place], is_old[place] = age.since_ms or 0, age.is_old
        return since, is_old

    def _is_jump(
        self,
        rows: NDArray[np.intp],
        latitude: FloatArray,
        longitude: FloatArray,
        since: NDArray[np.int64],
    ) -> NDArray[np.bool_]:
        """Which fixes are too far from the one before, unless a second one agrees with them."""
        before = self.since_ms[rows]
        far = is_jump(self.latitude[rows], self.longitude[rows], before, latitude, longitude, since)
        other = self._other_latitude.rows[rows], self._other_longitude.rows[rows]
        agrees = ~np.isnan(other[0]) & ~is_jump(*other, since, latitude, longitude, since)
        return far & ~agrees
