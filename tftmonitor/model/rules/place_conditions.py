"""Conditions on where a device is: by how deep its fix lies within a place of the user's own.

Within is up to the edge; outside is what is farther from it than the margin. In between a device
stays what it was, so that one at the gate does not come and go.
"""

import math
from typing import Any, ClassVar, Final

from typing_extensions import override

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.fields.distance_text import distance_text
from tftmonitor.model.fields.field import Value
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.places.shapes import Point
from tftmonitor.model.rules.condition import Condition
from tftmonitor.model.rules.condition_text import hold_problem, hold_text
from tftmonitor.model.rules.hysteresis import Band
from tftmonitor.model.rules.surroundings import Measure, PlaceRef, Surroundings

MARGIN_M: Final = 50.0
MOST_MARGIN_M: Final = 5_000.0
# Fields that are measured by the receiver are as old as its fix.
_SOURCE: Final = "lat"


class PlaceCondition(Condition, frozen=True):
    """A place, and how far from its edge is outside (m)."""

    inside: ClassVar[bool] = True
    verb: ClassVar[str] = "In"

    place: PlaceRef = PlaceRef()
    margin_m: float = MARGIN_M

    @property
    @override
    def source(self) -> str | None:
        return _SOURCE

    @property
    @override
    def place_refs(self) -> tuple[PlaceRef, ...]:
        return (self.place,)

    @override
    def measure(self, surroundings: Surroundings) -> Measure | None:
        return depth_measure(surroundings, self.place)

    @property
    @override
    def measure_key(self) -> Any:
        return _SOURCE, self.place

    @override
    def band(self) -> Band | None:
        if self.inside:
            # The edge itself is within.
            return Band(-math.ulp(0.0), -self.margin_m, above=True)
        return Band(-self.margin_m, 0.0, above=False)

    @override
    def problem(self) -> str:
        if not 0 <= self.margin_m <= MOST_MARGIN_M:
            return "The margin must be from 0 m to 5 km."
        return self.place.problem or hold_problem(self.hold_ms / 1_000)

    @override
    def describe(self) -> str:
        name = self.place.name or "a place"
        return f"{self.verb} {name}{hold_text(self.hold_ms / 1_000)}"

    @override
    def value_text(self, value: Value) -> str:
        depth_m = float(value or 0.0)
        if math.isinf(depth_m):
            return f"Far from {self.place.name}"
        side = "within" if depth_m >= 0 else "outside of"
        return f"{distance_text(abs(depth_m))} {side} {self.place.name}"


class EntersPlace(PlaceCondition, frozen=True, tag="enters_place"):
    """A device that was seen outside is within; it stands until the device is outside again."""

    is_crossing: ClassVar[bool] = True
    verb: ClassVar[str] = "Enters"


class LeavesPlace(PlaceCondition, frozen=True, tag="leaves_place"):
    """A device that was seen within is outside; it stands until the device is within again."""

    is_crossing: ClassVar[bool] = True
    inside: ClassVar[bool] = False
    verb: ClassVar[str] = "Leaves"


class _Stays(PlaceCondition, frozen=True):
    minutes: float = 60.0

    @property
    @override
    def hold_ms(self) -> int:
        return round(self.minutes * MINUTE_MS)


class StaysInPlace(_Stays, frozen=True, tag="stays_in_place"):
    """A device that has been within for so many minutes."""


class StaysOutside(_Stays, frozen=True, tag="stays_outside"):
    """A device that has been outside for so many minutes."""

    inside: ClassVar[bool] = False
    verb: ClassVar[str] = "Outside of"


def depth_measure(surroundings: Surroundings, place: PlaceRef) -> Measure:
    """Reads how deep within a place a device is (m, negative outside), minus infinity far away."""
    shape = surroundings.shape(place)
    if shape is None:
        return lambda _status, _at_ms, _position: None
    gauge = shape.gauge(MOST_MARGIN_M)

    def measure(_status: DeviceStatus, _at_ms: int, position: Point | None) -> Value:
        return None if position is None else gauge(*position)

    return measure
