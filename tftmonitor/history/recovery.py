"""A damaged database is set aside and what still can be read of its open alarms is saved."""

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

_COMPANIONS = ("", "-wal", "-shm")
# SQLite's codes for a file that is no database, or one no longer.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRIMARY_CODE = 0xFF


def is_damage(error: sqlite3.Error) -> bool:
    """True when the file itself is broken, not the disk full or the file locked."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE in _DAMAGED


def set_aside(path: Path, now_ms: int) -> Path:
    """Rename the database and what belongs to it; nothing is deleted. Returns the new path."""
    moment = datetime.fromtimestamp(now_ms / 1_000, UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.stem}-damaged-{moment}{path.suffix}")
    number = 2
    while aside.exists():
        aside = path.with_name(f"{path.stem}-damaged-{moment}-{number}{path.suffix}")
        number += 1
    for companion in _COMPANIONS:
        held = Path(f"{path}{companion}")
        if held.exists():
            held.rename(f"{aside}{companion}")
    return aside


def salvage(path: Path) -> list[tuple[str, ...]]:
    """The rows of open alarms that can still be read, and of facts: (table, columns...)."""
    found: list[tuple[str, ...]] = []
    for table, query in (
        ("alarms", "SELECT body FROM alarms NOT INDEXED WHERE open"),
        ("facts", "SELECT name, body FROM facts"),
    ):
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database,
        ):
            found.extend((table, *row) for row in database.execute(query))
    return found
