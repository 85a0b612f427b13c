"""The four clocks of a device, and what follows from comparing them."""

from dataclasses import dataclass

from tftmonitor.base.clock import SECOND_MS, is_believable
from tftmonitor.model.fields.field import Field
from tftmonitor.model.fields.formatting import format_age
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.times import in_doubt_ms, server_time

_DATE = STATUS_FIELDS.by_name["date"]
_FIX = STATUS_FIELDS.by_name["location_date"]
# Whole seconds on the wire, and the network's own delays.
_LEAST_SKEW_MS = 5 * SECOND_MS


@dataclass(frozen=True, slots=True)
class Clocks:
    """Times in ms since 1970 UTC, None while unknown or impossible.

    ``delay_ms`` is how long the newest frame was under way: from the server where it says when
    it got it, else from the device. ``skew_ms`` is how far the device's clock is ahead of the
    server's, None where the server gives no time. ``note`` is what is held of a clock that is
    not right: "clock 5 h 30 behind", "clock not set", "time doubtful". ``asked`` says how long ago
    the server was asked for it, where no push brought it.
    """

    device_ms: int | None
    fix_ms: int | None
    server_ms: int | None
    received_ms: int | None
    note: str = ""
    asked: str = ""

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
        parts = [self.asked] if self.asked else []
        if self.delay_ms is not None:
            parts.append(f"delay {format_age(self.delay_ms)}")
        skew_ms = self.skew_ms
        if not self.note and skew_ms is not None and abs(skew_ms) >= _LEAST_SKEW_MS:
            side = "ahead" if skew_ms > 0 else "behind"
            parts.append(f"device clock {format_age(abs(skew_ms))} {side}")
        if self.note:
            parts.append(f"device {self.note}")
        return " · ".join(parts)


def clocks_of(device: Device, now_ms: int) -> Clocks:
    """The clocks of the device's newest live frame."""
    status = device.status
    if status is None:
        return Clocks(None, None, None, None)
    device_ms = _device_time(device, status, now_ms)
    # A date that was never set is shown as such itself, where no other time stands beside it.
    says_so = device.device_ms is None and _time(_DATE, status, now_ms) is None
    return Clocks(
        device_ms,
        _time(_FIX, status, now_ms),
        server_time(status, device.live_received_ms or now_ms),
        device.live_received_ms,
        "" if says_so else clock_note(device),
        asked_text(device, now_ms),
    )


def asked_text(device: Device, now_ms: int) -> str:
    """Where the live values are from, when that is no push of this run.

    As in "asked over HTTP 5 min ago" or "from the history, received 14 h ago".
    """
    if device.restored_ms is not None:
        return f"from the history, received {format_age(max(0, now_ms - device.restored_ms))} ago"
    if device.asked_ms is None or not device.is_asked:
        return ""
    return f"asked over HTTP {format_age(max(0, now_ms - device.asked_ms))} ago"


def clock_note(device: Device) -> str:
    """What to say beside the times of a device whose clock is not right, else empty."""
    # Without any date there is no clock to speak of, and the time itself is shown as not set.
    if device.undated_run and (device.device_ms is not None or device.clock is not None):
        return "clock not set"
    return device.clock.text() if device.clock is not None else ""


def age_text(device: Device, now_ms: int) -> str:
    """How old its live values are; "doubtful" where nothing tells, empty before any."""
    if device.data_ms is None:
        return ""
    return "doubtful" if in_doubt_ms(device) else format_age(now_ms - device.data_ms)


def _device_time(device: Device, status: DeviceStatus, now_ms: int) -> int | None:
    """The date of the newest live frame as far as it is believed, corrected where it has to be."""
    date_ms = _time(_DATE, status, now_ms)
    if date_ms is None or not is_believable(date_ms, now_ms):
        return None
    offset_ms = device.clock.offset_ms if device.clock is not None else 0
    return date_ms - offset_ms


def _time(field: Field, status: DeviceStatus, now_ms: int) -> int | None:
    value = field.read(status, now_ms)
    return int(value) if value is not None else None
