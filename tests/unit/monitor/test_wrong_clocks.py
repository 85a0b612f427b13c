"""An alarm of a unit with a wrong clock rings in full; stored history stays LATE."""

import asyncio
from typing import Any

import msgspec
import pytest

from tftmonitor.base.clock import HOUR_MS, SECOND_MS, ManualClock
from tftmonitor.model.alarms.alarm import Alarm, AlarmState
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.conditions import FieldAbove, FieldBelow
from tftmonitor.model.rules.rule import Rule
from tftmonitor.monitor.alarm_service import AlarmService, AlarmStep
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode

SOS = 0x10


class Bench:
    """A monitor without links and without a journal, and what asked for the sound."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.fleet = Fleet()
        service = AlarmService(OpenAlarms(), None, CodeResolver(), self.clock, self.fleet.find)
        self.monitor = Monitor({}, self.clock, self.fleet, service)
        self.rings: list[Alarm] = []
        service.steps[AlarmStep.SOUND].add(self._note)

    def _note(self, changes: list[AlarmChange]) -> None:
        self.rings += [change.alarm for change in changes if change.rings]

    def send(self, after_s: float, age_s: float, sos: bool = False, **status: Any) -> None:
        self.clock.advance(after_s)
        now_ms = self.clock.now_ms()
        word = SOS if sos else 0
        status = {"cur_event": word, "alerts": word, "polling": now_ms} | status
        status.setdefault("date", now_ms - round(age_s * SECOND_MS))
        self._receive(
            Channel.DEVICES, {"event": "snapshot", "data": {"imei": "1", "status": status}}
        )

    def tell(self, alarm_ms: int | None, sent_ms: int | None, **alarm: Any) -> None:
        content = {"imei": "1", "cur_event": 3, "date": alarm_ms} | alarm
        message = {"type": "messagePass", "from_id": 1, "message": "SOS", "date": sent_ms}
        self._receive(Channel.MESSAGES, message | {"alarm_msg": content})

    def _receive(self, channel: Channel, content: dict[str, Any]) -> None:
        frame = msgspec.json.encode(content)
        self.monitor._receive(channel, decode(channel, frame), frame, self.clock.now_ms())

    def alarm(self) -> Alarm:
        asyncio.run(self.monitor.alarm_service.drain())
        (alarm,) = self.monitor.alarm_service.alarms.open()
        return alarm


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize("behind_s", [19_800, 3_600, 11_220, -28_800, -2_700, 90 * 86_400])
@pytest.mark.parametrize("frames", [0, 1, 2, 8])
def test_sos_of_a_wrong_clock_rings_in_full(bench: Bench, behind_s: int, frames: int) -> None:
    for _ in range(frames):
        bench.send(1, behind_s)
    bench.send(0.3, behind_s, sos=True)
    alarm = bench.alarm()
    assert (alarm.severity, alarm.active, alarm.late) == (Severity.CRITICAL, True, False)
    assert [ring.late for ring in bench.rings] == [False]
    assert alarm.raw_ms == bench.clock.now_ms() - behind_s * SECOND_MS
    assert alarm.doubtful == (alarm.device_ms is None)
    if frames == 8 and behind_s not in {11_220, 90 * 86_400}:
        assert alarm.device_ms == bench.clock.now_ms()


def test_sos_of_a_clock_ahead_is_over_at_the_first_quiet_frame_of_a_right_one(
    bench: Bench,
) -> None:
    bench.send(0, -28_800, sos=True)
    assert bench.alarm().event_ms == bench.clock.now_ms()
    bench.send(0.3, 1)
    assert bench.alarm().state is AlarmState.RETURNED


def test_sos_of_a_corrected_clock_is_over_at_the_first_quiet_frame_of_a_right_one(
    bench: Bench,
) -> None:
    for _ in range(6):
        bench.send(1, -28_800)
    bench.send(0.3, -28_800, sos=True)
    assert bench.alarm().device_ms == bench.clock.now_ms()
    bench.send(0.3, 1)
    assert bench.alarm().state is AlarmState.RETURNED


def test_overtaken_sos_of_a_doubtful_clock_is_active(bench: Bench) -> None:
    bench.send(0, 19_800)
    bench.send(0.3, 19_803, sos=True)
    assert (bench.alarm().active, bench.alarm().late) == (True, False)


@pytest.mark.parametrize("date", [1_377_993_625_000, 1_175_000_000_000, 0])
@pytest.mark.parametrize("is_known", [True, False])
def test_sos_of_an_unset_clock_rings_in_full(bench: Bench, date: int, is_known: bool) -> None:
    if is_known:
        bench.send(0, 1)
    bench.send(0.3, 0, sos=True, date=date)
    alarm = bench.alarm()
    assert (alarm.active, alarm.late, alarm.doubtful, alarm.raw_ms) == (True, False, True, date)


def test_sos_of_an_upload_is_late(bench: Bench) -> None:
    for index in range(10):
        bench.send(0.1, 7_200 - 30 * index)
    bench.send(0.1, 6_000, sos=True)
    alarm = bench.alarm()
    assert (alarm.late, alarm.doubtful) == (True, False)
    assert alarm.device_ms == bench.clock.now_ms() - 6_000 * SECOND_MS


def test_message_is_as_old_as_its_own_date_says(bench: Bench) -> None:
    sent_ms = bench.clock.now_ms() - 5 * HOUR_MS
    bench.tell(None, sent_ms)
    alarm = bench.alarm()
    assert (alarm.late, alarm.device_ms, alarm.doubtful) == (True, sent_ms, False)


def test_message_of_a_wrong_clock_rings_in_full(bench: Bench) -> None:
    wrong_ms = bench.clock.now_ms() - 5 * HOUR_MS
    bench.tell(wrong_ms, bench.clock.now_ms())
    alarm = bench.alarm()
    assert (alarm.late, alarm.device_ms, alarm.doubtful) == (False, None, True)
    assert alarm.raw_ms == wrong_ms


def test_message_of_a_clock_whose_distance_is_known_is_corrected(bench: Bench) -> None:
    for _ in range(5):
        bench.send(1, 19_800)
    now_ms = bench.clock.now_ms()
    bench.tell(now_ms - 19_805 * SECOND_MS, now_ms, imei=None, device_key="9", id="1")
    alarm = bench.alarm()
    assert (alarm.late, alarm.device_ms) == (False, now_ms - 5 * SECOND_MS)


def test_rule_on_values_of_a_doubtful_time_rings_in_full(bench: Bench) -> None:
    below = FieldBelow(field="external_power_voltage", limit=11.0)
    bench.monitor.rules.set_rules([Rule(id="r", condition=below, severity=Severity.HIGH)])
    bench.send(0, 19_800, external_power_voltage=10.0)
    alarm = bench.alarm()
    assert (alarm.late, alarm.doubtful) == (False, True)


def test_rule_on_an_upload_is_late_and_of_its_time(bench: Bench) -> None:
    fast = FieldAbove(field="speed", limit=130.0, hold_s=30)
    bench.monitor.rules.set_rules([Rule(id="r", condition=fast, severity=Severity.HIGH)])
    bench.send(0, 3_600, speed=80.0)
    for index in range(12):
        bench.send(0.1, 2_400 - 10 * index, speed=150.0)
    alarm = bench.alarm()
    assert (alarm.late, alarm.doubtful) == (True, False)
