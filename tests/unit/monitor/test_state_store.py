"""Messages, blind intervals and learned intervals outlive the program, whatever fails."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, ManualClock
from tftmonitor.history import retention, saved_state
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.retention import Retention
from tftmonitor.history.saved_state import SavedState, StateChanges
from tftmonitor.history.schema import FILE_NAME, transaction
from tftmonitor.model.alarms.events import Blind
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.coverage import BlindInterval, Blindness, Coverage
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.clock_offset import DeviceClock, export_clock, restore_clock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.records import Records
from tftmonitor.model.inbox import Inbox, ItemKind
from tftmonitor.monitor import state_store
from tftmonitor.monitor.alarm_pipeline import AlarmPipeline
from tftmonitor.monitor.state_store import StateStore
from tftmonitor.protocol.messages import SnapshotData

NOW = 1_795_000_000_000


class Run:
    """One run of the program, as far as its state goes, on a real file or on none."""

    def __init__(self, journal: Journal | None, at_ms: int = NOW) -> None:
        self.clock = ManualClock(at_ms)
        self.journal = journal
        self.thread = JournalThread(journal)
        self.fleet, self.inbox, self.coverage = Fleet(), Inbox(), Coverage()
        self.pipeline = AlarmPipeline(OpenAlarms(), self.thread, self.clock)
        self.store = StateStore(
            self.thread, self.pipeline, self.fleet, self.inbox, self.coverage, self.clock
        )
        self.failures: list[str] = []
        self.store.failed.add(self.failures.append)

    def put(self, text: str) -> None:
        self.inbox.add(ItemKind.USER, self.clock.now_ms(), None, "Ann", text)

    def drive(self, imei: str, frames: int = 6) -> None:
        for _ in range(frames):
            self.clock.advance(30)
            now_ms = self.clock.now_ms()
            status = DeviceStatus(date=now_ms, acc=1, speed=50)
            self.fleet.apply(SnapshotData(imei=imei), status, b"", now_ms)

    async def end(self) -> None:
        """As the program ends: alarms, then state, then the thread."""
        await self.pipeline.drain()
        await self.store.keep(with_cadence=True)
        await self.thread.close()

    def texts(self) -> list[str]:
        return [item.text for item in self.inbox.items]

    def blind(self, *scopes: str) -> list[BlindInterval]:
        return self.coverage.between(scopes, 0, self.clock.now_ms() + DAY_MS)


Starter = Callable[[int], Run]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


@pytest.fixture
def start(path: Path) -> Iterator[Starter]:
    """Starts the program on the same profile at a time; after the test its files are closed."""
    with ExitStack() as files:

        def started(at_ms: int) -> Run:
            journal = Journal.open(path, ManualClock(at_ms))
            files.enter_context(closing(journal.database))
            return Run(journal, at_ms)

        yield started


def on_disk(path: Path, blind_from_ms: int = 0) -> SavedState:
    """What another reader of the file finds."""
    with closing(Journal.open(path, ManualClock(NOW))) as reader:
        return saved_state.load(reader, 1_000, blind_from_ms)


def run(work: Coroutine[Any, Any, Any]) -> None:
    asyncio.run(work)


def refuse(reason: str) -> Callable[..., Any]:
    def refused(*_args: object, **_named: object) -> None:
        raise JournalError(reason)

    return refused


def test_state_of_a_run_is_there_in_the_next(start: Starter) -> None:
    first = start(NOW)

    async def work() -> None:
        await first.store.restore()
        first.put("a")
        first.put("b")
        first.inbox.mark_read({1})
        first.drive("7")
        await first.end()

    run(work())
    end_ms = first.clock.now_ms()
    second = start(end_ms + HOUR_MS)
    run(second.store.restore())
    assert [(item.text, item.read) for item in second.inbox.items] == [("a", True), ("b", False)]
    learned = first.fleet.find("7")
    assert learned is not None
    assert learned.cadence.export()
    assert second.fleet.cadences == {"7": learned.cadence.export()}
    second.drive("7", frames=1)
    known = second.fleet.find("7")
    assert known is not None
    assert known.cadence.export() == learned.cadence.export()


def test_offset_of_a_clock_is_there_in_the_next_run(start: Starter) -> None:
    first = start(NOW)
    first.drive("7", frames=1)
    known = first.fleet.find("7")
    assert known is not None
    known.clock = DeviceClock()
    for second in range(4):
        known.clock.learn(NOW + second * 1_000 - HOUR_MS, NOW + second * 1_000)
    run(first.end())
    second_run = start(NOW + HOUR_MS)
    run(second_run.store.restore())
    kept = second_run.fleet.cadences["7"]
    assert export_clock(known.clock).items() <= kept.items()
    assert restore_clock(kept) is not None


def test_first_run_ever_was_blind_to_nothing(start: Starter) -> None:
    first = start(NOW)
    run(first.store.restore())
    assert first.blind("devices", "messages", "program") == []


def test_time_without_the_program_is_blind_on_both_channels(start: Starter, path: Path) -> None:
    first = start(NOW)
    run(first.store.restore())
    run(first.end())
    second = start(NOW + HOUR_MS)

    async def work() -> None:
        await second.store.restore()
        await second.end()

    run(work())
    for scope in ("devices", "messages"):
        gap = BlindInterval(scope, Blindness.PROGRAM, NOW, NOW + HOUR_MS)
        assert second.blind(scope) == [gap]
        assert gap in on_disk(path).blind
    assert {found.scope for found in on_disk(path).blind} == {"devices", "messages"}


def test_time_without_the_program_counts_from_the_last_save_of_a_killed_run(
    start: Starter,
) -> None:
    first = start(NOW)

    async def killed() -> None:
        await first.store.restore()
        for _ in range(3):
            await first.store.keep()
            first.clock.advance(3)
        await first.thread.close()  # nothing was saved at the end

    run(killed())
    second = start(NOW + HOUR_MS)
    run(second.store.restore())
    (gap,) = second.blind("devices")
    assert (gap.start_ms, gap.end_ms) == (NOW + 6_000, NOW + HOUR_MS)


def test_old_marker_of_the_last_run_is_read_once(start: Starter, path: Path) -> None:
    first = start(NOW)
    assert first.journal is not None
    first.journal.database.execute("DROP TABLE reports")
    first.journal.database.execute("DROP TABLE waiting")
    first.journal.database.execute("DROP INDEX blind_end")
    first.journal.database.execute("CREATE INDEX blind_time ON blind (start_ms)")
    marker = ("program", 0, NOW - HOUR_MS, Blindness.PROGRAM.value, "")
    first.journal.database.execute("INSERT INTO blind VALUES (?, ?, ?, ?, ?)", marker)
    first.journal.database.execute("PRAGMA user_version = 2")
    first.journal.close()
    second = start(NOW)
    run(second.store.restore())
    (gap,) = second.blind("devices")
    assert (gap.cause, gap.start_ms, gap.end_ms) == (Blindness.PROGRAM, NOW - HOUR_MS, NOW)
    assert second.blind("program") == []
    run(second.end())
    third = start(NOW + 5 * MINUTE_MS)
    run(third.store.restore())
    gaps = third.blind("devices")
    assert [(gap.start_ms, gap.end_ms) for gap in gaps] == [
        (NOW - HOUR_MS, NOW),
        (NOW, NOW + 5 * MINUTE_MS),
    ]


def test_interval_that_was_open_at_a_kill_ends_with_the_run(start: Starter) -> None:
    first = start(NOW)

    async def killed() -> None:
        first.coverage.begin("devices", Blindness.LINK, NOW - 5, "no network")
        await first.store.keep()
        await first.thread.close()

    run(killed())
    second = start(NOW + HOUR_MS)
    run(second.store.restore())
    opened, program = second.blind("devices")
    assert (opened.start_ms, opened.end_ms, opened.reason) == (NOW - 5, NOW, "no network")
    assert (program.start_ms, program.cause) == (NOW, Blindness.PROGRAM)
    assert not second.coverage.is_blind("devices")


def test_open_interval_of_a_file_without_a_run_has_no_length(start: Starter) -> None:
    first = start(NOW)
    assert first.journal is not None
    row = ("devices", NOW - 5, None, Blindness.LINK.value, "")
    first.journal.database.execute("INSERT INTO blind VALUES (?, ?, ?, ?, ?)", row)
    run(first.store.restore())
    assert [(gap.start_ms, gap.end_ms) for gap in first.blind("devices")] == [(NOW - 5, NOW - 5)]


def test_silence_of_a_device_that_lasts_is_known_in_the_next_run(start: Starter) -> None:
    first = start(NOW)
    first.fleet.keep_records(Records("driver", Identity("8", "8")), b"", NOW)
    first.drive("7")
    due_ms = first.clock.now_ms() + 30_000

    async def work() -> None:
        first.clock.advance(20 * 60)
        await first.end()

    run(work())
    end_ms = first.clock.now_ms()
    second = start(end_ms + HOUR_MS)
    run(second.store.restore())
    assert second.blind("7") == [BlindInterval("7", Blindness.DEVICE, due_ms, end_ms)]
    assert second.blind("8") == []


def test_lost_link_is_not_saved_as_the_silence_of_devices(start: Starter, path: Path) -> None:
    first = start(NOW)
    first.drive("7")
    first.drive("8")
    heard_ms = first.clock.now_ms()

    async def work() -> None:
        # The other one fell silent long before.
        first.clock.advance(10)
        first.coverage.begin("devices", Blindness.LINK, first.clock.now_ms())
        first.clock.advance(20 * 60)
        await first.end()

    run(work())
    assert {gap.scope for gap in on_disk(path).blind} == {"devices", "7"}
    (silent,) = (gap for gap in on_disk(path).blind if gap.scope == "7")
    assert silent.start_ms < heard_ms
    assert silent.end_ms == heard_ms + 10_000


def test_silence_that_ended_replaces_what_was_saved_of_it(start: Starter, path: Path) -> None:
    first = start(NOW)
    first.drive("7")
    due_ms = first.clock.now_ms() + 30_000

    async def work() -> None:
        first.clock.advance(20 * 60)
        await first.store.keep(with_cadence=True)
        assert on_disk(path).blind == [BlindInterval("7", Blindness.DEVICE, due_ms, None)]
        now_ms = first.clock.now_ms()
        status = DeviceStatus(date=now_ms, acc=1, speed=50)
        applied = first.fleet.apply(SnapshotData(imei="7"), status, b"", now_ms)
        assert applied.silence is not None
        first.coverage.add("7", Blindness.DEVICE, *applied.silence)
        await first.end()
        assert on_disk(path).blind == [BlindInterval("7", Blindness.DEVICE, due_ms, now_ms)]

    run(work())


def test_blind_intervals_that_are_over_stand_in_the_journal(start: Starter) -> None:
    first = start(NOW)

    async def work() -> None:
        first.coverage.begin("devices", Blindness.LINK, NOW - 5, "no network")
        first.coverage.begin("messages", Blindness.LINK, NOW - 5)
        first.coverage.end("devices", NOW)
        first.coverage.add("7", Blindness.DEVICE, NOW - 9, NOW - 3)
        await first.pipeline.drain()
        found = await first.thread.run(lambda journal: journal.read(10))
        assert found is not None
        blind = [entry for entry in found if entry.kind == "blind"]
        assert {entry.device for entry in blind} == {"7", None}
        assert {entry.event for entry in blind} == {
            Blind(NOW, None, "link down", NOW - 5, NOW, "devices channel", "no network"),
            Blind(NOW - 3, "7", "device overdue", NOW - 9, NOW - 3, "", ""),
        }
        await first.end()

    run(work())


def test_without_a_journal_nothing_is_saved_and_nothing_fails() -> None:
    alone = Run(None)

    async def work() -> None:
        await alone.store.restore()
        alone.put("a")
        alone.coverage.add("devices", Blindness.LINK, NOW - 5, NOW)
        await alone.end()

    run(work())
    assert alone.texts() == ["a"]
    assert alone.failures == []


def test_what_cannot_be_saved_is_reported_once_and_saved_later(
    start: Starter, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start(NOW)

    async def work() -> None:
        first.put("a")
        first.coverage.begin("devices", Blindness.LINK, NOW - 50)
        with monkeypatch.context() as patch:
            patch.setattr(saved_state, "save", refuse("The disk is full."))
            await first.store.keep()
            first.put("b")
            first.inbox.mark_read({1})
            first.coverage.end("devices", NOW - 20)  # what changed since must not be undone
            await first.store.keep()
            assert first.failures == ["The disk is full."]
            patch.setattr(saved_state, "save", refuse("The disk reports an error."))
            await first.store.keep()
        await first.store.keep()
        assert first.failures == ["The disk is full.", "The disk reports an error."]
        with monkeypatch.context() as patch:
            patch.setattr(saved_state, "save", refuse("The disk reports an error."))
            await first.store.keep()
        assert len(first.failures) == 3  # the same reason, but it had worked since
        await first.end()

    run(work())
    saved = on_disk(path)
    assert [(item.text, item.read) for item in saved.items] == [("a", True), ("b", False)]
    assert saved.blind == [BlindInterval("devices", Blindness.LINK, NOW - 50, NOW - 20)]


def test_what_changes_while_a_save_fails_is_saved_as_it_is_then(
    start: Starter, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start(NOW)
    gate = threading.Event()

    def fail_slowly(journal: Journal, changes: StateChanges) -> None:
        gate.wait(5)
        raise JournalError("full")

    async def work() -> None:
        first.put("a")
        first.coverage.begin("devices", Blindness.LINK, NOW - 50)
        with monkeypatch.context() as patch:
            patch.setattr(saved_state, "save", fail_slowly)
            saving = asyncio.create_task(first.store.keep())
            await asyncio.sleep(0.02)
            first.coverage.end("devices", NOW)
            first.inbox.mark_read({1})
            gate.set()
            await saving
        await first.end()

    run(work())
    saved = on_disk(path)
    assert saved.blind == [BlindInterval("devices", Blindness.LINK, NOW - 50, NOW)]
    assert [item.read for item in saved.items] == [True]


def test_nobody_needs_to_listen_to_a_failure(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start(NOW)
    first.store.failed.remove(first.failures.append)
    monkeypatch.setattr(saved_state, "save", refuse("full"))
    run(first.store.keep())
    assert first.failures == []


def test_state_that_cannot_be_read_is_reported_and_the_program_goes_on(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start(NOW)
    monkeypatch.setattr(saved_state, "load", refuse("The disk reports an error."))
    run(first.store.restore())
    assert first.failures == ["The disk reports an error."]
    assert first.texts() == []


def test_save_that_is_cancelled_before_its_turn_loses_nothing(start: Starter, path: Path) -> None:
    first = start(NOW)
    gate = threading.Event()

    async def work() -> None:
        first.put("a")
        first.coverage.add("devices", Blindness.LINK, NOW - 5, NOW)
        busy = first.thread.submit(lambda _journal: gate.wait(5))
        saving = asyncio.create_task(first.store.keep())
        await asyncio.sleep(0.02)
        saving.cancel()
        with suppress(asyncio.CancelledError):
            await saving
        gate.set()
        await busy
        await first.end()

    run(work())
    saved = on_disk(path)
    assert [item.text for item in saved.items] == ["a"]
    assert [found.scope for found in saved.blind] == ["devices"]


def test_service_saves_again_and_again_and_learned_intervals_seldom(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start(NOW)
    saves: list[StateChanges] = []
    save = saved_state.save
    fifth = threading.Event()

    def counted(journal: Journal, changes: StateChanges) -> None:
        saves.append(changes)
        save(journal, changes)
        first.clock.advance(200)
        if len(saves) == 5:
            fifth.set()

    monkeypatch.setattr(saved_state, "save", counted)
    monkeypatch.setattr(state_store, "_EVERY_S", 0.001)
    first.drive("7")

    async def work() -> None:
        service = asyncio.create_task(first.store.run())
        await asyncio.to_thread(fifth.wait, 10)
        service.cancel()
        with suppress(asyncio.CancelledError):
            await service
        await first.end()

    run(work())
    # Learned at 600 s of the clock, which moves by 200 s a save.
    assert [bool(made.cadence) for made in saves[:5]] == [False, False, False, True, False]
    assert [made.running_until_ms for made in saves[1:3]] == [
        saves[0].running_until_ms + 200_000,
        saves[0].running_until_ms + 400_000,
    ]


def test_loop_has_a_turn_while_the_intervals_of_a_large_fleet_are_gathered(start: Starter) -> None:
    first = start(NOW)
    for number in range(2 * state_store._SLICE):
        first.drive(str(number), frames=1)
    turns: list[int] = []

    async def work() -> None:
        gathering = asyncio.create_task(first.store._cadences())
        while not gathering.done():
            turns.append(1)
            await asyncio.sleep(0)
        assert len(gathering.result()) == 2 * state_store._SLICE
        await first.end()

    run(work())
    assert len(turns) >= 3


def test_messages_of_a_run_that_began_without_a_disk_follow_those_on_disk(
    start: Starter, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start(NOW)

    async def end() -> None:
        await first.store.restore()
        first.put("a")
        await first.end()

    run(end())
    second = start(NOW + HOUR_MS)
    second.put("b")

    async def late() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(saved_state, "load", refuse("the disk is away"))
            await second.store.restore()
            await second.store.keep()
        second.clock.advance(60)
        await second.store.keep()
        await second.thread.close()

    run(late())
    assert second.texts() == ["a", "b"]
    assert [item.text for item in on_disk(path).items] == ["a", "b"]
    (stretch,) = second.blind("devices")
    assert stretch.end_ms == NOW + HOUR_MS  # and not until the disk was back


def test_state_that_is_not_understood_at_all_stops_no_start(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(*_args: object, **_named: object) -> None:
        raise TypeError("odd")

    first = start(NOW)
    said: list[str] = []
    first.store.failed.add(said.append)
    monkeypatch.setattr(saved_state, "load", odd)
    run(first.store.restore())
    assert said == ["What was kept of messages is not understood: TypeError('odd')"]


def test_damaged_messages_are_counted_in_words(start: Starter) -> None:
    first = start(NOW)

    async def end() -> None:
        await first.store.restore()
        first.put("a")
        first.put("b")
        await first.end()

    run(end())
    second = start(NOW + HOUR_MS)
    said: list[str] = []
    second.store.failed.add(said.append)

    def cut(journal: Journal) -> None:
        journal.database.execute("UPDATE messages SET body = '{' WHERE number = 2")

    run(second.thread.run(cut))
    run(second.store.restore())
    assert said == ["Damaged on disk and left out: 1 message."]
    assert second.texts() == ["a"]


def test_what_is_too_much_is_deleted_while_it_runs(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_store, "_EVERY_S", 0.02)
    monkeypatch.setattr(state_store, "_PAUSE_S", 0.01)
    monkeypatch.setattr(retention, "_STEP_S", 0.0005)
    first = start(NOW)

    def fill(journal: Journal) -> None:
        rows = [(n, NOW - 800 * DAY_MS, "{}") for n in range(1, 3_001)]
        with transaction(journal.database):
            journal.database.executemany("INSERT INTO messages VALUES (?, ?, ?)", rows)

    def count(journal: Journal) -> int:
        found: int = journal.database.execute("SELECT count(*) FROM messages").fetchone()[0]
        return found

    async def work() -> None:
        await first.thread.run(fill)
        service = asyncio.create_task(first.store.run())
        async with asyncio.timeout(20):
            while await first.thread.run(count) or first.store._retention is not None:
                first.clock.advance(1)
                await asyncio.sleep(0.01)
        service.cancel()
        await asyncio.gather(service, return_exceptions=True)
        await first.thread.close()

    run(work())


def test_disk_that_refuses_to_delete_is_said(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_store, "_EVERY_S", 0.02)
    monkeypatch.setattr(state_store, "_PAUSE_S", 0.01)
    monkeypatch.setattr(Retention, "step", refuse("the disk is full"))
    first = start(NOW)
    said = asyncio.Event()
    first.store.failed.add(lambda _reason: said.set())

    async def work() -> None:
        service = asyncio.create_task(first.store.run())
        async with asyncio.timeout(20):
            while not said.is_set():
                first.clock.advance(1)
                await asyncio.sleep(0.01)
        service.cancel()
        await asyncio.gather(service, return_exceptions=True)
        await first.thread.close()

    run(work())
