"""The journal of alarms on disk: every alarm and every act, flushed before anything is shown.

All of it blocks, and may be called from one thread at a time: that of JournalThread.
"""

import logging
import sqlite3
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from tftmonitor.base.clock import Clock
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.bulk_insert import put_rows
from tftmonitor.history.file_place import FilePlace
from tftmonitor.history.journal_query import ALL, JournalFilter, read_entries
from tftmonitor.history.moves import move, move_row
from tftmonitor.history.opening import mark_wounded, open_file
from tftmonitor.history.recovery import is_damage
from tftmonitor.history.reports import ReportTable, report_row
from tftmonitor.history.rows import (
    MOST,
    JournalEntry,
    alarm_of,
    alarm_row,
    entry_row,
    fact_of,
    fact_row,
    rows_of,
)
from tftmonitor.history.schema import NewerSchemaError, transaction
from tftmonitor.history.spill import found_spills, remove
from tftmonitor.history.waiting_events import Numbered, load_waiting, put_waiting
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.known_reports import KnownReport

_log = logging.getLogger(__name__)

_NOT_KEPT: Final = "Alarms cannot be kept in"

_PUT_ALARM = "INSERT OR REPLACE INTO alarms (id, open, device, last_ms, body)"
_PUT_ENTRY = "INSERT INTO journal (at_ms, event_ms, kind, alarm_id, device, body)"
_PUT_FACT = "INSERT OR REPLACE INTO facts (name, body)"
# Those whose second source may still come; more of a flood are not known again.
_CLOSED_LOADED: Final = 200
_NEWEST_CLOSED = "SELECT id, body FROM alarms WHERE NOT open AND id > ? ORDER BY id"
_OPEN = "SELECT id, body FROM alarms WHERE open ORDER BY id"
_SPILLED = "SELECT name FROM facts WHERE name LIKE 'spilled:%'"
_LAST_ID = "SELECT coalesce(max(id), 0) FROM alarms WHERE id < ?"


class JournalError(Exception):
    """The journal cannot be read or written; the text says why and what to do, for people.

    ``is_damage``: the file is broken, and is mended when it is opened again.
    """

    def __init__(self, text: str, *, is_damage: bool = False) -> None:
        super().__init__(text)
        self.is_damage = is_damage


class JournalState(msgspec.Struct, frozen=True):
    """What a former run left: open alarms, the next free number, facts by name.

    ``closed`` are those of the newest alarms that are closed. ``unreadable`` counts open alarms
    that this version of the program does not understand. ``unsaved`` is what the disk did not take
    then and does not take now; the alarms in it are among the others. ``waiting`` are events that
    it had not worked off, by their numbers.
    """

    alarms: list[Alarm]
    next_id: int
    facts: dict[str, Any]
    unreadable: int = 0
    closed: list[Alarm] = []
    unsaved: JournalBatch | None = None
    waiting: list[Numbered] = []


