"""How old each value of a device is: as old as the last frame that carried it, or as the fix.

A frame that leaves a field out costs nothing here: only when a device begins to leave out other
fields than before is it noted when they were last there (``Device.inherited``).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import UNSET

from tftmonitor.base.clock import MINUTE_MS, is_plausible
from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fields.formatting import format_old
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.activity import (
    MOVING_KMH,
    Activity,
    is_asleep,
)
from tftmonitor.model.fleet.cadence import Pace
from tftmonitor.model.fleet.device import NOTHING_INHERITED, Device
from tftmonitor.model.fleet.motion import MotionCandidates, MotionState
from tftmonitor.model.fleet.times import in_doubt_ms

FIX_FIELDS = frozenset({"speed", "azimuth", "lat", "lng", "altitude", "address"})
"""What the receiver measures, or what is looked up from that: as old as the fix."""

LEAST_LIMIT_MS = MINUTE_MS
"""So far two clocks may differ, that of the report and that of the fix."""

_GNSS = STATUS_FIELDS.by_name["latlng_valid"]
_DRIVING = Pace.DRIVING.value


class ValueAge(NamedTuple):
    """``since_ms`` is the time that a value is from, ms since 1970, None when nobody knows.

    ``is_old`` when it must not look live, ``is_own`` when it is older than the newest report.
    """

    since_ms: int | None
    is_old: bool
    is_own: bool

    def own_text(self, now_ms: int) -> str:
        """Like "4 h old" for what is older than its limit and than its report, else empty."""
        if not (self.is_old and self.is_own):
            return ""
        return "last known" if self.since_ms is None else format_old(now_ms - self.since_ms)


def inherited_since(device: Device, names: Sequence[str]) -> Mapping[str, int]:
    """When those of the fields were last carried that the status has; to be asked before the merge.

    What the frame before carried is as old as that frame.
    """
    old, before, last_ms = device.status, device.inherited, device.data_ms
    if old is None or last_ms is None:
        return NOTHING_INHERITED
    found = {name: before.get(name, last_ms) for name in names if getattr(old, name) is not UNSET}
    return found or NOTHING_INHERITED


def value_age(device: Device, name: str, now_ms: int) -> ValueAge:
    """The age of what the status has in this field."""
    data_ms, status = device.data_ms, device.status
    if data_ms is None or status is None:
        return ValueAge(None, is_old=False, is_own=False)
    since_ms: int | None = device.inherited.get(name, data_ms)
    if name in FIX_FIELDS:
        since_ms, is_lost = _measured_ms(device, status, data_ms, name)
        if is_lost:
            return ValueAge(since_ms, is_old=True, is_own=True)
    assert since_ms is not None
    is_own, usual_ms = data_ms - since_ms > LEAST_LIMIT_MS, device.interval_ms
    if is_own:
        # What grew old while it drove is no younger for being parked.
        usual_ms = min(usual_ms, device.cadence.interval_at(since_ms, usual_ms))
    age_ms = now_ms - since_ms - in_doubt_ms(device)
    return ValueAge(since_ms, age_ms > limit_ms(usual_ms), is_own)


def limit_ms(interval_ms: int) -> int:
    """Beyond this age a value is old, by the usual reporting interval of its device."""
    return max(LEAST_LIMIT_MS, OVERDUE_FACTOR * interval_ms)


def fix_time_ms(status: DeviceStatus, data_ms: int) -> int | None:
    """The time of the fix, None where the frame has none that can be true.

    ``data_ms`` is the time that the frame counts as being from.
    """
    fix_ms, date_ms = status.location_date, status.date
    if not isinstance(fix_ms, int) or not is_plausible(fix_ms, data_ms):
        return None
    if isinstance(date_ms, int) and is_plausible(date_ms, data_ms):
        # Where both are of one wrong clock, what is between them is right.
        by_report_ms = data_ms - max(0, date_ms - fix_ms)
        return by_report_ms if fix_ms > data_ms else max(fix_ms, by_report_ms)
    return fix_ms


def is_receiving(status: DeviceStatus) -> bool:
    """True unless the receiver is off, or says that it has no fix."""
    return _GNSS.read(status, 0) is not False and not is_asleep(status)


def fix_lost_ms(device: Device, found: MotionCandidates, last_ms: int | None) -> int | None:
    """``Device.fix_lost_ms`` under a new status, before the device's motion is that of it.

    ``last_ms`` is the time of the frame before.
    """
    if found.is_receiving:
        return None
    activity, _ignition, pace = device.motion
    was_receiving = activity > Activity.NO_FIX and pace != Pace.SLEEPING
    return last_ms if was_receiving else device.fix_lost_ms


def doubted(
    motion: MotionState,
    found: MotionCandidates,
    device: Device,
    status: DeviceStatus,
    data_ms: int,
) -> MotionState:
    """The motion, unless a frame tells nothing of the speed of now; ``status`` is its own.

    To be asked after the merge, of frames whose speed is that of a moving unit.
    """
    oldest_ms = data_ms - limit_ms(device.cadence.usual_ms(_DRIVING))
    carried_ms = device.inherited.get("speed", data_ms)
    fix_ms = fix_time_ms(status, data_ms)
    is_old = carried_ms < oldest_ms or (fix_ms is not None and fix_ms < oldest_ms)
    return found.doubtful if is_old else motion


def is_fix_old(device: Device, status: DeviceStatus, data_ms: int) -> bool:
    """True when the fix of a frame is too old for what it measured to belong to its time."""
    fix_ms = fix_time_ms(status, data_ms)
    if fix_ms is None:
        return False
    speed = status.speed
    is_moving = isinstance(speed, float) and speed >= MOVING_KMH
    cadence = device.cadence
    # A stored frame is judged by what was usual then.
    at_rest_ms = cadence.interval_at(data_ms, device.interval_ms)
    usual_ms = cadence.usual_ms(_DRIVING) if is_moving else at_rest_ms
    return data_ms - fix_ms > limit_ms(usual_ms)


def _measured_ms(
    device: Device, status: DeviceStatus, data_ms: int, name: str
) -> tuple[int | None, bool]:
    """When the receiver measured this, and whether it measures no more."""
    inherited = device.inherited
    carried_ms = inherited.get(name, data_ms)
    times = [carried_ms]
    # The fix time of an earlier frame says nothing of what came later.
    if inherited.get("location_date", data_ms) >= carried_ms:
        fix_ms = fix_time_ms(status, data_ms)
        times += [] if fix_ms is None else [fix_ms]
    if is_receiving(status):
        return min(times), False
    # That a unit without a fix puts the time of now to its last place does not make it one of now.
    times = [time_ms for time_ms in times if data_ms - time_ms > LEAST_LIMIT_MS]
    if device.fix_lost_ms is not None:
        times.append(device.fix_lost_ms)
    return min(times, default=None), True
