"""The alarms of a journal for another process: reads only, also while the window writes."""

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from tftmonitor.history.journal import JournalError
from tftmonitor.history.journal_query import JournalFilter, read_entries
from tftmonitor.history.rows import JournalEntry, alarm_of
from tftmonitor.history.schema import FILE_NAME, MIGRATIONS
from tftmonitor.model.alarms.alarm import Alarm

# A window that makes its tables or empties its log holds the file for moments.
_WAIT_S: Final = 5.0
_ALWAYS: Final = -(2**63)
_OPEN: Final = "SELECT body FROM alarms WHERE open AND last_ms >= ? ORDER BY id"
_ALL: Final = "SELECT body FROM alarms WHERE last_ms >= ? ORDER BY id"
_ONE: Final = "SELECT id, body FROM alarms WHERE id = ?"


def read_alarms(
    profile: Path, *, only_open: bool, from_ms: int | None = None
) -> Generator[Alarm | None]:
    """The alarms of a profile by number; None stands for one that this version cannot read.

    ``from_ms`` leaves out those that were last reported before it. Raises JournalError.
    """
    query = _OPEN if only_open else _ALL
    with _reading(profile) as database:
        for (body,) in database.execute(query, (_ALWAYS if from_ms is None else from_ms,)):
            yield alarm_of(body)


def alarms_of(profile: Path, ids: Iterable[int]) -> dict[int, Alarm | None]:
    """The alarms of these numbers, open or closed, as far as there are any. Raises JournalError.

    None stands for one that this version cannot read.
    """
    found: dict[int, Alarm | None] = {}
    with _reading(profile) as database:
        for wanted in ids:
            found |= {number: alarm_of(body) for number, body in database.execute(_ONE, (wanted,))}
    return found


def search_entries(
    profile: Path, wanted: JournalFilter, limit: int, before: JournalEntry | None = None
) -> list[JournalEntry]:
    """Entries that fit, newest first, by a connection of its own. Raises JournalError.

    Words are looked for in every row: the thread that writes the alarms must not wait for it.
    """
    with _reading(profile) as database:
        return read_entries(database, wanted, limit, before)


@contextmanager
def _reading(profile: Path) -> Iterator[sqlite3.Connection]:
    path = (profile / FILE_NAME).absolute()
    if not path.exists():
        raise JournalError(f"There is no journal in {profile}: no window has run on this profile.")
    try:
        with closing(_connect(path)) as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                raise JournalError(
                    f"{path} was written by a newer version of the program. Please update."
                )
            yield database
    except sqlite3.Error as error:
        raise JournalError(f"The alarms in {path} cannot be read: {error}.") from error


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_WAIT_S)
