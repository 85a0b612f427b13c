"""Turns pushes and links into what the store of history keeps: whose they are, and when."""

from typing import Final

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.history.samples.store import NOT_RECORDED
from tftmonitor.history.samples.stored import LinkChange
from tftmonitor.history.samples.writer import SampleWriter
from tftmonitor.model.coverage import BlindInterval, Blindness, Coverage
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.who.rows import FleetFullError
from tftmonitor.monitor.recording.whose import owner_of
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.protocol.messages import Push, Snapshot

# Of a link that was up they say only that it is being made anew.
_UNDER_WAY: Final = frozenset({LinkState.CONNECTING, LinkState.SIGNING_IN})


class Recorder:
    """Give it every push and every change of a link, in order, on one thread.

    ``devices`` is how many are known, ``count`` how many pushes came.
    """

    def __init__(self, writer: SampleWriter, clock: Clock) -> None:
        self.count = 0
        self._writer = writer
        self._clock = clock
        # It knows which frames are late, and which ids are one device; nobody asks for values.
        self._fleet = Fleet(samples=1)
        self._labels: dict[str, str] = {}
        self._asleep_s = clock.asleep_s()
        self._begun: set[str] = set()
        self._coverage = Coverage()
        self._coverage.noted.add(writer.put_blind)

    @property
    def devices(self) -> int:
        """How many devices are known."""
        return len(self._labels)

    def receive(self, channel: Channel, push: Push, frame: bytes, received_ms: int) -> None:
        """Keep a push as it came at this time, ms since 1970 UTC."""
        self.count += 1
        device, device_ms, is_late = "", None, False
        if isinstance(push, Snapshot):
            try:
                applied = self._fleet.apply(push.data, push.status, frame, received_ms)
                device, is_late = applied.device.key, applied.late
                self._note_label(device, applied.device.said_model)
            except FleetFullError as full:
                device = full.stray.key
            date = push.status.date
            device_ms = date if isinstance(date, int) else None
        else:
            device, device_ms = owner_of(self._fleet, push)
        self._writer.put((device, channel.value, received_ms, device_ms, is_late, frame))

    def note_link(self, status: LinkStatus) -> None:
        """Keep what became of a link; while it is down its channel is blind."""
        now_ms, scope = self._clock.now_ms(), status.channel.value
        self._writer.put_link(LinkChange(now_ms, scope, status.state.value, status.reason))
        if status.is_up:
            self._coverage.end(scope, now_ms)
        elif status.state not in _UNDER_WAY or not self._has_begun(scope):
            self._coverage.begin(scope, Blindness.LINK, status.since_ms, status.reason)

    def note_sleep(self) -> bool:
        """To be asked every few seconds: True when the computer slept since, which is kept."""
        asleep_s, before_s = self._clock.asleep_s(), self._asleep_s
        self._asleep_s = asleep_s
        slept_ms = round((asleep_s - before_s) * SECOND_MS)
        if slept_ms < SECOND_MS:
            return False
        now_ms = self._clock.now_ms()
        scope, cause = NOT_RECORDED, Blindness.SUSPENDED
        self._writer.put_blind(BlindInterval(scope, cause, now_ms - slept_ms, now_ms))
        return True

    def _has_begun(self, scope: str) -> bool:
        """False for a channel's first words: until it is up it is blind from now on."""
        has_begun = scope in self._begun
        self._begun.add(scope)
        return has_begun

    def _note_label(self, device: str, model: object) -> None:
        label = str(model) if model else ""
        if self._labels.get(device) != label:
            self._labels[device] = label
            if label:
                self._writer.put_label(device, label)
