"""The table of conditions: a row a kind, with what the editor has to ask for it."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tftmonitor.model.fields.field import Field, FieldKind, Unit
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.record_words import DRIVER_ALERT, FUEL_ALARM, TYRE_STATUS
from tftmonitor.model.rules.condition import Condition
from tftmonitor.model.rules.condition_text import LONGEST_HOLD_S
from tftmonitor.model.rules.conditions import (
    NUMERIC,
    FieldAbove,
    FieldBelow,
    FlagIs,
    LinkDown,
    Overdue,
    StandsStill,
)
from tftmonitor.model.rules.hours_condition import DAYS, IgnitionAtHours
from tftmonitor.model.rules.place_conditions import (
    MARGIN_M,
    MOST_MARGIN_M,
    EntersPlace,
    LeavesPlace,
    StaysInPlace,
    StaysOutside,
)
from tftmonitor.model.rules.record_conditions import (
    DriverAlertIs,
    FuelAlarmIs,
    FuelLevelBelow,
    NewTroubleCode,
    TyrePressureAbove,
    TyrePressureBelow,
    TyreStatusIs,
    TyreTemperatureAbove,
)

_HUGE: Final = 1e9


class AskKind(enum.Enum):
    """How the editor asks; LIMIT and BACK are numbers of the field chosen, or of ``Ask.unit``."""

    NUMERIC_FIELD = "numeric field"
    FLAG_FIELD = "flag field"
    LIMIT = "limit"
    BACK = "back"
    NUMBER = "number"
    ON_OFF = "on or off"
    CHANNEL = "channel"
    WORD = "word"
    PLACE = "place"
    SIDE = "side"
    TIME_OF_DAY = "time of day"


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to ask: the attribute of the condition, and what may be answered.

    ``at_zero`` is what stands there instead of a zero or of no place, ``words`` are the answers to
    a WORD. The limits of those of the kinds LIMIT and BACK with a ``unit`` are in that unit, not in
    the shown. A TIME_OF_DAY is answered in minutes, a SIDE is True for within.
    """

    name: str
    label: str
    kind: AskKind = AskKind.NUMBER
    suffix: str = ""
    unit: Unit | None = None
    low: float = 0.0
    high: float = _HUGE
    digits: int = 0
    default: float = 0.0
    at_zero: str = ""
    help: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionKind:
    """One kind of condition, as the editor offers it; without ``of_devices`` it has no scope."""

    label: str
    kind: type[Condition]
    asks: tuple[Ask, ...] = ()
    help: str = ""
    of_devices: bool = True

    @property
    def tag(self) -> str:
        """What stands for it on disk."""
        return str(self.kind.__struct_config__.tag)

    @property
    def above(self) -> bool:
        """True when it waits for values above its limit."""
        return bool(getattr(self.kind, "above", False))


_BACK_HELP: Final = "how far back the value must be before the alarm is over"
_HOLD: Final = Ask(
    "hold_s",
    "Held for",
    suffix=" s",
    high=LONGEST_HOLD_S,
    at_zero="at once",
    help="how long it must hold before it is an alarm",
)
_PLACE: Final = Ask("place", "Place", AskKind.PLACE)
_MARGIN: Final = Ask(
    "margin_m",
    "Margin",
    AskKind.LIMIT,
    unit=Unit.METRE,
    high=MOST_MARGIN_M,
    default=MARGIN_M,
    help="how far from the edge a device must be before it is outside",
)
_STAY: Final = Ask(
    "minutes", "For", suffix=" min", high=LONGEST_HOLD_S / 60, default=60, at_zero="at once"
)
_SEEN: Final = (
    "Only of devices that were seen on the other side before. Outside begins a margin off the edge."
)
_FIELD_LIMIT: Final = (
    Ask("field", "Field", AskKind.NUMERIC_FIELD),
    Ask("limit", "Limit", AskKind.LIMIT, low=-_HUGE),
    Ask("hysteresis", "Back by", AskKind.BACK, help=_BACK_HELP),
    _HOLD,
)


def _limits(unit: Unit, limit: float, back: float, high: float = 5_000) -> tuple[Ask, ...]:
    return (
        Ask("limit", "Limit", AskKind.LIMIT, unit=unit, high=high, default=limit),
        Ask(
            "hysteresis",
            "Back by",
            AskKind.BACK,
            unit=unit,
            high=high,
            default=back,
            help=_BACK_HELP,
        ),
        _HOLD,
    )


def _word(names: Mapping[int, str]) -> Ask:
    """The words of a column; that of number 0, which says that nothing is wrong, comes last."""
    usual, *others = names.values()
    return Ask("word", "Word", AskKind.WORD, words=(*others, usual))


