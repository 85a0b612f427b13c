"""A budget for what is kept of large frames: those that came longest ago give theirs up first.

A frame of usual size is too small to be counted, and the number of devices is bounded elsewhere.
One of the largest kind that is kept takes megabytes once it is decoded, and any device may send it.
"""

from collections import OrderedDict
from typing import Final

import msgspec
from msgspec import UNSET

from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.changes import Changes
from tftmonitor.model.fleet.device import SNAPSHOT, Device

USUAL_SIZE: Final = 2_048
"""Bytes of the longest frame that is not counted."""

MOST_BYTES: Final = 64 * 1_048_576
"""Of frames; decoded they take up to three times as much."""

LOOSE_FACTOR: Final = 16
"""Records in no known form stay objects, which take this many times their JSON."""

_GIVEN_UP: Final = msgspec.json.encode(
    {"note": "Not kept: too many devices sent large frames since. The next one shows again."}
)
_LONGEST_TEXT: Final = 256
_SMALL: Final = frozenset({int, float, bool, type(None), type(UNSET)})
_NAMES: Final = tuple(DeviceStatus.__struct_fields__)


class LargeFrames:
    """Which devices hold large frames, the one that came longest ago first.

    ``most_bytes`` is the sum of their sizes that may be kept, ``given_up`` counts those that were
    not. Alarms and plain numbers are never among what is given up.
    """

    def __init__(self, changes: Changes, most_bytes: int = MOST_BYTES) -> None:
        self.given_up = 0
        self._changes = changes
        self._most_bytes = most_bytes
        self._sizes: OrderedDict[tuple[Device, str], int] = OrderedDict()
        self._bytes = 0

    def note(self, device: Device, kind: str, size: int) -> None:
        """The device holds a frame of this kind now that had ``size`` bytes."""
        place = (device, kind)
        self._bytes -= self._sizes.pop(place, 0)
        if size > self._most_bytes / 4:
            # One alone must not cost all others theirs.
            self._give_up(device, kind)
            return
        self._bytes += size
        self._sizes[place] = size
        while self._bytes > self._most_bytes:
            (oldest, gone), bytes_of_it = self._sizes.popitem(last=False)
            self._bytes -= bytes_of_it
            self._give_up(oldest, gone)

    def _give_up(self, device: Device, kind: str) -> None:
        self.given_up += 1
        if kind == SNAPSHOT:
            # The newest one may be of usual size again, over long texts of the one before.
            if device.frame is not None and len(device.frame) > USUAL_SIZE:
                device.frame = _GIVEN_UP
            _shorten(device.status)
        else:
            device.records = {k: event for k, event in device.records.items() if k != kind}
            device.record_frames = {**device.record_frames, kind: _GIVEN_UP}
        self._changes.touch(device.row)


def _shorten(status: DeviceStatus | None) -> None:
    """Take out what is no plain number, flag or short text; it is unknown from now on."""
    if status is None:
        return
    for name in _NAMES:
        value = getattr(status, name)
        if type(value) in _SMALL or (isinstance(value, str) and len(value) <= _LONGEST_TEXT):
            continue
        setattr(status, name, UNSET)
