"""Opens the store for reading alone: no log grows behind it, and it never checkpoints."""

import sqlite3
from pathlib import Path

from tftmonitor.history.samples.file import LOCK_WAIT_S, VERSION
from tftmonitor.history.samples.stored import FILE_NAME, HistoryError
from tftmonitor.history.schema import tolerant_text


def open_for_reading(profile: Path) -> sqlite3.Connection:
    """The store of a profile; raises HistoryError when there is none or it cannot be read."""
    path = (profile / FILE_NAME).absolute()
    if not path.exists():
        raise HistoryError(f"There is no recorded history in {profile}.")
    try:
        database, version = _opened(path)
    except sqlite3.Error as error:
        raise HistoryError(f"The history in {path} cannot be read: {error}.") from error
    if not 1 <= version <= VERSION:
        database.close()
        raise HistoryError(f"{path} is of no version that this program reads. Please update.")
    return database


def _opened(path: Path) -> tuple[sqlite3.Connection, int]:
    """A connection that only reads, and the version of the file. Raises sqlite3.Error."""
    try:
        return _connected(f"{path.as_uri()}?mode=ro")
    except sqlite3.OperationalError:
        if Path(f"{path}-wal").exists():
            raise
        # On a disk that cannot be written nobody changes it.
        return _connected(f"{path.as_uri()}?mode=ro&immutable=1")


def _connected(address: str) -> tuple[sqlite3.Connection, int]:
    database = sqlite3.connect(
        address, uri=True, timeout=LOCK_WAIT_S, isolation_level=None, check_same_thread=False
    )
    try:
        database.text_factory = tolerant_text
        (version,) = database.execute("PRAGMA user_version").fetchone()
        # Without this a log that cannot be opened would be met at the first real question.
        database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        database.close()
        raise
    return database, int(version)
