"""What is filed under the key of a device on disk goes over to another key."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.history import saved_state
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_query import JournalFilter
from tftmonitor.history.saved_state import StateChanges
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange, Raised
from tftmonitor.model.alarms.known_reports import KnownReport
from tftmonitor.model.coverage import BlindInterval, Blindness

NOW = 1_795_000_000_000
BY = (Source.SNAPSHOT,)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal.open(tmp_path / FILE_NAME, ManualClock(NOW))
    with closing(journal.database):
        yield journal


def batch(number: int, device: str, closed_ms: int | None = None) -> JournalBatch:
    alarm = Alarm(
        number, "sos", "SOS", Severity.HIGH, NOW, NOW, BY, BY, device, closed_ms=closed_ms
    )
    raised = Raised(NOW, Source.SNAPSHOT, "sos", "SOS", Severity.HIGH, device=device)
    made = JournalBatch()
    made.add_changes([AlarmChange(alarm, raised)])
    made.reports.append(KnownReport(device, "sos", NOW, Source.SNAPSHOT, NOW))
    return made


def move(*names: tuple[str, str]) -> JournalBatch:
    made = JournalBatch()
    made.moves += names
    assert made
    return made


def test_alarms_entries_and_reports_go_over(journal: Journal) -> None:
    journal.write(batch(1, "7", closed_ms=NOW))
    journal.write(batch(2, "7"))
    journal.write(batch(3, "8"))
    journal.write(batch(4, "A"))
    journal.write(move(("7", "A")))
    left = journal.load()
    assert [(alarm.id, alarm.device) for alarm in left.alarms] == [(2, "A"), (3, "8"), (4, "A")]
    assert [alarm.device for alarm in left.closed] == ["A"]
    entries = journal.read(9, wanted=JournalFilter(device="A"))
    assert [entry.alarm_id for entry in entries] == [4, 2, 1]
    assert {getattr(entry.event, "device", None) for entry in entries} == {"A"}
    assert journal.read(9, wanted=JournalFilter(device="7")) == []
    assert {report.device for report in journal.load_reports(NOW)} == {"8", "A"}


def test_what_the_same_batch_wrote_goes_over_as_well(journal: Journal) -> None:
    made = batch(1, "7")
    made.merge(move(("7", "8"), ("8", "A")))
    journal.write(made)
    assert [alarm.device for alarm in journal.load().alarms] == ["A"]


def test_blind_and_learned_intervals_go_over(journal: Journal) -> None:
    blind = [BlindInterval(scope, Blindness.DEVICE, NOW, NOW + 5) for scope in ("7", "devices")]
    cadence = {"7": {"driving": [1]}, "8": {"driving": [2]}, "A": {"driving": [3]}}
    saved_state.save(journal, StateChanges([], blind, cadence, NOW))
    journal.write(move(("7", "A"), ("8", "B")))
    saved = saved_state.load(journal, 9, 0)
    assert {interval.scope for interval in saved.blind} == {"A", "devices"}
    assert saved.cadence == {"A": {"driving": [3]}, "B": {"driving": [2]}}


def test_body_that_is_broken_costs_no_alarm(journal: Journal) -> None:
    journal.database.execute("INSERT INTO journal VALUES (1, 0, 0, 'raised', 1, '7', '{')")
    made = batch(1, "7")
    made.merge(move(("7", "A")))
    assert journal.write(made) == 0
    assert [alarm.device for alarm in journal.load().alarms] == ["A"]


def test_key_that_no_file_can_hold_is_left_alone(journal: Journal) -> None:
    made = batch(1, "7")
    made.merge(move(("\ud800", "A"), ("7", "A")))
    journal.write(made)
    assert [alarm.device for alarm in journal.load().alarms] == ["A"]


def test_identities_are_kept_and_a_broken_one_is_left_out(journal: Journal) -> None:
    kept = {"K": ["A", "K", None, "7"]}
    saved_state.save(journal, StateChanges([], [], {}, NOW, kept))
    saved_state.save(journal, StateChanges([], [], {}, NOW))
    assert saved_state.load(journal, 9, 0).identities == kept
    saved_state.save(journal, StateChanges([], [], {}, NOW, {"K": ["A"]}))
    assert saved_state.load(journal, 9, 0).identities == {}
