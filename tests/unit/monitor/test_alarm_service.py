"""From what comes in to what is shown: on disk first, each step in its turn, nothing forgotten."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, ManualClock
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.rows import JournalEntry
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.alarm import Alarm, AlarmState, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Acknowledged, AlarmChange, Silenced, StepFailed
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fields.field import Number
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.monitor.alarm_service import AlarmService, AlarmStep
from tftmonitor.protocol.messages import AlarmNotice

NOW = 1_795_000_000_000
JAMMER = 0x200_0000


@dataclass(frozen=True)
class Van:
    key: str = "1"
    label: str = "VAN-12"
    model: str | None = None


@dataclass(frozen=True)
class Live:
    late: bool = False
    device_ms: int | None = NOW - 900
    doubtful: bool = False
    raw_ms: int | None = None


VAN = Van()


class Bench:
    """An alarm service on a real journal, with notes of what was published at each step."""

    def __init__(self, folder: Path, journal: bool = True) -> None:
        self.path = folder / FILE_NAME
        self.clock = ManualClock(NOW)
        self.steps: list[AlarmStep] = []
        self.changes: list[AlarmChange] = []
        self.troubles: list[StepFailed] = []
        self.journal = Journal.open(self.path, self.clock) if journal else None
        self.thread = JournalThread(self.journal)
        self.service = AlarmService(
            OpenAlarms(),
            self.thread,
            CodeResolver(),
            self.clock,
            {"1": VAN, "imei-1": VAN}.get,
            "operator",
        )
        self.service.pipeline.step_failed.add(self.troubles.append)
        for step in reversed(AlarmStep):
            self.service.steps[step].add(partial(self._note, step))

    def _note(self, step: AlarmStep, changes: list[AlarmChange]) -> None:
        self.steps.append(step)
        if step is AlarmStep.BANNER:
            self.changes += changes

    def open(self) -> list[Alarm]:
        return self.service.alarms.open()

    def raise_rules(self, count: int) -> None:
        for number in range(count):
            self.service.rule_alarm(str(number), "Voltage low", Severity.HIGH, VAN)


Restart = Callable[[Bench], Bench]


def run(work: Coroutine[Any, Any, Any]) -> None:
    asyncio.run(work)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    if made.journal is not None:
        made.journal.close()


def entries(bench: Bench) -> list[JournalEntry]:
    """The journal oldest first, as another program that opens the file finds it."""
    other = Journal.open(bench.path, bench.clock)
    found = other.read(10_000)
    other.close()
    return sorted(found, key=lambda entry: entry.seq)


def hold_writing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """The journal writes only once this is set."""
    gate, journal = threading.Event(), bench.journal
    assert journal is not None
    write = journal.write

    def slow(batch: JournalBatch) -> int:
        gate.wait(5)
        return write(batch)

    monkeypatch.setattr(journal, "write", slow)
    return gate


def kinds(bench: Bench) -> list[str]:
    return [entry.kind for entry in entries(bench)]


# The path


def test_alarm_is_on_disk_before_any_step_and_steps_keep_their_order(bench: Bench) -> None:
    on_disk: list[list[str]] = []
    bench.service.steps[AlarmStep.JOURNAL].add(lambda _changes: on_disk.append(kinds(bench)))

    async def work() -> None:
        await bench.service.restore()
        bench.raise_rules(1)
        assert bench.open() == []
        await bench.service.drain()

    run(work())
    assert on_disk == [["restored", "raised"]]
    assert bench.steps == list(AlarmStep)
    assert [alarm.name for alarm in bench.open()] == ["Voltage low"]
    (change,) = bench.changes
    assert (change.is_new, change.rings) == (True, True)


def test_open_alarms_hold_the_alarm_when_the_banner_is_called(bench: Bench) -> None:
    seen: list[int] = []
    bench.service.steps[AlarmStep.BANNER].add(lambda _changes: seen.append(len(bench.open())))
    bench.raise_rules(2)
    run(bench.service.drain())
    assert seen == [2]


def test_nothing_is_shown_while_it_is_being_written(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = hold_writing(bench, monkeypatch)

    async def work() -> None:
        service = asyncio.create_task(bench.service.run())
        bench.raise_rules(1)
        await asyncio.sleep(0.05)
        assert bench.steps == []
        assert bench.open() == []
        gate.set()
        await bench.service.drain()
        assert len(bench.open()) == 1
        service.cancel()

    run(work())


def test_running_service_serves_what_comes(bench: Bench) -> None:
    async def work() -> None:
        service = asyncio.create_task(bench.service.run())
        called = asyncio.Event()
        bench.service.steps[AlarmStep.TRAY].add(lambda _changes: called.set())
        for count in (1, 2):
            bench.raise_rules(count)
            await asyncio.wait_for(called.wait(), 5)
            called.clear()
        assert len(bench.open()) == 2
        service.cancel()

    run(work())


def test_end_of_the_program_leaves_nothing_in_the_queue(bench: Bench) -> None:
    async def work() -> None:
        service = asyncio.create_task(bench.service.run())
        await asyncio.sleep(0)
        bench.raise_rules(500)
        service.cancel()
        with suppress(asyncio.CancelledError):
            await service
        assert await bench.service.drain()
        await bench.thread.close()

    run(work())
    assert kinds(bench).count("raised") == 500
    assert len(bench.open()) == 500
    bench.journal = None


def test_write_that_was_cancelled_midway_is_neither_lost_nor_doubled(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        await bench.service.restore()
        gate = hold_writing(bench, monkeypatch)
        service = asyncio.create_task(bench.service.run())
        bench.raise_rules(1)
        await asyncio.sleep(0.05)
        service.cancel()
        with suppress(asyncio.CancelledError):
            await service
        bench.raise_rules(2)
        gate.set()
        assert await bench.service.drain()

    run(work())
    assert kinds(bench) == ["restored", "raised", "raised", "raised"]
    assert [alarm.count for alarm in bench.open()] == [1, 2]


def test_flood_is_reduced_in_slices_and_written_in_pieces(bench: Bench) -> None:
    async def work() -> None:
        await bench.service.restore()
        bench.raise_rules(3_000)
        ticks = 0
        service = asyncio.create_task(bench.service.drain())
        while not service.done():
            ticks += 1
            await asyncio.sleep(0)
        assert ticks > 3

    run(work())
    assert len(bench.open()) == 3_000
    pieces = len(bench.steps) // len(AlarmStep)
    assert bench.steps == list(AlarmStep) * pieces
    assert pieces > 1


def test_sos_in_the_midst_of_a_flood_is_shown_before_its_end(bench: Bench) -> None:
    shown_with: list[int] = []

    def note(changes: list[AlarmChange]) -> None:
        if len(bench.service.alarms) == len(changes):  # the first batch
            bench.service.rule_alarm("sos", "SOS", Severity.CRITICAL, Van("2"))
        if any(change.alarm.key == "rule:sos" for change in changes):
            shown_with.append(len(bench.service.alarms))

    bench.service.steps[AlarmStep.BANNER].add(note)
    bench.raise_rules(9_000)
    run(bench.service.drain())
    assert len(shown_with) == 1
    assert shown_with[0] < len(bench.open()) == 9_001


def test_service_without_journal_shows_alarms_all_the_same(tmp_path: Path) -> None:
    bench = Bench(tmp_path, journal=False)

    async def work() -> None:
        bench.raise_rules(1)
        assert await bench.service.drain()
        assert await bench.service.read_journal(10) == []
        await bench.thread.close()

    run(work())
    assert len(bench.open()) == 1


# A step that fails


def test_step_that_fails_is_reported_and_journalled_and_the_others_run(bench: Bench) -> None:
    def broken(_changes: list[AlarmChange]) -> None:
        raise OSError("no sound device")

    bench.service.steps[AlarmStep.SOUND].add(broken)

    async def work() -> None:
        for count in (1, 2):  # the same failure again is not reported again
            bench.raise_rules(count)
            await bench.service.drain()

    run(work())
    assert bench.steps == list(AlarmStep) * 2
    (failed,) = bench.troubles
    assert failed.step == "sound"
    assert "no sound device" in failed.reason
    assert AlarmStep.SOUND in bench.service.pipeline.failing
    assert kinds(bench).count("step_failed") == 1


def test_step_that_works_again_is_not_failing_any_more(bench: Bench) -> None:
    problems = [OSError("no tray")]

    def sometimes(_changes: list[AlarmChange]) -> None:
        if problems:
            raise problems.pop()

    bench.service.steps[AlarmStep.TRAY].add(sometimes)

    async def work() -> None:
        bench.raise_rules(1)
        await bench.service.drain()
        assert AlarmStep.TRAY in bench.service.pipeline.failing
        bench.raise_rules(2)
        await bench.service.drain()

    run(work())
    assert bench.service.pipeline.failing == {}


def test_disk_that_is_full_keeps_nothing_from_the_operator(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = bench.journal
    assert journal is not None

    def full(batch: JournalBatch) -> int:
        raise JournalError("Alarms cannot be kept: the disk is full.")

    async def work() -> None:
        await bench.service.restore()
        with monkeypatch.context() as patch:
            patch.setattr(journal, "write", full)
            bench.raise_rules(1)
            assert not await bench.service.drain()
            bench.raise_rules(2)
            assert not await bench.service.drain()
        assert len(bench.open()) == 2
        assert [failed.reason for failed in bench.troubles] == [
            "Alarms cannot be kept: the disk is full."
        ]
        assert await bench.service.drain()

    run(work())
    assert bench.service.pipeline.failing == {}
    assert kinds(bench) == ["restored", "raised", "step_failed", "raised", "raised"]


def test_full_disk_is_tried_again_after_a_while_and_not_with_each_alarm(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, tries = bench.journal, []
    assert journal is not None

    def full(batch: JournalBatch) -> int:
        tries.append(bench.clock.monotonic_s())
        raise JournalError("full")

    async def work() -> None:
        await bench.service.restore()
        monkeypatch.setattr(journal, "write", full)
        for count in range(1, 12):
            bench.raise_rules(count)
            await bench.service.pipeline._serve()
            bench.clock.advance(1)

    run(work())
    assert tries == [0, 5, 10]
    assert len(bench.open()) == 11


def test_event_that_cannot_be_worked_off_stops_no_other(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    reduce = bench.service.pipeline._reducer.reduce

    def picky(event: Any) -> list[AlarmChange]:
        if getattr(event, "key", "") == "rule:0":
            raise KeyError("odd")
        return reduce(event)

    monkeypatch.setattr(bench.service.pipeline._reducer, "reduce", picky)
    bench.raise_rules(2)
    run(bench.service.drain())
    assert [alarm.key for alarm in bench.open()] == ["rule:1"]
    assert "rule:0" in bench.troubles[0].reason


def test_trouble_that_cannot_be_reported_stops_nothing(bench: Bench) -> None:
    def broken(*_args: object) -> None:
        raise OSError("nobody listens")

    bench.service.pipeline.step_failed.add(broken)
    bench.service.steps[AlarmStep.SOUND].add(broken)
    bench.raise_rules(1)
    run(bench.service.drain())
    assert bench.steps == list(AlarmStep)


def test_text_that_no_file_can_hold_is_reported(bench: Bench) -> None:
    bench.service.rule_alarm("a", "half a pair \ud83d", Severity.HIGH)
    run(bench.service.drain())
    assert "cannot be written" in bench.troubles[0].reason
    assert len(bench.open()) == 1


# A new start


@pytest.fixture
def again() -> Iterator[Restart]:
    """Makes the same profile after a restart; after the test its file is closed."""
    with ExitStack() as files:

        def restart(bench: Bench) -> Bench:
            if bench.journal is not None:
                bench.journal.close()
                bench.journal = None
            made = Bench(bench.path.parent)
            assert made.journal is not None
            files.enter_context(closing(made.journal))
            return made

        yield restart


def test_open_alarms_are_there_before_anything_new(bench: Bench, again: Restart) -> None:
    async def first() -> None:
        bench.raise_rules(3)
        await bench.service.drain()
        bench.service.acknowledge([2])
        bench.service.silence()
        await bench.service.drain()

    run(first())
    second = again(bench)

    async def restart() -> None:
        second.service.rule_alarm("9", "Voltage low", Severity.HIGH)
        await second.service.restore()

    run(restart())
    assert [(a.id, a.state) for a in sorted(second.open(), key=lambda a: a.id)] == [
        (1, AlarmState.ACTIVE),
        (2, AlarmState.ACKNOWLEDGED),
        (3, AlarmState.ACTIVE),
        (4, AlarmState.ACTIVE),
    ]
    rang = {change.alarm.id: change.rings for change in second.changes}
    assert rang == {1: False, 2: False, 3: False, 4: True}


def test_unacknowledged_alarm_rings_after_a_restart(bench: Bench, again: Restart) -> None:
    bench.raise_rules(1)
    run(bench.service.drain())
    second = again(bench)
    run(second.service.restore())
    (change,) = second.changes
    assert change.rings
    assert not change.is_new


def test_end_of_an_alarm_is_noticed_after_a_restart(bench: Bench, again: Restart) -> None:
    bench.service.snapshot_alarm(VAN, DeviceStatus(alerts=0x20), Live(), NOW)
    run(bench.service.drain())
    second = again(bench)

    async def work() -> None:
        await second.service.restore()
        assert "1" in second.service.standing
        second.service.snapshot_alarm(VAN, DeviceStatus(cur_event=0, alerts=0), Live(), NOW)
        await second.service.drain()

    run(work())
    assert second.open()[0].state is AlarmState.RETURNED


def test_shelves_and_service_and_proof_outlive_a_restart(bench: Bench, again: Restart) -> None:
    async def first() -> None:
        bench.service.drill()
        bench.service.out_of_service("1", NOW + HOUR_MS)
        await bench.service.drain()
        bench.service.confirm_drill()
        await bench.service.drain()

    run(first())
    second = again(bench)
    run(second.service.restore())
    assert second.service.proven_ms == NOW
    assert second.service.out_of_service_until == {"1": NOW + HOUR_MS}
    second.raise_rules(1)
    run(second.service.drain())
    assert second.service.alarms.shelved()[0].state is AlarmState.OUT_OF_SERVICE


def test_journal_that_cannot_be_read_costs_no_number_of_an_old_alarm(
    bench: Bench, again: Restart, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.raise_rules(1)
    run(bench.service.drain())
    second = again(bench)

    def unreadable(_journal: Journal) -> None:
        raise JournalError("The disk reports an error.")

    monkeypatch.setattr(Journal, "load", unreadable)
    second.service.rule_alarm("9", "Voltage low", Severity.HIGH)
    run(second.service.drain())
    monkeypatch.undo()
    assert second.troubles[0].reason == "The disk reports an error."
    assert len(second.open()) == 1
    third = again(second)
    run(third.service.restore())
    assert len(third.open()) == 2


def test_alarms_of_a_newer_version_are_reported(bench: Bench, again: Restart) -> None:
    bench.raise_rules(1)
    run(bench.service.drain())
    assert bench.journal is not None
    bench.journal._database.execute("UPDATE alarms SET body = '{}'")
    second = again(bench)
    run(second.service.restore())
    assert "not understood by this version" in second.troubles[0].reason


# What comes in


def test_snapshot_brings_its_alarm_with_place_and_clock(bench: Bench) -> None:
    status = DeviceStatus(cur_event=JAMMER, alerts=0, lat=50.1, lng=8.6)
    bench.service.snapshot_alarm(VAN, status, Live(), NOW)
    run(bench.service.drain())
    (alarm,) = bench.open()
    assert (alarm.name, alarm.device, alarm.device_name) == ("Jamming start", "1", "VAN-12")
    assert (alarm.lat, alarm.lng, alarm.device_ms) == (50.1, 8.6, NOW - 900)


def test_alarm_at_an_old_place_says_that_it_is_the_last_known(bench: Bench) -> None:
    fix_ms = NOW - 3 * HOUR_MS
    status = DeviceStatus(cur_event=JAMMER, lat=50.1, lng=8.6, latlng_valid=0, location_date=fix_ms)
    bench.service.snapshot_alarm(VAN, status, Live(device_ms=None), NOW)
    run(bench.service.drain())
    (alarm,) = bench.open()
    assert (alarm.lat, alarm.place_ms, alarm.place_is_last_known) == (50.1, fix_ms, True)
    # The next one has a fix again.
    again = DeviceStatus(cur_event=JAMMER, lat=50.2, lng=8.6, location_date=NOW + 4_000)
    bench.service.snapshot_alarm(VAN, again, Live(device_ms=NOW + 5_000), NOW + 5_000)
    run(bench.service.drain())
    (alarm,) = bench.open()
    assert (alarm.lat, alarm.place_ms, alarm.place_is_last_known) == (50.2, NOW + 4_000, False)


@pytest.mark.parametrize("device_ms", [None, NOW - 900, 0])
def test_message_with_an_impossible_place_has_none(bench: Bench, device_ms: int | None) -> None:
    notice = AlarmNotice(
        imei="imei-1", name="SOS", latitude=300.0, longitude=8.6, device_ms=device_ms
    )
    bench.service.message_alarm(notice, "SOS", NOW)
    run(bench.service.drain())
    assert bench.open()[0].lat is None


@pytest.mark.parametrize("place", [(UNSET, UNSET), (0.0, 0.0), (50.0, UNSET)])
def test_snapshot_without_fix_has_no_place(bench: Bench, place: tuple[Number, Number]) -> None:
    status = DeviceStatus(cur_event=JAMMER, lat=place[0], lng=place[1])
    bench.service.snapshot_alarm(VAN, status, Live(), NOW)
    run(bench.service.drain())
    assert bench.open()[0].lat is None


def test_late_snapshot_is_marked(bench: Bench) -> None:
    late = Live(late=True, device_ms=NOW - HOUR_MS)
    bench.service.snapshot_alarm(VAN, DeviceStatus(cur_event=JAMMER), late, NOW)
    run(bench.service.drain())
    (alarm,) = bench.open()
    assert alarm.late
    assert alarm.state is AlarmState.RETURNED


def test_both_channels_make_one_alarm(bench: Bench) -> None:
    bench.service.snapshot_alarm(VAN, DeviceStatus(cur_event=JAMMER), Live(), NOW)
    notice = AlarmNotice(imei="unknown", device_key="imei-1", code=JAMMER)
    bench.service.message_alarm(notice, "Jamming start", NOW + MINUTE_MS // 2)
    run(bench.service.drain())
    (alarm,) = bench.open()
    assert alarm.sources == (Source.SNAPSHOT, Source.MESSAGE)
    assert alarm.count == 1


def test_message_of_a_device_that_never_reported_names_it_all_the_same(bench: Bench) -> None:
    bench.service.message_alarm(AlarmNotice(imei="77", model="TLP1-SF", code=6), "", NOW)
    run(bench.service.drain())
    (alarm,) = bench.open()
    assert (alarm.device, alarm.device_name) == ("77", "77")
    assert alarm.candidates[0] == "battery_low"


def test_model_in_the_message_helps_where_the_device_reports_none(bench: Bench) -> None:
    bench.service.message_alarm(AlarmNotice(id="1", model="TLP1-SF", code=6), "", NOW)
    run(bench.service.drain())
    (alarm,) = bench.open()
    assert (alarm.device_name, alarm.candidates[0]) == ("VAN-12", "battery_low")


def test_message_without_device_or_number_is_an_alarm(bench: Bench) -> None:
    bench.service.message_alarm(AlarmNotice(), "Something is wrong", NOW)
    run(bench.service.drain())
    (alarm,) = bench.open()
    assert (alarm.name, alarm.device, alarm.severity) == (
        "Something is wrong",
        None,
        Severity.WARNING,
    )


def test_alarms_of_rules_on_devices_and_on_our_own_link_return(bench: Bench) -> None:
    async def work() -> None:
        bench.service.rule_alarm("low", "Voltage low", Severity.HIGH, VAN)
        bench.service.rule_alarm("link", "Link down", Severity.HIGH, source=Source.LINK)
        await bench.service.drain()
        assert {alarm.key: (alarm.device, alarm.sources) for alarm in bench.open()} == {
            "rule:low": ("1", (Source.RULE,)),
            "rule:link": (None, (Source.LINK,)),
        }
        bench.service.rule_returned("low", "1")
        bench.service.rule_returned("link", because="live again")
        await bench.service.drain()

    run(work())
    assert {alarm.state for alarm in bench.open()} == {AlarmState.RETURNED}


# The operator


def test_acknowledging_covers_what_was_shown_and_names_the_operator(bench: Bench) -> None:
    async def work() -> None:
        bench.raise_rules(2)
        bench.service.rule_alarm("other", "Voltage low", Severity.HIGH, Van("2"))
        await bench.service.drain()
        bench.raise_rules(3)  # the third is not shown yet, so nobody can have seen it
        shown = [alarm.id for alarm in bench.open() if alarm.device == "1"]
        bench.service.acknowledge(shown, "driver called")
        await bench.service.drain()

    run(work())
    waiting = bench.service.alarms.unacknowledged()
    assert {(alarm.device, alarm.key) for alarm in waiting} == {
        ("1", "rule:2"),
        ("2", "rule:other"),
    }
    seen = [entry for entry in entries(bench) if entry.kind == "acknowledged"]
    assert len(seen) == 2
    assert {entry.alarm_id for entry in seen}.isdisjoint(alarm.id for alarm in waiting)
    assert getattr(seen[0].event, "who", "") == "operator"


def test_silence_is_not_acknowledgement(bench: Bench) -> None:
    async def work() -> None:
        bench.raise_rules(2)
        await bench.service.drain()
        bench.service.silence()
        await bench.service.drain()

    run(work())
    assert [(alarm.needs_ack, alarm.silenced_ms) for alarm in bench.open()] == [(True, NOW)] * 2


def test_shelf_needs_a_reason_and_ends_by_itself(bench: Bench) -> None:
    async def work() -> None:
        bench.raise_rules(1)
        service = asyncio.create_task(bench.service.run())
        await bench.service.drain()
        with pytest.raises(ValueError, match="needs a reason"):
            bench.service.shelve([1], NOW + HOUR_MS)
        bench.service.shelve([1, 99], NOW + HOUR_MS, " test drive ")
        await bench.service.drain()
        (shelved,) = bench.service.alarms.shelved()
        assert shelved.shelve_reason == "test drive"
        bench.clock.advance(3_600)
        await asyncio.sleep(1.3)
        service.cancel()

    run(work())
    assert [alarm.state for alarm in bench.open()] == [AlarmState.ACTIVE]
    assert bench.changes[-1].rings
    assert kinds(bench)[-1] == "expired"


def test_acts_on_the_shelf_and_on_the_record(bench: Bench) -> None:
    async def work() -> None:
        bench.raise_rules(1)
        await bench.service.drain()
        bench.service.shelve([1], NOW + HOUR_MS, "x")
        bench.service.unshelve([1])
        bench.service.note([1], "police informed")
        bench.service.acknowledge([1])
        bench.service.close_alarms([1])
        await bench.service.drain()
        assert bench.open() == []
        page = await bench.service.read_journal(10)
        assert [entry.kind for entry in page][:3] == ["closed", "acknowledged", "noted"]
        assert [entry.kind for entry in await bench.service.read_journal(2, page[2])] == [
            "unshelved",
            "shelved",
        ]

    run(work())


def test_device_out_of_service_needs_no_alarm_and_must_end_later(bench: Bench) -> None:
    async def work() -> None:
        with pytest.raises(ValueError, match="over already"):
            bench.service.out_of_service("1", NOW)
        bench.service.out_of_service("1", NOW + HOUR_MS)
        await bench.service.drain()
        assert bench.service.out_of_service_until == {"1": NOW + HOUR_MS}
        bench.service.out_of_service("1", None)
        await bench.service.drain()

    run(work())
    assert bench.service.out_of_service_until == {}
    assert kinds(bench) == ["restored", "out_of_service", "out_of_service"]


def test_drill_goes_the_whole_way_and_proves_it_when_confirmed(bench: Bench) -> None:
    async def work() -> None:
        with pytest.raises(ValueError, match="No drill is open"):
            bench.service.confirm_drill()
        bench.service.drill()
        await bench.service.drain()
        (alarm,) = bench.open()
        assert alarm.drill
        assert bench.changes[-1].rings
        assert bench.service.proven_ms is None
        bench.clock.advance(10)
        bench.service.confirm_drill()
        await bench.service.drain()

    run(work())
    assert bench.service.proven_ms == NOW + 10_000
    assert bench.open() == []


# For other processes


def test_sound_after_a_restart_is_counted_and_kept(bench: Bench, again: Restart) -> None:
    bench.raise_rules(3)
    run(bench.service.drain())
    bench.service.acknowledge([2])
    bench.service.pipeline.put(Silenced(NOW, (3,)))
    run(bench.service.drain())
    second = again(bench)
    run(second.service.restore())
    third = again(second)
    run(third.service.restore())
    rings = {alarm.id: alarm.rings for alarm in third.service.alarms.all()}
    assert rings == {1: 3, 2: 1, 3: 1}
    assert third.journal is not None
    assert {a.id: a.rings for a in third.journal.load().alarms} == rings


def test_somebody_else_than_the_operator_can_acknowledge(bench: Bench) -> None:
    bench.raise_rules(2)
    run(bench.service.drain())
    bench.service.acknowledge([1], who="night shift")
    bench.service.acknowledge([2])
    run(bench.service.drain())
    found = [e.event for e in entries(bench) if isinstance(e.event, Acknowledged)]
    assert [event.who for event in found] == ["night shift", "operator"]


def test_message_of_an_unknown_device_tells_its_imei(bench: Bench) -> None:
    notice = AlarmNotice(imei="860000000000001", name="SOS")
    bench.service.message_alarm(notice, "SOS", NOW)
    run(bench.service.drain())
    assert [alarm.imei for alarm in bench.open()] == ["860000000000001"]
