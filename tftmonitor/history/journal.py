"""The journal of alarms on disk: every alarm and every act, flushed before anything is shown.

All of it blocks, and may be called from one thread at a time: that of JournalThread.
"""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any, Final

import msgspec

from tftmonitor.base.clock import Clock
from tftmonitor.base.private_files import make_private_folder, touch_private
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.bulk_insert import put_rows
from tftmonitor.history.recovery import is_damage, salvage, set_aside
from tftmonitor.history.reports import ReportTable, report_row
from tftmonitor.history.rows import (
    JournalEntry,
    alarm_of,
    alarm_row,
    batch_of,
    entry_of,
    entry_row,
    fact_of,
    fact_row,
    rows_of,
)
from tftmonitor.history.schema import NewerSchemaError, prepare, transaction
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.known_reports import KnownReport

# Long enough for a backup program that holds the file, short enough not to look hung.
_LOCK_WAIT_S: Final = 2.0

_PUT_ALARM = "INSERT OR REPLACE INTO alarms (id, open, device, last_ms, body)"
_PUT_ENTRY = "INSERT INTO journal (at_ms, event_ms, kind, alarm_id, device, body)"
_PUT_FACT = "INSERT OR REPLACE INTO facts (name, body)"
_ENTRIES = """
    SELECT seq, at_ms, event_ms, kind, alarm_id, journal.device, journal.body, alarms.body
    FROM journal LEFT JOIN alarms ON alarms.id = alarm_id
"""


# Those whose second source may still come; more of a flood are not known again.
_CLOSED_LOADED: Final = 200
_NEWEST_CLOSED = "SELECT body FROM alarms WHERE NOT open AND id > ? ORDER BY id"


class JournalError(Exception):
    """The journal cannot be read or written; the text says why and what to do, for people."""


class JournalState(msgspec.Struct, frozen=True):
    """What a former run left: open alarms, the next free number, facts by name.

    ``closed`` are those of the newest alarms that are closed. ``unreadable`` counts open alarms
    that this version of the program does not understand.
    """

    alarms: list[Alarm]
    next_id: int
    facts: dict[str, Any]
    unreadable: int = 0
    closed: list[Alarm] = []


