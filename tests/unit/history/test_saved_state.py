"""What a run saves comes back at the next, and a file of an older program is understood."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tftmonitor.base.clock import DAY_MS, HOUR_MS, ManualClock
from tftmonitor.history import schema
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.saved_state import RUNNING_UNTIL, SavedState, StateChanges, load, save
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.inbox import InboxItem, ItemKind

NOW = 1_795_000_000_000
Opener = Callable[[], Journal]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / schema.FILE_NAME


@pytest.fixture
def opener(path: Path) -> Iterator[Opener]:
    """Opens the file as a start of the program does; after the test all are closed."""
    with ExitStack() as files:

        def opened() -> Journal:
            journal = Journal.open(path, ManualClock(NOW))
            files.enter_context(closing(journal.database))
            return journal

        yield opened


def item(number: int, text: str = "hi", **more: object) -> InboxItem:
    made = InboxItem(number, ItemKind.USER, NOW + number, None, "Ann", text)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def interval(start_ms: int, end_ms: int | None = None, scope: str = "devices") -> BlindInterval:
    return BlindInterval(scope, Blindness.LINK, start_ms, end_ms, "no network")


def changes(
    items: list[InboxItem] | None = None,
    blind: list[BlindInterval] | None = None,
    cadence: dict[str, dict[str, list[int]]] | None = None,
    running_until_ms: int = NOW,
) -> StateChanges:
    return StateChanges(items or [], blind or [], cadence or {}, running_until_ms)


def loaded(journal: Journal, messages: int = 100, blind_from_ms: int = 0) -> SavedState:
    return load(journal, messages, blind_from_ms)


def test_new_file_holds_nothing(opener: Opener) -> None:
    assert loaded(opener()) == SavedState([], [], {}, None)


def test_everything_saved_comes_back_oldest_first(opener: Opener) -> None:
    items = [item(1), item(2, address="https://x.invalid/1", device="7", read=True)]
    blind = [interval(NOW, NOW + 5), interval(NOW + 1, None, "7")]
    cadence = {"7": {"driving": [10_000, 30_000]}, "8": {}}
    save(opener(), changes(items, blind, cadence, NOW + 9))
    assert loaded(opener()) == SavedState(items, blind, cadence, NOW + 9)


def test_later_save_replaces_what_it_names_and_leaves_the_rest(opener: Opener) -> None:
    journal = opener()
    first = changes([item(1), item(2)], [interval(NOW)], {"7": {"parked": [1]}, "8": {}})
    save(journal, first)
    later = changes([item(1, read=True)], [interval(NOW, NOW + 7)], {"8": {"parked": [2]}}, NOW + 3)
    save(journal, later)
    assert loaded(journal) == SavedState(
        [item(1, read=True), item(2)],
        [interval(NOW, NOW + 7)],
        {"7": {"parked": [1]}, "8": {"parked": [2]}},
        NOW + 3,
    )


def test_only_the_newest_messages_are_loaded(opener: Opener) -> None:
    journal = opener()
    save(journal, changes([item(number) for number in range(1, 9)]))
    assert [found.number for found in loaded(journal, messages=3).items] == [6, 7, 8]


def test_blind_intervals_that_reach_into_the_time_asked_for_are_loaded(opener: Opener) -> None:
    journal = opener()
    holiday = interval(NOW - 20 * DAY_MS, NOW - DAY_MS)  # began long before, and reaches into it
    gone = interval(NOW - 20 * DAY_MS, NOW - 19 * DAY_MS, "messages")
    never_ended = interval(NOW - 18 * DAY_MS, None, "messages")
    recent = interval(NOW - HOUR_MS, None)
    save(journal, changes(blind=[holiday, gone, never_ended, recent]))
    assert loaded(journal, blind_from_ms=NOW - 7 * DAY_MS).blind == [holiday, recent]


def test_blind_intervals_are_found_by_an_index(opener: Opener) -> None:
    journal = opener()
    asked: list[str] = []
    journal.database.set_trace_callback(asked.append)
    loaded(journal, blind_from_ms=5)
    journal.database.set_trace_callback(None)
    (query,) = [text for text in asked if "FROM blind" in text]
    plan = [row[3] for row in journal.database.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert sum("USING INDEX blind_end" in step for step in plan) == 2


def test_row_that_this_version_does_not_understand_costs_no_other(
    opener: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    journal = opener()
    blind = [interval(NOW), interval(NOW + 1), interval(NOW + 2)]
    save(journal, changes([item(1), item(2)], blind, {"7": {"parked": [1]}, "8": {}}))
    journal.database.execute('UPDATE messages SET body = \'{"kind": "later"}\' WHERE number = 2')
    journal.database.execute(f"UPDATE blind SET cause = 'eclipse' WHERE start_ms = {NOW + 1}")
    journal.database.execute("UPDATE cadence SET body = '{' WHERE device = '8'")
    with caplog.at_level(logging.ERROR):
        found = loaded(journal)
    assert found == SavedState([item(1)], [blind[0], blind[2]], {"7": {"parked": [1]}}, NOW)
    assert caplog.text.count("saved state not understood") == 3


@pytest.mark.parametrize("body", ["{", '"noon"', "null"])
def test_broken_time_of_the_last_run_is_none(opener: Opener, body: str) -> None:
    journal = opener()
    save(journal, changes())
    journal.database.execute("UPDATE facts SET body = ? WHERE name = ?", (body, RUNNING_UNTIL))
    assert loaded(journal).running_until_ms is None


def test_save_that_fails_writes_nothing_and_says_why(opener: Opener) -> None:
    journal = opener()
    save(journal, changes([item(1)]))
    journal.database.execute("DROP TABLE cadence")
    with pytest.raises(JournalError, match=f"messages cannot be kept in .*{schema.FILE_NAME}"):
        save(journal, changes([item(2)], [interval(NOW)], {"7": {}}, NOW + 5))
    rows = journal.database.execute("SELECT number FROM messages").fetchall()
    assert rows == [(1,)]
    facts = journal.database.execute("SELECT body FROM facts").fetchall()
    assert facts == [(str(NOW),)]
    with pytest.raises(JournalError, match="cadence"):
        loaded(journal)


# A file of an older program


def make_old_file(path: Path, version: int, *statements: tuple[str, tuple[object, ...]]) -> None:
    """The file as the program of that version of the tables left it."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        for steps in schema.MIGRATIONS[:version]:
            for step in steps:
                database.execute(step)
        for statement, values in statements:
            database.execute(statement, values)
        database.execute(f"PRAGMA user_version = {version}")
        database.commit()


