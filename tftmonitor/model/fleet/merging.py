"""Each frame over the live status: what it leaves out is unchanged.

Most frames of a device leave out what its last one did, so that is remembered per device, and
the eighty fields are looked through one by one only when it changes.
"""

from copy import copy
from operator import itemgetter
from typing import Any

import msgspec
from msgspec import UNSET

from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.device import Device, Shape

_astuple = msgspec.structs.astuple
# The server decides what frames leave out, so what is remembered of it is bounded.
_SHAPES_KEPT = 10_000


class Merger:
    """Makes live statuses; the shapes of frames are shared by all devices."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[str, ...], Shape] = {}

    def merge(self, device: Device, new: DeviceStatus) -> DeviceStatus:
        """``new`` with what it does not carry taken from the device's status."""
        values = _astuple(new)
        shape = device.shape
        if (
            shape is None
            or values.count(UNSET) != shape.number
            or shape.absent(values) != shape.unset
        ):
            shape = device.shape = self._shape_of(new, values)
            old = device.status
            device.inherited = tuple(
                name for name in shape.names if old is not None and getattr(old, name) is not UNSET
            )
        if not device.inherited:
            return new
        merged, old = copy(new), device.status
        for name in device.inherited:
            setattr(merged, name, getattr(old, name))
        return merged

    def _shape_of(self, status: DeviceStatus, values: tuple[Any, ...]) -> Shape:
        names = tuple(
            name
            for name, value in zip(status.__struct_fields__, values, strict=True)
            if value is UNSET
        )
        shape = self._shapes.get(names)
        if shape is None:
            if len(self._shapes) >= _SHAPES_KEPT:
                self._shapes.clear()
            places = [status.__struct_fields__.index(name) for name in names]
            shape = self._shapes[names] = _shape(names, places)
        return shape


def _shape(names: tuple[str, ...], places: list[int]) -> Shape:
    if not places:
        return Shape(names, 0, itemgetter(slice(0)), ())
    # Of one place alone an itemgetter makes no tuple.
    absent = itemgetter(*places, places[0])
    return Shape(names, len(places), absent, (UNSET,) * (len(places) + 1))
