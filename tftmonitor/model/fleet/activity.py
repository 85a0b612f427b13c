"""What a device is doing, and how stale that is: the state as the list shows it."""

import enum
from typing import Any

import numpy as np
import numpy.typing as npt

from tftmonitor.base.clock import DAY_MS
from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fields.formatting import format_age, format_countdown
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus

# GNSS noise of a parked unit reaches 2 km/h.
MOVING_KMH = 3.0
# The only bit of the I/O word that means the same in every family.
_IGNITION_BIT = 0x4000

SILENT_FACTOR = 20
SILENT_AFTER_MS = DAY_MS

_SPEED = STATUS_FIELDS.by_name["speed"]
_ACC = STATUS_FIELDS.by_name["acc"]
_IOP = STATUS_FIELDS.by_name["iop"]
_GNSS = STATUS_FIELDS.by_name["latlng_valid"]
_GNSS_ON = STATUS_FIELDS.by_name["gps"]
_LATITUDE = STATUS_FIELDS.by_name["lat"]


class Activity(enum.IntEnum):
    """What the newest status says; the order is the order of sorting."""

    NO_DATA = 0
    NO_FIX = 1
    PARKED = 2
    IDLING = 3
    MOVING = 4


class Staleness(enum.IntEnum):
    """How old the newest status is against the device's usual interval."""

    FRESH = 0
    DUE = 1
    OVERDUE = 2
    SILENT = 3


ACTIVITY_TEXTS = {
    Activity.NO_DATA: "No data yet",
    Activity.NO_FIX: "No fix",
    Activity.PARKED: "Parked",
    Activity.IDLING: "Idling",
    Activity.MOVING: "Moving",
}


def ignition(status: DeviceStatus | None) -> bool | None:
    """Ignition by ``acc``, else by the bit that every family shares, else unknown."""
    if status is None:
        return None
    acc = _ACC.read(status, 0)
    if acc is not None:
        return bool(acc)
    word = _IOP.read(status, 0)
    return None if word is None else bool(int(word) & _IGNITION_BIT)


def has_fix(status: DeviceStatus | None) -> bool:
    """True when the position is from GNSS now, and one at all."""
    if status is None:
        return False
    return _GNSS.read(status, 0) is not False and _LATITUDE.read(status, 0) is not None


def is_asleep(status: DeviceStatus) -> bool:
    """True when the GNSS module sleeps, as that of a unit which reports once in hours."""
    return _GNSS_ON.read(status, 0) is False


def activity_of(status: DeviceStatus | None) -> Activity:
    """What the status says the device does, staleness and the age of its speed apart."""
    if status is None:
        return Activity.NO_DATA
    if not has_fix(status):
        return Activity.NO_FIX
    speed = _SPEED.read(status, 0)
    if speed is not None and float(speed) >= MOVING_KMH:
        # A receiver that is off measures no speed: that one is of some time before.
        return Activity.NO_FIX if is_asleep(status) else Activity.MOVING
    return Activity.IDLING if ignition(status) else Activity.PARKED


def staleness_of(ages_ms: npt.NDArray[Any], intervals_ms: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Staleness codes, shape (n,), for ages and usual intervals of shape (n,)."""
    codes = np.zeros(len(ages_ms), np.int8)
    codes[ages_ms > intervals_ms] = Staleness.DUE
    codes[ages_ms > OVERDUE_FACTOR * intervals_ms] = Staleness.OVERDUE
    silent = np.minimum(SILENT_FACTOR * intervals_ms, SILENT_AFTER_MS)
    codes[ages_ms > np.maximum(silent, OVERDUE_FACTOR * intervals_ms)] = Staleness.SILENT
    return codes


def silence_before(
    data_ms: int, received_ms: int, last_ms: int, heard_ms: int, interval_ms: int
) -> tuple[int, int] | None:
    """The stretch (from, to) in ms before a report in which its device was overdue, if it was.

    ``last_ms`` is the time of the report before and ``heard_ms`` when that came in;
    ``interval_ms`` is the usual interval that was in force since. Of a stored report, nobody
    could have known before it came in, whatever its time.
    """
    limit_ms = OVERDUE_FACTOR * interval_ms
    if received_ms - data_ms <= limit_ms:
        return (last_ms + interval_ms, data_ms) if data_ms - last_ms > limit_ms else None
    silent_ms = max(last_ms, heard_ms)
    return (silent_ms + interval_ms, received_ms) if received_ms - silent_ms > limit_ms else None


def silent_since(data_ms: int, interval_ms: int, now_ms: int) -> int | None:
    """Since when a device has been due that is overdue by now; None while it is not."""
    return data_ms + interval_ms if now_ms - data_ms > OVERDUE_FACTOR * interval_ms else None


def state_text(activity: int, staleness: int, age_ms: float, interval_ms: float) -> str:
    """The state for the list: activity while fresh, else how long it is overdue or silent."""
    if activity == Activity.NO_DATA:
        return ACTIVITY_TEXTS[Activity.NO_DATA]
    if staleness == Staleness.SILENT:
        return f"silent {format_age(age_ms)}"
    if staleness == Staleness.OVERDUE:
        return f"overdue {format_age(age_ms - interval_ms)}"
    return ACTIVITY_TEXTS[Activity(activity)]


def due_text(staleness: int, age_ms: float, interval_ms: float) -> str:
    """When the next report is expected: "due in 1:40", "due since 0:12", or overdue."""
    left_ms = interval_ms - age_ms
    if left_ms >= 0:
        return f"due in {format_countdown(left_ms)}"
    word = "due" if staleness <= Staleness.DUE else "overdue"
    return f"{word} since {format_countdown(-left_ms)}"
