"""The file stays small, whatever comes in, and no alarm waits for that."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.history.wounds import CLOCK, NOW, alarm
from tftmonitor.base.clock import DAY_MS
from tftmonitor.history import opening, saved_state
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.retention import RULES, Retention
from tftmonitor.history.saved_state import StateChanges
from tftmonitor.history.schema import FILE_NAME, prepare, transaction
from tftmonitor.model.coverage import BlindInterval, Blindness

BODY = '{"text":"' + "x" * 150 + '"}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with closing(Journal.open(path, CLOCK)) as opened:
        yield opened


def tidy(journal: Journal, now_ms: int = NOW, **given: object) -> list[float]:
    """Run one pass; how long each step took, in seconds."""
    few = tuple(rule._replace(kept=given.get("kept", 300)) for rule in RULES)  # type: ignore[arg-type]
    retention = Retention(now_ms, few, devices=300)
    took = []
    is_more = True
    while is_more:
        began_s = time.perf_counter()
        is_more = retention.step(journal)
        took.append(time.perf_counter() - began_s)
    return took


def count(journal: Journal, table: str) -> int:
    found: int = journal.database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return found


def put_messages(journal: Journal, number: int, received_ms: int = NOW) -> None:
    rows = ((n, received_ms, BODY) for n in range(1, number + 1))
    with transaction(journal.database):
        journal.database.executemany("INSERT INTO messages VALUES (?, ?, ?)", rows)


def test_of_too_many_the_oldest_go_and_the_file_shrinks(journal: Journal, path: Path) -> None:
    put_messages(journal, 30_000)
    journal.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.stat().st_size
    took = tidy(journal)
    journal.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert count(journal, "messages") == 300
    assert journal.database.execute("SELECT min(number) FROM messages").fetchone() == (29_701,)
    assert path.stat().st_size < before / 10
    assert len(took) > 5
    assert sorted(took)[len(took) // 2] < 0.05


def test_what_is_too_old_goes(journal: Journal) -> None:
    put_messages(journal, 250, NOW - 731 * DAY_MS)
    journal.database.execute(f"UPDATE messages SET received_ms = {NOW} WHERE number > 240")
    tidy(journal)
    assert count(journal, "messages") == 10


def test_open_alarms_never_go(journal: Journal) -> None:
    batch = JournalBatch()
    old_ms = NOW - 500 * DAY_MS
    for number in range(1, 1_001):
        batch.alarms[number] = alarm(number, last_ms=old_ms)
    for number in range(2_000, 2_500):
        batch.alarms[number] = alarm(number, closed_ms=NOW)
    journal.write(batch)
    tidy(journal)
    left = journal.load()
    assert [found.id for found in left.alarms] == list(range(1, 1_001))
    assert count(journal, "alarms") == 1_300
    assert left.next_id == 2_500


def test_blind_intervals_and_devices_are_bounded(journal: Journal) -> None:
    blind = [BlindInterval("7", Blindness.DEVICE, NOW + n, NOW + n + 1) for n in range(700)]
    devices = {f"{n:04}": {"parked": [n]} for n in range(700)}
    saved_state.save(journal, StateChanges([], blind, devices, NOW - DAY_MS))
    newer = {f"{n:04}": {"parked": [n]} for n in range(50)}
    saved_state.save(journal, StateChanges([], [], newer, NOW))
    journal.database.execute("UPDATE cadence SET body = '[' WHERE device = '0699'")
    tidy(journal)
    found = saved_state.load(journal, 10, 0)
    assert [stretch.start_ms for stretch in found.blind] == [NOW + n for n in range(400, 700)]
    assert len(found.cadence) == 300
    assert newer.items() <= found.cadence.items()
    tidy(journal, NOW + 401 * DAY_MS)
    assert saved_state.load(journal, 10, 0).cadence == {}


def test_marks_of_spill_files_are_bounded_and_other_facts_stay(journal: Journal) -> None:
    batch = JournalBatch()
    batch.facts = {f"spilled:{n}": 1 for n in range(300)} | {"proven_ms": NOW, "later": {}}
    journal.write(batch)
    tidy(journal)
    assert count(journal, "facts") == 102
    assert journal.load().facts["proven_ms"] == NOW


def test_file_of_an_older_version_is_made_shrinkable(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        prepare(old)
        old.execute("PRAGMA auto_vacuum = NONE")
        old.execute("PRAGMA journal_mode = DELETE")
        old.execute("VACUUM")
        assert old.execute("PRAGMA auto_vacuum").fetchone() == (0,)
    with closing(Journal.open(path, CLOCK)) as journal:
        put_messages(journal, 5_000)
        assert journal.database.execute("PRAGMA auto_vacuum").fetchone() == (2,)


def test_large_file_of_an_older_version_is_not_copied_at_the_start(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_REWRITTEN_PAGES", 5)
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        prepare(old)
        old.execute("PRAGMA auto_vacuum = NONE")
        old.execute("PRAGMA journal_mode = DELETE")
        old.execute("VACUUM")
    with closing(Journal.open(path, CLOCK)) as journal:
        put_messages(journal, 1_000)
        tidy(journal)
        assert count(journal, "messages") == 300
        assert journal.database.execute("PRAGMA auto_vacuum").fetchone() == (0,)


def test_disk_that_refuses_is_said(journal: Journal) -> None:
    put_messages(journal, 1_000)
    journal.database.execute("PRAGMA query_only = 1")
    with pytest.raises(JournalError, match="may not be written"):
        tidy(journal)