class Journal:
    """The database of one profile. ``notice`` says what happened to the file, or is ""."""

    def __init__(self, database: sqlite3.Connection, path: Path, notice: str = "") -> None:
        self.path = path
        self.notice = notice
        self._database = database
        self._reports = ReportTable(database)

    @classmethod
    def open(cls, path: Path, clock: Clock) -> "Journal":
        """Open or make the database of a profile. Raises JournalError.

        A damaged file is set aside under a name with the time, and a new one is begun with what
        could be saved of the open alarms.
        """
        path = path.absolute()
        try:
            make_private_folder(path.parent)
            return cls(_connect(path), path)
        except NewerSchemaError:
            raise JournalError(
                f"{path} was written by a newer version of the program. Please update."
            ) from None
        except (sqlite3.Error, OSError) as error:
            if not isinstance(error, sqlite3.Error) or not is_damage(error):
                raise JournalError(_error_text(path, error)) from error
        return cls._begin_anew(path, clock.now_ms())

    @classmethod
    def _begin_anew(cls, path: Path, now_ms: int) -> "Journal":
        saved = salvage(path)
        try:
            aside = set_aside(path, now_ms)
            database = _connect(path)
        except (sqlite3.Error, OSError) as error:
            raise JournalError(_error_text(path, error)) from error
        batch = batch_of(saved)
        count = len(batch.alarms)
        notice = (
            f"The history was damaged and is set aside as {aside.name}. A new one was begun; "
            f"{count} open alarm{'' if count == 1 else 's'} could be saved."
        )
        journal = cls(database, path, notice)
        try:
            journal.write(batch)
        except JournalError:
            journal.close()
            raise
        return journal

    def write(self, batch: JournalBatch) -> int:
        """Write all of a batch or nothing, and return when it is on the disk.

        Raises JournalError; the batch can then be written again later. What no file could hold
        (half a surrogate pair in a text) is left out alone; returns how many rows that are.
        """
        alarms, bad_alarms = rows_of(alarm_row, batch.alarms.values())
        entries, bad_entries = rows_of(entry_row, batch.entries)
        facts, bad_facts = rows_of(fact_row, batch.facts.items())
        reports, _ = rows_of(report_row, batch.reports)  # their alarms are counted
        try:
            with transaction(self._database):
                put_rows(self._database, _PUT_ALARM, alarms)
                put_rows(self._database, _PUT_ENTRY, entries)
                put_rows(self._database, _PUT_FACT, facts)
                self._reports.put(reports)
        except sqlite3.Error as error:
            raise JournalError(_error_text(self.path, error)) from error
        return bad_alarms + bad_entries + bad_facts

    def load(self) -> JournalState:
        """What a former run left. Raises JournalError."""
        try:
            query = "SELECT body FROM alarms WHERE open ORDER BY id"
            found = [alarm_of(body) for (body,) in self._database.execute(query)]
            (last,) = self._database.execute("SELECT max(id) FROM alarms").fetchone()
            over = self._database.execute(
                _NEWEST_CLOSED, ((last or 0) - _CLOSED_LOADED,)
            ).fetchall()
            rows = self._database.execute("SELECT name, body FROM facts").fetchall()
        except sqlite3.Error as error:
            raise JournalError(_error_text(self.path, error)) from error
        alarms = [alarm for alarm in found if alarm is not None]
        facts = {name: fact_of(body) for name, body in rows}
        closed = [alarm for (body,) in over if (alarm := alarm_of(body)) is not None]
        return JournalState(alarms, (last or 0) + 1, facts, len(found) - len(alarms), closed)

    def load_reports(self, now_ms: int) -> list[KnownReport]:
        """The reports of alarms that came in lately, oldest first. Raises JournalError."""
        try:
            return self._reports.load(now_ms)
        except sqlite3.Error as error:
            raise JournalError(_error_text(self.path, error)) from error

    def read(
        self, limit: int, before: JournalEntry | None = None, device: str | None = None
    ) -> list[JournalEntry]:
        """Entries by the time they are about, newest first. Raises JournalError.

        ``before`` is the last entry of the page before, ``device`` narrows to one device.
        """
        wanted, values = ["1"], list[object]()
        if before is not None:
            wanted.append("(event_ms, seq) < (?, ?)")
            values += [before.event_ms, before.seq]
        if device is not None:
            wanted.append("journal.device = ?")
            values.append(device)
        query = f"{_ENTRIES} WHERE {' AND '.join(wanted)} ORDER BY event_ms DESC, seq DESC LIMIT ?"
        try:
            rows = self._database.execute(query, (*values, limit)).fetchall()
        except sqlite3.Error as error:
            raise JournalError(_error_text(self.path, error)) from error
        return [entry_of(*row) for row in rows]

    @property
    def database(self) -> sqlite3.Connection:
        """The connection, for the other tables of the file; on this journal's thread only."""
        return self._database

    def close(self) -> None:
        """Close the file; nothing may be called after."""
        self._database.close()


def _connect(path: Path) -> sqlite3.Connection:
    with contextlib.suppress(OSError):  # SQLite says why
        touch_private(path)  # what SQLite makes beside it gets the same rights
    database = sqlite3.connect(
        path, timeout=_LOCK_WAIT_S, isolation_level=None, check_same_thread=False
    )
    try:
        prepare(database)
        # Touches the pages that a start needs, so that damage shows here and not later.
        database.execute("SELECT count(body) FROM alarms WHERE open").fetchone()
        database.execute("SELECT * FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        database.execute("SELECT count(body) FROM facts").fetchone()
    except BaseException:
        database.close()
        raise
    return database


def _error_text(path: Path, error: Exception) -> str:
    """Why the file cannot be used, and what helps."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    reasons = {
        sqlite3.SQLITE_FULL: "the disk is full",
        sqlite3.SQLITE_READONLY: "the file or its folder may not be written",
        sqlite3.SQLITE_CANTOPEN: "the file cannot be opened or made",
        sqlite3.SQLITE_BUSY: "another program holds the file",
        sqlite3.SQLITE_LOCKED: "another program holds the file",
        sqlite3.SQLITE_CORRUPT: "the file is damaged; it will be set aside at the next start",
        sqlite3.SQLITE_NOTADB: "the file is damaged; it will be set aside at the next start",
        sqlite3.SQLITE_IOERR: "the disk reports an error",
    }
    return f"Alarms cannot be kept in {path}: {reasons.get(code, error)}."
