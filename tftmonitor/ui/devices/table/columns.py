"""The columns of the device list: its own, and one for every field of the status table.

Keys of the list's own columns begin with "@", which no field name can; settings keep them.
"""

import re
from collections.abc import Callable

import numpy as np
from typing_extensions import override

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.bulk_reading import FloatArray
from tftmonitor.model.fields.field import Field, FieldKind, FieldTable, Group, Quality, Value
from tftmonitor.model.fields.formatting import (
    clip,
    format_examined,
    format_time,
    format_value,
    one_line,
)
from tftmonitor.model.fields.units import unit_text
from tftmonitor.model.fleet.activity import ACTIVITY_TEXTS, Activity, Staleness, state_text
from tftmonitor.model.fleet.clocks import age_text
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import value_age
from tftmonitor.monitor.where.device_place import PLACE, place_of
from tftmonitor.monitor.where.places import COMPUTED, places
from tftmonitor.monitor.where.zones import shown_zone, zones_differ
from tftmonitor.settings.schema import Settings
from tftmonitor.ui.devices.table.cell import EMPTY, UNKNOWN, Cell
from tftmonitor.ui.devices.table.facts import DeviceFacts
from tftmonitor.ui.devices.table.sort_values import is_text

OWN_GROUP = "Device"
_WIDEST_TIME = "2000-00-00 00:00:00"
_WIDEST_ZONE = " UTC+0000"

Values = Callable[[], Settings]
"""The settings as they are now."""
_WIDEST_ID = "0000000000000000"
_SECOND_UNIT = re.compile(r"(?<=\d [hd]) \d+ \w+$")
_NUMBERS = frozenset({FieldKind.NUMBER, FieldKind.COUNT})
_FRESH_STATES = {
    activity.value: Cell(ACTIVITY_TEXTS[activity], sign=activity.name.lower())
    for activity in Activity
}
_STALE_SIGNS = {Staleness.OVERDUE: "overdue", Staleness.SILENT: "silent"}
# Texts are cut here already: a cell is narrower than any text of this length.
_TEXT_LIMIT = 80


class Column:
    """One column: what its cells show and how it sorts.

    ``ticks`` is set where the cells change with the time alone, ``live`` where the order does
    without the user's doing. ``widest`` is a text as wide as what usually stands there.
    """

    key = ""
    title = ""
    group = OWN_GROUP
    help = ""
    right = False
    live = False
    ticks = False
    descending_first = False
    widest = _WIDEST_ID

    def cell(self, device: Device, facts: DeviceFacts) -> Cell:
        """What the device shows here now."""
        raise NotImplementedError

    def later(self, cell: Cell, device: Device, facts: DeviceFacts) -> Cell:
        """What becomes of a cell by the time alone."""
        return self.cell(device, facts) if self.ticks else cell

    def keys(self, facts: DeviceFacts) -> FloatArray:
        """Numbers to sort by, shape (count,); NaN for none."""
        raise NotImplementedError

    def read_ahead(self, facts: DeviceFacts) -> None:
        """Rows have moved: what ``keys`` reads of each is read now, where that is long in sum."""

    def refresh_widest(self) -> None:
        """Other units or another zone are in force: its widest text is another."""

    @property
    def unit(self) -> str:
        """The unit in which its values stand, empty for none."""
        return ""

    @property
    def heading(self) -> str:
        """Title and unit on one line."""
        return f"{self.title} {self.unit}".strip()


class StateColumn(Column):
    """The state with its shape; the worst first."""

    key = "@state"
    title = "State"
    live = ticks = True
    widest = "overdue 59 min"

    @override
    def cell(self, device: Device, facts: DeviceFacts) -> Cell:
        row = device.row
        activity, staleness = int(facts.activities[row]), int(facts.staleness[row])
        if staleness < Staleness.OVERDUE or activity == Activity.NO_DATA:
            return _FRESH_STATES[activity]
        age_ms = facts.now_ms - int(facts.data_ms[row])
        text = state_text(activity, staleness, age_ms, int(facts.fleet.intervals_ms[row]))
        # "overdue 4 h" is what the eye needs; the tooltip and the age have the minutes.
        text = _SECOND_UNIT.sub("", text)
        return Cell(text, sign=_STALE_SIGNS[Staleness(staleness)])

    @override
    def keys(self, facts: DeviceFacts) -> FloatArray:
        stale = (facts.staleness >= Staleness.OVERDUE) & (facts.activities > Activity.NO_DATA)
        return np.where(stale, -facts.staleness, facts.activities).astype(np.float64)