CONDITIONS: Final = (
    ConditionKind("Field below a limit", FieldBelow, _FIELD_LIMIT),
    ConditionKind("Field above a limit", FieldAbove, _FIELD_LIMIT),
    ConditionKind(
        "Flag on or off",
        FlagIs,
        (Ask("field", "Field", AskKind.FLAG_FIELD), Ask("on", "Is", AskKind.ON_OFF), _HOLD),
    ),
    ConditionKind(
        "Device stands still",
        StandsStill,
        (Ask("minutes", "For", suffix=" min", low=1, high=LONGEST_HOLD_S / 60, default=120),),
        help="By its speed: below what a receiver makes up at a standstill, until it drives.",
    ),
    ConditionKind(
        "Device overdue",
        Overdue,
        (
            Ask("factor", "After", suffix=" usual intervals", low=1, high=100, digits=1, default=3),
            Ask("minutes", "Or after", suffix=" min", high=100_000, at_zero="not used"),
        ),
        help="The usual interval is learned for each device; minutes go before it.",
    ),
    ConditionKind("Enters a place", EntersPlace, (_PLACE, _MARGIN), help=_SEEN),
    ConditionKind("Leaves a place", LeavesPlace, (_PLACE, _MARGIN), help=_SEEN),
    ConditionKind("Stays in a place", StaysInPlace, (_PLACE, _STAY, _MARGIN)),
    ConditionKind("Stays outside of a place", StaysOutside, (_PLACE, _STAY, _MARGIN)),
    ConditionKind(
        "Ignition on at hours of the day",
        IgnitionAtHours,
        (
            Ask("start", "From", AskKind.TIME_OF_DAY, default=22 * 60),
            Ask("end", "To", AskKind.TIME_OF_DAY, default=6 * 60),
            Ask("days", "On", AskKind.WORD, words=tuple(DAYS), help="the days on which it begins"),
            Ask("place", "Place", AskKind.PLACE, at_zero="anywhere"),
            Ask("inside", "Where", AskKind.SIDE),
        ),
        help="By the time zone that is shown.",
    ),
    ConditionKind("Tyre pressure below", TyrePressureBelow, _limits(Unit.KPA, 600, 20)),
    ConditionKind("Tyre pressure above", TyrePressureAbove, _limits(Unit.KPA, 1_000, 20)),
    ConditionKind(
        "Tyre temperature above", TyreTemperatureAbove, _limits(Unit.CELSIUS, 90, 5, 300)
    ),
    ConditionKind(
        "Fuel level below",
        FuelLevelBelow,
        _limits(Unit.PERCENT, 15, 3, 100),
        help="By fuel probes and by the engine's own count; 0 there means that there is none.",
    ),
    ConditionKind(
        "Tyre sensor says",
        TyreStatusIs,
        (_word(TYRE_STATUS),),
    ),
    ConditionKind(
        "Fuel probe says",
        FuelAlarmIs,
        (_word(FUEL_ALARM),),
    ),
    ConditionKind(
        "Driver tag says",
        DriverAlertIs,
        (_word(DRIVER_ALERT),),
    ),
    ConditionKind("New trouble code", NewTroubleCode, help="An alarm for each code."),
    ConditionKind(
        "Our own link down",
        LinkDown,
        (
            Ask("channel", "Channel", AskKind.CHANNEL),
            Ask("after_s", "For", suffix=" s", high=LONGEST_HOLD_S, default=60, at_zero="at once"),
        ),
        help="Of this program, not of a device.",
        of_devices=False,
    ),
)

BY_TAG: Final = {row.tag: row.kind for row in CONDITIONS}

FIELDS: Final[dict[AskKind, Callable[[Field], bool]]] = {
    AskKind.NUMERIC_FIELD: lambda field: field.spec.kind in NUMERIC,
    AskKind.FLAG_FIELD: lambda field: field.spec.kind is FieldKind.FLAG,
}


def kind_of(condition: Condition) -> ConditionKind | None:
    """The row of a condition; None when this version does not know it."""
    return next((row for row in CONDITIONS if row.kind is type(condition)), None)


def fields_for(ask: Ask) -> list[Field]:
    """The status fields that may answer, in the order of the table."""
    return [field for field in STATUS_FIELDS if FIELDS[ask.kind](field)]


def suggest(field: Field, above: bool) -> tuple[float, float]:
    """A limit and a way back to begin with, in the table's unit: the edge of what is healthy."""
    spec = field.spec
    low, high = (value * spec.scale for value in spec.nominal or (0.0, 10.0 / spec.scale))
    tenth = (high - low) / 10
    if above:
        limit = high - tenth if high >= spec.high * spec.scale else high
    else:
        limit = low + tenth if low <= spec.low * spec.scale else low
    return round(limit, spec.digits), max(round(tenth / 5, spec.digits), 10.0**-spec.digits)


def build(row: ConditionKind, answers: dict[str, Any]) -> Condition:
    """The condition that these answers make."""
    return row.kind(**{ask.name: answers[ask.name] for ask in row.asks})
