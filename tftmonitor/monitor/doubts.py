"""Alarms whose time nothing told when they came, until the next frames of their device tell."""

from tftmonitor.base.clock import is_believable
from tftmonitor.model.alarms.events import AlarmEvent, Raised, TimeKnown
from tftmonitor.model.alarms.intake import KnownDevice
from tftmonitor.model.fleet.clock_offset import DeviceClock, Settled, settle
from tftmonitor.model.fleet.device import Device


class Doubts:
    """``clocks`` are those of the devices with such alarms, by key; most of the time of none."""

    def __init__(self) -> None:
        self.clocks: dict[str, DeviceClock] = {}

    def note(self, device: KnownDevice | None, event: AlarmEvent) -> None:
        """An alarm out of a snapshot; only one whose date can be right may be dated later."""
        clock = getattr(device, "clock", None)
        if device is None or clock is None or not isinstance(event, Raised) or not event.doubtful:
            return
        if event.raw_ms is not None and is_believable(event.raw_ms, event.at_ms):
            self.clocks[device.key] = clock

    def rename(self, former: str, device: str) -> None:
        """What is doubted under the former key is of this device."""
        if former in self.clocks:
            self.clocks[device] = self.clocks.pop(former)

    def settle(self, device: Device, now_ms: int) -> TimeKnown | None:
        """What is known now of the alarms of one of them; None while or because nothing is."""
        clock = self.clocks[device.key]
        settled = settle(clock, device.clock)
        if settled is Settled.NOT_YET:
            return None
        del self.clocks[device.key]
        if settled is Settled.NEVER:
            return None
        because = clock.text() or settled.value
        return TimeKnown(now_ms, device.key, clock.offset_ms, because)
