"""The conditions that a rule can have: one class each. Tags and names are permanent, on disk."""

import math
from collections.abc import Iterable
from typing import Any, ClassVar, Final

import msgspec
from typing_extensions import override

from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fields.field import Field, FieldKind, Unit, Value
from tftmonitor.model.fields.formatting import format_number
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fields.units import shown_as, shown_digits, shown_number, unit_text
from tftmonitor.model.rules.hysteresis import Band
from tftmonitor.model.rules.surroundings import Measure, PlaceRef, Surroundings

NUMERIC: Final = frozenset({FieldKind.NUMBER, FieldKind.COUNT})
LONGEST_HOLD_S: Final = 86_400.0

_SPEED: Final = "speed"
# What a receiver makes up at a standstill, and what is driving again, in km/h.
_STANDS_KMH, _DRIVES_KMH = 3.0, 8.0


class Condition(msgspec.Struct, frozen=True, tag_field="when"):
    """What a rule waits for. Limits are in the unit of the table of fields, whatever is shown."""

    record_kinds: ClassVar[tuple[str, ...]] = ()
    """The events whose records it reads, beside a field or instead of one."""

    alarm_source: ClassVar[Source] = Source.RULE
    """What the alarms that it raises name as their source."""

    is_crossing: ClassVar[bool] = False
    """True when only who was seen out before can be in."""

    by_ignition: ClassVar[bool] = False
    """True when it reads the ignition, too, and is known only as long as that is."""

    @property
    def source(self) -> str | None:
        """The name of the status field that it reads, None for none."""
        return None

    @property
    def place_refs(self) -> tuple[PlaceRef, ...]:
        """The places that it is about."""
        return ()

    def measure(self, surroundings: Surroundings) -> Measure | None:  # noqa: ARG002
        """How its value is read out of a whole status; None when ``source`` alone has it."""
        return None

    @property
    def measure_key(self) -> Any:
        """The same for conditions that measure the same."""
        return None

    @property
    def hold_ms(self) -> int:
        """How long it must hold before it raises."""
        return 0

    def band(self) -> Band | None:
        """Which canonical values are in, None when values do not decide."""
        return None

    def readings(
        self, records: list[dict[str, Any]], known: Iterable[str]
    ) -> list[tuple[str, Value]]:
        """Parts (a tyre, a probe, a code) with their values; ``known`` parts are standing."""
        raise NotImplementedError

    def problem(self) -> str:
        """Why it cannot work, as a text; empty when it can."""
        return ""

    def describe(self) -> str:
        """The condition as a text."""
        raise NotImplementedError

    def value_text(self, value: Value) -> str:
        """What was seen when it raised."""
        return "" if value is None else str(value)


class Unreadable(Condition, frozen=True, tag="unreadable"):
    """A condition that this version cannot read. It is kept as it came, and does nothing."""

    raw: Any
    why: str = ""

    @override
    def problem(self) -> str:
        return self.why

    @override
    def describe(self) -> str:
        return "Unknown condition"


class LimitCondition(Condition, frozen=True):
    """A limit, how far back ends it, and how long it must hold."""

    above: ClassVar[bool] = False

    limit: float
    hysteresis: float = 0.0
    hold_s: float = 0.0

    @property
    @override
    def hold_ms(self) -> int:
        return round(self.hold_s * 1_000)

    @property
    def back(self) -> float:
        """The value at which it is over."""
        return self.limit - self.hysteresis if self.above else self.limit + self.hysteresis

    @override
    def band(self) -> Band | None:
        return Band(self.limit, self.back, self.above)

    @override
    def problem(self) -> str:
        if not math.isfinite(self.limit):
            return "The limit is not a number."
        if not 0 <= self.hysteresis < math.inf:
            return "The way back must be 0 or more."
        return hold_problem(self.hold_s)

    def limit_text(self, subject: str, unit: Unit) -> str:
        """The limit as a text, as "Speed above 90 km/h for 60 s (back at 85 km/h)"."""
        side = "above" if self.above else "below"
        back = f" (back at {in_units(self.back, unit)})" if self.hysteresis else ""
        return f"{subject} {side} {in_units(self.limit, unit)}{hold_text(self.hold_s)}{back}"


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


def find_field(name: str, kinds: frozenset[FieldKind]) -> Field | None:
    """The status field of this name, None when it is gone or of another kind."""
    field = STATUS_FIELDS.by_name.get(name)
    return field if field is not None and field.spec.kind in kinds else None


def field_text(name: str, value: Value) -> str:
    """A canonical value under its label."""
    field = STATUS_FIELDS.by_name[name]
    spec = field.spec
    if spec.kind is FieldKind.FLAG:
        return f"{spec.label} {'on' if value else 'off'}"
    number = format_number(shown_number(spec, float(value or 0)), shown_digits(spec))
    return f"{spec.label} {number} {unit_text(spec)}".rstrip()


def in_units(number: float, unit: Unit) -> str:
    """A number of the table's unit, in the unit that is shown, with it."""
    shown = shown_as(unit)
    # What was typed in another unit comes back as it was typed, not as 54.999999.
    return f"{number_text(round(shown.of(number), 4))} {shown.text}".rstrip()


def number_text(number: float) -> str:
    """As few digits as say it."""
    return f"{round(number, 6):.10g}"


def hold_text(seconds: float) -> str:
    """The end of a sentence, as " for 60 s", " for 5 min"; nothing for no time."""
    if not seconds:
        return ""
    for size, unit in ((3_600, "h"), (60, "min")):
        if seconds >= 2 * size and not seconds % (size / 2):
            return f" for {number_text(seconds / size)} {unit}"
    return f" for {number_text(seconds)} s"


def hold_problem(seconds: float) -> str:
    """Why this is no time to hold, as a text."""
    return "" if 0 <= seconds <= LONGEST_HOLD_S else "The time must be from 0 s to one day."
