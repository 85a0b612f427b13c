"""From the frames of both channels to alarms: told twice, overtaken, unclear, over a restart."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.unit.monitor.alarm_rig import Rig
from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, ManualClock
from tftmonitor.history.journal import Journal
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.alarm import AlarmState, Source

NOW = 1_795_000_000_000
SOS_BIT = 0x10


Starter = Callable[[], Rig]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    clock = ManualClock(NOW)
    with ExitStack() as files:

        def started() -> Rig:
            journal = Journal.open(tmp_path / FILE_NAME, clock)
            files.enter_context(closing(journal.database))
            return Rig(journal, clock)

        yield started


@pytest.fixture
def rig(start: Starter) -> Rig:
    made = start()
    made.snapshot(external_power_voltage=12.6)
    return made


def test_second_sos_after_another_number_rings_again(rig: Rig) -> None:
    rig.snapshot(cur_event=3)
    rig.acknowledge()
    rig.snapshot(cur_event=21)
    before = rig.rings
    rig.snapshot(cur_event=3)
    assert rig.rings == before + 1
    assert [(a.key, a.needs_ack) for a in rig.open()] == [("code:21", True), ("code:3", True)]


def test_alarm_number_that_stands_in_each_report_rings_once(rig: Rig) -> None:
    for _ in range(20):
        rig.snapshot(after_s=30, cur_event=0x20, alerts=0x20)
    assert (rig.only().count, rig.rings) == (20, 1)


def test_stored_record_again_after_acknowledging_and_restarting_is_nothing_new(
    rig: Rig, start: Starter
) -> None:
    date = NOW - 2 * HOUR_MS
    for _ in range(3):
        rig.snapshot(date=date, cur_event=16, alerts=SOS_BIT)
        rig.snapshot(date=date + 180_000)  # a pace that no clock has: they were stored
        rig.acknowledge()
    assert (rig.rings, rig.open()) == (1, [])
    second = start()
    second.snapshot()
    second.snapshot(date=date, cur_event=16, alerts=SOS_BIT)
    second.message("SOS", cur_event=3, date=date)
    assert (second.rings, second.open()) == (0, [])


def test_message_again_after_acknowledging_is_nothing_new(rig: Rig, start: Starter) -> None:
    date = NOW - SECOND_MS
    rig.message("SOS", cur_event=3, date=date)
    rig.acknowledge()
    rig.message("SOS", cur_event=3, date=date)
    assert (rig.rings, rig.open()) == (1, [])
    second = start()
    second.message("SOS", after_s=DAY_MS / SECOND_MS, cur_event=3, date=date)
    assert (second.rings, second.open()) == (0, [])


def test_message_after_acknowledging_and_restarting_joins_the_alarm_of_the_snapshot(
    rig: Rig, start: Starter
) -> None:
    rig.snapshot(cur_event=16, alerts=SOS_BIT)
    rig.acknowledge()
    rig.snapshot()
    assert rig.open() == []
    second = start()
    second.message("Hilfe", after_s=20, cur_event=3)
    assert (second.rings, second.open()) == (0, [])


def test_same_place_and_time_as_the_frame_before_does_not_hide_an_alarm(rig: Rig) -> None:
    date = rig.clock.now_ms()
    rig.snapshot(date=date, cur_event=16, alerts=SOS_BIT)
    rig.snapshot(date=date, cur_event=8, alerts=SOS_BIT | 8)
    assert [alarm.key for alarm in rig.open()] == ["sos", "battery_low"]


def test_yesterdays_supply_does_not_end_todays_cut(rig: Rig) -> None:
    rig.snapshot(date=946_684_816_000, cur_event=4, alerts=4, external_power_voltage=2.6)
    rig.snapshot(
        date=NOW - DAY_MS, cur_event=0x800_0000, alerts=0x800_0000, external_power_voltage=12.6
    )
    assert (rig.only().active, rig.only().end_unknown) == (True, False)


def test_cut_and_recovery_told_without_times_leave_it_unknown(rig: Rig, start: Starter) -> None:
    rig.message("External power disconnected", cur_event=1)
    rig.message("External power recovered", cur_event=35)
    assert (rig.only().active, rig.only().end_unknown, rig.rings) == (True, True, 1)
    second = start()
    assert second.only().end_unknown


def test_sos_overtaken_by_the_periodic_report_is_active_until_the_next(rig: Rig) -> None:
    rig.snapshot(date=rig.clock.now_ms() - 2_000, cur_event=16, alerts=SOS_BIT)
    assert (rig.only().active, rig.only().end_unknown, rig.rings) == (True, True, 1)
    rig.snapshot()
    assert rig.only().state is AlarmState.RETURNED


def test_notice_that_was_overtaken_waits_for_no_end(rig: Rig) -> None:
    rig.snapshot(date=rig.clock.now_ms() - 2_000, alerts=1)
    assert rig.open() == []
    assert "1" not in rig.service.standing


def test_sos_without_a_clock_ends_with_the_first_quiet_report_after_it(rig: Rig) -> None:
    rig.snapshot(date=946_684_816_000, cur_event=16, alerts=SOS_BIT)
    rig.snapshot(date=rig.clock.now_ms() - 10 * SECOND_MS)
    rig.snapshot(date=rig.clock.now_ms())
    assert rig.only().state is AlarmState.RETURNED


def test_texts_that_differ_in_their_numbers_are_one_alarm(rig: Rig) -> None:
    for speed in range(100, 108):
        rig.message(f"Speed {speed} km/h at the ring road")
    assert (rig.only().count, rig.rings) == (8, 1)
    rig.message("Left the ring road")
    assert len(rig.open()) == 2


@pytest.mark.parametrize("text", ["车辆 粤B·12345 SOS求救报警", "Нажата кнопка", "Botón de pánico"])
@pytest.mark.parametrize("first", list(Source)[:2])
def test_text_in_any_script_joins_the_snapshot_of_that_minute(
    rig: Rig, text: str, first: Source
) -> None:
    if first is Source.MESSAGE:
        rig.message(text)
    rig.snapshot(cur_event=16, alerts=SOS_BIT)
    if first is Source.SNAPSHOT:
        rig.message(text, after_s=20)
    alarm = rig.only()
    assert (alarm.key, alarm.text, alarm.severity.word) == ("sos", text, "critical")


def test_name_of_the_alarm_stays_where_the_text_does_not_say_it(rig: Rig) -> None:
    rig.snapshot(cur_event=16, alerts=SOS_BIT)
    rig.message("Нажата кнопка")
    assert rig.only().name == "SOS"
    rig.message("Нажата кнопка", after_s=3 * MINUTE_MS / SECOND_MS)
    assert len(rig.open()) == 2
