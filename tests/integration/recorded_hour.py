"""An hour of the simulator, taken in by a monitor and recorded beside it, by the real writer."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, Clock, ManualClock
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.samples.writer import SampleWriter
from tftmonitor.link.frame_intake import FrameIntake
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fleet.clock_offset import export_clock
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.defaults import DEFAULT_RULES
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.recording.recorder import Recorder
from tftmonitor.monitor.replay.replayed_link import ReplayedLink
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState
from tftmonitor.protocol.messages import Push
from tftmonitor.simulator.fleet.world import World

START_MS = 1_795_000_000_000
END_MS = START_MS + HOUR_MS
LOST_MS, BACK_MS = START_MS + 20 * MINUTE_MS, START_MS + 24 * MINUTE_MS
# All rules work, so that what depends on time alone is compared as well.
RULES = tuple(replace(rule, enabled=True) for rule in DEFAULT_RULES)
# Compared by what is in them: frames may be written in other ways, with the same values.
_BY_CONTENT = {"series", "cadence", "clock", "status", "absent", "frame", "record_frames"}
_SLOTS = sorted({name for kind in Device.__mro__ for name in getattr(kind, "__slots__", ())})


def make_monitor(clock: Clock, folder: Path) -> Monitor:
    """A monitor as the window has it, with a journal in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    journal = JournalThread(Journal.open(folder / "journal.sqlite3", clock))
    fleet = Fleet()
    service = AlarmService(OpenAlarms(), journal, CodeResolver(), clock, fleet.find)
    return Monitor({}, clock, fleet, service, RuleEngine(fleet, service, clock, RULES))


async def end(monitor: Monitor) -> None:
    """Have all alarms on disk, and close the journal."""
    await monitor.alarm_service.drain()
    await monitor.alarm_service._journal.close()


class LiveHour:
    """What is live and what is recorded of the same frames, with the time moved by hand."""

    def __init__(self, profile: Path, folder: Path, devices: int = 12) -> None:
        self.clock = ManualClock(START_MS)
        self.monitor = make_monitor(self.clock, folder)
        self._said: list[str] = []
        self._writer = SampleWriter(profile, self.clock, self._said.append)
        self._recorder = Recorder(self._writer, self.clock)
        self._world = World(devices, 5, START_MS, odd=True)
        self._links = {
            channel: ReplayedLink(
                channel, self._receiving(channel), self._note_link, self.clock.now_ms
            )
            for channel in Channel
        }
        self.intakes: dict[Channel, FrameIntake] = {
            channel: link.intake for channel, link in self._links.items()
        }

    async def play(self) -> None:
        """The hour, with a link that is lost for four minutes of it."""
        await self.monitor.alarm_service.restore()
        self.monitor.show_replay("live", self._links)
        for channel in Channel:
            self._show(channel, LinkState.CONNECTING)
            self._show(channel, LinkState.LIVE)
        for channel, frame in self._world.initial():
            await self._send(channel, frame)
        while self.clock.now_ms() < END_MS:
            self.clock.advance(1)
            now_ms = self.clock.now_ms()
            is_lost = LOST_MS <= now_ms < BACK_MS
            if now_ms == LOST_MS:
                self._show(Channel.DEVICES, LinkState.WAITING, "the network is down")
                self._show(Channel.MESSAGES, LinkState.WAITING, "the network is down")
            elif now_ms == BACK_MS:
                for channel in Channel:
                    self._show(channel, LinkState.CONNECTING)
                    self._show(channel, LinkState.LIVE)
            for channel, frame in self._world.step(now_ms):
                if not is_lost:
                    await self._send(channel, frame)
            # Nobody records at which part of a second a live window looks at what time brings.
            self.monitor.rules.tick(now_ms)
            self.monitor.identities.tick(now_ms)
            await self._keep_up()
        assert self._writer.close()
        assert not self._said
        await end(self.monitor)

    async def _send(self, channel: Channel, frame: Any) -> None:
        self.intakes[channel].ingest(encoded(frame))
        await self._keep_up()

    async def _keep_up(self) -> None:
        if self.monitor.alarm_service.pipeline.queue:
            await self.monitor.alarm_service.drain()

    def _show(self, channel: Channel, state: LinkState, reason: str = "") -> None:
        self._links[channel].show(state, reason, self.clock.now_ms())

    def _note_link(self, status: Any) -> None:
        self._recorder.note_link(status)
        self.monitor.note_link(status)

    def _receiving(self, channel: Channel) -> Any:
        def receive(push: Push, frame: bytes, received_ms: int) -> None:
            self._recorder.receive(channel, push, frame, received_ms)
            self.monitor.receiver.receive(channel, push, frame, received_ms)

        return receive


def encoded(frame: Any) -> bytes:
    """A frame of the simulator as it comes out of the socket."""

    return frame if isinstance(frame, bytes) else msgspec.json.encode(frame)


def state_of(monitor: Monitor, now_ms: int) -> dict[str, Any]:
    """All that the window shows, as plain values, by what it is."""
    fleet, service = monitor.fleet, monitor.alarm_service
    found: dict[str, Any] = {"staleness": fleet.staleness(now_ms).tolist()}
    for device in fleet:
        for name in _SLOTS:
            if name not in _BY_CONTENT and hasattr(device, name):
                found[f"{device.key} {name}"] = getattr(device, name)
        found[f"{device.key} status"] = None if device.status is None else _plain(device.status)
        found[f"{device.key} absent"] = device.absent and device.absent.names
        found[f"{device.key} frames"] = {
            kind: msgspec.json.decode(frame) for kind, frame in device.frames.items()
        }
        found[f"{device.key} clock"] = export_clock(device.clock)
        found[f"{device.key} cadence"] = device.cadence.export()
        samples = device.series.samples()
        for name, values in samples._asdict().items():
            found[f"{device.key} samples {name}"] = np.asarray(values).tobytes()
    for alarm in service.alarms.all():
        found[f"alarm {alarm.id}"] = alarm
    for item in monitor.inbox.items:
        found[f"message {item.number}"] = item
    for scope in (*(channel.value for channel in Channel), *(device.key for device in fleet)):
        found[f"blind {scope}"] = monitor.coverage.between((scope,), 0, now_ms)
    for channel in Channel:
        found[f"link {channel.value}"] = monitor.link_status(channel).state
    found["counters"] = monitor.counters
    return found


def _plain(status: Any) -> dict[str, Any]:
    return {name: repr(getattr(status, name)) for name in status.__struct_fields__}
