"""The writing thread: what waits, what fails, what is lost, and how it goes on."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.history.samples.pushes import T0, push
from tftmonitor.base.clock import ManualClock
from tftmonitor.history.samples import backlog as backlog_module
from tftmonitor.history.samples import writer as writer_module
from tftmonitor.history.samples.backlog import Backlog
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import FILE_NAME, HistoryError, LinkChange
from tftmonitor.history.samples.writer import SampleWriter
from tftmonitor.model.coverage import BlindInterval, Blindness

EVER = (0, 1 << 62)


class Stage:
    """A writer whose steps are taken by hand, and what it said."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self.clock = ManualClock(T0)
        self.said: list[str] = []
        self.writer = SampleWriter(profile, self.clock, self.said.append)

    def step(self, seconds: float = 0.25) -> None:
        self.clock.advance(seconds)
        self.writer.step()

    def kept(self) -> list[int]:
        reader = HistoryReader(self.profile)
        try:
            return [frame.received_ms - T0 for frame in reader.frames(*EVER)]
        finally:
            reader.close()

    def blind(self) -> list[BlindInterval]:
        reader = HistoryReader(self.profile)
        try:
            return reader.blind(*EVER)
        finally:
            reader.close()


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(threading.Thread, "start", lambda _self: None)
    monkeypatch.setattr(threading.Thread, "join", lambda _self: None)
    made = Stage(tmp_path)
    yield made
    if (store := made.writer._store) is not None:
        store.database.close()


def failing(monkeypatch: pytest.MonkeyPatch, code: int) -> Callable[[], None]:
    """Have each write fail with a code of SQLite; the returned function ends that."""
    real = SampleStore.write

    def fail(_self: SampleStore, *_more: Any) -> None:
        error = sqlite3.OperationalError("of SQLite")
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr(SampleStore, "write", fail)
    return lambda: monkeypatch.setattr(SampleStore, "write", real)


def test_what_is_put_is_on_disk_after_a_step(stage: Stage) -> None:
    stage.writer.put(push("a", 1))
    stage.writer.put_label("a", "TLW2")
    stage.writer.put_link(LinkChange(T0, "devices", "live", ""))
    stage.writer.put_blind(BlindInterval("devices", Blindness.LINK, T0, T0 + 5))
    stage.step()
    assert stage.kept() == [1]
    assert stage.blind() == [BlindInterval("devices", Blindness.LINK, T0, T0 + 5)]
    assert stage.writer.written == 1
    assert stage.said == []


