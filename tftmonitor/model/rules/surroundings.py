"""What rules know beside the values of a device: the places of the user, and the time zone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Final

import msgspec
from typing_extensions import override

from tftmonitor.model.fields.field import Value
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.field_ages import is_receiving
from tftmonitor.model.places.shapes import Point, Shape
from tftmonitor.model.places.store import Places

Measure = Callable[[DeviceStatus, int, Point | None], Value]
"""Makes a value of a status, its time in ms and a position; None for what is not known."""

NEAR_NULL: Final = 1e-4
"""Degrees: what is nearer to 0, 0 stands for no fix."""

_read_latitude = STATUS_FIELDS.by_name["lat"].read
_read_longitude = STATUS_FIELDS.by_name["lng"].read


class PlaceRef(msgspec.Struct, frozen=True, eq=False):
    """Which place a rule is about. Only ``key`` counts, "" for none.

    ``name`` is what it is called now, or was last; ``is_gone`` when there is no such place.
    """

    key: str = ""
    name: str = ""
    is_gone: bool = False

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, PlaceRef) and other.key == self.key

    @override
    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def problem(self) -> str:
        """Why a rule cannot be about it, as a text; empty when it can."""
        if not self.key:
            return "Choose a place."
        return f"The place “{self.name}” no longer exists." if self.is_gone else ""

    def as_now(self, places: Places) -> "PlaceRef":
        """With the name that it has now; one that is gone keeps its last one."""
        place = places.find(self.key)
        if place is None:
            return PlaceRef(self.key, self.name, is_gone=bool(self.key))
        return PlaceRef(self.key, place.name)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``zone`` says by which clock hours of the day are meant."""

    places: Places = field(default_factory=Places)
    zone: Callable[[], tzinfo] = lambda: UTC

    def shape(self, ref: PlaceRef) -> Shape | None:
        """The shape of a place, None when there is no such place."""
        place = self.places.find(ref.key)
        return place.shape if place is not None else None


NOWHERE = Surroundings()
"""For rules that are about no place."""


def position_of(status: DeviceStatus | None) -> Point | None:
    """Where a fix of the receiver says that the device is, None where there is none."""
    if status is None or not is_receiving(status):
        return None
    latitude, longitude = _read_latitude(status, 0), _read_longitude(status, 0)
    if latitude is None or longitude is None:
        return None
    north, east = float(latitude), float(longitude)
    if abs(north) < NEAR_NULL and abs(east) < NEAR_NULL:
        return None
    return north, east