class AlarmColumn(Column):
    """The sign of the worst open alarm, hollow when it is over, and how many are open."""

    key = "@alarm"
    title = "Alarm"
    live = True
    descending_first = True
    widest = "×99"

    @override
    def cell(self, device: Device, facts: DeviceFacts) -> Cell:
        severity = int(facts.severities[device.row])
        if not severity:
            return EMPTY
        count = int(facts.alarms[device.row])
        # The signs bear digits of their own: "x2" is no rank.
        text = f"×{count}" if count > 1 else ""
        return Cell(text, sign=Severity(severity), hollow=bool(facts.alarms_over[device.row]))

    @override
    def keys(self, facts: DeviceFacts) -> FloatArray:
        keys = facts.severities * 1e9 + facts.alarms
        return np.where(facts.severities > 0, keys, np.nan)


class NameColumn(Column):
    """The local name, or the id that stands for it."""

    key = "@name"
    title = "Name"

    @override
    def cell(self, device: Device, facts: DeviceFacts) -> Cell:
        return Cell(_short_line(device.label), starred=bool(facts.starred[device.row]))

    @override
    def keys(self, facts: DeviceFacts) -> FloatArray:
        keys = np.empty(facts.count)
        keys[facts.name_order] = np.arange(facts.count)
        return keys


class AgeColumn(Column):
    """How old the live values are."""

    key = "@age"
    title = "Age"
    help = "time since the report that the values are from"
    right = live = ticks = True
    widest = "doubtful"

    @override
    def cell(self, device: Device, facts: DeviceFacts) -> Cell:
        if device.data_ms is None:
            return UNKNOWN
        stale = facts.staleness[device.row] >= Staleness.OVERDUE
        age = _SECOND_UNIT.sub("", age_text(device, facts.now_ms))
        return Cell(age, muted=bool(stale))

    @override
    def keys(self, facts: DeviceFacts) -> FloatArray:
        # Not against "now": all ages run alike.
        return np.where(facts.data_ms > 0, -facts.data_ms.astype(np.float64), np.nan)


class IdColumn(Column):
    """One of the ids of a device; ``place`` is the one in ``ids_of``."""

    def __init__(self, name: str, title: str, place: int) -> None:
        self.key = f"@{name}"
        self.title = title
        self._name = name
        self._place = place

    @override
    def cell(self, device: Device, facts: DeviceFacts) -> Cell:
        text = getattr(device, self._name)
        return Cell(_short_line(text)) if text else UNKNOWN

    @override
    def keys(self, facts: DeviceFacts) -> FloatArray:
        return facts.id_keys(self._place)


class ReceivedColumn(Column):
    """When the newest frame came in, late ones too."""

    key = "@received"
    title = "Last packet received"
    live = descending_first = True

    def __init__(self, values: Values) -> None:
        self._values = values
        self.refresh_widest()

    @override
    def refresh_widest(self) -> None:
        self.widest = _widest_time(self._values())

    @override
    def cell(self, device: Device, facts: DeviceFacts) -> Cell:
        if not device.received_ms:
            return UNKNOWN
        shown = shown_zone(self._values(), device)
        return Cell(shown.said(format_time(device.received_ms, shown.zone), device.received_ms))

    @override
    def keys(self, facts: DeviceFacts) -> FloatArray:
        devices = facts.fleet.devices[: facts.count]
        return np.fromiter((d.received_ms or np.nan for d in devices), np.float64, facts.count)


class PlaceColumn(Column):
    """The place in words; older ones are muted, as the coordinates are."""

    key = "@place"
    title = "Place"
    help = f"{COMPUTED} from the position that the device reports"
    live = True
    widest = "12 km NE of Some Longer Town"

    @override
    def cell(self, device: Device, facts: DeviceFacts) -> Cell:
        words = places().words(*place_of(device))
        if not words:
            return UNKNOWN
        stale = facts.staleness[device.row] >= Staleness.OVERDUE
        return Cell(_short_line(words), muted=bool(stale or self._is_old(device, facts)))

    @override
    def later(self, cell: Cell, device: Device, facts: DeviceFacts) -> Cell:
        return cell if cell.muted else cell._replace(muted=self._is_old(device, facts))

    @override
    def keys(self, facts: DeviceFacts) -> FloatArray:
        return facts.town_keys()

    def _is_old(self, device: Device, facts: DeviceFacts) -> bool:
        return bool(value_age(device, PLACE[0], facts.now_ms).is_old)