PUT_BLIND = "INSERT OR REPLACE INTO blind VALUES (?, ?, ?, ?, ?)"


def test_marker_row_of_an_old_file_becomes_a_fact_and_is_gone(path: Path, opener: Opener) -> None:
    real = ("devices", NOW - HOUR_MS, NOW - HOUR_MS + 5, "link down", "no network")
    marker = ("program", 0, NOW - 60_000, "program not running", "")
    make_old_file(path, 2, (PUT_BLIND, real), (PUT_BLIND, marker))
    journal = opener()
    found = loaded(journal)
    assert found.running_until_ms == NOW - 60_000
    assert found.blind == [interval(NOW - HOUR_MS, NOW - HOUR_MS + 5)]
    rows = journal.database.execute("SELECT scope, start_ms FROM blind").fetchall()
    assert rows == [("devices", NOW - HOUR_MS)]
    save(journal, changes(running_until_ms=NOW))
    journal.close()
    assert loaded(opener()).running_until_ms == NOW


@pytest.mark.parametrize("version", [1, 2])
def test_old_file_that_never_saved_its_state_has_no_last_run(
    path: Path, opener: Opener, version: int
) -> None:
    make_old_file(path, version)
    assert loaded(opener()) == SavedState()


def test_rest_of_an_old_file_stays_as_it_was(path: Path, opener: Opener) -> None:
    make_old_file(
        path,
        2,
        ("INSERT INTO facts VALUES ('proven_ms', '5')", ()),
        ("INSERT INTO cadence VALUES ('7', '{\"parked\":[9]}')", ()),
        (PUT_BLIND, ("messages", 5, 6, "computer asleep", "")),
    )
    journal = opener()
    assert journal.load().facts == {"proven_ms": 5}
    blind = [BlindInterval("messages", Blindness.SUSPENDED, 5, 6)]
    assert loaded(journal) == SavedState([], blind, {"7": {"parked": [9]}})


def test_last_run_is_saved_from_a_damaged_file(path: Path, opener: Opener) -> None:
    journal = opener()
    save(journal, changes([item(1)], running_until_ms=NOW - 5))
    table = "SELECT rootpage FROM sqlite_schema WHERE name = 'journal'"
    (root,) = journal.database.execute(table).fetchone()
    (size,) = journal.database.execute("PRAGMA page_size").fetchone()
    journal.close()
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : root * size] = b"\xff" * size
    path.write_bytes(content)
    journal = opener()
    assert "was damaged" in journal.notice
    assert loaded(journal).running_until_ms == NOW - 5
