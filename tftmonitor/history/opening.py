"""Opens the file of a journal: made where there is none, checked, mended where it is wounded."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

from tftmonitor.base.private_files import make_private_folder, touch_private
from tftmonitor.history.recovery import damage_of, is_damage, recover, reindex
from tftmonitor.history.schema import prepare

# Long enough for a backup program that holds the file, short enough not to look hung.
LOCK_WAIT_S: Final = 2.0
# The whole of such a file is checked in less than a tenth of a second.
_CHECKED_WHOLE: Final = 8 << 20
# A quarter of a second.
_REWRITTEN_PAGES: Final = 4_096
# What a start cannot do without; of a larger file these alone are checked, unless it is marked.
_ALWAYS_CHECKED: Final = ("alarms", "facts", "blind", "cadence")
_REINDEXED: Final = (
    "The history had a damaged index. It was made anew from the alarms and messages, of which none "
    "was lost."
)


def open_file(path: Path, now_ms: int) -> tuple[sqlite3.Connection, str]:
    """The connection, and what happened to the file in words, or "".

    Raises NewerSchemaError, sqlite3.Error, OSError.
    """
    make_private_folder(path.parent)
    database, wound = _examine(path)
    if database is not None and not wound:
        _make_shrinkable(database)
        return database, ""
    notice = _REINDEXED
    if database is None or not reindex(database):
        if database is not None:
            database.close()
        notice = recover(path, now_ms)
        database = connect(path)
    _mark_of(path).unlink(missing_ok=True)
    return database, notice


def _make_shrinkable(database: sqlite3.Connection) -> None:
    """Have a file of an older version give free pages back; only where that takes no time."""
    (kind,) = database.execute("PRAGMA auto_vacuum").fetchone()
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    (free,) = database.execute("PRAGMA freelist_count").fetchone()
    if kind or pages - free > _REWRITTEN_PAGES:
        return
    database.execute("PRAGMA auto_vacuum = INCREMENTAL")
    # A full disk has no room for the copy; then another start does it.
    with contextlib.suppress(sqlite3.OperationalError):
        database.execute("VACUUM")


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a file with all its tables. Raises as ``open_file``."""
    with contextlib.suppress(OSError):  # SQLite says why
        touch_private(path)  # what SQLite makes beside it gets the same rights
    database = sqlite3.connect(
        path, timeout=LOCK_WAIT_S, isolation_level=None, check_same_thread=False
    )
    try:
        prepare(database)
    except BaseException:
        database.close()
        raise
    return database


def mark_wounded(path: Path) -> None:
    """Have the next start look at every page of the file."""
    try:
        _mark_of(path).touch(mode=0o600)
    except OSError:
        return  # it is looked at in part, all the same


def _mark_of(path: Path) -> Path:
    return Path(f"{path}-wounded")


def _examine(path: Path) -> tuple[sqlite3.Connection | None, str]:
    """The connection where there can be one, and what is wrong with the file."""
    is_new = not path.exists() or path.stat().st_size == 0
    try:
        database = connect(path)
    except sqlite3.Error as error:
        if is_damage(error):
            return None, str(error)
        raise
    if is_new:
        return database, ""
    is_small = path.stat().st_size <= _CHECKED_WHOLE
    tables = ("",) if is_small or _mark_of(path).exists() else _ALWAYS_CHECKED
    return database, damage_of(database, tables)
