"""The file of the store: its tables, how it is opened for writing, and what SQLite it runs on."""

import contextlib
import sqlite3
from itertools import chain
from pathlib import Path
from typing import Final

from tftmonitor.base.private_files import make_private_folder, touch_private
from tftmonitor.history.recovery import damage_of, is_damage, set_aside
from tftmonitor.history.samples.stored import HistoryError
from tftmonitor.history.schema import tolerant_text, transaction

VERSION: Final = 2
"""Of the format. A reader refuses what is newer; what is added leaves older rows as they are."""

SQLITE: Final = sqlite3.sqlite_version
APPLICATION_ID: Final = 0x54465448
LOCK_WAIT_S: Final = 5.0
# Checked whole after an end that was none; a second for so much.
_CHECKED_WHOLE: Final = 256 << 20
_LOG_LIMIT: Final = 16 << 20

_TABLES: Final = (
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID",
    """CREATE TABLE device (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, label TEXT)""",
    "CREATE TABLE shape (number INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE)",
    """CREATE TABLE spool (
         first_seq INTEGER PRIMARY KEY, count INTEGER NOT NULL, first_ms INTEGER NOT NULL,
         last_ms INTEGER NOT NULL, prior BLOB NOT NULL, sum BLOB NOT NULL, body BLOB NOT NULL)""",
    """CREATE TABLE chunk (
         number INTEGER PRIMARY KEY, device INTEGER NOT NULL, first_seq INTEGER NOT NULL,
         last_seq INTEGER NOT NULL, count INTEGER NOT NULL, first_ms INTEGER NOT NULL,
         last_ms INTEGER NOT NULL, size INTEGER NOT NULL, round INTEGER NOT NULL,
         place INTEGER NOT NULL, body BLOB NOT NULL)""",
    """CREATE INDEX chunk_device
         ON chunk (device, last_seq, first_seq, first_ms, last_ms, count, size)""",
    "CREATE INDEX chunk_age ON chunk (last_ms)",
    """CREATE TABLE round (
         number INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, prior BLOB NOT NULL,
         sums BLOB NOT NULL, sum BLOB NOT NULL)""",
    """CREATE TABLE blind (
         scope TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER, cause TEXT NOT NULL,
         reason TEXT NOT NULL, PRIMARY KEY (scope, start_ms)) WITHOUT ROWID""",
    """CREATE TABLE link (
         number INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, channel TEXT NOT NULL,
         state TEXT NOT NULL, reason TEXT NOT NULL)""",
)

# What a version has beside the tables of the one before it.
_ADDED: Final[dict[int, tuple[str, ...]]] = {
    2: (
        """CREATE TABLE last (
             number INTEGER PRIMARY KEY, received_ms INTEGER NOT NULL, frame BLOB NOT NULL,
             under_ms INTEGER, under BLOB)""",
        # NULL for rows of before.
        "ALTER TABLE shape ADD COLUMN sum BLOB",
        "ALTER TABLE device ADD COLUMN sum BLOB",
    ),
}


def has_reset_bug(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """True for an SQLite that can damage a file when two connections write and checkpoint at once.

    It is why one connection alone writes, and readers never checkpoint.
    """
    fixed = (3, 44, 6) <= version < (3, 45, 0) or (3, 50, 7) <= version < (3, 51, 0)
    return not fixed and (3, 7, 0) <= version < (3, 51, 3)


def open_for_writing(path: Path, now_ms: int) -> tuple[sqlite3.Connection, Path | None]:
    """The one writing connection, and where a damaged file is now, if it was one.

    That is set aside by its name, and a new one begun. Raises HistoryError, sqlite3.Error, OSError.
    """
    make_private_folder(path.parent)
    try:
        database = _connect(path)
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        return _begin_anew(path, now_ms)
    if _was_left_open(database) and path.stat().st_size <= _CHECKED_WHOLE and damage_of(database):
        database.close()
        return _begin_anew(path, now_ms)
    database.execute("INSERT OR REPLACE INTO facts VALUES ('is_open', 1)")
    return database, None


def close_in_order(database: sqlite3.Connection) -> None:
    """Say that the end was one, and empty the log. Raises sqlite3.Error."""
    try:
        database.execute("INSERT OR REPLACE INTO facts VALUES ('is_open', 0)")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        database.close()


def _begin_anew(path: Path, now_ms: int) -> tuple[sqlite3.Connection, Path | None]:
    aside = set_aside(path, now_ms)
    database = _connect(path)
    database.execute("INSERT OR REPLACE INTO facts VALUES ('is_open', 1)")
    return database, aside


def _connect(path: Path) -> sqlite3.Connection:
    with contextlib.suppress(OSError):  # SQLite says why
        touch_private(path)
    database = sqlite3.connect(
        path, timeout=LOCK_WAIT_S, isolation_level=None, check_same_thread=False
    )
    try:
        database.text_factory = tolerant_text
        version = _version_of(database, path)
        if version == 0:  # before the first table, so that free pages can be given back
            database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        _keep_log(database, path)
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(f"PRAGMA journal_size_limit = {_LOG_LIMIT}")
        database.execute("PRAGMA cache_size = -4096")
        _make_tables(database, version)
    except BaseException:
        database.close()
        raise
    return database


def _version_of(database: sqlite3.Connection, path: Path) -> int:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise HistoryError(f"{path} was written by a newer version of the program.")
    return int(version)


def _keep_log(database: sqlite3.Connection, path: Path) -> None:
    (mode,) = database.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise HistoryError(f"The file system of {path.parent} cannot keep the history ({mode}).")


def _make_tables(database: sqlite3.Connection, version: int) -> None:
    """Those that the file of this version, 0 for a new one, lacks."""
    if version == VERSION:
        return
    with transaction(database):
        missing = [steps for later, steps in _ADDED.items() if version < later]
        for statement in chain(_TABLES if version == 0 else (), *missing):
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {VERSION}")


def _was_left_open(database: sqlite3.Connection) -> bool:
    found = database.execute("SELECT value FROM facts WHERE name = 'is_open'").fetchone()
    return bool(found and found[0])
