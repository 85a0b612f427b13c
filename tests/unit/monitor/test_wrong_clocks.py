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
from tftmonitor.model.rules.record_conditions import TyreTemperatureAbove
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
        self.monitor.receiver.receive(channel, decode(channel, frame), frame, self.clock.now_ms())

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


# A right clock that falls back, or a stored record of it: one frame cannot tell.


@pytest.mark.parametrize("back_s", [40 * 86_400, 40 * 86_400 + 77, 7_200, 11_220])
@pytest.mark.parametrize("frames", [0, 1, 3, 8])
def test_sos_of_a_clock_that_fell_back_rings_in_full(
    bench: Bench, back_s: int, frames: int
) -> None:
    bench.send(0, 1)
    for _ in range(frames):
        bench.send(1, back_s)
    bench.send(1, back_s, sos=True)
    alarm = bench.alarm()
    assert (alarm.active, alarm.end_unknown, alarm.late) == (True, False, False)
    assert [ring.late for ring in bench.rings] == [False]
    assert alarm.doubtful == (alarm.device_ms is None)


@pytest.mark.parametrize("told_by", ["older", "faster", "right"])
@pytest.mark.parametrize("acknowledged", [True, False])
def test_sos_that_was_stored_is_late_as_soon_as_the_next_frame_tells(
    bench: Bench, told_by: str, acknowledged: bool
) -> None:
    bench.send(0, 1)
    bench.send(0.3, 7_200, sos=True)
    then_ms = bench.clock.now_ms() - 7_200 * SECOND_MS
    assert bench.alarm().doubtful
    if acknowledged:
        bench.monitor.alarm_service.acknowledge([bench.alarm().id])
    bench.send(0.3, {"older": 7_260, "faster": 7_100, "right": 1}[told_by])
    if acknowledged:
        asyncio.run(bench.monitor.alarm_service.drain())
        assert bench.monitor.alarm_service.alarms.open() == []
        return
    alarm = bench.alarm()
    assert (alarm.late, alarm.doubtful, alarm.active) == (True, False, False)
    assert (alarm.device_ms, alarm.rings) == (then_ms, 1)
    assert bench.monitor.alarm_service.doubts.clocks == {}


def test_alarm_of_another_zone_gets_its_time_when_the_distance_is_known(bench: Bench) -> None:
    bench.send(0, 19_800, sos=True)
    then_ms = bench.clock.now_ms()
    assert bench.alarm().device_ms is None
    bench.send(1, 19_800)
    alarm = bench.alarm()
    assert (alarm.device_ms, alarm.late, alarm.doubtful) == (then_ms, False, False)
    assert alarm.state is AlarmState.RETURNED


def test_clock_that_showed_another_zone_and_is_put_right_leaves_the_doubt(bench: Bench) -> None:
    bench.send(0, 28_800, sos=True)
    bench.send(0.3, 1)
    alarm = bench.alarm()
    assert (alarm.late, alarm.doubtful, alarm.state) == (False, True, AlarmState.RETURNED)


def test_stored_sos_of_a_unit_at_first_sight_is_late_once_its_clock_is_right(bench: Bench) -> None:
    bench.send(0, 28_000, sos=True)
    bench.send(0.3, 1)
    assert bench.alarm().late


def test_clock_that_is_off_by_no_zone_leaves_the_doubt(bench: Bench) -> None:
    bench.send(0, 11_220, sos=True)
    for _ in range(6):
        bench.send(1, 11_220, sos=True)
    bench.send(1, 1, sos=True)
    assert not bench.alarm().late


def test_clock_that_is_lost_altogether_leaves_the_doubt(bench: Bench) -> None:
    bench.send(0, 28_000, sos=True)
    bench.send(1, 0, date=946_684_816_000)
    bench.send(1, 1)
    alarm = bench.alarm()
    assert (alarm.late, alarm.doubtful) == (False, True)


def test_frame_that_may_be_stored_ends_nothing(bench: Bench) -> None:
    bench.send(0, 1, sos=True)
    bench.send(0.3, 7_200)
    assert (bench.alarm().active, bench.alarm().end_unknown) == (True, False)
    bench.send(0.3, 0, sos=True)
    assert bench.alarm().active


@pytest.mark.parametrize("age_s", [7_200, -7_200])
def test_end_of_a_doubtful_time_ends_nothing_newer(bench: Bench, age_s: int) -> None:
    bench.send(0, 1, cur_event=33_554_432, alerts=33_554_432)
    bench.send(0.3, age_s, cur_event=67_108_864, alerts=67_108_864)
    alarm = bench.alarm()
    assert alarm.active
    # What has a date ahead was not stored, and may be the end.
    assert alarm.end_unknown == (age_s < 0)


def test_unreadable_alarm_of_a_clock_that_fell_back_is_of_now(bench: Bench) -> None:
    bench.send(0, 1)
    bench.send(0.3, 7_200, cur_event="PANIC")
    alarm = bench.alarm()
    assert (alarm.active, alarm.late, alarm.doubtful) == (True, False, True)


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


def test_alarm_in_an_unknown_push_asks_the_judge_too(bench: Bench) -> None:
    wrong_ms = bench.clock.now_ms() - 5 * HOUR_MS
    bench.send(0, 1)
    content = {"event": "panic", "data": {"imei": "1", "date": wrong_ms, "alarm": "SOS"}}
    bench._receive(Channel.DEVICES, content)
    alarm = bench.alarm()
    assert (alarm.late, alarm.device_ms, alarm.doubtful) == (False, None, True)
    assert alarm.raw_ms == wrong_ms


def test_rule_on_a_record_of_a_doubtful_time_rings_in_full(bench: Bench) -> None:
    hot = TyreTemperatureAbove(90.0)
    bench.monitor.rules.set_rules([Rule(id="r", condition=hot, severity=Severity.HIGH)])
    bench.send(0, 1)
    tyre = {"mac": "A", "airTemp": 120, "airPressure": 800}
    data = {"imei": "1", "date": bench.clock.now_ms() - 2 * HOUR_MS, "tires": [tyre]}
    bench._receive(Channel.DEVICES, {"event": "bleTire", "data": data})
    alarm = bench.alarm()
    assert (alarm.late, alarm.doubtful) == (False, True)
    assert [ring.late for ring in bench.rings] == [False]


def test_time_that_becomes_known_dates_no_alarm_that_cannot_be_of_it(bench: Bench) -> None:
    """A message is judged by itself, and the date of a clock that was never set is none."""
    bench.send(0, 1)
    bench.tell(bench.clock.now_ms() - 5 * HOUR_MS, bench.clock.now_ms())
    bench.send(1, 0, date=946_684_816_000, cur_event=4, alerts=4)
    bench.send(1, 1)
    bench.send(1, 7_200, cur_event=1_073_741_824, alerts=1_073_741_824)
    bench.send(1, 7_260)
    asyncio.run(bench.monitor.alarm_service.drain())
    found = {alarm.key: alarm for alarm in bench.monitor.alarm_service.alarms.open()}
    doubtful = {key: alarm.doubtful for key, alarm in found.items()}
    assert doubtful == {"sos": True, "external_power_lost": True, "collision": False}
