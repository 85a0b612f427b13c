"""What a snapshot whose time is in doubt sets off, and what it leaves alone."""

import asyncio
from typing import Any

import msgspec
import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.conditions import FieldBelow
from tftmonitor.model.rules.rule import Rule
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode

SOS = 0x10


class Bench:
    """A monitor without links and without a journal."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.fleet = Fleet()
        desk = AlarmService(OpenAlarms(), None, CodeResolver(), self.clock, self.fleet.find)
        self.monitor = Monitor({}, self.clock, self.fleet, desk)

    def send(self, **status: Any) -> None:
        self.clock.advance(1)
        status.setdefault("date", self.clock.now_ms())
        data = {"imei": "1", "status": status}
        frame = msgspec.json.encode({"event": "snapshot", "data": data, "error": 0})
        push = decode(Channel.DEVICES, frame)
        self.monitor.receiver.receive(Channel.DEVICES, push, frame, self.clock.now_ms())

    def alarms(self) -> list[Alarm]:
        asyncio.run(self.monitor.alarm_service.drain())
        return self.monitor.alarm_service.alarms.open()


@pytest.mark.parametrize("alarm_words", [{"alerts": SOS}, {"cur_event": 3}])
def test_alarm_of_a_frame_without_a_clock_is_raised_in_full_though_its_values_are_held(
    alarm_words: dict[str, int],
) -> None:
    bench = Bench()
    bench.send(cur_event=0, alerts=0, speed=50.0)
    bench.send(date=0, speed=5.0, **alarm_words)
    (alarm,) = bench.alarms()
    assert (alarm.severity, alarm.active, alarm.late) == (Severity.CRITICAL, True, False)
    status = bench.fleet.devices[0].status
    assert status is not None
    assert status.speed == 50.0


def test_quiet_frame_that_may_be_stored_history_ends_no_alarm() -> None:
    bench = Bench()
    bench.send(cur_event=0, alerts=SOS)
    bench.send(date=0, cur_event=0, alerts=0)
    (alarm,) = bench.alarms()
    assert alarm.active
    bench.send(cur_event=0, alerts=0)
    (alarm,) = bench.alarms()
    assert not alarm.active


def test_rules_see_no_value_that_is_held() -> None:
    bench = Bench()
    below = FieldBelow(field="external_power_voltage", limit=11.0)
    rule = Rule(id="r", condition=below, severity=Severity.HIGH)
    bench.monitor.rules.set_rules([rule])
    bench.send(external_power_voltage=12.6)
    bench.send(date=0, external_power_voltage=10.0)
    assert bench.alarms() == []
    bench.send(external_power_voltage=10.0)
    assert [alarm.severity for alarm in bench.alarms()] == [Severity.HIGH]
