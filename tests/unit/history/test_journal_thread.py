"""One thread serves the journal, in the order of asking, and ends with nothing left undone."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.schema import FILE_NAME


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / FILE_NAME, ManualClock())
    with closing(opened.database):
        yield opened


def write_fact(journal: Journal, name: str) -> int:
    batch = JournalBatch()
    batch.facts[name] = 1
    return journal.write(batch)


def facts(path: Path) -> set[str]:
    """What another reader of the file finds."""
    with closing(sqlite3.connect(path)) as database:
        return {name for (name,) in database.execute("SELECT name FROM facts")}


def test_all_work_is_done_on_one_thread_that_is_not_the_loops(journal: Journal) -> None:
    async def main() -> set[int | None]:
        thread = JournalThread(journal)
        found = [await thread.run(lambda _journal: threading.get_ident()) for _ in range(4)]
        await thread.close()
        return set(found)

    idents = asyncio.run(main())
    assert len(idents) == 1
    assert threading.get_ident() not in idents


def test_work_is_done_in_the_order_of_asking(journal: Journal) -> None:
    done: list[int] = []
    gate = threading.Event()

    def wait(_journal: Journal) -> None:
        gate.wait(5)

    def note(number: int, _journal: Journal) -> None:
        done.append(number)

    async def main() -> None:
        thread = JournalThread(journal)
        asked = [thread.submit(wait), *(thread.submit(partial(note, n)) for n in range(4))]
        await asyncio.sleep(0.02)
        assert done == []
        gate.set()
        await asyncio.gather(*asked)
        await thread.close()

    asyncio.run(main())
    assert done == [0, 1, 2, 3]


def test_loop_goes_on_while_the_disk_is_slow(journal: Journal) -> None:
    gate = threading.Event()

    async def main() -> None:
        thread = JournalThread(journal)
        work = asyncio.create_task(thread.run(lambda _journal: gate.wait(5)))
        for _ in range(5):
            await asyncio.sleep(0.001)
        assert not work.done()
        gate.set()
        assert await work is True
        await thread.close()

    asyncio.run(main())


def test_what_the_work_raises_reaches_the_one_who_asked(journal: Journal) -> None:
    def fail(_journal: Journal) -> None:
        raise JournalError("The disk is full.")

    async def main() -> None:
        thread = JournalThread(journal)
        with pytest.raises(JournalError, match="full"):
            await thread.run(fail)
        assert await thread.run(lambda _journal: "next") == "next"
        await thread.close()

    asyncio.run(main())


def test_work_outlives_the_task_that_waits_for_it(journal: Journal) -> None:
    gate, done = threading.Event(), threading.Event()

    def slow(_journal: Journal) -> str:
        gate.wait(5)
        done.set()
        return "done"

    async def main() -> None:
        thread = JournalThread(journal)
        future = thread.submit(slow)

        async def wait() -> None:
            await asyncio.shield(future)

        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        gate.set()
        assert await future == "done"
        await thread.close()

    asyncio.run(main())
    assert done.is_set()


def test_close_waits_for_all_that_was_asked_and_then_closes_the_file(journal: Journal) -> None:
    workers: list[threading.Thread] = []

    def write(name: str, journal: Journal) -> int:
        workers.append(threading.current_thread())
        return write_fact(journal, name)

    async def main() -> None:
        thread = JournalThread(journal)
        asked = [thread.submit(partial(write, name)) for name in "abc"]
        await thread.close()
        assert [future.done() for future in asked] == [True] * 3

    asyncio.run(main())
    assert facts(journal.path) == {"a", "b", "c"}
    with pytest.raises(sqlite3.ProgrammingError):
        journal.database.execute("SELECT 1")
    assert [worker.is_alive() for worker in workers] == [False] * 3


def test_closed_thread_says_so_and_closes_only_once(journal: Journal) -> None:
    async def main() -> None:
        thread = JournalThread(journal)
        await thread.close()
        await thread.close()
        with pytest.raises(JournalError, match="closed"):
            await thread.run(Journal.load)
        with pytest.raises(JournalError, match="closed"):
            await thread.submit(Journal.load)

    asyncio.run(main())


def test_close_that_is_cancelled_still_closes_file_and_thread(journal: Journal) -> None:
    gate = threading.Event()

    async def main() -> None:
        thread = JournalThread(journal)
        work = thread.submit(lambda _journal: gate.wait(5))
        closing_task = asyncio.create_task(thread.close())
        await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_later(0.05, closing_task.cancel)
        threading.Timer(0.2, gate.set).start()
        with pytest.raises(asyncio.CancelledError):
            await closing_task
        assert await work

    asyncio.run(main())
    with pytest.raises(sqlite3.ProgrammingError):
        journal.database.execute("SELECT 1")


def test_without_a_journal_nothing_runs_and_every_result_is_none() -> None:
    ran: list[Journal] = []
    threads = threading.active_count()

    async def main() -> None:
        thread = JournalThread()
        assert await thread.run(Journal.load) is None
        await thread.submit(ran.append)
        assert threading.active_count() == threads
        await thread.close()
        with pytest.raises(JournalError, match="closed"):
            await thread.run(ran.append)

    asyncio.run(main())
    assert ran == []