class FieldColumn(Column):
    """One field of the status table."""

    live = True

    def __init__(self, field: Field, values: Values) -> None:
        spec = field.spec
        self.key = field.name
        self.title = spec.label
        self.group = spec.group.value
        self.help = spec.help
        self.right = spec.kind in _NUMBERS
        self.descending_first = self.right or spec.kind is FieldKind.FLAG
        self.field = field
        self._values = values
        self.refresh_widest()

    @property
    @override
    def unit(self) -> str:
        return unit_text(self.field.spec)

    @override
    def refresh_widest(self) -> None:
        is_time = self.field.spec.kind is FieldKind.TIME
        self.widest = _widest_time(self._values()) if is_time else _widest(self.field)

    @override
    def cell(self, device: Device, facts: DeviceFacts) -> Cell:
        field = self.field
        if device.status is None:
            return UNKNOWN
        examined = field.examine(device.status, facts.now_ms)
        if examined.quality is Quality.KNOWN:
            text = self._text(device, examined.value)
            stale = facts.staleness[device.row] >= Staleness.OVERDUE
            old = stale or value_age(device, field.name, facts.now_ms).is_old
            return Cell(text if self.right else _short_line(text), muted=bool(old))
        if examined.quality is Quality.INVALID:
            return Cell(format_examined(field, examined), muted=True)
        return UNKNOWN

    def _text(self, device: Device, value: Value) -> str:
        if self.field.spec.kind is not FieldKind.TIME or value is None:
            return format_value(self.field, value)
        shown = shown_zone(self._values(), device)
        return shown.said(format_value(self.field, value, shown.zone), int(value))

    @override
    def later(self, cell: Cell, device: Device, facts: DeviceFacts) -> Cell:
        if cell.muted or not value_age(device, self.field.name, facts.now_ms).is_old:
            return cell
        return cell._replace(muted=True)

    @override
    def keys(self, facts: DeviceFacts) -> FloatArray:
        return facts.field_keys(self.field)

    @override
    def read_ahead(self, facts: DeviceFacts) -> None:
        # Ranks of texts are found for all rows at once, so often enough with the next order.
        if not is_text(self.field):
            facts.field_keys(self.field)


def _short_line(text: str) -> str:
    """Server text without line breaks, cut to what a cell can show."""
    return clip(one_line(text), _TEXT_LIMIT)


def _widest_time(values: Settings) -> str:
    return _WIDEST_TIME + (_WIDEST_ZONE if zones_differ(values) else "")


def _widest(field: Field) -> str:
    spec = field.spec
    if spec.kind is FieldKind.FLAG:
        return "invalid"
    if spec.kind not in _NUMBERS:
        return "some more words"
    top = max(abs(end) for end in spec.nominal) if spec.nominal else 99_999.0
    text = format_value(field, top)
    return text if len(text) > len("invalid") else "invalid"


def columns_of(
    table: FieldTable, values: Values = lambda: Settings(zone="utc")
) -> dict[str, Column]:
    """Every column there is, by key: the list's own first, then the table's by group."""
    groups = list(Group)
    fields = sorted(table, key=lambda field: groups.index(field.spec.group))
    own: list[Column] = [
        StateColumn(),
        AlarmColumn(),
        NameColumn(),
        AgeColumn(),
        IdColumn("imei", "IMEI", 1),
        IdColumn("device_key", "Device key", 2),
        IdColumn("id", "ID", 3),
        IdColumn("model", "Model", 4),
        ReceivedColumn(values),
        *([PlaceColumn()] if set(PLACE) <= table.by_name.keys() else []),
    ]
    every = [*own, *(FieldColumn(field, values) for field in fields)]
    return {column.key: column for column in every}


def default_keys(table: FieldTable) -> list[str]:
    """The columns of a list that nobody has changed."""
    return ["@state", "@alarm", "@name", "@age", *(f.name for f in table if f.spec.column)]


def two_lines(title: str, unit: str) -> str:
    """A heading in two lines of like length, the unit last."""
    words = f"{title} {unit}".split()
    breaks = range(1, len(words)) if len(words) > 1 else range(0)
    halves = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in breaks]
    if not halves:
        return title
    first, second = min(halves, key=lambda half: max(len(half[0]), len(half[1])))
    return f"{first}\n{second}"
