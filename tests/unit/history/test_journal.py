"""The journal keeps what happened, and says why when it cannot."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tftmonitor.base.clock import HOUR_MS, ManualClock
from tftmonitor.history import opening, recovery, schema
from tftmonitor.history.batch import ENTRIES_KEPT, JournalBatch
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_query import ALL, JournalFilter
from tftmonitor.history.journal_reader import search_entries
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import (
    Acknowledged,
    AlarmChange,
    Event,
    OutOfService,
    Raised,
    StepFailed,
)

Opener = Callable[[Path], Journal]

NOW = 1_795_000_000_000
BY = (Source.RULE,)
RAISED = Raised(NOW, Source.RULE, "rule:a", "Voltage low", Severity.HIGH, device="1")


def alarm(number: int, **changed: object) -> Alarm:
    key = f"rule:{number}"
    made = Alarm(number, key, "Voltage low", Severity.HIGH, NOW, NOW, BY, BY, "1", lat=50.25)
    return replace(made, **changed)


def batch(*changes: AlarmChange, facts: dict[str, Any] | None = None) -> JournalBatch:
    made = JournalBatch()
    made.add_changes(list(changes))
    made.facts.update(facts or {})
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profile" / schema.FILE_NAME


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens the journals of a test; after it their files are closed."""
    with ExitStack() as files:

        def opener(path: Path) -> Journal:
            journal = Journal.open(path, ManualClock(NOW))
            files.enter_context(closing(journal.database))
            return journal

        yield opener


def test_open_alarms_and_facts_come_back_as_they_were(path: Path, opened: Opener) -> None:
    first = opened(path)
    changes = [AlarmChange(alarm(n, note="ü"), RAISED, is_new=True) for n in (1, 2, 3)]
    first.write(batch(*changes, facts={"proven_ms": NOW}))
    first.write(batch(AlarmChange(alarm(2, closed_ms=NOW), Acknowledged(NOW, (2,)))))
    first.close()
    left = opened(path).load()
    assert left.alarms == [alarm(1, note="ü"), alarm(3, note="ü")]
    assert (left.next_id, left.facts, left.unreadable) == (4, {"proven_ms": NOW}, 0)


def test_new_journal_is_empty(path: Path, opened: Opener) -> None:
    journal = opened(path)
    left = journal.load()
    assert (left.alarms, left.next_id, left.facts) == ([], 1, {})
    assert journal.read(10) == []
    assert journal.notice == ""


def test_every_commit_is_flushed(path: Path, opened: Opener) -> None:
    database = opened(path)._database
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)


def test_each_alarm_of_an_act_has_its_own_entry(path: Path, opened: Opener) -> None:
    journal = opened(path)
    act = Acknowledged(NOW, (1, 2), "me")
    journal.write(batch(AlarmChange(alarm(1), act), AlarmChange(alarm(2), act)))
    newest, oldest = journal.read(10)
    assert (newest.alarm_id, newest.event) == (2, Acknowledged(NOW, (2,), "me"))
    assert (oldest.alarm_id, oldest.kind, oldest.device) == (1, "acknowledged", "1")
    assert oldest.alarm == alarm(1)


def test_entries_about_no_alarm_are_kept(path: Path, opened: Opener) -> None:
    journal = opened(path)
    made = JournalBatch()
    made.add_event(StepFailed(NOW, "sound", "no device"))
    made.add_event(OutOfService(NOW, "7", NOW + HOUR_MS))
    journal.write(made)
    newest, oldest = journal.read(10)
    assert (newest.device, newest.alarm) == ("7", None)
    assert oldest.event == StepFailed(NOW, "sound", "no device")
    assert oldest.device is None


def test_late_alarms_stand_at_their_device_time(path: Path, opened: Opener) -> None:
    journal = opened(path)
    late = replace(RAISED, at_ms=NOW + 5, device_ms=NOW - HOUR_MS)
    journal.write(batch(AlarmChange(alarm(1), RAISED), AlarmChange(alarm(2), late)))
    assert [entry.alarm_id for entry in journal.read(10)] == [1, 2]
    assert journal.read(10)[1].event_ms == NOW - HOUR_MS


