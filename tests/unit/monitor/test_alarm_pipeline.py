"""The pipeline's own parts: who is called at a failure, what a restart hands out, how it ends."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.history import saved_state
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Acknowledged, AlarmChange, Raised, StepFailed
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.coverage import Coverage
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.inbox import Inbox, ItemKind
from tftmonitor.monitor.alarm_pipeline import AlarmPipeline, AlarmStep
from tftmonitor.monitor.state_store import StateStore

NOW = 1_795_000_000_000


class Rig:
    """A pipeline on the journal of a profile."""

    def __init__(self, journal: Journal | None) -> None:
        self.clock = ManualClock(NOW)
        self.thread = JournalThread(journal)
        self.book = OpenAlarms()
        self.pipeline = AlarmPipeline(self.book, self.thread, self.clock)
        self.failures: list[StepFailed] = []
        self.pipeline.step_failed.add(self.failures.append)

    def raise_alarm(self, key: str) -> None:
        self.pipeline.put(Raised(NOW, Source.RULE, key, "Voltage low", Severity.HIGH, device="1"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


@pytest.fixture
def start(path: Path) -> Iterator[Callable[[], Rig]]:
    with ExitStack() as files:

        def started() -> Rig:
            journal = Journal.open(path, ManualClock(NOW))
            files.enter_context(closing(journal.database))
            return Rig(journal)

        yield started


def fail(*_args: object) -> None:
    raise OSError("broken")


def open_on_disk(path: Path) -> list[str]:
    with closing(Journal.open(path, ManualClock(NOW))) as reader:
        return [alarm.key for alarm in reader.load().alarms]


def test_every_listener_of_a_step_is_called_though_one_fails(start: Callable[[], Rig]) -> None:
    rig = start()
    called: list[str] = []
    rig.pipeline.steps[AlarmStep.SOUND].add(lambda _changes: called.append("first"))
    rig.pipeline.steps[AlarmStep.SOUND].add(fail)
    rig.pipeline.steps[AlarmStep.SOUND].add(lambda _changes: called.append("last"))
    rig.raise_alarm("a")
    asyncio.run(rig.pipeline.drain())
    assert called == ["first", "last"]
    assert [(failed.step, failed.reason) for failed in rig.failures] == [
        ("sound", "The sound failed: OSError('broken')")
    ]
    assert rig.pipeline.failing == {AlarmStep.SOUND: "The sound failed: OSError('broken')"}


def test_failed_step_is_reported_to_all_who_listen_though_one_fails() -> None:
    rig = Rig(None)
    rig.pipeline.step_failed.remove(rig.failures.append)
    rig.pipeline.step_failed.add(fail)
    rig.pipeline.step_failed.add(rig.failures.append)
    rig.pipeline.steps[AlarmStep.TRAY].add(fail)
    rig.raise_alarm("a")
    asyncio.run(rig.pipeline.drain())
    assert [failed.step for failed in rig.failures] == ["tray"]


def test_step_without_listeners_neither_works_nor_fails() -> None:
    rig = Rig(None)
    rig.pipeline.failing[AlarmStep.TRAY] = "no tray"
    rig.raise_alarm("a")
    asyncio.run(rig.pipeline.drain())
    assert rig.pipeline.failing == {AlarmStep.TRAY: "no tray"}


def test_every_alarm_of_a_former_run_is_handed_out_though_a_listener_fails(
    start: Callable[[], Rig],
) -> None:
    first = start()
    for key in "abc":
        first.raise_alarm(key)

    async def end() -> None:
        await first.pipeline.drain()
        await first.thread.close()

    asyncio.run(end())
    second = start()
    restored: list[str] = []

    def picky(alarm: Alarm) -> None:
        restored.append(alarm.key)
        if alarm.key == "b":
            raise KeyError("odd")

    second.pipeline.restored.add(picky)
    second.raise_alarm("d")
    asyncio.run(second.pipeline.drain())
    assert restored == ["a", "b", "c"]
    assert sorted(alarm.key for alarm in second.book.all()) == ["a", "b", "c", "d"]
    assert [(failed.step, failed.reason) for failed in second.failures] == [
        ("model", "Alarm 2 is only partly restored: KeyError('odd')")
    ]


def test_alarm_that_comes_after_the_journal_was_closed_is_shown_all_the_same(
    start: Callable[[], Rig],
) -> None:
    rig = start()
    shown: list[AlarmChange] = []
    rig.pipeline.steps[AlarmStep.BANNER].add(shown.extend)

    async def work() -> None:
        await rig.pipeline.drain()
        await rig.thread.close()
        rig.raise_alarm("a")
        assert not await rig.pipeline.drain()

    asyncio.run(work())
    assert [change.alarm.key for change in shown] == ["a"]
    assert [failed.reason for failed in rig.failures] == ["The journal is closed."]


def test_end_of_the_program_leaves_alarms_and_state_on_disk_however_slow_it_is(
    start: Callable[[], Rig], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = start()
    inbox = Inbox()
    store = StateStore(rig.thread, rig.pipeline, Fleet(), inbox, Coverage(), rig.clock)
    write, gate = Journal.write, threading.Event()

    def slow(journal: Journal, batch: JournalBatch) -> int:
        gate.wait(5)
        return write(journal, batch)

    async def work() -> None:
        await rig.pipeline.drain()
        monkeypatch.setattr(Journal, "write", slow)
        service = asyncio.create_task(rig.pipeline.run())
        rig.raise_alarm("a")
        await asyncio.sleep(0.02)
        service.cancel()  # midway through the write
        await asyncio.gather(service, return_exceptions=True)
        rig.raise_alarm("b")
        inbox.add(ItemKind.USER, NOW, None, "Ann", "last words")
        asyncio.get_running_loop().call_later(0.05, gate.set)
        assert await rig.pipeline.drain()
        await store.keep(with_cadence=True)
        await rig.thread.close()

    asyncio.run(work())
    assert open_on_disk(path) == ["a", "b"]
    with closing(Journal.open(path, rig.clock)) as reader:
        saved = saved_state.load(reader, 10, 0)
    assert [item.text for item in saved.items] == ["last words"]
    assert saved.running_until_ms == NOW


def test_state_may_be_saved_while_alarms_are_written(start: Callable[[], Rig], path: Path) -> None:
    rig = start()
    inbox = Inbox()
    store = StateStore(rig.thread, rig.pipeline, Fleet(), inbox, Coverage(), rig.clock)

    async def work() -> None:
        for number in range(20):
            rig.raise_alarm(str(number))
            inbox.add(ItemKind.USER, NOW, None, "Ann", str(number))
            await asyncio.gather(rig.pipeline.drain(), store.keep())
        await rig.thread.close()

    asyncio.run(work())
    assert sorted(open_on_disk(path)) == sorted(map(str, range(20)))
    with closing(Journal.open(path, rig.clock)) as reader:
        assert len(saved_state.load(reader, 100, 0).items) == 20


@pytest.mark.parametrize("step", list(AlarmStep))
def test_step_gets_the_changes_it_subscribed_to(step: AlarmStep) -> None:
    rig = Rig(None)
    seen: list[tuple[AlarmStep, str]] = []

    def note(at: AlarmStep, changes: list[AlarmChange]) -> None:
        seen.extend((at, change.alarm.key) for change in changes)

    rig.pipeline.steps[step].add(partial(note, step))
    rig.raise_alarm("a")
    asyncio.run(rig.pipeline.drain())
    assert seen == [(step, "a")]


def test_command_on_thousands_is_worked_off_in_pieces(start: Callable[[], Rig]) -> None:
    rig = start()
    for number in range(600):
        rig.raise_alarm(f"{number}")
    asyncio.run(rig.pipeline.drain())
    published: list[int] = []
    rig.pipeline.steps[AlarmStep.MODEL].add(lambda changes: published.append(len(changes)))
    rig.pipeline.put(Acknowledged(NOW, tuple(alarm.id for alarm in rig.book.open()), "me"))
    assert len(rig.pipeline.queue) == 3
    asyncio.run(rig.pipeline.drain())
    assert sum(published) == 600
    assert not rig.book.unacknowledged()
