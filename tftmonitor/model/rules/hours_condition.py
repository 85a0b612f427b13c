"""The ignition on at hours at which it should be off, anywhere or in or outside of a place."""

from datetime import datetime
from typing import Any, ClassVar, Final

from typing_extensions import override

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.fields.field import Value
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.activity import ignition
from tftmonitor.model.places.shapes import Point
from tftmonitor.model.rules.condition import Condition
from tftmonitor.model.rules.hysteresis import Band
from tftmonitor.model.rules.place_conditions import MARGIN_M, depth_measure
from tftmonitor.model.rules.surroundings import Measure, PlaceRef, Surroundings

DAY_MINUTES: Final = 1_440
EVERY_DAY: Final = "every day"
DAYS: Final = {
    EVERY_DAY: range(7),
    "Monday to Friday": range(5),
    "Monday to Saturday": range(6),
    "Saturday and Sunday": range(5, 7),
    "Sunday": range(6, 7),
}
"""What may be chosen, with the days of the week that it means; 0 is Monday."""


class IgnitionAtHours(Condition, frozen=True, tag="ignition_at_hours"):
    """From ``start`` until ``end``, in minutes of the day by the clock that is shown.

    Where the end is not after the start, it is of the next day; the days say when it begins.
    Without a place it holds anywhere, else ``inside`` or outside of it.
    """

    by_ignition: ClassVar[bool] = True

    start: int = 22 * 60
    end: int = 6 * 60
    days: str = EVERY_DAY
    place: PlaceRef = PlaceRef()
    inside: bool = False

    @property
    @override
    def source(self) -> str | None:
        return "acc"

    @property
    @override
    def place_refs(self) -> tuple[PlaceRef, ...]:
        return (self.place,) if self.place.key else ()

    @override
    def measure(self, surroundings: Surroundings) -> Measure | None:
        depth = depth_measure(surroundings, self.place) if self.place.key else None
        zone = surroundings.zone

        def measure(status: DeviceStatus, at_ms: int, position: Point | None) -> Value:
            is_on = ignition(status)
            # What is off, or at another hour, is so wherever the device is.
            if not is_on or not self.is_at(datetime.fromtimestamp(at_ms / SECOND_MS, zone())):
                return None if is_on is None else False
            return True if depth is None else self._is_there(depth(status, at_ms, position))

        return measure

    @property
    @override
    def measure_key(self) -> Any:
        return self

    @override
    def band(self) -> Band | None:
        return Band(0.5, 0.5, above=True)

    def is_at(self, when: datetime) -> bool:
        """True at such an hour of such a day."""
        minute, day = when.hour * 60 + when.minute, when.weekday()
        if self.start < self.end:
            return self.start <= minute < self.end and day in DAYS[self.days]
        if minute >= self.start:
            return day in DAYS[self.days]
        return minute < self.end and (day - 1) % 7 in DAYS[self.days]

    @override
    def problem(self) -> str:
        if not (0 <= self.start < DAY_MINUTES and 0 <= self.end < DAY_MINUTES):
            return "The hours must be from 00:00 to 23:59."
        if self.days not in DAYS:
            return f"{self.days!r} are no days."
        return self.place.problem if self.place.key else ""

    @override
    def describe(self) -> str:
        hours = f"from {hour_text(self.start)} to {hour_text(self.end)}"
        days = "" if self.days == EVERY_DAY else f", {self.days}"
        where = f" {'in' if self.inside else 'outside of'} {self.place.name}"
        return f"Ignition on {hours}{days}{where if self.place.key else ''}"

    @override
    def value_text(self, value: Value) -> str:
        return f"Ignition {'on' if value else 'off, or not at these hours'}"

    def _is_there(self, depth: Value) -> bool | None:
        """None at the edge, where it neither begins nor ends."""
        if depth is None or -MARGIN_M <= float(depth) < 0.0:
            return None
        return (float(depth) >= 0.0) is self.inside


def hour_text(minutes: int) -> str:
    """Minutes of the day as a clock shows them."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
