"""A damaged database is set aside, and what can be read of it goes into a new one."""

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tftmonitor.base.private_files import touch_private
from tftmonitor.history.page_reader import rows_of_file
from tftmonitor.history.rows import alarm_of
from tftmonitor.history.schema import prepare, tolerant_text, transaction

# The words of SQLite itself may quote the broken bytes.
UNREADABLE: Final = (sqlite3.Error, UnicodeDecodeError)
COMPANIONS: Final = ("", "-wal", "-shm")
# SQLite's codes for a file that is no database, or one no longer.
_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_PRIMARY_CODE: Final = 0xFF
_SOUND: Final = "ok"
# Larger rowids are a broken byte: no journal counts so far.
_MOST_ROWID: Final = 1 << 53

# The alarms come first: what else there is may be cut short by a full disk.
_TABLES: Final = (
    "alarms",
    "waiting",
    "facts",
    "journal",
    "messages",
    "reports",
    "blind",
    "cadence",
)
_WITH_ROWID: Final = {
    "alarms": "id",
    "waiting": "number",
    "journal": "seq",
    "messages": "number",
}
_WORDS: Final = {
    "alarms": "alarm",
    "journal": "journal row",
    "messages": "message",
    "reports": "known report",
    "waiting": "waiting event",
    "blind": "blind interval",
    "cadence": "reporting interval",
}

_Values = tuple[Any, ...]


def is_damage(error: BaseException) -> bool:
    """True when the file itself is broken, not the disk full or the file locked."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE in _DAMAGED


def damage_of(database: sqlite3.Connection, tables: Iterable[str] = ("",)) -> str:
    """What SQLite finds wrong with these tables and their indexes, "" for the whole file."""
    for table in tables:
        try:
            (found,) = database.execute(f"PRAGMA integrity_check({table or 20})").fetchone()
        except UNREADABLE as error:
            return str(error)
        if found != _SOUND:
            return str(found)
    return ""


def reindex(database: sqlite3.Connection) -> bool:
    """Make all indexes anew; True when the file is sound after that."""
    try:
        database.execute("REINDEX")
    except UNREADABLE:
        return False
    return not damage_of(database)


def set_aside(path: Path, now_ms: int, why: str = "damaged") -> Path:
    """Rename the database and what belongs to it; nothing is deleted. Returns the new path."""
    moment = datetime.fromtimestamp(now_ms / 1_000, UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.stem}-{why}-{moment}{path.suffix}")
    number = 2
    while aside.exists():
        aside = path.with_name(f"{path.stem}-{why}-{moment}-{number}{path.suffix}")
        number += 1
    for companion in COMPANIONS:
        held = Path(f"{path}{companion}")
        if held.exists():
            held.rename(f"{aside}{companion}")
    return aside


def recover(path: Path, now_ms: int) -> str:
    """Put a new database in place of a damaged one. Returns what became of it, in words.

    Raises sqlite3.Error or OSError when the disk refuses; the damaged file then still stands.
    """
    fresh = path.with_name(f"{path.stem}-new{path.suffix}")
    for companion in COMPANIONS:
        Path(f"{fresh}{companion}").unlink(missing_ok=True)
    counts = _fill(fresh, path)
    aside = set_aside(path, now_ms)
    fresh.replace(path)
    count = counts.pop("open")
    notice = (
        f"The history was damaged and is set aside as {aside.name}. A new one was begun; "
        f"{count} open alarm{'' if count == 1 else 's'} could be saved"
    )
    words = [f"{n} {_WORDS[table]}{'' if n == 1 else 's'}" for table, n in counts.items() if n]
    return f"{notice}, of all that was kept: {', '.join(words)}." if words else f"{notice}."


def _fill(fresh: Path, wounded: Path) -> dict[str, int]:
    touch_private(fresh)
    with contextlib.closing(sqlite3.connect(fresh, isolation_level=None)) as target:
        prepare(target)
        found = _read_all(wounded)
        with transaction(target):
            counts = {table: _put(target, table, found[table]) for table in _TABLES}
        counts["open"] = sum(
            alarm_of(body) is not None
            for (body,) in target.execute("SELECT body FROM alarms WHERE open")
        )
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    del counts["facts"]
    return counts


def _put(target: sqlite3.Connection, table: str, rows: Iterable[_Values]) -> int:
    """Write what the table accepts; returns how many."""
    count = 0
    for row in rows:
        insert = f"INSERT OR IGNORE INTO {table} VALUES ({','.join('?' * len(row))})"  # noqa: S608
        with contextlib.suppress(OverflowError, sqlite3.IntegrityError):
            count += target.execute(insert, row).rowcount
    return count


def _read_all(wounded: Path) -> dict[str, list[_Values]]:
    """The rows by table: those that SQLite reads, and then those that only their pages have."""
    found: dict[str, dict[object, _Values]] = {table: {} for table in _TABLES}
    for table, rows in found.items():
        for row in _read_with_sqlite(wounded, table):
            if _is_like(table, row):
                rows.setdefault(_key_of(table, row), row)
    with contextlib.suppress(OSError):
        for rowid, row in rows_of_file(wounded):
            table = _table_of(row)
            if table and 0 < rowid < _MOST_ROWID:
                found[table].setdefault(rowid, (rowid, *row[1:]))
    return {table: list(rows.values()) for table, rows in found.items()}


def _read_with_sqlite(wounded: Path, table: str) -> Iterator[_Values]:
    """From both ends of the table to the wound; a table may be read as far as it goes."""
    uri = f"{wounded.absolute().as_uri()}?mode=ro"
    for order in ("", " ORDER BY rowid DESC" if table in _WITH_ROWID else ""):
        with (
            contextlib.suppress(*UNREADABLE),
            contextlib.closing(sqlite3.connect(uri, uri=True)) as database,
        ):
            database.text_factory = tolerant_text
            yield from database.execute(f"SELECT * FROM {table} NOT INDEXED{order}")  # noqa: S608


def _key_of(table: str, row: _Values) -> object:
    return row[0] if table in _WITH_ROWID else row


_JSON: Final = re.compile(r"\s*\{")


def _is_json(value: object) -> bool:
    return isinstance(value, str) and _JSON.match(value) is not None


def _is_like(table: str, row: _Values) -> bool:
    likeness = _LIKE.get(table)
    if likeness is None:
        return True
    return isinstance(row[0], int) and 0 < row[0] < _MOST_ROWID and likeness(row[1:])


def _is_alarm(row: _Values) -> bool:
    return len(row) == 4 and row[0] in (0, 1) and isinstance(row[2], int) and _is_json(row[3])


def _is_entry(row: _Values) -> bool:
    if len(row) != 6 or not _is_json(row[5]):
        return False
    return isinstance(row[0], int) and isinstance(row[1], int) and isinstance(row[2], str)


def _is_message(row: _Values) -> bool:
    return len(row) == 2 and isinstance(row[0], int) and _is_json(row[1])


def _is_waiting(row: _Values) -> bool:
    return len(row) == 1 and _is_json(row[0])


_LIKE: Final[dict[str, Callable[[_Values], bool]]] = {
    "alarms": _is_alarm,
    "journal": _is_entry,
    "messages": _is_message,
    "waiting": _is_waiting,
}


def _table_of(row: _Values) -> str:
    """The table that a row without a name is of; its first column, the rowid, is not stored."""
    if not row or row[0] is not None:
        return ""
    return next((table for table, is_like in _LIKE.items() if is_like(row[1:])), "")
