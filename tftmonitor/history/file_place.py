"""Notices that the file of an open database is not at its place any more, and puts it back."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

from tftmonitor.history.opening import connect, open_file
from tftmonitor.history.recovery import COMPANIONS, UNREADABLE, set_aside

_Identity = tuple[int, int] | None

REMOVED: Final = "The history was removed while the program runs. It was made anew from memory."
REPLACED: Final = (
    "The history was replaced by another file while the program runs. The other one is set aside "
    "as {}, and it was made anew from memory."
)


class FilePlace:
    """Where a database and its log were when they were last looked at."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._log = Path(f"{path}-wal")
        self._file_id = _identity(path)
        self._log_id = _identity(self._log)

    def is_lost(self) -> bool:
        """True when the path leads to another file now, or to none."""
        return self._file_id != _identity(self.path) or self._log_id != _identity(self._log)

    def put_back(self, database: sqlite3.Connection, now_ms: int) -> tuple[sqlite3.Connection, str]:
        """Write what the open connection still has to the place; the new connection, and words.

        Where not even that can be read the new file is empty. Raises sqlite3.Error, OSError; then
        the old connection is still open.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f"{self.path.stem}-new{self.path.suffix}")
        for companion in COMPANIONS:
            Path(f"{fresh}{companion}").unlink(missing_ok=True)
        _copy(database, fresh)
        notice = REMOVED
        there = _identity(self.path)
        if there not in (None, self._file_id):
            if _identity(self._log) == self._log_id:
                # Ours is no log of the other file: read with it, that would be damaged.
                self._remove_log()
            notice = REPLACED.format(set_aside(self.path, now_ms, "replaced").name)
        database.close()
        self._remove_log()
        fresh.replace(self.path)
        database, found = open_file(self.path, now_ms)
        return database, f"{notice} {found}".strip()

    def _remove_log(self) -> None:
        for companion in COMPANIONS[1:]:
            Path(f"{self.path}{companion}").unlink(missing_ok=True)


def _copy(database: sqlite3.Connection, fresh: Path) -> None:
    with contextlib.closing(connect(fresh)) as target:
        try:
            database.backup(target)
        except UNREADABLE:
            return
        finally:
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _identity(path: Path) -> _Identity:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
