"""One process writes the journal of a profile: the window, or a command while there is none.

The lock is one of SQLite on an empty file, which every system has and which ends with its process
however that ends.
"""

import contextlib
import sqlite3
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tftmonitor.base.private_files import touch_private

FILE_NAME: Final = "running.lock"
_RETRY_S: Final = 0.05


class ProfileLock:
    """Held from ``take`` until ``release``, or while it is used as a context."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @classmethod
    def take(cls, profile: Path, wait_s: float = 0.0) -> "ProfileLock | None":
        """The lock of a profile, None when another process keeps it for longer than that.

        Raises OSError when the profile's folder cannot be written.
        """
        end_s = time.monotonic() + wait_s
        while True:
            try:
                return cls(_locked(profile / FILE_NAME))
            except sqlite3.Error as error:
                code = getattr(error, "sqlite_errorcode", 0) & 0xFF
                if code not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise OSError(f"{profile} cannot be locked: {error}") from error
            if time.monotonic() >= end_s:
                return None
            time.sleep(_RETRY_S)

    def release(self) -> None:
        """Let others in."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def _locked(path: Path) -> sqlite3.Connection:
    with contextlib.suppress(OSError):  # SQLite says why
        touch_private(path)
    database = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        database.execute("BEGIN EXCLUSIVE")
    except BaseException:
        database.close()
        raise
    return database
