"""Another process reads the alarms of a journal, whatever its owner does meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tftmonitor.base.clock import ManualClock
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_reader import alarms_of, read_alarms
from tftmonitor.history.schema import FILE_NAME, MIGRATIONS
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity

NOW = 1_795_000_000_000
BY = (Source.RULE,)


def alarm(number: int, **changed: object) -> Alarm:
    made = Alarm(number, f"rule:{number}", "Voltage low", Severity.HIGH, NOW, NOW, BY, BY, "1")
    return replace(made, **changed)


def numbers(found: Iterator[Alarm | None]) -> list[int | None]:
    return [one.id if one is not None else None for one in found]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal.open(tmp_path / FILE_NAME, ManualClock(NOW))
    batch = JournalBatch()
    for number, changed in enumerate(({}, {"closed_ms": NOW}, {"last_ms": NOW + 5_000}), 1):
        batch.alarms[number] = alarm(number, **changed)
    made.write(batch)
    with closing(made.database):
        yield made


def test_open_ones_all_and_those_from_a_time(tmp_path: Path, journal: Journal) -> None:
    assert numbers(read_alarms(tmp_path, only_open=True)) == [1, 3]
    assert numbers(read_alarms(tmp_path, only_open=False)) == [1, 2, 3]
    assert numbers(read_alarms(tmp_path, only_open=False, from_ms=NOW + 1)) == [3]
    assert numbers(read_alarms(tmp_path, only_open=True, from_ms=NOW)) == [1, 3]


def test_alarms_by_number_however_many_are_asked_for(tmp_path: Path, journal: Journal) -> None:
    assert alarms_of(tmp_path, ()) == {}
    found = alarms_of(tmp_path, range(2, 2_000))
    assert found == {2: alarm(2, closed_ms=NOW), 3: alarm(3, last_ms=NOW + 5_000)}


def test_reader_sees_what_was_committed_while_its_owner_writes(
    tmp_path: Path, journal: Journal
) -> None:
    journal.database.execute("BEGIN IMMEDIATE")
    journal.database.execute("DELETE FROM alarms")
    assert numbers(read_alarms(tmp_path, only_open=True)) == [1, 3]
    journal.database.execute("ROLLBACK")


def test_reader_changes_nothing(tmp_path: Path, journal: Journal) -> None:
    journal.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    assert numbers(read_alarms(tmp_path, only_open=True)) == [1, 3]
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_alarm_of_a_newer_version_is_not_lost(tmp_path: Path, journal: Journal) -> None:
    journal.database.execute("UPDATE alarms SET body = '{}' WHERE id = 3")
    assert numbers(read_alarms(tmp_path, only_open=True)) == [1, None]
    assert alarms_of(tmp_path, (3,)) == {3: None}


def test_profile_without_a_journal_is_told(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no journal"):
        list(read_alarms(tmp_path, only_open=True))
    assert not list(tmp_path.iterdir())


def test_journal_of_a_newer_version_is_told(tmp_path: Path, journal: Journal) -> None:
    journal.database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(JournalError, match="newer version"):
        alarms_of(tmp_path, (1,))


@pytest.mark.parametrize("content", [b"", b"no database at all" * 200])
def test_file_that_is_no_journal_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(JournalError, match="cannot be read"):
        list(read_alarms(tmp_path, only_open=True))
    assert (tmp_path / FILE_NAME).read_bytes() == content


def test_reader_leaves_the_file_free(tmp_path: Path, journal: Journal) -> None:
    found = read_alarms(tmp_path, only_open=True)
    next(found)
    found.close()
    journal.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME, timeout=0)) as database:
        database.execute("BEGIN EXCLUSIVE")
