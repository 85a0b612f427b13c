"""Places in which a rule sleeps, such as depots: who is in one of them raises nothing."""

from collections.abc import Iterable
from typing import Final

from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.places.shapes import Point, Shape
from tftmonitor.model.rules.surroundings import position_of

EDGE_M: Final = 50.0
"""So far outside of the edge a device must be before it is outside."""


class Sleep:
    """Who is in the places by the last fix, however old: a depot may have a roof.

    ``shapes`` are at least one.
    """

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self.shapes = tuple(shapes)
        self._gauges = [shape.gauge(EDGE_M) for shape in self.shapes]
        self._inside: set[str] = set()
        self._seen: set[str] = set()

    def note(self, key: str, position: Point) -> None:
        """A device has a fix."""
        self._seen.add(key)
        depth_m = max([gauge(*position) for gauge in self._gauges])
        if depth_m >= 0.0:
            self._inside.add(key)
        elif depth_m < -EDGE_M:
            self._inside.discard(key)

    def holds(self, key: str, status: DeviceStatus | None) -> bool:
        """True while this device is in one of them, by its status where no fix was noted yet."""
        if key not in self._seen and (position := position_of(status)) is not None:
            self.note(key, position)
        return key in self._inside

    def rename(self, former: str, key: str) -> None:
        """Two devices turned out to be one."""
        if former in self._inside:
            self._inside.remove(former)
            self._inside.add(key)
