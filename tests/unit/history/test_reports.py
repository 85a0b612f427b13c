"""Reports of alarms on disk: kept for 30 days, and not too many."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tftmonitor.base.clock import DAY_MS, ManualClock
from tftmonitor.history import reports as table
from tftmonitor.history import schema
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.known_reports import KnownReport

NOW = 1_795_000_000_000
Opener = Callable[[], Journal]


def report(number: int, **changed: Any) -> KnownReport:
    return KnownReport("1", "sos", number, Source.SNAPSHOT, NOW + number)._replace(**changed)


def batch(*reports: KnownReport) -> JournalBatch:
    made = JournalBatch()
    made.reports = list(reports)
    return made


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    with ExitStack() as files:

        def opener() -> Journal:
            journal = Journal.open(tmp_path / schema.FILE_NAME, ManualClock(NOW))
            files.enter_context(closing(journal.database))
            return journal

        yield opener


def test_reports_come_back_oldest_first_and_once(opened: Opener) -> None:
    second = report(2, source=Source.MESSAGE, first_hand=False)
    opened().write(batch(second, report(1), report(1)))
    assert opened().load_reports(NOW) == [report(1), second]


def test_reports_are_forgotten_after_30_days(opened: Opener) -> None:
    journal = opened()
    journal.write(batch(report(1), report(2)))
    assert len(journal.load_reports(NOW + 1 + 30 * DAY_MS)) == 2
    assert journal.load_reports(NOW + 2 + 30 * DAY_MS) == [report(2)]


def test_no_more_than_a_number_of_reports_is_kept_while_the_program_runs(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "REPORTS_KEPT", 3)
    monkeypatch.setattr(table, "_PUT_BETWEEN_COUNTS", 5)
    journal = opened()
    journal.write(batch(*(report(number) for number in range(4))))
    count = "SELECT count(*) FROM reports"
    assert journal.database.execute(count).fetchone() == (4,)
    journal.write(batch(report(4)))
    assert journal.database.execute(count).fetchone() == (3,)
    assert journal.load_reports(NOW) == [report(2), report(3), report(4)]


def test_text_that_no_file_can_hold_costs_its_report_alone(opened: Opener) -> None:
    journal = opened()
    journal.write(batch(report(1), report(2, kind="text:\ud800")))
    assert journal.load_reports(NOW) == [report(1)]


def test_report_of_a_newer_version_is_left_out(opened: Opener) -> None:
    journal = opened()
    journal.write(batch(report(1)))
    journal.database.execute("UPDATE reports SET source = 'satellite'")
    assert journal.load_reports(NOW) == []


def test_failing_file_says_why(opened: Opener) -> None:
    journal = opened()
    journal.database.execute("DROP TABLE reports")
    with pytest.raises(JournalError, match="Alarms cannot be kept"):
        journal.load_reports(NOW)
    with pytest.raises(JournalError):
        journal.write(batch(report(1)))


def test_journal_of_the_version_before_gets_the_table(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / schema.FILE_NAME
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for steps in schema.MIGRATIONS[:3]:
            for step in steps:
                database.execute(step)
        database.execute("PRAGMA user_version = 3")
    assert opened().load_reports(NOW) == []


def test_merged_batches_hold_the_newest_reports() -> None:
    made = batch(report(1))
    assert made
    made.merge(batch(report(2)))
    assert made.reports == [report(1), report(2)]
