"""When recorded snapshots are from, by the judge of time that the fleet has.

Nearly all have a date near their receipt, which is told of all at once. Of a stretch with others
each one is placed as it was when it came.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from msgspec import UNSET

from tftmonitor.history.past.raw_rows import Floats, Ints, RawRows
from tftmonitor.history.past.wanted import SERVER_TIMES, TIMES
from tftmonitor.model.fields.plausibility import LEFT_OUT
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.clock_offset import AHEAD_MS, NEAR_MS, PROVEN_CLOCK
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.series import SampleRing
from tftmonitor.model.fleet.times import HELD, LIVE, place_snapshot

Mask = npt.NDArray[np.bool_]
_NAMES: Final = (*TIMES, *SERVER_TIMES)


@dataclass(slots=True)
class Placed:
    """Of n snapshots ``data_ms``, the time that each is from, in ms since 1970 UTC.

    ``is_kept`` where it has a sample at all, ``is_live`` where it was the newest when it came,
    ``is_dated`` where its own date said so, ``by_receipt`` where that was the time of receipt.
    """

    data_ms: Ints
    is_kept: Mask
    is_live: Mask
    is_dated: Mask
    by_receipt: Mask


def are_near(date: Floats, received_ms: Ints) -> bool:
    """True when all dates are as near to their receipt as those of a right clock."""
    behind = received_ms - date
    return bool(np.all((behind >= -AHEAD_MS) & (behind < NEAR_MS)))


class Placing:
    """Give it the snapshots of one device in the order of their receipt."""

    def __init__(self) -> None:
        # It has what the judge of time looks at, and nothing else.
        self._device = Device(-1, "", SampleRing(0, 1))

    def place(self, rows: RawRows, interval_ms: int) -> Placed:
        """When these are from; ``interval_ms`` is the device's usual one before them."""
        self._device.interval_ms = interval_ms
        return self._place_near(rows) if self.is_plain(rows) else self._place_each(rows)

    def is_plain(self, rows: RawRows) -> bool:
        """True when they can be placed all at once."""
        clock = self._device.clock
        is_right = clock is None or not clock.offset_ms
        return is_right and are_near(rows.numbers["date"], rows.received_ms)

    def _place_near(self, rows: RawRows) -> Placed:
        date = rows.numbers["date"].astype(np.int64)
        data_ms = np.minimum(date, rows.received_ms)
        device, newest_ms = self._device, np.maximum.accumulate(data_ms)
        before_ms = device.device_ms
        if before_ms is not None:
            newest_ms = np.maximum(newest_ms, before_ms)
        first_ms = data_ms[0] if before_ms is None else before_ms
        is_live = date >= np.append(first_ms, newest_ms[:-1])
        device.clock, device.undated_run = PROVEN_CLOCK, 0
        device.device_ms = device.data_ms = int(newest_ms[-1])
        device.received_ms = device.live_received_ms = int(rows.received_ms[-1])
        device.status = _times_of(rows, len(rows) - 1)
        every = np.ones(len(rows), np.bool_)
        return Placed(data_ms, every, is_live, every, date > rows.received_ms)

    def _place_each(self, rows: RawRows) -> Placed:
        count, device = len(rows), self._device
        data_ms = np.zeros(count, np.int64)
        kept, live, dated, by_receipt = (np.zeros(count, np.bool_) for _ in range(4))
        for place, received_ms in enumerate(rows.received_ms.tolist()):
            status = _times_of(rows, place)
            placement, device_ms, time_ms, doubtful = place_snapshot(device, status, received_ms)
            device.received_ms = received_ms
            data_ms[place], kept[place] = time_ms, placement is not HELD
            dated[place], by_receipt[place] = device_ms is not None, time_ms == received_ms
            if placement is LIVE:
                live[place] = True
                device.is_doubtful, device.live_received_ms = doubtful, received_ms
                device.status, device.data_ms = _merged(status, device.status), time_ms
                if device_ms is not None:
                    device.device_ms = time_ms
        return Placed(data_ms, kept, live, dated, by_receipt)


def _times_of(rows: RawRows, place: int) -> DeviceStatus:
    """A status that has nothing but the times of a snapshot."""
    return DeviceStatus(**{name: _time(rows.numbers[name][place]) for name in _NAMES})


def _merged(status: DeviceStatus, before: DeviceStatus | None) -> DeviceStatus:
    for name in _NAMES if before is not None else ():
        if getattr(status, name) is UNSET:
            setattr(status, name, getattr(before, name))
    return status


def _time(number: float) -> Any:
    return UNSET if number == LEFT_OUT else int(number) if number == number else None
