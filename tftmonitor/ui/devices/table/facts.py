"""What the device list knows of each device beyond the fleet's own columns, by fleet row.

Kept up to date for the rows that moved, so that filter, counts and order of the whole list
come from a few numpy operations. No Qt.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tftmonitor.base.clock import Clock
from tftmonitor.base.text_search import folded
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.bulk_reading import FloatArray, read_numbers
from tftmonitor.model.fields.field import Field, FieldTable
from tftmonitor.model.fleet.activity import staleness_of
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.row_columns import RowColumns
from tftmonitor.monitor.where.device_place import PLACE
from tftmonitor.monitor.where.places import places
from tftmonitor.ui.devices.table.sort_values import (
    is_text,
    natural_key,
    read_texts,
)
from tftmonitor.ui.devices.table.text_column import TextColumn


class AlarmMark(NamedTuple):
    """What of a device's open alarms the list shows: the worst, their number, if that is over."""

    severity: Severity | None
    number: int
    is_over: bool = False


AlarmOf = Callable[[str], AlarmMark]
BoolArray = npt.NDArray[np.bool_]
RowArray = npt.NDArray[np.intp]
Ids = tuple[str | None, ...]
_ReadTexts = Callable[[Sequence[Any]], list[str | None]]
# Among the names of fields, none of which begins so.
_TOWN: Final = "@town"


def ids_of(device: Device) -> Ids:
    """All by which people look for a device, its label first."""
    return (device.label, device.imei, device.device_key, device.id, device.model)