def test_nothing_is_written_while_nothing_comes_but_the_time(stage: Stage) -> None:
    store = stage.writer._store
    assert store is not None
    found = []
    for seconds in (0.25, 0.25, 6):
        stage.step(seconds)
        found.append(store.fact("running_until_ms", 0) - T0)
    assert found == [250, 250, 6_500]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "the disk is full"),
        (sqlite3.SQLITE_READONLY, "cannot be written"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_IOERR, "does not work"),
        (sqlite3.SQLITE_BUSY, "another program"),
    ],
)
def test_failure_is_said_once_and_what_waits_is_written_later(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    mend = failing(monkeypatch, code)
    for at in range(3):
        stage.writer.put(push("a", at))
        stage.step()
    (said,) = stage.said
    assert said.startswith("The history is not recorded: ")
    assert words in said
    mend()
    stage.writer.put(push("a", 3))
    stage.step()
    assert stage.said[1:] == ["The history is recorded again. Nothing is missing."]
    assert stage.kept() == [0, 1, 2, 3]
    assert stage.blind() == []


def test_what_is_beyond_the_bound_is_counted_and_is_a_blind_interval(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.writer._backlog = Backlog(1_000)
    mend = failing(monkeypatch, sqlite3.SQLITE_FULL)
    for at in range(10):
        stage.writer.put(push("a", at))
        stage.step()
    mend()
    stage.step()
    stage.writer.put(push("a", 99))
    stage.step()
    assert stage.kept() == [0, 1, 2, 99]
    (gap,) = stage.blind()
    assert (gap.scope, gap.cause, gap.start_ms) == ("program", Blindness.PROGRAM, T0 + 3)
    assert gap.end_ms == T0 + 2_750
    assert gap.reason == "the disk is full; 7 pushes lost"
    assert "7 pushes are missing" in stage.said[-1]
    assert stage.writer.lost == 7


def test_flood_beyond_the_bound_is_lost_without_a_failure() -> None:
    backlog = Backlog(615)
    backlog.put(push("a", 1))
    backlog.put(push("a", 2))
    backlog.put(push("a", 3, b""))  # there would be room, but the gap is one
    assert backlog.waiting == 1
    (gap,) = backlog.take(T0 + 9).blind
    assert gap.reason == "more came than the disk takes; 2 pushes lost"
    assert backlog.done() == 2
    assert backlog.take(T0).is_empty


def test_other_news_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog_module, "_MOST_OTHERS", 2)
    backlog = Backlog()
    for at in range(4):
        backlog.put_link(LinkChange(at, "devices", "live", ""))
        backlog.put_blind(BlindInterval("devices", Blindness.LINK, at))
    taken = backlog.take(T0)
    assert (len(taken.links), len(taken.blind)) == (2, 2)


def test_file_that_vanishes_is_made_anew(stage: Stage) -> None:
    stage.writer.put(push("a", 1))
    stage.step()
    path = stage.profile / FILE_NAME
    path.unlink()
    stage.writer.put(push("a", 2))
    stage.step()
    assert "is not there any more" in stage.said[0]
    stage.step()
    assert stage.said[1:] == ["The history is recorded again. Nothing is missing."]
    assert stage.kept() == [2]


def test_damage_that_is_met_sets_the_file_aside(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = failing(monkeypatch, sqlite3.SQLITE_CORRUPT)
    stage.writer.put(push("a", 1))
    stage.step()
    mend()
    stage.step()
    assert "is set aside as history-damaged-" in stage.said[0]
    assert stage.kept() == [1]


def test_damaged_file_that_cannot_be_renamed_is_said(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_more: object) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(writer_module, "set_aside", refuse)
    mend = failing(monkeypatch, sqlite3.SQLITE_CORRUPT)
    stage.step()
    mend()
    stage.step()
    assert "cannot be set aside: Permission denied" in stage.said[0]


def test_file_that_cannot_be_opened_again_is_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stage.profile / FILE_NAME).unlink()
    stage.step()

    def refuse(*_more: object) -> SampleStore:
        raise HistoryError("It cannot be.")

    with monkeypatch.context() as patch:
        patch.setattr(writer_module, "SampleStore", refuse)
        stage.step()
    assert stage.writer.failure == "It cannot be"
    assert stage.writer.pause_s == 1
    stage.step()
    assert stage.writer.pause_s == 0.25
    assert stage.writer.failure == ""


def test_what_has_aged_is_sealed_merged_and_retained_beside(stage: Stage) -> None:
    stage.writer.put(push("a", 1))
    stage.step()
    for _ in range(3):
        stage.step(3_700)
        stage.writer.put(push("a", round(stage.clock.now_ms() - T0)))
        stage.step()
    store = stage.writer._store
    assert store is not None
    counts = store.database.execute("SELECT count FROM chunk").fetchall()
    assert counts == [(3,)]
    assert stage.writer.bytes > 0
    assert len(stage.kept()) == 4
    stage.step(91 * 86_400)
    stage.step(2)
    assert len(stage.kept()) == 0


def test_long_retention_is_cut_into_steps(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([True, True, False])
    monkeypatch.setattr(writer_module, "retain", lambda *_more: next(turns))
    stage.step(2)
    stage.step(2)
    assert next(turns, None) is None


def test_tidying_ends_where_the_next_write_is_due(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_more: object) -> bool:
        stage.clock.advance(0.2)
        return True

    monkeypatch.setattr(writer_module, "retain", slow)
    stage.step(2)
    stage.step(2)
    began_s = stage.clock.monotonic_s()
    stage.step(0)
    assert stage.writer.pause_s == 0
    assert stage.clock.monotonic_s() - began_s < 0.5


def test_problem_that_sealing_finds_is_said(stage: Stage) -> None:
    stage.writer.put(push("a", 1))
    stage.step()
    store = stage.writer._store
    assert store is not None
    store.database.execute("UPDATE spool SET body = x'00'")
    stage.step(3_700)
    stage.step(2)
    assert any("is lost" in words for words in stage.said)


def test_damaged_file_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 100)
    said: list[str] = []
    writer = SampleWriter(tmp_path, ManualClock(T0), said.append)
    assert writer.close()
    assert "set aside" in said[0]


def test_file_that_cannot_be_opened_is_an_error_to_whoever_asked(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(HistoryError):
        SampleWriter(tmp_path, ManualClock(T0), lambda _words: None)


def test_thread_writes_by_itself_and_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "FLUSH_S", 0.01)
    said: list[str] = []
    writer = SampleWriter(tmp_path, ManualClock(T0), said.append)
    writer.put(push("a", 1))
    end_s = time.monotonic() + 10
    while not writer.written and time.monotonic() < end_s:
        time.sleep(0.01)
    assert writer.written == 1
    monkeypatch.setattr(writer_module, "FLUSH_S", 60)
    writer.put(push("a", 2))
    assert writer.close()
    assert writer.written == 2
    assert said == []
    assert not (tmp_path / f"{FILE_NAME}-wal").exists()


def test_end_with_something_unwritten_is_no_good_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    writer = SampleWriter(tmp_path, ManualClock(T0), said.append)
    failing(monkeypatch, sqlite3.SQLITE_FULL)
    writer.put(push("a", 1))
    assert not writer.close()
    assert "the disk is full" in said[0]


def test_file_that_is_gone_at_the_end_is_no_good_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "FLUSH_S", 60)
    writer = SampleWriter(tmp_path, ManualClock(T0), lambda _words: None)
    (tmp_path / FILE_NAME).unlink()
    assert not writer.close()


def test_end_that_the_disk_refuses_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(store: SampleStore) -> None:
        store.database.close()
        raise sqlite3.OperationalError("it is so")

    monkeypatch.setattr(SampleStore, "close", refuse)
    said: list[str] = []
    SampleWriter(tmp_path, ManualClock(T0), said.append).close()
    assert said == ["The history was not closed in order: it is so."]


def test_place_that_is_gone_closes_without_a_word(tmp_path: Path) -> None:
    store = SampleStore(tmp_path, T0)
    (tmp_path / FILE_NAME).unlink()
    store.close()
    with pytest.raises(sqlite3.ProgrammingError):
        store.database.execute("SELECT 1")
