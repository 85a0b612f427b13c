"""A disk that is full, locked, gone or late costs no alarm: they wait in memory and in a file."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.history import opening, spill
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import OutOfService, Raised, StepFailed
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.monitor.alarm_pipeline import OUT_OF_SERVICE, AlarmPipeline, AlarmStep
from tftmonitor.monitor.journal_writer import JournalWriter

NOW = 1_795_000_000_000


class Rig:
    """A pipeline on the journal of a profile, which may not be there yet."""

    def __init__(self, profile: Path) -> None:
        self.clock = ManualClock(NOW)
        self.path = profile / FILE_NAME
        self.journal: Journal | None = None
        with suppress(JournalError):
            self.journal = self.open()
        self.thread = JournalThread(self.journal, self.open, profile)
        self.alarms = OpenAlarms()
        self.pipeline = AlarmPipeline(self.alarms, self.thread, self.clock)
        self.failures: list[StepFailed] = []
        self.pipeline.step_failed.add(self.failures.append)

    def open(self) -> Journal:
        return Journal.open(self.path, self.clock)

    def raise_alarm(self, key: str) -> None:
        self.pipeline.put(Raised(NOW, Source.RULE, key, "Voltage low", Severity.HIGH, device="1"))

    async def serve(self, *keys: str) -> None:
        """What the pipeline does of itself with these alarms, a second later."""
        for key in keys:
            self.raise_alarm(key)
        self.clock.advance(1)
        await self.pipeline._serve()

    @property
    def mark(self) -> str:
        return self.pipeline.failing.get(AlarmStep.JOURNAL, "")

    def fill_disk(self) -> None:
        assert self.journal is not None
        (pages,) = self.journal.database.execute("PRAGMA page_count").fetchone()
        self.journal.database.execute(f"PRAGMA max_page_count = {pages}")
        self.journal.database.execute("PRAGMA user_version")

    def free_disk(self) -> None:
        assert self.journal is not None
        self.journal.database.execute("PRAGMA max_page_count = 1000000")


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "runtime"
    folder.mkdir()
    monkeypatch.setattr(spill, "places", lambda profile: [profile, folder])
    monkeypatch.setattr(opening, "LOCK_WAIT_S", 0.05)
    return folder


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    folder = tmp_path / "profile"
    folder.mkdir()
    return folder


@pytest.fixture
def start(profile: Path) -> Iterator[Callable[[], Rig]]:
    made: list[Rig] = []

    def started() -> Rig:
        made.append(Rig(profile))
        return made[-1]

    yield started
    for rig in made:
        asyncio.run(rig.thread.close())


def keys_on_disk(profile: Path) -> list[str]:
    with closing(Journal.open(profile / FILE_NAME, ManualClock(NOW))) as reader:
        query = "SELECT json_extract(body, '$.key') FROM alarms ORDER BY id"
        return [key for (key,) in reader.database.execute(query)]


def raised_on_disk(profile: Path) -> int:
    with closing(Journal.open(profile / FILE_NAME, ManualClock(NOW))) as reader:
        query = "SELECT count(*) FROM journal WHERE kind = 'raised'"
        count: int = reader.database.execute(query).fetchone()[0]
        return count


def spilled(folder: Path) -> list[Path]:
    return list(folder.glob("tftmonitor-unsaved-*"))


def assert_written_once(profile: Path, keys: list[str]) -> None:
    """Each of these is in the journal by one event, and nothing is left beside it."""
    assert keys_on_disk(profile) == keys
    assert raised_on_disk(profile) == len(keys)
    assert spilled(profile) == []


def put_file(profile: Path) -> None:
    """A file where the folder should be."""
    profile.write_text("")


def take_file(profile: Path) -> None:
    profile.unlink()


KEYS = [f"{number:03}-{'x' * 300}" for number in range(210)]


def test_alarms_of_a_full_disk_are_written_when_there_is_room(
    start: Callable[[], Rig], profile: Path
) -> None:
    rig = start()

    async def work() -> None:
        await rig.serve()
        rig.fill_disk()
        await rig.serve(*KEYS)
        assert "the disk is full" in rig.mark
        assert len(rig.alarms) == 210
        assert len(spilled(profile)) == 1
        rig.free_disk()
        rig.clock.advance(6)
        await rig.serve()
        assert rig.mark == ""

    asyncio.run(work())
    assert_written_once(profile, KEYS)


def test_alarms_of_a_full_disk_are_taken_up_by_the_next_start_once(
    start: Callable[[], Rig], profile: Path
) -> None:
    first = start()

    async def work() -> None:
        await first.serve()
        first.fill_disk()
        await first.serve(*KEYS)
        assert not await first.pipeline.drain()
        assert first.pipeline.put_aside() == ""
        await first.thread.close()

    asyncio.run(work())
    for _ in range(2):
        second = start()
        asyncio.run(second.pipeline.drain())
        assert sorted(alarm.key for alarm in second.alarms.all()) == KEYS
        asyncio.run(second.thread.close())
    assert_written_once(profile, KEYS)


def test_alarms_of_a_full_disk_outlive_a_process_that_is_killed(
    start: Callable[[], Rig], profile: Path
) -> None:
    first = start()

    async def work() -> None:
        await first.serve()
        first.fill_disk()
        await first.serve(*KEYS[:5])
        await first.serve(*KEYS[5:])
        await first.serve()  # a second later; then it is killed

    asyncio.run(work())
    second = start()
    asyncio.run(second.pipeline.drain())
    assert sorted(alarm.key for alarm in second.alarms.all()) == KEYS


def test_disk_that_is_still_full_at_the_next_start_loses_nothing(
    start: Callable[[], Rig], profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Journal.write

    def full(_journal: Journal, _batch: object) -> int:
        raise JournalError("the disk is full")

    monkeypatch.setattr(Journal, "write", full)
    for key in "abc":
        rig = start()

        async def work(rig: Rig, key: str) -> None:
            await rig.serve(key)
            assert not await rig.pipeline.drain()
            assert rig.pipeline.put_aside() == ""
            await rig.thread.close()

        asyncio.run(work(rig, key))
    assert sorted(alarm.key for alarm in rig.alarms.all()) == ["a", "b", "c"]
    monkeypatch.setattr(Journal, "write", write)
    last = start()
    asyncio.run(last.pipeline.drain())
    assert_written_once(profile, ["a", "b", "c"])


def test_locked_journal_is_written_when_it_is_free(start: Callable[[], Rig], profile: Path) -> None:
    rig = start()

    async def work() -> None:
        await rig.serve()
        with closing(sqlite3.connect(rig.path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await rig.serve("a")
            assert "another program holds the file" in rig.mark
        rig.clock.advance(6)
        await rig.serve("b")
        assert rig.mark == ""

    asyncio.run(work())
    assert keys_on_disk(profile) == ["a", "b"]


def test_nowhere_to_put_alarms_is_said_and_they_are_known(
    start: Callable[[], Rig], profile: Path, runtime: Path
) -> None:
    rig = start()

    async def work() -> None:
        await rig.serve()
        rig.fill_disk()
        shutil.rmtree(runtime)
        shutil.rmtree(profile)
        put_file(profile)
        await rig.serve("a")
        assert not await rig.pipeline.drain()
        assert "profile: Not a directory" in rig.pipeline.put_aside()
        assert [alarm.key for alarm in rig.pipeline.unsaved()] == ["a"]

    asyncio.run(work())


def test_journal_that_could_not_be_opened_is_tried_again_and_joined(
    start: Callable[[], Rig], profile: Path, tmp_path: Path
) -> None:
    former = start()

    async def work() -> None:
        await former.serve("a", "b")
        former.pipeline.put(OutOfService(NOW, "8", NOW + 10**9))
        await former.serve()
        await former.thread.close()

    asyncio.run(work())
    profile.rename(tmp_path / "away")
    profile.write_text("a file where the folder should be")
    rig = start()
    restored: list[str] = []
    rig.pipeline.restored.add(lambda alarm: restored.append(alarm.key))

    async def late() -> None:
        rig.pipeline.put(OutOfService(NOW, "7", NOW + 10**9))
        await rig.serve("c")
        assert "Alarms cannot be kept in" in rig.mark
        await rig.serve("d")
        assert len(rig.alarms) == 2
        rig.clock.advance(6)
        await rig.serve()
        assert rig.mark
        take_file(profile)
        (tmp_path / "away").rename(profile)
        await rig.serve()
        assert rig.mark, "not yet"
        rig.clock.advance(6)
        await rig.serve()
        assert rig.mark == ""

    asyncio.run(late())
    assert restored == ["a", "b"]
    assert sorted(alarm.key for alarm in rig.alarms.all()) == ["a", "b", "c", "d"]
    assert rig.pipeline.facts[OUT_OF_SERVICE].keys() == {"7", "8"}
    assert keys_on_disk(profile) == ["a", "b", "c", "d"]
    assert raised_on_disk(profile) == 4
    assert spilled(tmp_path / "runtime") == []


def test_removed_journal_is_made_anew_within_a_second_and_told(
    start: Callable[[], Rig], profile: Path
) -> None:
    rig = start()

    async def work() -> None:
        await rig.serve("a")
        rig.path.unlink()
        await rig.serve()
        assert "removed while the program runs" in rig.failures[-1].reason
        await rig.serve("b")
        assert rig.mark == ""

    asyncio.run(work())
    assert keys_on_disk(profile) == ["a", "b"]


def test_removed_journal_that_cannot_be_made_anew_stands_as_not_working_until_it_can(
    start: Callable[[], Rig], profile: Path
) -> None:
    rig = start()

    async def work() -> None:
        await rig.serve("a")
        shutil.rmtree(profile)
        put_file(profile)
        await rig.serve()
        assert "removed" in rig.mark
        take_file(profile)
        rig.clock.advance(6)
        await rig.serve()
        await rig.serve()
        assert rig.mark == ""

    asyncio.run(work())
    assert keys_on_disk(profile) == ["a"]


def test_journal_that_breaks_the_restore_stops_no_alarm(
    start: Callable[[], Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(_journal: Journal) -> None:
        raise TypeError("odd")

    monkeypatch.setattr(Journal, "load", odd)
    rig = start()
    asyncio.run(rig.serve("a"))
    assert [alarm.key for alarm in rig.alarms.all()] == ["a"]
    assert "TypeError('odd')" in rig.failures[0].reason


@pytest.mark.parametrize("fact", ["[1]", '{"7": "x", "8": 1895000000000}', "5", "null"])
def test_broken_fact_of_devices_out_of_service_stops_nothing(
    start: Callable[[], Rig], profile: Path, fact: str
) -> None:
    with closing(Journal.open(profile / FILE_NAME, ManualClock(NOW))) as journal:
        journal.database.execute("INSERT INTO facts VALUES ('out_of_service', ?)", (fact,))
    rig = start()
    asyncio.run(rig.serve("a"))
    assert [alarm.key for alarm in rig.alarms.all()] == ["a"]
    assert rig.pipeline.facts[OUT_OF_SERVICE].keys() == ({"8"} if "8" in fact else set())


def test_alarm_reaches_the_disk_while_the_loop_stands(
    start: Callable[[], Rig], profile: Path
) -> None:
    rig = start()

    async def work() -> None:
        await rig.serve()
        rig.raise_alarm("a")
        end_s = time.monotonic() + 5
        while "a" not in keys_on_disk(profile) and time.monotonic() < end_s:
            pass  # as a window that is painted: no turn of the loop
        assert keys_on_disk(profile) == ["a"]
        assert len(rig.alarms) == 0  # and is shown only after that
        await rig.serve()
        assert len(rig.alarms) == 1

    asyncio.run(work())
    assert raised_on_disk(profile) == 1


def test_look_that_finds_the_disk_broken_stands_until_one_finds_it_well() -> None:
    """With nothing to write there is still somebody who notices."""
    clock, said = ManualClock(NOW), list[str]()
    thread = JournalThread(None)
    writer = JournalWriter(thread, clock, failed=said.append, works=lambda: said.append("works"))

    async def refuse(_work: object) -> None:
        raise JournalError("the disk is gone")

    async def look() -> None:
        clock.advance(2)
        await writer.write()

    async def work() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(thread, "run", refuse)
            await look()
            assert (said, writer.failure) == (["the disk is gone"], "the disk is gone")
        await look()
        assert (said[1:], writer.failure) == (["works"], "")
        await look()
        assert len(said) == 2
        assert writer.put_aside() == ""  # there is nothing
        await thread.close()

    asyncio.run(work())