class Journal:
    """The database of one profile. ``notice`` says what happened to the file, or is "".

    ``own_spill`` is the name of the spill file of this run, which ``load`` leaves alone.
    """

    def __init__(
        self, database: sqlite3.Connection, path: Path, clock: Clock, notice: str = ""
    ) -> None:
        self.path = path
        self.notice = notice
        self.own_spill = ""
        self._clock = clock
        self._use(database)

    def _use(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._reports = ReportTable(database)
        self._place = FilePlace(self.path)

    @classmethod
    def open(cls, path: Path, clock: Clock) -> "Journal":
        """Open or make the database of a profile. Raises JournalError.

        A damaged file is mended; if that cannot be, it is set aside under a name with the time and
        a new one is begun with all that could be read.
        """
        path = path.absolute()
        try:
            database, notice = open_file(path, clock.now_ms())
        except NewerSchemaError:
            raise JournalError(
                f"{path} was written by a newer version of the program. Please update."
            ) from None
        except (sqlite3.Error, OSError) as error:
            raise JournalError(_error_text(path, error)) from error
        return cls(database, path, clock, notice)

    def open_again(self) -> "Journal":
        """The same file, for one that was closed because it is damaged. Raises JournalError."""
        return Journal.open(self.path, self._clock)

    def be_temporary(self) -> None:
        """Nobody needs it after this run: from now on nothing waits for the disk to have it."""
        self._database.execute("PRAGMA synchronous = OFF")

    def keep_place(self) -> str:
        """Make the file anew if it was removed or replaced; what happened in words, or "".

        Raises JournalError when the disk refuses.
        """
        if not self._place.is_lost():
            return ""
        try:
            database, notice = self._place.put_back(self._database, self._clock.now_ms())
        except (sqlite3.Error, OSError) as error:
            raise JournalError(
                f"The history was removed. {_error_text(self.path, error)}"
            ) from error
        self._use(database)
        return notice

    def write(self, batch: JournalBatch) -> int:
        """Write all of a batch or nothing, and return when it is on the disk.

        Raises JournalError; the batch can then be written again later. What no file could hold
        (half a surrogate pair in a text) is left out alone; returns how many rows that are.
        """
        alarms, bad_alarms = rows_of(alarm_row, batch.alarms.values())
        entries, bad_entries = rows_of(entry_row, batch.entries)
        facts, bad_facts = rows_of(fact_row, batch.facts.items())
        reports, _ = rows_of(report_row, batch.reports)  # their alarms are counted
        moves, _ = rows_of(move_row, batch.moves)
        try:
            with transaction(self._database):
                put_rows(self._database, _PUT_ALARM, alarms)
                put_rows(self._database, _PUT_ENTRY, entries)
                put_rows(self._database, _PUT_FACT, facts)
                self._reports.put(reports)
                put_waiting(self._database, batch.waiting, batch.done)
                for names in moves:
                    move(self._database, names)
        except sqlite3.Error as error:
            raise self.failure(error) from error
        return bad_alarms + bad_entries + bad_facts

    def load(self) -> JournalState:
        """What a former run left, here or in a spill file but our own. Raises JournalError."""
        try:
            unsaved = self._take_up_spilled()
            rows = self._database.execute(_OPEN).fetchall()
            (last,) = self._database.execute(_LAST_ID, (MOST,)).fetchone()
            over = self._database.execute(_NEWEST_CLOSED, (last - _CLOSED_LOADED,)).fetchall()
            facts = self._database.execute("SELECT name, body FROM facts").fetchall()
            waiting = load_waiting(self._database)
        except sqlite3.Error as error:
            raise self.failure(error) from error
        alarms = _alarms_of(rows)
        read = {str(name): fact_of(body) for name, body in facts}
        state = JournalState(
            alarms, last + 1, read, len(rows) - len(alarms), _alarms_of(over), waiting=waiting
        )
        return _with_unsaved(state, unsaved) if unsaved else state

    def _take_up_spilled(self) -> JournalBatch:
        """Write what former runs could not; what cannot be written now either."""
        unsaved = JournalBatch()
        known = {name for (name,) in self._database.execute(_SPILLED)}
        for path, batch in found_spills(self.path.parent, known, self.own_spill):
            try:
                self.write(batch)
            except JournalError:
                unsaved.merge(batch)
                continue
            remove(path)
            _log.warning("%d alarms of a former run were written late", len(batch.alarms))
        return unsaved

    def load_reports(self, now_ms: int) -> list[KnownReport]:
        """The reports of alarms that came in lately, oldest first. Raises JournalError."""
        try:
            return self._reports.load(now_ms)
        except sqlite3.Error as error:
            raise self.failure(error) from error

    def read(
        self, limit: int, before: JournalEntry | None = None, wanted: JournalFilter = ALL
    ) -> list[JournalEntry]:
        """Entries by the time they are about, newest first. Raises JournalError.

        ``before`` is the last entry of the page before.
        """
        try:
            return read_entries(self._database, wanted, limit, before)
        except sqlite3.Error as error:
            raise self.failure(error) from error

    @property
    def database(self) -> sqlite3.Connection:
        """The connection, for the other tables of the file; on this journal's thread only."""
        return self._database

    def failure(self, error: sqlite3.Error, what: str = _NOT_KEPT) -> JournalError:
        """The words for an error; a wound is noted for the next start."""
        if is_damage(error):
            mark_wounded(self.path)
        return JournalError(_error_text(self.path, error, what), is_damage=is_damage(error))

    def close(self) -> None:
        """Close the file; nothing may be called after."""
        self._database.close()


def _alarms_of(rows: list[tuple[int, object]]) -> list[Alarm]:
    """Those that can be read; the row has the number, whatever a broken byte made of it within."""
    found = [(number, alarm_of(body)) for number, body in rows]
    return [replace(alarm, id=number) for number, alarm in found if alarm is not None]


def _with_unsaved(state: JournalState, unsaved: JournalBatch) -> JournalState:
    """The state as it would be if all of it were on disk."""
    alarms = {alarm.id: alarm for alarm in state.alarms} | unsaved.alarms
    return replace(
        state,
        alarms=[alarm for _, alarm in sorted(alarms.items()) if alarm.is_open],
        closed=[*state.closed, *(a for a in unsaved.alarms.values() if not a.is_open)],
        next_id=max(state.next_id, *(number + 1 for number in unsaved.alarms), 1),
        facts=state.facts | unsaved.facts,
        unsaved=unsaved,
    )


def _error_text(path: Path, error: Exception, what: str = _NOT_KEPT) -> str:
    """Why the file cannot be used, and what helps."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    damaged = "the file is damaged; it will be mended or set aside at the next start"
    reasons = {
        sqlite3.SQLITE_FULL: "the disk is full",
        sqlite3.SQLITE_READONLY: "the file or its folder may not be written",
        sqlite3.SQLITE_CANTOPEN: "the file cannot be opened or made",
        sqlite3.SQLITE_BUSY: "another program holds the file",
        sqlite3.SQLITE_LOCKED: "another program holds the file",
        sqlite3.SQLITE_CORRUPT: damaged,
        sqlite3.SQLITE_NOTADB: damaged,
        sqlite3.SQLITE_IOERR: "the disk reports an error",
    }
    return f"{what} {path}: {reasons.get(code, error)}."
