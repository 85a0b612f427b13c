"""Who it is, from frame to alarm: joined devices, several that answer to one id, and restarts."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, ManualClock
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.alarm import Alarm, AlarmState, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Joined, Raised
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.coverage import Blindness
from tftmonitor.model.fleet.clock_offset import DeviceClock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.conditions import FieldBelow
from tftmonitor.model.rules.record_conditions import FuelLevelBelow
from tftmonitor.model.rules.rule import Rule
from tftmonitor.monitor.alarm_queue import EventQueue
from tftmonitor.monitor.alarm_service import AlarmService, AlarmStep
from tftmonitor.monitor.doubts import Doubts
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.monitor.state_store import StateStore
from tftmonitor.monitor.watch_format import WatchFormatter
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode

NOW = 1_795_000_000_000
A, K, ID = "1000000910000001", "990000900000001", 910001
SOS = {"cur_event": 16, "alerts": 16}
QUIET = {"cur_event": 0, "alerts": 0}
LOW_SUPPLY = Rule(id="low", condition=FieldBelow(field="external_power_voltage", limit=11.5))
LOW_FUEL = Rule(id="fuel", condition=FuelLevelBelow(limit=10.0))


class Run:
    """One run of the headless program on a profile."""

    def __init__(self, profile: Path, clock: ManualClock, *rules: Rule) -> None:
        self.clock = clock
        self.journal = Journal.open(profile / FILE_NAME, clock)
        thread = JournalThread(self.journal)
        self.fleet, self.book = Fleet(), OpenAlarms()
        self.service = AlarmService(self.book, thread, CodeResolver(), clock, self.fleet.find)
        engine = RuleEngine(self.fleet, self.service, clock, rules)
        self.monitor = Monitor({}, clock, self.fleet, self.service, engine)
        monitor = self.monitor
        self.store = StateStore(
            thread, self.service.pipeline, self.fleet, monitor.inbox, monitor.coverage, clock
        )
        self.watch = WatchFormatter()
        self.lines: list[dict[str, Any]] = []
        self.rung: list[Alarm] = []
        self.service.steps[AlarmStep.SOUND].add(
            lambda changes: self.rung.extend(c.alarm for c in changes if c.rings)
        )
        asyncio.run(self.store.restore())

    def receive(self, channel: Channel, content: dict[str, Any]) -> None:
        frame = json.dumps(content).encode()
        push, now_ms = decode(channel, frame), self.clock.now_ms()
        self.monitor.receiver.receive(channel, push, frame, now_ms)
        line = self.watch.line(channel, push, frame, now_ms)
        assert line is not None
        self.lines.append(line)
        self.clock.advance(1)

    def snapshot(self, *ids: Any, **status: Any) -> None:
        data: dict[str, Any] = dict(zip(("imei", "device_key", "id"), ids, strict=False))
        data |= {"model": "TLW2-12B", "status": {"date": self.clock.now_ms()} | status}
        self.receive(Channel.DEVICES, {"event": "snapshot", "data": data, "error": 0})

    def records(self, kind: str, *ids: Any, **data: Any) -> None:
        data |= dict(zip(("imei", "device_key", "id"), ids, strict=False))
        self.receive(Channel.DEVICES, {"event": kind, "data": data, "error": 0})

    def message(self, text: str, **alarm: Any) -> None:
        self.receive(
            Channel.MESSAGES,
            {"type": "messagePass", "from_id": 1, "message": text, "alarm_msg": alarm},
        )

    def alarms(self) -> list[Alarm]:
        asyncio.run(self.service.drain())
        return sorted(self.book.all(), key=lambda alarm: alarm.id)

    def keep(self) -> None:
        asyncio.run(self.service.drain())
        asyncio.run(self.store.keep(with_cadence=True))


class Runs:
    """Runs on one profile, one after the other."""

    def __init__(self, profile: Path) -> None:
        self.profile, self.clock, self.all = profile, ManualClock(NOW), list[Run]()

    def start(self, *rules: Rule) -> Run:
        self.all.append(Run(self.profile, self.clock, *rules))
        return self.all[-1]

    def restart(self, *rules: Rule, killed: bool = False) -> Run:
        if not killed:
            self.all[-1].keep()
        self.all[-1].journal.close()
        self.clock.advance(60)
        return self.start(*rules)


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    runs = Runs(tmp_path)
    yield runs
    with closing(runs.all[-1].journal):
        pass


@pytest.fixture
def run(runs: Runs) -> Run:
    return runs.start()


# Joining.


def test_alarms_of_both_are_of_the_one_device_on_disk_as_well(run: Run) -> None:
    run.snapshot(None, K, **SOS)
    run.snapshot(A, cur_event=32, alerts=32)
    run.keep()
    run.snapshot(A, K, ID, cur_event=0x30, alerts=0x30)
    assert {alarm.device for alarm in run.alarms()} == {K}
    assert {alarm.device for alarm in run.journal.load().alarms} == {K}
    assert {entry.device for entry in run.journal.read(99)} - {None} == {K}
    run.snapshot(A, K, ID, **QUIET)
    assert all(not alarm.active for alarm in run.alarms())


def test_row_that_was_joined_takes_everything_with_it(run: Run) -> None:
    run.snapshot(A, speed=1.0)
    run.snapshot(None, None, ID, speed=1.0)
    run.message("SOS", id=ID, cur_event=3)
    run.monitor.coverage.add(str(ID), Blindness.DEVICE, NOW - 9, NOW - 5)
    run.alarms()
    run.service.out_of_service(str(ID), NOW + HOUR_MS)
    run.snapshot(A, None, ID, speed=2.0)
    (alarm,) = run.alarms()
    assert (alarm.device, alarm.state) == (A, AlarmState.OUT_OF_SERVICE)
    assert run.service.out_of_service_until == {A: NOW + HOUR_MS}
    assert [item.device for item in run.monitor.inbox.items] == [A]
    assert len(run.monitor.coverage.between((A,), 0, NOW)) == 1
    run.keep()
    rows = run.journal.database.execute("SELECT scope FROM blind").fetchall()
    assert (str(ID),) not in rows


def test_rule_alarm_goes_on_under_the_one_key_and_ends_there(runs: Runs) -> None:
    run = runs.start(LOW_SUPPLY, LOW_FUEL)
    run.snapshot(A, speed=1.0)
    run.snapshot(None, None, ID, external_power_voltage=11.0)
    run.records("rs232Fuel", None, None, ID, date=NOW, fuel=[{"address": 1, "percent": 5.0}])
    assert {alarm.device for alarm in run.alarms()} == {str(ID)}
    run.snapshot(A, None, ID, external_power_voltage=11.0)
    assert {alarm.device for alarm in run.alarms()} == {A}
    run.snapshot(A, None, ID, external_power_voltage=12.6)
    run.records("rs232Fuel", A, date=NOW - 1, fuel=[{"address": 1, "percent": 50.0}])
    assert [alarm.active for alarm in run.alarms() if alarm.key == "rule:fuel:1"] == [True]
    low = next(alarm for alarm in run.alarms() if alarm.key == "rule:low")
    assert (low.state, low.count) == (AlarmState.RETURNED, 1)


def test_tyre_that_leaks_under_the_former_key_ends_under_the_other(run: Run) -> None:
    run.snapshot(A, speed=1.0)
    run.records("bleTire", None, None, ID, tires=[{"mac": "T1", "airPressure": 700, "status": 1}])
    run.snapshot(A, None, ID, speed=1.0)
    (alarm,) = run.alarms()
    assert (alarm.device, alarm.active) == (A, True)
    run.records("bleTire", A, tires=[{"mac": "T1", "airPressure": 700, "status": 0}])
    assert run.alarms()[0].state is AlarmState.RETURNED


def test_notice_in_words_that_stands_under_the_former_key_is_not_told_again(run: Run) -> None:
    run.snapshot(A, speed=1.0)
    run.snapshot(None, None, ID, cur_event="ignition on")
    run.snapshot(A, None, ID, cur_event="ignition on")
    run.alarms()
    raised = [entry for entry in run.journal.read(99) if entry.kind == "raised"]
    assert len(raised) == 1


def test_message_before_any_snapshot_is_of_the_unit_that_comes(runs: Runs, run: Run) -> None:
    run.message("SOS", id=ID, cur_event=3)
    assert len(run.fleet) == 0
    again = runs.restart()
    assert [alarm.device for alarm in again.alarms()] == [str(ID)]
    again.snapshot(A, K, ID, **QUIET)
    (device,) = again.fleet
    assert [alarm.device for alarm in again.alarms()] == [device.key]
    assert again.fleet.find(str(ID)) is again.fleet.find(A) is device


def test_alarm_that_is_read_after_the_first_frames_goes_over(runs: Runs, run: Run) -> None:
    run.message("SOS", id=ID, cur_event=3)
    asyncio.run(run.service.drain())
    again = runs.restart(killed=True)
    again.snapshot(A, K, ID, speed=1.0)
    (alarm,) = again.alarms()
    assert (alarm.device, alarm.imei) == (A, A)
    (device,) = again.fleet
    again.snapshot(A, K, ID, **QUIET)
    assert again.alarms()[0].active is False
    assert device.key == A


def test_rule_alarm_that_is_read_after_the_first_frames_ends(runs: Runs) -> None:
    run = runs.start(LOW_SUPPLY)
    run.snapshot(None, None, ID, external_power_voltage=11.0)
    assert len(run.alarms()) == 1
    again = runs.restart(LOW_SUPPLY, killed=True)
    again.snapshot(A, K, ID, speed=1.0)
    assert [alarm.device for alarm in again.alarms()] == [A]
    again.snapshot(A, K, ID, external_power_voltage=12.6)
    assert again.alarms()[0].active is False


def test_acknowledged_alarm_joins_after_a_restart_and_stays_so(runs: Runs, run: Run) -> None:
    run.snapshot(None, K, **SOS)
    run.alarms()
    run.service.acknowledge([1])
    run.keep()
    again = runs.restart()
    again.snapshot(A, **QUIET)
    again.snapshot(A, K, ID, **SOS, date=NOW)
    (alarm,) = again.alarms()
    assert alarm.device == A
    assert alarm.acknowledged_ms is not None
    assert again.rung == []


def test_report_that_is_sent_again_after_a_join_and_a_restart_is_known(
    runs: Runs, run: Run
) -> None:
    run.snapshot(None, K, **SOS, date=NOW - 1_000)
    run.alarms()
    run.service.acknowledge([1])
    run.snapshot(A, K, **QUIET)
    assert run.alarms() == []
    again = runs.restart()
    again.snapshot(A, K, **SOS, date=NOW - 1_000)
    assert again.alarms() == []


def test_drill_that_was_left_open_is_of_no_device(runs: Runs, run: Run) -> None:
    run.service.drill()
    run.alarms()
    again = runs.restart()
    assert [alarm.device for alarm in again.alarms()] == [None]


def test_watch_names_a_unit_by_all_its_ids_whatever_a_frame_names(run: Run) -> None:
    run.records("driver", None, K, driver={"name": "Driver A"})
    run.snapshot(A, K, ID, speed=1.0)
    run.records("driver", None, K, driver={"name": "Driver B"})
    run.snapshot(None, None, ID, speed=1.0)
    run.message("SOS", device_key=K, cur_event=3)
    named = [(line.get("imei"), line.get("device_key"), line.get("id")) for line in run.lines]
    assert named[0] == (None, K, None)
    assert named[1:4] == [(A, K, str(ID))] * 3
    assert run.lines[-1]["alarm"]["imei"] == A


# Several that answer to one id.


def both(run: Run, times: int = 3) -> None:
    for _ in range(times):
        run.snapshot(A, K, ID, mileage=100)
        run.snapshot(A, "990000999999999", 919999, mileage=5)


def test_two_units_under_one_imei_are_one_alarm_that_is_not_repeated(run: Run) -> None:
    both(run)
    (alarm,) = run.alarms()
    assert (alarm.name, alarm.severity) == ("Two units answer to this IMEI", Severity.HIGH)
    assert (alarm.device, alarm.imei, alarm.count, alarm.sources) == (A, A, 1, (Source.PROGRAM,))
    assert K in alarm.text
    assert "990000999999999" in alarm.text
    assert len(run.rung) == 1
    for device in run.fleet:
        assert device.problems[0].startswith("two units answer to this IMEI")
    assert all("two units" in line["problems"][0] for line in run.lines[1:])


def test_quiet_frames_do_not_end_it_and_silence_does(run: Run) -> None:
    both(run)
    run.snapshot(A, K, ID, **QUIET)
    assert run.alarms()[0].active
    run.clock.advance(4 * HOUR_MS / 1_000)
    run.monitor.identities.tick(run.clock.now_ms())
    assert run.alarms()[0].state is AlarmState.RETURNED
    both(run)
    assert [(alarm.state, alarm.count) for alarm in run.alarms()] == [(AlarmState.ACTIVE, 2)]


def test_alarms_of_each_of_them_are_kept_apart(run: Run) -> None:
    both(run)
    run.snapshot(A, K, ID, **SOS)
    run.snapshot(A, "990000999999999", 919999, **QUIET)
    (sos,) = (alarm for alarm in run.alarms() if alarm.key == "sos")
    assert (sos.device, sos.active) == (A, True)


def test_message_that_names_only_the_imei_rings_and_says_that_two_answer(run: Run) -> None:
    both(run)
    run.message("SOS", imei=A, cur_event=3)
    (sos,) = (alarm for alarm in run.alarms() if alarm.key == "sos")
    assert sos in run.rung
    assert "two units answer to this IMEI" in sos.text
    assert sos.device == f"{A} (one of several)"
    assert "two units" in run.lines[-1]["alarm"]["problems"][0]


def test_snapshot_that_names_only_the_imei_is_of_neither(run: Run) -> None:
    both(run)
    run.snapshot(A, **SOS, speed=99.0)
    (sos,) = (alarm for alarm in run.alarms() if alarm.key == "sos")
    assert "two units answer to this IMEI" in sos.text
    assert [device.key for device in run.fleet][2:] == [f"{A} (one of several)"]
    run.records("driver", A, driver={"name": "Driver A"})
    assert "two units" in run.lines[-1]["problems"][0]


def test_conflict_of_a_former_run_goes_on_or_ends(runs: Runs, run: Run) -> None:
    both(run)
    again = runs.restart()
    assert [alarm.active for alarm in again.alarms()] == [True]
    both(again)
    assert [(alarm.active, alarm.count) for alarm in again.alarms()] == [(True, 1)]
    last = runs.restart()
    last.alarms()
    last.snapshot(A, K, ID)
    last.monitor.identities.tick(last.clock.now_ms())
    last.monitor.identities.tick(last.clock.now_ms())
    assert [alarm.active for alarm in last.alarms()] == [True]
    last.clock.advance(2 * HOUR_MS / 1_000)
    last.monitor.identities.tick(last.clock.now_ms())
    assert [alarm.state for alarm in last.alarms()] == [AlarmState.RETURNED]


def test_both_units_keep_their_alarms_over_a_restart(runs: Runs, run: Run) -> None:
    both(run)
    run.snapshot(A, "990000999999999", 919999, cur_event=32, alerts=32)
    run.snapshot(A, K, ID, **SOS)
    before = {alarm.key: alarm.device for alarm in run.alarms()}
    again = runs.restart()
    both(again)
    assert {alarm.key: alarm.device for alarm in again.alarms()} == before
    assert len(set(before.values())) == 2


def test_conflict_that_was_read_after_it_showed_again_is_not_repeated(runs: Runs, run: Run) -> None:
    both(run)
    again = runs.restart()
    both(again)
    again.monitor.identities.tick(again.clock.now_ms() + MINUTE_MS)
    assert [(alarm.active, alarm.device) for alarm in again.alarms()] == [(True, A)]


def test_identities_are_looked_at_each_second(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tftmonitor.monitor.monitor._IDENTITIES_EVERY_S", 0.001)

    async def wait_for_ticks() -> None:
        ticks: list[int] = []
        ticked = asyncio.Event()

        def tick(now_ms: int) -> None:
            ticks.append(now_ms)
            ticked.set()

        monkeypatch.setattr(run.monitor.identities, "tick", tick)
        task = asyncio.create_task(run.monitor._watch_identities())
        async with asyncio.timeout(10):
            await ticked.wait()
        task.cancel()

    asyncio.run(wait_for_ticks())


def test_what_waits_under_a_former_key_comes_after_the_join_and_is_of_the_device() -> None:
    queue = EventQueue()
    sos = Raised(NOW, Source.SNAPSHOT, "sos", "SOS", Severity.CRITICAL, device="7")
    for event in (sos, replace(sos, severity=Severity.HIGH), replace(sos, device="A")):
        queue.put(event)
    joined = Joined(NOW, "A", "7")
    queue.put(joined)
    queue.put(joined)
    assert len(queue) == 5
    taken = [queue.pop() for _ in range(len(queue))]
    assert taken[:2] == [joined, joined]
    assert [getattr(event, "device", None) for event in taken] == ["A"] * 5


def test_doubts_of_a_former_key_are_of_the_device() -> None:
    doubts = Doubts()
    clock = DeviceClock()
    doubts.clocks["7"] = clock
    doubts.rename("7", "A")
    doubts.rename("7", "B")
    assert doubts.clocks == {"A": clock}
