"""What a field of the status is, and the table that a status class spells out.

Decoder, list columns, panes, plots, export, rules and the simulator loop over ``FieldTable``
and know no field by name.
"""

import enum
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, UnsetType

from tftmonitor.base.redaction import redacted_value
from tftmonitor.model.fields import plausibility
from tftmonitor.model.fields.all_ones import IN_READINGS
from tftmonitor.model.fields.plausibility import Plausibility, Raw, Read, Void, compile_read

# The wire types of a status attribute. Numbers may come as text, flags as true or 1 or "1".
Number = float | None | UnsetType
Whole = int | None | UnsetType
Flag = bool | int | None | UnsetType
Text = str | None | UnsetType

Value = plausibility.Value

# The codec writes it wherever the raw bytes were all ones.
INVALID = -999.0

# Stands in place of a FieldSpec where an attribute of a status is no field of the feed.
NO_FIELD = "no field"


class FieldKind(enum.Enum):
    """How a field is read, compared and shown."""

    NUMBER = "number"
    COUNT = "count"
    FLAG = "flag"
    TIME = "time"
    TEXT = "text"
    PINS = "pins"
    WORD = "word"


class Unit(enum.Enum):
    """Units as shown; the canonical value is in the wire's unit, ``FieldSpec.scale`` converts."""

    NONE = ""
    VOLT = "V"
    PERCENT = "%"
    KMH = "km/h"
    KM = "km"
    METRE = "m"
    DEGREE = "°"
    CELSIUS = "°C"
    RPM = "1/min"
    GRAM_PER_S = "g/s"
    KPA = "kPa"
    LITRE = "L"
    LITRE_PER_H = "L/h"
    HOUR = "h"
    MINUTE = "min"
    RELATIVE_HUMIDITY = "%RH"


class Group(enum.Enum):
    """The sections of the detail pane, in order."""

    MOTION = "Motion"
    POSITION = "Position"
    POWER = "Power"
    INPUTS = "Inputs and outputs"
    SECURITY = "Security"
    ENGINE = "Engine (OBD)"
    FUEL = "Fuel"
    SOLAR = "Solar"
    SENSORS = "Sensors"
    ALARM = "Alarm words"
    TIME = "Clocks"
    LINK = "Link and unit"


# Zero also stands for "this model has no such sensor": these fold away while all are zero.
FOLDING_GROUPS = frozenset({Group.ENGINE, Group.FUEL, Group.SOLAR})


class Confidence(enum.Enum):
    """How sure the meaning of a field is; the panes mark what is only guessed."""

    DOCUMENTED = "documented"
    CODEC = "from the device codec"
    OBSERVED = "observed"
    GUESS = "guessed from the name"


