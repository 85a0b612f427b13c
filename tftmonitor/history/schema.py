"""The tables of the database, as a list of steps from one version of them to the next.

A step is never changed once it was released; a new one is put after it. The recording of samples
adds its tables the same way.
"""

import sqlite3
from contextlib import closing
from functools import cache
from typing import Final

FILE_NAME: Final = "history.sqlite3"

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    # 1: the alarms, their journal, and named facts (out of service, drills).
    (
        """CREATE TABLE alarms (
             id INTEGER PRIMARY KEY, open INTEGER NOT NULL, device TEXT,
             last_ms INTEGER NOT NULL, body TEXT NOT NULL)""",
        "CREATE INDEX alarms_open ON alarms (id) WHERE open",
        # event_ms is the time that a row is about: the device's own for late alarms.
        """CREATE TABLE journal (
             seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, event_ms INTEGER NOT NULL,
             kind TEXT NOT NULL, alarm_id INTEGER, device TEXT, body TEXT NOT NULL)""",
        "CREATE INDEX journal_time ON journal (event_ms, seq)",
        "CREATE INDEX journal_device ON journal (device, event_ms, seq)",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
    ),
    # 2: messages, blind intervals, and the reporting interval of each device.
    (
        """CREATE TABLE messages (
             number INTEGER PRIMARY KEY, received_ms INTEGER NOT NULL, body TEXT NOT NULL)""",
        """CREATE TABLE blind (
             scope TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER,
             cause TEXT NOT NULL, reason TEXT NOT NULL,
             PRIMARY KEY (scope, start_ms)) WITHOUT ROWID""",
        "CREATE INDEX blind_time ON blind (start_ms)",
        "CREATE TABLE cadence (device TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
    ),
    # 3: until when the program ran is a fact of its own; before, a row of table blind that
    # claimed to begin in 1970. Blind intervals are found by their end, as a long one reaches
    # into a time in which it did not begin.
    (
        """INSERT OR IGNORE INTO facts (name, body)
             SELECT 'program_running_until_ms', CAST(end_ms AS TEXT) FROM blind
             WHERE scope = 'program' AND start_ms = 0 AND end_ms IS NOT NULL""",
        "DELETE FROM blind WHERE scope = 'program' AND start_ms = 0",
        "DROP INDEX blind_time",
        "CREATE INDEX blind_end ON blind (end_ms, start_ms)",
    ),
    # 4: reports of alarms that came in, so that the same one again is nothing new.
    (
        """CREATE TABLE reports (
             device TEXT NOT NULL, kind TEXT NOT NULL, device_ms INTEGER NOT NULL,
             source TEXT NOT NULL, at_ms INTEGER NOT NULL, first_hand INTEGER NOT NULL,
             PRIMARY KEY (device, kind, device_ms, source)) WITHOUT ROWID""",
        "CREATE INDEX reports_time ON reports (at_ms)",
    ),
    # 5: events of a burst that are not worked off yet.
    ("CREATE TABLE waiting (number INTEGER PRIMARY KEY, body TEXT NOT NULL)",),
)


class NewerSchemaError(Exception):
    """The file was written by a newer version of the program."""


class WoundedSchemaError(sqlite3.DatabaseError):
    """What the file says of its tables is not what any version has made."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


# A larger version than this is a broken byte, and no newer program.
_MOST_VERSIONS: Final = 99


def prepare(database: sqlite3.Connection) -> None:
    """Set the connection up and bring the tables up to date, each step all or nothing.

    Raises NewerSchemaError, sqlite3.Error.
    """
    database.text_factory = tolerant_text
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if len(MIGRATIONS) < version <= _MOST_VERSIONS:
        raise NewerSchemaError
    try:
        is_sound = version >= 0 and _tables_of(database) == _tables_after(MIGRATIONS[:version])
    except UnicodeDecodeError:  # the words of SQLite itself quote the broken bytes
        is_sound = False
    if version > _MOST_VERSIONS or not is_sound:
        raise WoundedSchemaError("the tables are not as they were made")
    if version == 0:  # before there are tables, so that free pages can be given back
        database.execute("PRAGMA auto_vacuum = INCREMENTAL")
    _set_up(database)
    _migrate(database, version)


def _set_up(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")  # a commit outlives a power cut
    # In KiB: it is written far more than read, and the system keeps the file in memory as well.
    database.execute("PRAGMA cache_size = -256")


def _migrate(database: sqlite3.Connection, version: int) -> None:
    for number, steps in enumerate(MIGRATIONS[version:], version + 1):
        with transaction(database):
            for step in steps:
                database.execute(step)
            database.execute(f"PRAGMA user_version = {number}")


def _tables_of(database: sqlite3.Connection) -> frozenset[tuple[object, ...]]:
    """What the file says of its tables and indexes."""
    return frozenset(database.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"))


@cache
def _tables_after(migrations: tuple[tuple[str, ...], ...]) -> frozenset[tuple[object, ...]]:
    """What a sound file says after these steps."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        for steps in migrations:
            for step in steps:
                database.execute(step)
        return _tables_of(database)


def tolerant_text(raw: bytes) -> str:
    """A text of the file; a broken byte costs its character, and not the rows of a whole query."""
    return raw.decode("utf-8", "replace")


class transaction:  # noqa: N801 - used as a statement
    """All that is executed within is in the file together, or none of it."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            if kind is None:
                self._database.execute("COMMIT")
        finally:
            # A full disk may have ended the transaction by itself.
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