class DeviceFacts:
    """Columns over the fleet's rows as of the last ``ingest``; ``count`` of them."""

    def __init__(
        self,
        fleet: Fleet,
        clock: Clock,
        alarm_of: AlarmOf,
        starred: Iterable[str],
        table: FieldTable,
    ) -> None:
        self.fleet = fleet
        self.table = table
        self.count = 0
        # Goes up with whatever can change filter, counts or order.
        self.revision = 0
        self.now_ms = clock.now_ms()
        self.searchable: list[str] = []
        self._clock = clock
        self._alarm_of = alarm_of
        self._stars = set(starred)
        self._ids: list[Ids] = []
        self._by_name: list[int] = []
        self._name_keys: list[str] = []
        self._name_order: RowArray | None = None
        self._values: dict[str, FloatArray] = {}
        self._behind: dict[str, set[int]] = {}
        self._texts: dict[str, TextColumn] = {}
        self._id_columns: dict[int, TextColumn] = {}
        self._blank = table.status_type()
        self._columns = RowColumns()
        self._severities = self._columns.add(np.int8)
        self._alarms = self._columns.add(np.int32)
        self._alarms_over = self._columns.add(np.bool_)
        self._starred = self._columns.add(np.bool_)
        self._identities = self._columns.add(np.int32)
        self._staleness = self._columns.add(np.int8)
        self.ingest(())

    @property
    def severities(self) -> npt.NDArray[np.int8]:
        """The worst open severity of each device, 0 for none."""
        return self._severities.rows

    @property
    def alarms(self) -> npt.NDArray[np.int32]:
        """How many alarms are open."""
        return self._alarms.rows

    @property
    def alarms_over(self) -> BoolArray:
        """Whether all alarms of the worst severity have ended and only wait."""
        return self._alarms_over.rows

    @property
    def starred(self) -> BoolArray:
        """Whether the user has put a star on it."""
        return self._starred.rows

    @property
    def hidden(self) -> BoolArray:
        """The rows that were joined into others: no list shows them."""
        return self.fleet.hidden[: self.count]

    @property
    def ignition(self) -> BoolArray:
        """Whether the ignition is known to be on."""
        return self.fleet.ignitions[: self.count]

    @property
    def staleness(self) -> npt.NDArray[np.int8]:
        """``Staleness`` codes as of the last ``tick`` or, for moved rows, ``ingest``."""
        return self._staleness.rows

    @property
    def activities(self) -> npt.NDArray[np.int8]:
        """``Activity`` codes."""
        return self.fleet.activities[: self.count]

    @property
    def data_ms(self) -> npt.NDArray[np.int64]:
        """The time the live values are from; 0 before any."""
        return self.fleet.data_ms[: self.count]

    @property
    def name_order(self) -> RowArray:
        """All rows in the order of their names."""
        if self._name_order is None:
            # Nearly in order from the last time, which is what list.sort is best at.
            self._by_name.sort(key=self._name_keys.__getitem__)
            self._name_order = np.array(self._by_name, np.intp)
        return self._name_order

    def tick(self) -> RowArray:
        """A second has passed: ages run on; returns the rows whose staleness is another."""
        self.now_ms = self._clock.now_ms()
        intervals = self.fleet.intervals_ms[: self.count]
        staleness = staleness_of(self.now_ms - self.data_ms, intervals)
        changed = np.flatnonzero(staleness != self.staleness)
        if len(changed):
            self.staleness[:] = staleness
            self.revision += 1
        return changed

    def ingest(self, rows: Iterable[int]) -> range:
        """Read rows that moved, and those that are new; returns the latter."""
        self.now_ms = self._clock.now_ms()
        self.revision += 1
        known = self.count
        new = range(known, len(self.fleet.devices))
        moved = [row for row in rows if row < known]
        self.count = len(self.fleet.devices)
        self._columns.grow(self.count)
        devices = self.fleet.devices
        for row in new:
            self._add(devices[row])
        identities = self.fleet.identities
        for row in np.flatnonzero(identities[:known] != self._identities.rows[:known]).tolist():
            self._identify(devices[row])
        self._identities.rows[:] = identities
        self._update_staleness([*moved, *new])
        for behind in self._behind.values():
            behind.update(moved)
        return new

    def set_alarm(self, device: Device) -> None:
        """Read again what alarms the device has open."""
        mark = self._alarm_of(device.key)
        self.revision += 1
        self._severities.rows[device.row] = mark.severity or 0
        self._alarms.rows[device.row] = mark.number
        self._alarms_over.rows[device.row] = mark.is_over

    def set_star(self, device: Device, *, starred: bool) -> list[str]:
        """Put a star on the device or take it off; returns all starred keys."""
        self._starred.rows[device.row] = starred
        self.revision += 1
        self._stars.difference_update(device.names)
        if starred:
            self._stars.add(device.key)
        return sorted(self._stars)

    def field_keys(self, field: Field) -> FloatArray:
        """Numbers to sort the rows of a field by, NaN for what is not known."""
        return self._text_keys(field) if is_text(field) else self._numbers(field)

    def town_keys(self) -> FloatArray:
        """Numbers to sort the rows by the names of their towns, NaN where there is none."""
        return self._keys_of_texts(_TOWN, self._read_towns)

    def id_keys(self, place: int) -> FloatArray:
        """Numbers to sort the rows of one of ``ids_of`` by."""
        column = self._id_columns.get(place)
        if column is None:
            column = self._id_columns[place] = TextColumn(ids[place] for ids in self._ids)
        return column.keys

    def _numbers(self, field: Field) -> FloatArray:
        devices = self.fleet.devices
        values = self._values.get(field.name)
        first = 0 if values is None else len(values)
        added = read_numbers(field, self._statuses(devices[first : self.count]), self.now_ms)
        values = added if values is None else np.concatenate([values, added])
        rows = self._catch_up(field.name)
        if rows:
            moved = self._statuses([devices[row] for row in rows])
            values[rows] = read_numbers(field, moved, self.now_ms)
        self._values[field.name] = values
        return values

    def _text_keys(self, field: Field) -> FloatArray:
        return self._keys_of_texts(field.name, partial(read_texts, field))

    def _keys_of_texts(self, name: str, read: _ReadTexts) -> FloatArray:
        devices = self.fleet.devices
        column = self._texts.setdefault(name, TextColumn())
        rows = self._catch_up(name)
        known = len(column)
        if known < self.count:
            new = self._statuses(devices[known : self.count])
            column.extend(read(new))
        now = read(self._statuses([devices[row] for row in rows]))
        for row, text in zip(rows, now, strict=True):
            column.put(row, text)
        return column.keys

    def _read_towns(self, statuses: Sequence[Any]) -> list[str | None]:
        latitude, longitude = (self.table.by_name[name] for name in PLACE)
        return places().town_names(
            read_numbers(latitude, statuses, self.now_ms),
            read_numbers(longitude, statuses, self.now_ms),
        )

    def _catch_up(self, name: str) -> list[int]:
        """Rows that moved since this was last read; from now on they are collected."""
        rows = list(self._behind.get(name, ()))
        self._behind[name] = set()
        return rows

    def _statuses(self, devices: Sequence[Device]) -> list[Any]:
        blank = self._blank
        return [blank if device.status is None else device.status for device in devices]

    def _add(self, device: Device) -> None:
        self._ids.append(())
        for column in self._id_columns.values():
            column.extend((None,))
        self.searchable.append("")
        self._name_keys.append("")
        self._by_name.append(device.row)
        self._identify(device)
        self.set_alarm(device)

    def _identify(self, device: Device) -> None:
        # A star may have been put on under another name of it.
        self._starred.rows[device.row] = not self._stars.isdisjoint(device.names)
        ids = ids_of(device)
        self._ids[device.row] = ids
        for place, column in self._id_columns.items():
            column.put(device.row, ids[place])
        self.searchable[device.row] = folded("\n".join(filter(None, ids)))
        # The key breaks ties, so that equal names keep their places.
        self._name_keys[device.row] = natural_key(f"{device.label}\n{device.key}")
        self._name_order = None

    def _update_staleness(self, rows: list[int]) -> None:
        fleet = self.fleet
        ages = self.now_ms - fleet.data_ms[rows]
        self._staleness.rows[rows] = staleness_of(ages, fleet.intervals_ms[rows])