class Quality(enum.Enum):
    """Why a field has a value or none."""

    KNOWN = "known"
    ABSENT = "not reported"
    UNKNOWN = "unknown"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One row of the table of fields.

    ``low`` and ``high`` are the values that can be (others are invalid), ``nominal`` those that
    a healthy device shows; both in the wire's unit. ``all_ones`` are values within the limits
    that are no readings, and as invalid as those beyond. ``void`` sees the whole status and says
    when the value there says nothing; ``void_at`` are the values of which it can say that, None
    for any. ``proof`` is the bit of ``measured`` in a status that says that the device has shown
    another value than 0: until then its 0 says nothing. A display value is ``canonical * scale``.
    """

    label: str
    kind: FieldKind = FieldKind.NUMBER
    unit: Unit = Unit.NONE
    digits: int = 0
    group: Group = Group.LINK
    column: bool = False
    plot: str | None = None
    lane: str | None = None
    stored: bool = False
    unknown: tuple[float, ...] = (INVALID,)
    scale: float = 1.0
    low: float = -math.inf
    high: float = math.inf
    all_ones: frozenset[float] = IN_READINGS
    nominal: tuple[float, float] | None = None
    void: Void | None = None
    void_at: tuple[float, ...] | None = None
    proof: int = 0
    confidence: Confidence = Confidence.CODEC
    help: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """A canonical value with its quality; ``problem`` is in words when it is INVALID."""

    value: Value
    quality: Quality
    problem: str = ""


_ABSENT = Examined(None, Quality.ABSENT)
_UNKNOWN = Examined(None, Quality.UNKNOWN)


class Field:
    """One bound field of a status class: reads its canonical value out of a status.

    ``read(status, now_ms)`` is that value, or None when unknown, absent or invalid.
    """

    __slots__ = ("index", "name", "raw", "read", "rule", "spec", "wire", "wire_type")

    def __init__(self, name: str, wire: str, wire_type: Any, spec: FieldSpec, index: int) -> None:
        self.name = name
        self.wire = wire
        self.wire_type = wire_type
        self.spec = spec
        self.index = index
        self.raw: Raw = attrgetter(name)
        self.rule = _rule_of(spec)
        # Only numbers come as floats, all of which are canonical as they are.
        self.read: Read = compile_read(self.raw, self.rule, self._examined_value)

    def examine(self, status: Any, now_ms: int) -> Examined:
        """The canonical value and why it is known or not; ``now_ms`` bounds times."""
        raw = self.raw(status)
        if raw is UNSET:
            return _ABSENT
        if raw is None:
            return _UNKNOWN
        if self.rule.is_unknown(raw, status):
            return _UNKNOWN
        return _EXAMINERS[self.spec.kind](self, raw, now_ms)

    def invalid(self, why: str) -> Examined:
        """An INVALID result whose problem names this field."""
        return Examined(None, Quality.INVALID, f"{self.wire}: {why}")

    def _examined_value(self, status: Any, now_ms: int) -> Value:
        return self.examine(status, now_ms).value


def _rule_of(spec: FieldSpec) -> Plausibility:
    if spec.kind is FieldKind.TIME:
        return Plausibility.of_times(spec.unknown, spec.void)
    if spec.kind is FieldKind.FLAG:
        return Plausibility(0, 1, spec.unknown, spec.void)
    if spec.kind in {FieldKind.NUMBER, FieldKind.COUNT}:
        void, void_at = spec.void, spec.void_at
        if spec.proof and void is None:
            void, void_at = _void_without(spec.proof), (0,)
        return Plausibility(spec.low, spec.high, spec.unknown, void, void_at, spec.all_ones)
    return Plausibility(sentinels=spec.unknown, void=spec.void)


def _void_without(proof: int) -> Void:
    """Says of a 0 that it says nothing while this bit of ``measured`` is not set."""

    def void(status: Any) -> bool:
        return not status.measured & proof

    return void


def _examine_number(field: Field, raw: float, now_ms: int) -> Examined:
    if not field.rule.is_possible(raw, now_ms):
        if not math.isfinite(raw):
            return field.invalid("not a finite number")
        if raw in field.rule.impossible:
            return field.invalid(f"{raw:.10g} is no reading, but a register with all bits set")
        return field.invalid(f"{raw:g} is outside {field.spec.low:g} to {field.spec.high:g}")
    return Examined(raw + 0, Quality.KNOWN)  # + 0 turns -0.0 into 0.0


def _examine_flag(field: Field, raw: bool | int, now_ms: int) -> Examined:
    if not field.rule.is_possible(raw, now_ms):
        return field.invalid(f"{raw} is neither 0 nor 1")
    return Examined(bool(raw), Quality.KNOWN)


def _examine_time(field: Field, raw: int, now_ms: int) -> Examined:
    if not field.rule.is_possible(raw, now_ms):
        return field.invalid("clock not set")
    return Examined(raw, Quality.KNOWN)


def _examine_text(_field: Field, raw: str, _now_ms: int) -> Examined:
    return Examined(redacted_value(raw), Quality.KNOWN)


def _examine_pins(field: Field, raw: str, _now_ms: int) -> Examined:
    if raw and not parse_pins(raw):
        return field.invalid(f"{redacted_value(raw)[:40]!r} is not of the form 1:0|2:1")
    return Examined(raw, Quality.KNOWN)


def _examine_word(_field: Field, raw: int, _now_ms: int) -> Examined:
    return Examined(raw & 0xFFFF_FFFF, Quality.KNOWN)


_EXAMINERS: dict[FieldKind, Callable[[Field, Any, int], Examined]] = {
    FieldKind.NUMBER: _examine_number,
    FieldKind.COUNT: _examine_number,
    FieldKind.FLAG: _examine_flag,
    FieldKind.TIME: _examine_time,
    FieldKind.TEXT: _examine_text,
    FieldKind.PINS: _examine_pins,
    FieldKind.WORD: _examine_word,
}


def parse_pins(text: str) -> dict[int, bool]:
    """``"1:1|2:0"`` as {1: True, 2: False}; empty when any part has another form."""
    pins: dict[int, bool] = {}
    for part in text.split("|"):
        number, colon, level = part.partition(":")
        if not colon or not number.strip().isdecimal() or level.strip() not in {"0", "1"}:
            return {}
        pins[int(number)] = level.strip() == "1"
    return pins


class FieldTable:
    """The fields of one status class, in the order of its lines."""

    def __init__(self, status_type: type[msgspec.Struct]) -> None:
        self.status_type = status_type
        self.fields = tuple(_collect(status_type))
        self.by_name = {field.name: field for field in self.fields}
        self.by_wire = {field.wire: field for field in self.fields}

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def in_group(self, group: Group) -> list[Field]:
        """The fields of one section of the detail pane."""
        return [field for field in self.fields if field.spec.group is group]


def _collect(status_type: type[msgspec.Struct]) -> Iterator[Field]:
    hints = get_type_hints(status_type, include_extras=True)
    for index, info in enumerate(msgspec.structs.fields(status_type)):
        hint = hints[info.name]
        if get_origin(hint) is not Annotated:
            raise TypeError(f"{status_type.__name__}.{info.name} has no FieldSpec")
        wire_type, spec = get_args(hint)[:2]
        if spec is not NO_FIELD:
            yield Field(info.name, info.encode_name, wire_type, spec, index)
