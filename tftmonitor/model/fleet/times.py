"""When a snapshot is from, and whether it may replace the live values: decided here alone."""

import enum
from typing import NamedTuple

import numpy as np

from tftmonitor.base.clock import SECOND_MS, is_believable, is_plausible
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.cadence import DRIVING_MS
from tftmonitor.model.fleet.clock_offset import (
    AHEAD_MS,
    NEAR_MS,
    PROVEN_CLOCK,
    DeviceClock,
    Verdict,
)
from tftmonitor.model.fleet.device import Device

# A unit with a set clock sends a dated frame at least once in its usual interval. So whoever has
# sent this many without a date, over such a time and with no dated one between, has lost its clock.
_FRAMES_OF_A_LOST_CLOCK = 3
# No upload of stored frames takes as long, also where the usual interval is that of a parked unit.
_LONGEST_DOUBT_MS = DRIVING_MS
# An upload of stored frames comes faster than this.
_UPLOAD_GAP_MS = 200


class Placement(enum.Enum):
    """What becomes of a snapshot."""

    LIVE = "live"  # replaces the live values
    LATE = "late"  # older than they are: it joins the series
    HELD = "held"  # without a time, while live values have one: it may be stored history


# As names of the module, because every snapshot asks for one.
LIVE, LATE, HELD = Placement


# Plain, because every snapshot makes one.
Placed = tuple[Placement, int | None, int, bool]
"""What is made of a snapshot's times, ms since 1970 UTC.

Its placement; the believed time by the device's clock, which decides about order, None when there
is none; the time that the values count as being from; and True when its date is doubtful, because
it is not set or nothing tells whether it is that of the values or of a wrong clock.
"""


def place_snapshot(device: Device, status: DeviceStatus, received_ms: int) -> Placed:
    """What the snapshot's date, the server's times in it and its receipt make of it.

    ``status`` is the snapshot's own, not merged with earlier ones.
    """
    date_ms = status.date
    if isinstance(date_ms, int):
        behind_ms = received_ms - date_ms
        if -AHEAD_MS <= behind_ms < NEAR_MS:
            # A clock ahead of ours must not make its data look younger.
            data_ms = date_ms if behind_ms >= 0 else received_ms
            if device.clock is not PROVEN_CLOCK and _prove(device):
                # It is of now, yet in no order with what was corrected.
                return LIVE, None, data_ms, False
            if device.device_ms is not None and date_ms < device.device_ms:
                return LATE, date_ms, data_ms, False
            device.undated_run = 0
            return LIVE, data_ms, data_ms, False
        if is_believable(date_ms, received_ms):
            return _place_distant(device, status, date_ms, received_ms)
        if device.clock is None or device.clock.verdict is not Verdict.NOT_SET:
            device.clock = DeviceClock(Verdict.NOT_SET, is_proven=_is_proven(device))
    return _place_undated(device, status, received_ms, is_doubtful=isinstance(date_ms, int))


def _prove(device: Device) -> bool:
    """A date near its receipt: the clock is right now; True when it was found wrong before."""
    was_wrong = device.clock is not None and device.clock.offset_ms != 0
    if was_wrong:
        _forget_order(device)
        device.undated_run = 0
    device.clock = PROVEN_CLOCK
    return was_wrong


def _forget_order(device: Device) -> None:
    """The clock jumped: times before and after are neither in order nor an interval apart."""
    device.device_ms = device.data_ms = None


def _own_clock(device: Device, received_ms: int) -> DeviceClock:
    """The device's clock, to be written to."""
    if device.clock is None or device.clock is PROVEN_CLOCK:
        # Live frames between stored ones, or a restart of these, do not end an upload.
        goes_on = received_ms - device.stored_received_ms < NEAR_MS
        device.clock = DeviceClock(is_proven=_is_proven(device), is_upload=goes_on)
    return device.clock


def _is_proven(device: Device) -> bool:
    return device.clock is not None and device.clock.is_proven


def _place_distant(device: Device, status: DeviceStatus, date_ms: int, received_ms: int) -> Placed:
    """A date far from its receipt, though possible: stored, or of a wrong clock."""
    clock = _own_clock(device, received_ms)
    server_ms = server_time(status, received_ms)
    if server_ms is not None and received_ms - server_ms >= NEAR_MS > abs(server_ms - date_ms):
        # The server got it then: it was under way, or is the last that the server has.
        if not clock.offset_ms:
            clock.verdict = Verdict.RIGHT
        return _in_order(device, date_ms)
    if clock.learn(date_ms, received_ms, _arrived_ms(status, received_ms)):
        _forget_order(device)
    if clock.is_upload:
        device.is_doubtful = False  # what came first was stored as well
        device.stored_received_ms = received_ms
    believed_ms, verdict = clock.judge(date_ms, received_ms)
    if believed_ms is None and _is_of_a_silence(device, clock, date_ms, received_ms):
        believed_ms, verdict = date_ms, Verdict.RIGHT
    if clock.verdict is not Verdict.CORRECTED:
        clock.verdict = verdict
    if believed_ms is not None:
        return _in_order(device, believed_ms)
    if date_ms > received_ms or clock.offset_ms:
        # Of a time that has yet to come nothing is stored.
        device.undated_run = 0
        data_ms = received_ms if server_ms is None else min(server_ms, received_ms)
        return LIVE, None, data_ms, True
    # Where nothing tells, values are rather too old than too young.
    return _in_order(device, date_ms, is_doubtful=True)


