"""When a snapshot is from, and whether it may replace the live values: decided here alone."""

import enum

from tftmonitor.base.clock import is_plausible
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.cadence import DRIVING_MS
from tftmonitor.model.fleet.device import Device

# A unit with a set clock sends a dated frame at least once in its usual interval. So whoever has
# sent this many without a date, over such a time and with no dated one between, has lost its clock.
_FRAMES_OF_A_LOST_CLOCK = 3
# No upload of stored frames takes as long, also where the usual interval is that of a parked unit.
_LONGEST_DOUBT_MS = DRIVING_MS


class Placement(enum.Enum):
    """What becomes of a snapshot."""

    LIVE = "live"  # replaces the live values
    LATE = "late"  # older than they are: it joins the series
    HELD = "held"  # without a time, while live values have one: it may be stored history


# As names of the module, because every snapshot asks for one.
LIVE, LATE, HELD = Placement


def place_snapshot(
    device: Device, status: DeviceStatus, received_ms: int
) -> tuple[Placement, int | None, int]:
    """Placement, time by the device's clock, and the time that the values count as being from.

    ``status`` is the snapshot's own, not merged with earlier ones. The device's time is None when
    its clock is not set.
    """
    device_ms = status.date
    if isinstance(device_ms, int) and is_plausible(device_ms, received_ms):
        # A clock ahead of ours within the day allowed must not make its data look younger.
        data_ms = min(received_ms, device_ms)
        if device.device_ms is not None and device_ms < device.device_ms:
            return LATE, device_ms, data_ms
        device.undated_run = 0
        return LIVE, device_ms, data_ms
    if not device.undated_run:
        device.undated_since_ms = received_ms
    device.undated_run += 1
    placement = LIVE if _is_of_now(device, status, received_ms) else HELD
    return placement, None, received_ms


def _is_of_now(device: Device, status: DeviceStatus, received_ms: int) -> bool:
    """True when a frame without a time cannot be, or is not likely to be, stored history."""
    newest_ms = device.device_ms
    if newest_ms is None:
        return True  # nothing better is known of the device
    fix_ms = status.location_date
    if isinstance(fix_ms, int) and is_plausible(fix_ms, received_ms) and fix_ms >= newest_ms:
        return True  # history knows no fix that is newer than it
    doubt_ms = min(device.interval_ms, _LONGEST_DOUBT_MS)
    return (
        device.undated_run >= _FRAMES_OF_A_LOST_CLOCK
        and received_ms - device.undated_since_ms >= doubt_ms
    )
