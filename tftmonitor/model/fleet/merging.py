"""Each frame over the live status: what it leaves out is unchanged.

Most frames of a device leave out what its last one did, so that is remembered a device, and the
eighty fields are looked through one by one only when it changes.
"""

from copy import copy
from operator import itemgetter
from typing import Any

import msgspec
from msgspec import UNSET

from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.device import AbsentFields, Device
from tftmonitor.model.fleet.field_ages import inherited_since

_astuple = msgspec.structs.astuple
# The server decides what frames leave out, so what is remembered of it is bounded.
_SETS_KEPT = 10_000


class StatusMerger:
    """Makes live statuses; what frames leave out is shared by all devices."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], AbsentFields] = {}

    def merge(self, device: Device, new: DeviceStatus) -> DeviceStatus:
        """``new`` with what it does not carry taken from the device's status."""
        values = _astuple(new)
        absent = device.absent
        # Neither question is enough: the count alone could be of other fields, and those that
        # were left out last time could be joined by more. Both cost less than half of looking.
        if (
            absent is None
            or values.count(UNSET) != absent.number
            or absent.pick(values) != absent.unset
        ):
            absent = device.absent = self._absent_in(new, values)
            # What neither this frame nor one before has carried needs no copying.
            device.inherited = inherited_since(device, absent.names)
        if not device.inherited:
            return new
        # The frame's own status stays as it came: alarms look at what it carried itself.
        merged, old = copy(new), device.status
        for name in device.inherited:
            setattr(merged, name, getattr(old, name))
        return merged

    def _absent_in(self, status: DeviceStatus, values: tuple[Any, ...]) -> AbsentFields:
        names = tuple(
            name
            for name, value in zip(status.__struct_fields__, values, strict=True)
            if value is UNSET
        )
        absent = self._known.get(names)
        if absent is None:
            if len(self._known) >= _SETS_KEPT:
                self._known.clear()
            places = [status.__struct_fields__.index(name) for name in names]
            absent = self._known[names] = _compile(names, places)
        return absent


def _compile(names: tuple[str, ...], places: list[int]) -> AbsentFields:
    if not places:
        return AbsentFields(names, 0, itemgetter(slice(0)), ())
    # Of one place alone an itemgetter makes no tuple, so the first is asked for twice.
    pick = itemgetter(*places, places[0])
    return AbsentFields(names, len(places), pick, (UNSET,) * (len(places) + 1))
