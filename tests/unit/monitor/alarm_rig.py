"""Frames of both channels in, alarms out: a monitor with a hand-moved clock."""

import asyncio
import json
from typing import Any

from tftmonitor.base.clock import ManualClock
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.alarm_service import AlarmService, AlarmStep
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode


class Rig:
    """A monitor, on a journal or without. ``rings`` counts how often sound was asked for."""

    def __init__(self, journal: Journal | None, clock: ManualClock) -> None:
        self.clock = clock
        self.rings = 0
        self.seen: dict[int, Alarm] = {}
        fleet = Fleet()
        self.service = AlarmService(
            OpenAlarms(), JournalThread(journal), CodeResolver(), clock, fleet.find
        )
        self.service.steps[AlarmStep.SOUND].add(self._count)
        self.monitor = Monitor({}, clock, fleet, self.service)
        self.serve()

    def _count(self, changes: list[AlarmChange]) -> None:
        self.rings += sum(change.rings for change in changes)
        self.seen |= {change.alarm.id: change.alarm for change in changes}

    def serve(self) -> None:
        asyncio.run(self.service.drain())

    def receive(self, channel: Channel, frame: dict[str, Any], after_s: float = 1) -> None:
        self.clock.advance(after_s)
        raw = json.dumps(frame).encode()
        self.monitor.receiver.receive(channel, decode(channel, raw), raw, self.clock.now_ms())
        self.serve()

    def snapshot(self, after_s: float = 1, **status: object) -> None:
        self.clock.advance(after_s)
        own = {"date": self.clock.now_ms(), "cur_event": 0, "alerts": 0} | status
        data = {"imei": "1", "device_key": "k1", "id": 7, "model": "TLW2-12B", "status": own}
        frame = {"event": "snapshot", "data": data, "error": 0}
        self.receive(Channel.DEVICES, frame, after_s=0)

    def message(
        self, text: str, after_s: float = 1, sent_ms: int | None = None, **alarm: object
    ) -> None:
        content = {"imei": "1"} | alarm
        frame = {"type": "messagePass", "from_id": 1, "from_name": "Alarm", "message": text}
        dated = {} if sent_ms is None else {"date": sent_ms}
        self.receive(Channel.MESSAGES, {**frame, **dated, "alarm_msg": content}, after_s)

    def acknowledge(self) -> None:
        self.service.acknowledge([alarm.id for alarm in self.service.alarms.all()])
        self.serve()

    def open(self) -> list[Alarm]:
        return sorted(self.service.alarms.all(), key=lambda alarm: alarm.id)

    def only(self) -> Alarm:
        (alarm,) = self.open()
        return alarm
