"""The four clocks of a device, and what follows from comparing them."""

from dataclasses import dataclass

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.fields.field import Field
from tftmonitor.model.fields.formatting import format_age
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.device import Device

_FIX = STATUS_FIELDS.by_name["location_date"]
_SERVER = (STATUS_FIELDS.by_name["polling"], STATUS_FIELDS.by_name["heartbeat_time"])
# Whole seconds on the wire, and the network's own delays.
_LEAST_SKEW_MS = 5 * SECOND_MS


@dataclass(frozen=True, slots=True)
class Clocks:
    """Times in ms since 1970 UTC, None while unknown or impossible.

    ``delay_ms`` is how long the newest frame was under way: from the server where it says when
    it got it, else from the device. ``skew_ms`` is how far the device's clock is ahead of the
    server's, None where the server gives no time. ``is_lost`` when frames without a set clock
    have come since the newest dated one.
    """

    device_ms: int | None
    fix_ms: int | None
    server_ms: int | None
    received_ms: int | None
    is_lost: bool = False

    @property
    def delay_ms(self) -> int | None:
        """Time under way to us, never below zero."""
        sent_ms = self.server_ms if self.server_ms is not None else self.device_ms
        if sent_ms is None or self.received_ms is None:
            return None
        return max(0, self.received_ms - sent_ms)

    @property
    def skew_ms(self) -> int | None:
        """Device time less server time."""
        if self.device_ms is None or self.server_ms is None:
            return None
        return self.device_ms - self.server_ms

    def text(self) -> str:
        """Delay, and a skew that is worth showing: "delay 0 s · device clock 2 min behind"."""
        parts = []
        if self.delay_ms is not None:
            parts.append(f"delay {format_age(self.delay_ms)}")
        skew_ms = self.skew_ms
        if skew_ms is not None and abs(skew_ms) >= _LEAST_SKEW_MS:
            side = "ahead" if skew_ms > 0 else "behind"
            parts.append(f"device clock {format_age(abs(skew_ms))} {side}")
        # Without any plausible time, the time itself is shown as not set.
        if self.is_lost and self.device_ms is not None:
            parts.append("device clock not set")
        return " · ".join(parts)


def clocks_of(device: Device, now_ms: int) -> Clocks:
    """The clocks of the device's newest live frame."""
    status = device.status
    if status is None:
        return Clocks(None, None, None, None)
    server = [_time(field, status, now_ms) for field in _SERVER]
    return Clocks(
        _time(STATUS_FIELDS.by_name["date"], status, now_ms),
        _time(_FIX, status, now_ms),
        max((time_ms for time_ms in server if time_ms is not None), default=None),
        device.live_received_ms,
        device.undated_run > 0,
    )


def _time(field: Field, status: DeviceStatus, now_ms: int) -> int | None:
    value = field.read(status, now_ms)
    return int(value) if value is not None else None