def test_pages_go_on_where_the_last_one_ended(path: Path, opened: Opener) -> None:
    journal = opened(path)
    for number in range(1, 8):
        device = str(number % 2)
        journal.write(batch(AlarmChange(alarm(number, device=device), RAISED)))
    first = journal.read(3)
    second = journal.read(3, before=first[-1])
    assert [entry.alarm_id for entry in first + second] == [7, 6, 5, 4, 3, 2]
    assert [entry.alarm_id for entry in journal.read(9, wanted=JournalFilter(device="1"))] == [
        7,
        5,
        3,
        1,
    ]
    assert [
        e.alarm_id for e in journal.read(9, before=first[0], wanted=JournalFilter(device="1"))
    ] == [5, 3, 1]


def test_what_a_newer_version_wrote_is_counted_and_shown_by_kind(
    path: Path, opened: Opener
) -> None:
    journal = opened(path)
    journal.write(batch(AlarmChange(alarm(1), RAISED)))
    journal._database.execute("UPDATE alarms SET body = '{\"id\": []}'")
    journal._database.execute("UPDATE journal SET body = '{\"kind\": \"later\"}', kind = 'later'")
    journal._database.execute("INSERT INTO facts VALUES ('odd', '{')")
    left = journal.load()
    assert (left.alarms, left.unreadable, left.next_id, left.facts) == ([], 1, 2, {"odd": None})
    (entry,) = journal.read(1)
    assert (entry.kind, entry.event, entry.alarm) == ("later", None, None)


def test_what_no_file_can_hold_does_not_keep_the_rest_from_disk(path: Path, opened: Opener) -> None:
    journal = opened(path)
    broken = alarm(1, text="half a pair: \ud83d")
    assert journal.write(batch(AlarmChange(broken, RAISED), AlarmChange(alarm(2), RAISED))) == 1
    assert journal.load().alarms == [alarm(2)]
    assert len(journal.read(9)) == 2


# Failures


def test_full_disk_is_said_in_text_and_can_be_written_later(path: Path, opened: Opener) -> None:
    journal = opened(path)
    (pages,) = journal._database.execute("PRAGMA page_count").fetchone()
    journal._database.execute(f"PRAGMA max_page_count = {pages}")
    many = batch(*(AlarmChange(alarm(n, text="x" * 300), RAISED) for n in range(1, 200)))
    with pytest.raises(JournalError, match="disk is full"):
        journal.write(many)
    assert journal.load().alarms == []
    journal._database.execute("PRAGMA max_page_count = 100000")
    journal.write(many)
    assert len(journal.load().alarms) == 199


def test_file_that_may_not_be_written_is_said_in_text(path: Path, opened: Opener) -> None:
    journal = opened(path)
    journal._database.execute("PRAGMA query_only = 1")
    with pytest.raises(JournalError, match="may not be written"):
        journal.write(batch(AlarmChange(alarm(1), RAISED)))


def test_folder_that_cannot_be_made_is_said_in_text(tmp_path: Path, opened: Opener) -> None:
    (tmp_path / "profile").write_text("a file")
    with pytest.raises(JournalError, match="Alarms cannot be kept in"):
        opened(tmp_path / "profile" / schema.FILE_NAME)


