"""A burst is on disk as it came before it is worked off; a kill in between costs nothing."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.history.spill import SpillFile, found_spills
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Acknowledged, Joined, Raised
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.monitor import alarm_pipeline
from tftmonitor.monitor.alarm_pipeline import AlarmPipeline
from tftmonitor.monitor.alarm_queue import EventQueue

NOW = 1_795_000_000_000
BURST = 200


def raised(number: int, device: str = "") -> Raised:
    device = device or f"{number}"
    return Raised(NOW, Source.RULE, f"rule:{number}", "Low", Severity.HIGH, device=device)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


class Run:
    """One run of a pipeline on a profile; ``kill`` ends it where it stands."""

    def __init__(self, path: Path, now_ms: int = NOW) -> None:
        clock = ManualClock(now_ms)
        self.journal = Journal.open(path, clock)
        self.book = OpenAlarms()
        self.pipeline = AlarmPipeline(self.book, JournalThread(self.journal), clock)

    async def begin_burst(self, *more: Raised) -> None:
        """Restore, take a burst in, and stop when its first piece is on disk."""
        await self.pipeline._serve()
        for number in range(BURST):
            self.pipeline.put(raised(number))
        for event in more:
            self.pipeline.put(event)
        await self.pipeline._reduce()
        self.pipeline._note_waiting()
        await self.pipeline._writer.write()

    def kill(self) -> None:
        self.journal.database.close()

    def keys(self) -> list[str]:
        return sorted(alarm.key for alarm in self.book.all())


@pytest.fixture(autouse=True)
def _pieces_are_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarm_pipeline, "_BATCH_S", 0.0005)


def on_disk(path: Path) -> tuple[int, int]:
    """How many alarms there are, and how many events wait."""
    with closing(sqlite3.connect(path)) as database:
        queries = ("SELECT count(*) FROM alarms", "SELECT count(*) FROM waiting")
        alarms, waiting = (database.execute(query).fetchone()[0] for query in queries)
    return alarms, waiting


def test_what_a_burst_leaves_for_later_is_on_disk_and_counts_once(path: Path) -> None:
    first = Run(path)
    asyncio.run(first.begin_burst())
    first.kill()
    alarms, waiting = on_disk(path)
    assert alarms + waiting == BURST
    assert 0 < alarms < BURST
    second = Run(path, NOW + 60_000)
    asyncio.run(second.pipeline.drain())
    assert second.keys() == sorted(f"rule:{number}" for number in range(BURST))
    assert all(alarm.count == 1 for alarm in second.book.all())
    second.kill()
    assert on_disk(path) == (BURST, 0)


def test_killed_again_while_it_is_worked_off_it_still_counts_once(path: Path) -> None:
    runs = 0
    while runs == 0 or on_disk(path)[1]:
        run = Run(path, NOW + runs * 60_000)
        if runs == 0:
            asyncio.run(run.begin_burst())
        else:

            async def one_piece(pipeline: AlarmPipeline = run.pipeline) -> None:
                await pipeline._restore()
                await pipeline._reduce()
                pipeline._note_waiting()
                await pipeline._writer.write()

            asyncio.run(one_piece())
        run.kill()
        runs += 1
        assert runs < BURST + 5
    assert runs > 2
    last = Run(path, NOW + runs * 60_000)
    asyncio.run(last.pipeline.drain())
    assert len(last.keys()) == BURST
    assert all(alarm.count == 1 for alarm in last.book.all())
    last.kill()


def test_burst_that_is_worked_off_leaves_nothing(path: Path) -> None:
    run = Run(path)
    asyncio.run(run.begin_burst())
    asyncio.run(run.pipeline.drain())
    run.kill()
    assert on_disk(path) == (BURST, 0)


def test_event_of_a_device_that_turned_out_to_be_another_is_taken_out(path: Path) -> None:
    run = Run(path)
    asyncio.run(run.begin_burst(raised(1_000, "former"), raised(1_001, "former")))
    run.pipeline.put(Joined(NOW, "device", "former"))
    asyncio.run(run.pipeline.drain())
    assert len(run.book.by_device("device")) == 2
    run.kill()
    assert on_disk(path) == (BURST + 2, 0)


def test_row_that_cannot_be_read_is_passed_over(path: Path) -> None:
    run = Run(path)
    run.journal.database.execute(
        "INSERT INTO waiting VALUES (1, 'broken'), (2, '{\"kind\":\"new\"}')"
    )
    batch = JournalBatch()
    batch.waiting = [(3, raised(3)), (4, raised(4, "half a pair \ud800"))]
    run.journal.write(batch)
    assert run.journal.load().waiting == [(3, raised(3))]
    run.kill()
    assert on_disk(path)[1] == 1


def test_batches_that_could_not_be_written_forget_what_is_done(path: Path) -> None:
    first, later = JournalBatch(), JournalBatch()
    first.waiting = [(1, raised(1)), (2, raised(2))]
    later.done, later.waiting = [1], [(3, raised(3))]
    first.merge(later)
    assert [number for number, _ in first.waiting] == [2, 3]
    assert first.copy().done == [1]
    done = JournalBatch()
    done.done = [1]
    assert done
    with closing(Journal.open(path, ManualClock(NOW))) as journal:
        journal.write(first)
        assert [number for number, _ in journal.load().waiting] == [2, 3]


def test_spilled_batch_says_what_is_done_as_well(path: Path) -> None:
    with closing(Journal.open(path, ManualClock(NOW))) as journal:
        batch = JournalBatch()
        batch.waiting = [(1, raised(1)), (2, raised(2))]
        journal.write(batch)
        done = JournalBatch()
        done.done = [1]
        SpillFile(path.parent).save(done)
        assert [found.done for _, found in found_spills(path.parent, set())] == [[1]]
        assert [number for number, _ in journal.load().waiting] == [2]


def test_numbers_of_a_queue_begin_above_those_of_a_former_run() -> None:
    queue = EventQueue(1_000)
    queue.put(raised(1))
    queue.put_back([(5, raised(5)), (6, Acknowledged(NOW, (1,)))])
    assert [number for number, _ in queue.take_new()] == [1_001]
    assert queue.take_new() == []
    for _ in range(3):
        queue.pop()
    assert sorted(queue.done) == [5, 6, 1_001]


def test_journal_that_cannot_be_read_says_so(path: Path) -> None:
    journal = Journal.open(path, ManualClock(NOW))
    journal.database.close()
    with pytest.raises(JournalError):
        journal.load()
