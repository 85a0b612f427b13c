"""The conditions that a rule can have: one class each. Tags and names are permanent, on disk."""

import math
from typing import ClassVar, Final

from typing_extensions import override

from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fields.field import Field, FieldKind, Unit, Value
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.rules.condition import Condition, LimitCondition
from tftmonitor.model.rules.condition_text import (
    field_text,
    find_field,
    hold_problem,
    hold_text,
    in_units,
    number_text,
)
from tftmonitor.model.rules.hysteresis import Band

NUMERIC: Final = frozenset({FieldKind.NUMBER, FieldKind.COUNT})

_SPEED: Final = "speed"
# What a receiver makes up at a standstill, and what is driving again, in km/h.
_STANDS_KMH, _DRIVES_KMH = 3.0, 8.0


class _FieldLimit(LimitCondition, frozen=True, kw_only=True):
    field: str

    @property
    @override
    def source(self) -> str | None:
        return self.field

    @override
    def band(self) -> Band | None:
        scale = STATUS_FIELDS.by_name[self.field].spec.scale
        return Band(self.limit / scale, self.back / scale, self.above)

    @override
    def problem(self) -> str:
        field = find_field(self.field, NUMERIC)
        if field is None:
            return f"There is no numeric field {self.field!r} any more."
        return super().problem() or self._out_of_reach(field)

    @override
    def describe(self) -> str:
        field = find_field(self.field, NUMERIC)
        if field is None:
            return self.limit_text(self.field, Unit.NONE)
        return self.limit_text(field.spec.label, field.spec.unit)

    @override
    def value_text(self, value: Value) -> str:
        return field_text(self.field, value)

    def _out_of_reach(self, field: Field) -> str:
        spec = field.spec
        low, high = spec.low * spec.scale, spec.high * spec.scale
        label, unit = spec.label, spec.unit
        if self.above and self.limit >= high:
            return f"{label} is never above {in_units(high, unit)}."
        if not self.above and self.limit <= low:
            return f"{label} is never below {in_units(low, unit)}."
        if not low <= self.back <= high:
            return f"It would never end: {label} cannot come back to {in_units(self.back, unit)}."
        return ""


class FieldAbove(_FieldLimit, frozen=True, kw_only=True, tag="field_above"):
    """A numeric field above a limit."""

    above: ClassVar[bool] = True


class FieldBelow(_FieldLimit, frozen=True, kw_only=True, tag="field_below"):
    """A numeric field below a limit."""


class FlagIs(Condition, frozen=True, tag="flag_is"):
    """A flag that is on, or off."""

    field: str
    on: bool = True
    hold_s: float = 0.0

    @property
    @override
    def source(self) -> str | None:
        return self.field

    @property
    @override
    def hold_ms(self) -> int:
        return round(self.hold_s * 1_000)

    @override
    def band(self) -> Band | None:
        return Band(0.5, 0.5, self.on)

    @override
    def problem(self) -> str:
        if find_field(self.field, frozenset({FieldKind.FLAG})) is None:
            return f"There is no on/off field {self.field!r} any more."
        return hold_problem(self.hold_s)

    @override
    def describe(self) -> str:
        field = STATUS_FIELDS.by_name.get(self.field)
        label = field.spec.label if field else self.field
        return f"{label} {'on' if self.on else 'off'}{hold_text(self.hold_s)}"

    @override
    def value_text(self, value: Value) -> str:
        return field_text(self.field, value)


class StandsStill(Condition, frozen=True, tag="stands_still"):
    """A device that does not move, by its speed, for so many minutes."""

    minutes: float = 120.0

    @property
    @override
    def source(self) -> str | None:
        return _SPEED

    @property
    @override
    def hold_ms(self) -> int:
        return round(self.minutes * 60_000)

    @override
    def band(self) -> Band | None:
        return Band(_STANDS_KMH, _DRIVES_KMH, above=False)

    @override
    def problem(self) -> str:
        return hold_problem(self.minutes * 60)

    @override
    def describe(self) -> str:
        return f"Stands still{hold_text(self.minutes * 60)}"

    @override
    def value_text(self, value: Value) -> str:
        return field_text(_SPEED, value)


class Overdue(Condition, frozen=True, tag="overdue"):
    """No report for so many usual intervals or, when ``minutes`` are given, for so long."""

    factor: float = float(OVERDUE_FACTOR)
    minutes: float = 0.0

    @override
    def problem(self) -> str:
        if not 0 <= self.minutes < math.inf:
            return "The minutes must be 0 (not used) or more."
        if not self.minutes and not 1 <= self.factor < math.inf:
            return "A device is not overdue before its usual interval is over: 1 or more."
        return ""

    @override
    def describe(self) -> str:
        if self.minutes:
            return f"No report{hold_text(self.minutes * 60)}"
        return f"No report for {number_text(self.factor)} usual intervals"


class LinkDown(Condition, frozen=True, tag="link_down"):
    """Our own link down on a channel, or on any of them, for a time."""

    alarm_source: ClassVar[Source] = Source.LINK

    channel: str | None = None
    after_s: float = 60.0

    @property
    @override
    def hold_ms(self) -> int:
        return round(self.after_s * 1_000)

    @override
    def band(self) -> Band | None:
        return Band(0.5, 0.5, above=True)

    @override
    def problem(self) -> str:
        return hold_problem(self.after_s)

    @override
    def describe(self) -> str:
        where = f"the {self.channel} channel" if self.channel else "either channel"
        return f"Our link down on {where}{hold_text(self.after_s)}"