def test_locked_file_is_said_in_text(
    path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LOCK_WAIT_S", 0.05)
    first, second = opened(path), opened(path)
    first._database.execute("BEGIN EXCLUSIVE")
    with pytest.raises(JournalError, match="another program holds the file"):
        second.write(batch(AlarmChange(alarm(1), RAISED)))


@pytest.mark.parametrize(
    "use",
    [Journal.load, lambda journal: journal.read(1), lambda journal: journal.write(JournalBatch())],
)
def test_closed_journal_says_so(
    path: Path, opened: Opener, use: Callable[[Journal], object]
) -> None:
    journal = opened(path)
    journal.close()
    with pytest.raises(JournalError, match="closed"):
        use(journal)


def test_file_of_a_newer_version_is_left_alone(path: Path, opened: Opener) -> None:
    journal = opened(path)
    journal._database.execute("PRAGMA user_version = 99")
    journal.close()
    with pytest.raises(JournalError, match="newer version"):
        opened(path)
    assert [file.name for file in path.parent.glob("*.sqlite3")] == [path.name]


def test_step_that_fails_leaves_the_former_tables(
    path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = schema.MIGRATIONS
    opened(path).close()
    broken = ("CREATE TABLE later (id INTEGER PRIMARY KEY)", "CREATE NONSENSE")
    monkeypatch.setattr(schema, "MIGRATIONS", (*steps, broken))
    with pytest.raises(JournalError):
        opened(path)
    monkeypatch.setattr(schema, "MIGRATIONS", (*steps, broken[:1]))  # the table is not there yet
    database = opened(path)._database
    assert database.execute("PRAGMA user_version").fetchone() == (len(steps) + 1,)


def test_number_that_no_file_can_hold_costs_no_other(path: Path, opened: Opener) -> None:
    journal = opened(path)
    changes = [AlarmChange(alarm(n, first_ms=NOW), RAISED) for n in (1, 2)]
    changes.append(AlarmChange(alarm(3, last_ms=1 << 70), RAISED))
    assert journal.write(batch(*changes)) == 1
    assert [found.id for found in journal.load().alarms] == [1, 2]


# Damage


def test_rubbish_is_set_aside_and_a_new_journal_begun(path: Path, opened: Opener) -> None:
    path.parent.mkdir()
    path.write_bytes(b"rubbish " * 4_000)
    journal = opened(path)
    assert "set aside as history-damaged-" in journal.notice
    assert "0 open alarms could be saved" in journal.notice
    (aside,) = path.parent.glob("history-damaged-*.sqlite3")
    assert aside.read_bytes().startswith(b"rubbish")
    journal.write(batch(AlarmChange(alarm(1), RAISED)))
    journal.close()
    assert opened(path).notice == ""


def test_second_damage_in_the_same_second_keeps_both_files(path: Path, opened: Opener) -> None:
    path.parent.mkdir()
    for _ in range(3):
        path.write_bytes(b"rubbish " * 4_000)
        opened(path).close()
    assert len(list(path.parent.glob("history-damaged-*.sqlite3"))) == 3


def close_and_damage(journal: Journal, path: Path) -> None:
    """Overwrite the first page of the table of entries, as a failing disk does."""
    (root,) = journal._database.execute(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'journal'"
    ).fetchone()
    (size,) = journal._database.execute("PRAGMA page_size").fetchone()
    journal.close()
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : root * size] = b"\xff" * size
    path.write_bytes(content)


def test_open_alarms_are_saved_from_a_damaged_file(path: Path, opened: Opener) -> None:
    journal = opened(path)
    changes = [AlarmChange(alarm(n), RAISED) for n in range(1, 40)]
    journal.write(batch(*changes, facts={"proven_ms": NOW}))
    close_and_damage(journal, path)
    journal = opened(path)
    assert "39 open alarms could be saved" in journal.notice
    left = journal.load()
    assert left.alarms == [alarm(n) for n in range(1, 40)]
    assert left.facts == {"proven_ms": NOW}


def test_damage_that_cannot_be_set_aside_is_said_in_text(
    path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    path.write_bytes(b"rubbish " * 4_000)

    def refuse(path: Path, now_ms: int) -> Path:
        raise PermissionError("not yours")

    monkeypatch.setattr(recovery, "set_aside", refuse)
    with pytest.raises(JournalError, match="not yours"):
        opened(path)


def test_damaged_file_still_stands_when_no_new_one_can_be_written(
    path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    path.write_bytes(b"rubbish " * 4_000)

    def refuse(_target: sqlite3.Connection, _table: str, _rows: object) -> int:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(recovery, "_put", refuse)
    with pytest.raises(JournalError, match="disk is full"):
        opened(path)
    assert path.read_bytes().startswith(b"rubbish")
    assert list(path.parent.glob("history-damaged-*")) == []


def test_damaged_alarm_of_a_damaged_file_costs_no_other(path: Path, opened: Opener) -> None:
    journal = opened(path)
    journal.write(batch(*(AlarmChange(alarm(n), RAISED) for n in (1, 2, 3))))
    journal._database.execute("UPDATE alarms SET body = '{\"id\": []}' WHERE id = 2")
    close_and_damage(journal, path)
    journal = opened(path)
    assert "2 open alarms could be saved" in journal.notice
    assert journal.load().alarms == [alarm(1), alarm(3)]


def test_damage_found_while_writing_says_what_happens_next(path: Path, opened: Opener) -> None:
    journal = opened(path)
    error = sqlite3.DatabaseError("malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT

    class Broken:
        in_transaction = False

        def execute(self, _text: str) -> None:
            raise error

    journal._database = Broken()  # type: ignore[assignment]
    with pytest.raises(JournalError, match="set aside at the next start"):
        journal.write(JournalBatch())


# Batches


def test_batch_keeps_the_alarms_and_gives_up_the_oldest_entries() -> None:
    old, new = JournalBatch(), JournalBatch()
    for number in range(ENTRIES_KEPT):
        old.add_changes([AlarmChange(alarm(number), RAISED)])
    new.add_changes([AlarmChange(alarm(5, count=2), RAISED), AlarmChange(alarm(9_999), RAISED)])
    old.merge(new)
    assert len(old.entries) == ENTRIES_KEPT
    assert old.dropped == 2
    assert len(old.alarms) == ENTRIES_KEPT + 1
    assert old.alarms[5].count == 2


def test_many_repeats_take_few_entries_and_the_alarm_has_the_exact_count() -> None:
    made = JournalBatch()
    for count in range(1, 2_001):
        made.add_changes([AlarmChange(alarm(1, count=count), RAISED, counted=True)])
    assert len(made.entries) == 10 + 9 + 19
    assert made.alarms[1].count == 2_000


def test_empty_batch_is_false() -> None:
    assert not JournalBatch()
    event: Event = StepFailed(NOW, "sound", "x")
    made = JournalBatch()
    made.add_event(event)
    assert made


def test_filters_narrow_by_kind_time_and_words(path: Path, opened: Opener) -> None:
    journal = opened(path)
    early = replace(RAISED, at_ms=NOW - HOUR_MS, name="Fuel 100%")
    journal.write(batch(AlarmChange(alarm(1), early), AlarmChange(alarm(2), RAISED)))
    made = JournalBatch()
    made.add_event(StepFailed(NOW, "sound", "no_device"))
    journal.write(made)

    def kinds(**wanted: Any) -> list[str]:
        return [entry.kind for entry in journal.read(9, wanted=JournalFilter(**wanted))]

    assert kinds(kinds=("step_failed",)) == ["step_failed"]
    assert len(kinds(from_ms=NOW - 1)) == 2
    assert kinds(to_ms=NOW) == kinds()[2:]
    assert kinds(words=("fuel", "100%")) == ["raised"]
    assert kinds(words=("no_device",)) == ["step_failed"]
    assert kinds(words=("noXdevice",)) == []


def test_search_beside_sees_what_was_written_and_says_what_is_wrong(
    path: Path, opened: Opener
) -> None:
    async def run() -> None:
        journal = opened(path)
        journal.write(batch(AlarmChange(alarm(1), RAISED)))
        thread = JournalThread(journal)
        assert len(await thread.read_page(9, None, wanted)) == 1
        assert len(await thread.read_page(9, None, ALL)) == 1
        await thread.close()

    wanted = JournalFilter(kinds=("raised",))
    asyncio.run(run())
    path.write_bytes(b"no database " * 999)
    with pytest.raises(JournalError, match="cannot be read"):
        search_entries(path.parent, wanted, 9)


def test_journal_waits_for_the_disk_unless_nobody_needs_it_later(
    path: Path, opened: Opener
) -> None:
    journal = opened(path)
    (full,) = journal._database.execute("PRAGMA synchronous").fetchone()
    journal.be_temporary()
    (off,) = journal._database.execute("PRAGMA synchronous").fetchone()
    assert (full, off) == (2, 0)
    journal.write(batch(AlarmChange(alarm(1), RAISED, is_new=True)))
    assert [each.id for each in journal.load().alarms] == [1]
