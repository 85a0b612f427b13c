"""The clock of this computer was set: what was measured by it moves along, so that no age jumps."""

from tftmonitor.model.fleet.clock_offset import PROVEN_CLOCK
from tftmonitor.model.fleet.device import Device

# Times by our clock, 0 or None before there are any. Those of the device's own clock stay.
_BY_OUR_CLOCK = (
    "asked_ms",
    "data_ms",
    "fix_lost_ms",
    "live_received_ms",
    "named_ms",
    "received_ms",
    "restored_ms",
    "stored_received_ms",
    "undated_since_ms",
    "vague_until_ms",
)


def move_times(device: Device, by_ms: int) -> None:
    """Take a device's times to a clock that now says ``by_ms`` (ms) more than it did."""
    for name in _BY_OUR_CLOCK:
        before_ms = getattr(device, name)
        if before_ms:
            setattr(device, name, before_ms + by_ms)
    if device.inherited:
        device.inherited = {name: ms + by_ms for name, ms in device.inherited.items()}
    if device.records:
        device.records = {
            kind: kept._replace(received_ms=kept.received_ms + by_ms)
            for kind, kept in device.records.items()
        }
    if device.clock is not PROVEN_CLOCK:
        # How far it is off was measured by the clock as it was, and so was the order of frames.
        device.clock = device.device_ms = None