def _is_of_a_silence(device: Device, clock: DeviceClock, date_ms: int, received_ms: int) -> bool:
    """True when a right clock's record falls into the time since its last one: it was stored."""
    newest_ms = device.device_ms
    is_right = clock.is_proven and not clock.offset_ms
    return is_right and newest_ms is not None and newest_ms < date_ms <= received_ms


def _in_order(device: Device, device_ms: int, *, is_doubtful: bool = False) -> Placed:
    if device.device_ms is not None and device_ms < device.device_ms:
        return LATE, device_ms, device_ms, is_doubtful
    device.undated_run = 0
    return LIVE, device_ms, device_ms, is_doubtful


def _place_undated(
    device: Device, status: DeviceStatus, received_ms: int, *, is_doubtful: bool
) -> Placed:
    if not device.undated_run:
        device.undated_since_ms = received_ms
    device.undated_run += 1
    placement = LIVE if _is_of_now(device, status, received_ms) else HELD
    return placement, None, received_ms, is_doubtful


def _is_of_now(device: Device, status: DeviceStatus, received_ms: int) -> bool:
    """True when a frame without a time cannot be, or is not likely to be, stored history."""
    newest_ms = device.device_ms
    if newest_ms is None:
        return True  # nothing better is known of the device
    fix_ms = status.location_date
    if isinstance(fix_ms, int) and is_plausible(fix_ms, received_ms) and fix_ms >= newest_ms:
        return True  # history knows no fix that is newer than it
    server_ms = server_time(status, received_ms)
    if server_ms is not None and received_ms - server_ms < NEAR_MS:
        # The server got it just now; stored ones it would get one upon the other. What stalled on
        # the way to us comes like that, too, but the server's own times are apart.
        assert device.status is not None  # it has a time
        last_ms = server_time(device.status, received_ms) or 0
        before_ms = max(last_ms, device.undated_server_ms)
        device.undated_server_ms = server_ms
        apart_ms = server_ms - before_ms if before_ms else 0
        return max(apart_ms, received_ms - device.received_ms) >= _UPLOAD_GAP_MS
    doubt_ms = min(device.interval_ms, _LONGEST_DOUBT_MS)
    return (
        device.undated_run >= _FRAMES_OF_A_LOST_CLOCK
        and received_ms - device.undated_since_ms >= doubt_ms
    )


def in_doubt_ms(device: Device) -> int:
    """By how much the live values may be younger than their date.

    0 unless the server had them just now and nothing tells whether they were stored before.
    """
    status, heard_ms, data_ms = device.status, device.live_received_ms, device.data_ms
    if not device.is_doubtful or status is None or heard_ms is None or data_ms is None:
        return 0
    server_ms = server_time(status, heard_ms)
    is_of_now = server_ms is not None and heard_ms - server_ms < NEAR_MS
    return heard_ms - data_ms if is_of_now else 0


def _arrived_ms(status: DeviceStatus, received_ms: int) -> int | None:
    """When the server had this packet, None unless it says that this was just now."""
    polled_ms = status.polling
    if isinstance(polled_ms, int) and abs(received_ms - polled_ms) < NEAR_MS:
        return polled_ms
    return None


def server_time(status: DeviceStatus, received_ms: int) -> int | None:
    """When the server had the device's last packet, as far as the snapshot says so itself.

    That the device signed in long ago does not say when it sent its last one.
    """
    found = [
        time_ms
        for time_ms in (status.polling, status.heartbeat_time)
        if isinstance(time_ms, int) and is_plausible(time_ms, received_ms)
    ]
    signed_in_ms = status.last_reg_date
    if isinstance(signed_in_ms, int) and abs(received_ms - signed_in_ms) < NEAR_MS:
        found.append(signed_in_ms)
    return max(found, default=None)


class AskedPlace(NamedTuple):
    """``data_ms`` is the time of its values; ``is_dated`` by the device, else by the server.

    ``is_live`` when it replaces what is shown, else it is older than that.
    """

    data_ms: int
    is_dated: bool
    is_live: bool


def place_asked(device: Device, status: DeviceStatus, asked_ms: int) -> AskedPlace | None:
    """Where a last report belongs that the server was asked for.

    None for one that is known already, or has no time. It came when we asked and not when the
    device reported, so that it says nothing of the device's clock or of whether it is heard.
    """
    known, date_ms = device.status, status.date
    if isinstance(date_ms, int) and is_believable(date_ms, asked_ms):
        if known is not None and known.date == date_ms:
            return None
        offset_ms = device.clock.offset_ms if device.clock is not None else 0
        data_ms = min(date_ms - offset_ms, asked_ms)
        if device.data_ms is None or data_ms > device.data_ms:
            return AskedPlace(data_ms, is_dated=True, is_live=True)
        return None if _has_sample(device, data_ms) else AskedPlace(data_ms, True, False)
    server_ms = server_time(status, asked_ms)
    if server_ms is None or (device.data_ms is not None and server_ms <= device.data_ms):
        return None
    # After values that have a time, one without may be anything.
    return None if device.device_ms is not None else AskedPlace(server_ms, False, True)


def place_restored(device: Device, status: DeviceStatus, received_ms: int) -> tuple[int, bool]:
    """When a status of a former run is from, and whether by the device's own date."""
    date_ms = status.date
    if isinstance(date_ms, int) and is_believable(date_ms, received_ms):
        offset_ms = device.clock.offset_ms if device.clock is not None else 0
        return min(date_ms - offset_ms, received_ms), True
    return server_time(status, received_ms) or received_ms, False


def _has_sample(device: Device, data_ms: int) -> bool:
    times = device.series.samples().times
    return bool(np.any(times == data_ms / SECOND_MS))
