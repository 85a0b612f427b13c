"""One process writes the journal of a profile: the window, or a command while there is none.

The lock is one of SQLite on an empty file in the profile, which every system has and which ends
with its process however that ends. Some network shares do not carry such locks from one computer to
another: so a second file names the computer, and its holder touches it every few seconds. One of
another computer that was touched within a minute, by the clock of the share, keeps others out.
"""

import contextlib
import json
import os
import platform
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tftmonitor.base.private_files import touch_private

FILE_NAME: Final = "running.lock"
HOLDER_NAME: Final = "running.json"
RECORDING: Final = "recording"
"""The name of the lock of who records; the window and a recorder may run beside each other."""

BEAT_S: Final = 10.0
_STALE_S: Final = 60.0
_RETRY_S: Final = 0.05


class ProfileLock:
    """Held from ``take`` until ``release``, or while it is used as a context."""

    def __init__(self, database: sqlite3.Connection, holder: Path) -> None:
        self._database = database
        self._holder = holder
        self.beat()

    @classmethod
    def take(
        cls, profile: Path, wait_s: float = 0.0, name: str = "running"
    ) -> "ProfileLock | None":
        """The lock of a profile, None when another process keeps it for longer than that.

        Raises OSError when the profile's folder cannot be written.
        """
        end_s = time.monotonic() + wait_s
        while True:
            try:
                database = _locked(profile / f"{name}.lock")
                holder = profile / f"{name}.json"
                if not _is_held_elsewhere(holder):
                    return cls(database, holder)
                database.close()
            except sqlite3.Error as error:
                code = getattr(error, "sqlite_errorcode", 0) & 0xFF
                if code not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise OSError(f"{profile} cannot be locked: {error}") from error
            if time.monotonic() >= end_s:
                return None
            time.sleep(_RETRY_S)

    def beat(self) -> None:
        """Say to other computers that the profile is in use; to be called every ``BEAT_S``."""
        text = json.dumps({"computer": platform.node(), "process": os.getpid()})
        with suppress(OSError):  # a full disk; the lock itself holds
            touch_private(self._holder)
            self._holder.write_text(text, encoding="utf-8")

    def release(self) -> None:
        """Let others in."""
        with suppress(OSError):
            self._holder.unlink()
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


def holder_of(profile: Path, name: str = "running") -> str:
    """Who uses the profile, in words, as far as it is known."""
    found = _read_holder(profile / f"{name}.json")
    if not found:
        return "another program"
    return f"process {found.get('process')} on computer {found.get('computer')}"


def _is_held_elsewhere(holder: Path) -> bool:
    found = _read_holder(holder)
    if not found or found.get("computer") == platform.node():
        return False  # the lock itself tells
    probe = holder.with_name(f"{holder.name}.{os.getpid()}")
    try:
        probe.touch()  # the share's clock may be another than ours
        age_s = probe.stat().st_mtime - holder.stat().st_mtime
        probe.unlink()
    except OSError:
        return False
    return age_s < _STALE_S


def _read_holder(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


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
