"""The rows of the Fields tab by group: what stands in each, what has changed, what is shown."""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from tftmonitor.base.text_search import folded
from tftmonitor.model.fields.field import FieldTable, Group, Quality
from tftmonitor.model.fields.formatting import format_age, one_line
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import ValueAge, value_age
from tftmonitor.ui.detail.reading import Reading, describe, has_nothing, is_guessed, read_field
from tftmonitor.ui.widgets.tooltip import plain_tip

OTHER_TITLE = "Unknown fields"
# A usual frame has a handful; all of them are read with each frame that comes.
MOST_OTHER = 1_000
_FURTHER = "…"
# "Changed just now" fades over so many seconds.
FADE_S = 5.0


@dataclass(frozen=True, slots=True)
class Report:
    """What the rows are made from; ``reported_ms`` is by wire name, ``moment_s`` monotonic.

    ``device`` knows the age of what its status has; of other keys ``reported_ms`` does.
    ``confirmed`` are the names of fields whose guessed meaning was checked.
    """

    status: DeviceStatus | None
    other: Mapping[str, object]
    reported_ms: Mapping[str, int]
    since_ms: int | None
    now_ms: int
    moment_s: float
    zone: tzinfo
    device: Device | None = None
    confirmed: frozenset[str] = frozenset()


class FieldRow:
    """One field with what is shown of it now."""

    __slots__ = ("changed_s", "confirmed", "guessed", "label", "name", "reading", "tip", "wire")

    def __init__(
        self, label: str, wire: str, tip: str, *, guessed: bool, name: str | None = None
    ) -> None:
        self.label = label
        self.wire = wire
        self.name = name
        self.tip = tip
        self.guessed = guessed
        self.confirmed = False
        self.reading = Reading("", "", "", Quality.ABSENT)
        self.changed_s: float | None = None

    @property
    def value(self) -> str:
        """The value without its unit, or why there is none."""
        return self.reading.note or self.reading.text

    @property
    def note(self) -> str:
        """That the meaning of the field is a guess, or was one until somebody checked it."""
        if not self.guessed:
            return ""
        return "confirmed" if self.confirmed else "guessed"

    def age(self, report: Report | None) -> str:
        """How long ago the device last sent this field; "> 5 s" when only that is known."""
        if report is None or self.reading.quality is Quality.ABSENT:
            return ""
        own = self._own_age(report)
        if own is not None:
            known = own.since_ms is not None
            return format_age(report.now_ms - (own.since_ms or 0)) if known else "last known"
        reported_ms = report.reported_ms.get(self.wire)
        if reported_ms is not None:
            return format_age(report.now_ms - reported_ms)
        return f"> {format_age(report.now_ms - report.since_ms)}" if report.since_ms else ""

    def is_old(self, report: Report | None) -> bool:
        """True for a value that must not look live."""
        own = self._own_age(report) if report is not None and self.reading.known else None
        return own is not None and own.is_old

    def _own_age(self, report: Report) -> ValueAge | None:
        if report.device is None or self.name is None:
            return None
        return value_age(report.device, self.name, report.now_ms)

    def highlight(self, report: Report | None) -> float:
        """1 for a value that has changed this moment, falling to 0."""
        if self.changed_s is None or report is None:
            return 0.0
        return max(0.0, 1.0 - (report.moment_s - self.changed_s) / FADE_S)


class Section:
    """One group; ``shown`` are the rows that the filter lets through, ``folded`` says nothing."""

    __slots__ = ("folded", "group", "rows", "shown", "title")

    def __init__(self, title: str, group: Group | None, rows: list[FieldRow]) -> None:
        self.title = title
        self.group = group
        self.rows = rows
        self.shown: list[FieldRow] = []
        self.folded = True

    @property
    def heading(self) -> str:
        """The title, and why it is folded when so."""
        if not self.folded:
            return self.title
        if self.group is None:
            return f"{self.title}: none"
        is_reported = any(row.reading.quality is not Quality.ABSENT for row in self.rows)
        # In these groups a device without the sensor sends zeros, which can be looked at.
        return f"{self.title}: {'only zeros or no readings' if is_reported else 'not reported'}"


class FieldSections:
    """All sections of a table of fields, and the keys that it does not know as the last."""

    def __init__(self, table: FieldTable) -> None:
        self._fields = {field.wire: field for field in table}
        self._other = Section(OTHER_TITLE, None, [])
        self.all = [_section(table, group) for group in Group if table.in_group(group)]
        self.all.append(self._other)
        self.text = ""
        self.only_reported = False

    def update(self, report: Report, *, is_new: bool) -> set[FieldRow]:
        """Read all fields anew; the rows that differ, which for another device are all."""
        changed: set[FieldRow] = set()
        for section in self.all:
            readings = self._readings(section, report)
            for row in section.rows:
                reading = readings[row.wire]
                if (confirmed := row.name in report.confirmed) != row.confirmed:
                    row.confirmed = confirmed
                    changed.add(row)
                if is_new or reading != row.reading:
                    row.reading = reading
                    row.changed_s = None if is_new else report.moment_s
                    changed.add(row)
        return changed

    def shown(self) -> list[tuple[Section, list[FieldRow]]]:
        """The sections and rows that pass the filter; without one every section does."""
        filtered = bool(self.text) or self.only_reported
        found = [(section, [r for r in section.rows if self._passes(r)]) for section in self.all]
        return [(section, rows) for section, rows in found if rows or not filtered]

    def _passes(self, row: FieldRow) -> bool:
        if self.only_reported and row.reading.quality is Quality.ABSENT:
            return False
        return self.text in folded(row.label) or self.text in folded(row.wire)

    def _readings(self, section: Section, report: Report) -> dict[str, Reading]:
        if section.group is None:
            return self._other_readings(report)
        status, now_ms, zone = report.status, report.now_ms, report.zone
        readings = {
            row.wire: read_field(self._fields[row.wire], status, now_ms, zone)
            for row in section.rows
        }
        section.folded = has_nothing(section.group, list(readings.values()))
        return readings

    def _other_readings(self, report: Report) -> dict[str, Reading]:
        section = self._other
        unknown = (item for item in report.other.items() if item[0] not in self._fields)
        other = dict(itertools.islice(unknown, MOST_OTHER))
        if len(report.other) > MOST_OTHER:
            other[_FURTHER] = f"{len(report.other) - MOST_OTHER:,} further fields are not shown"
        known = {row.wire: row for row in section.rows}
        section.rows = [known.get(key) or _other_row(key) for key in other]
        section.folded = not other
        return {
            key: Reading(one_line(_as_text(value)), "", "", Quality.KNOWN)
            for key, value in other.items()
        }


def _section(table: FieldTable, group: Group) -> Section:
    rows = [
        FieldRow(
            field.spec.label,
            field.wire,
            describe(field),
            guessed=is_guessed(field),
            name=field.name,
        )
        for field in table.in_group(group)
    ]
    return Section(group.value, group, rows)


def _other_row(key: str) -> FieldRow:
    shown = one_line(key)
    tip = plain_tip(f"{shown}\nThis program does not know this field. It is shown as received.")
    return FieldRow(shown, key, tip, guessed=False)


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
