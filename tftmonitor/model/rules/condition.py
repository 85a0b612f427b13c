"""What every condition of a rule answers, and what those with a limit share."""

import math
from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec
from typing_extensions import override

from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.fields.field import Unit, Value
from tftmonitor.model.rules.condition_text import (
    hold_problem,
    hold_text,
    in_units,
)
from tftmonitor.model.rules.hysteresis import Band
from tftmonitor.model.rules.surroundings import Measure, PlaceRef, Surroundings


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
