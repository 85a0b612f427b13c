"""What is wanted of the journal, as one statement: a device, kinds, a stretch of time, words."""

import sqlite3
from typing import Final

import msgspec

from tftmonitor.history.rows import JournalEntry, entry_of

_ENTRIES: Final = """
    SELECT seq, at_ms, event_ms, kind, alarm_id, journal.device, journal.body, alarms.body
    FROM journal LEFT JOIN alarms ON alarms.id = alarm_id
"""
_HAS_WORD: Final = (
    "(coalesce(journal.device, '') || ' ' || kind || ' ' || journal.body || ' ' ||"
    " coalesce(alarms.body, ''))"
    " LIKE ? ESCAPE '\\'"
)


class JournalFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Narrows the journal; empty it narrows nothing.

    ``kinds`` are those of the entries, ``from_ms`` the earliest time that an entry is about and
    ``to_ms`` the first that is later than all, and each of ``words`` must be in what is written of
    it (capitals of the Latin alphabet are alike).
    """

    device: str | None = None
    kinds: tuple[str, ...] = ()
    from_ms: int | None = None
    to_ms: int | None = None
    words: tuple[str, ...] = ()


ALL: Final = JournalFilter()


def read_entries(
    database: sqlite3.Connection,
    wanted: JournalFilter,
    limit: int,
    before: JournalEntry | None = None,
) -> list[JournalEntry]:
    """Entries by the time that they are about, newest first. Raises sqlite3.Error.

    ``before`` is the last entry of the page before.
    """
    clauses, values = _clauses(wanted)
    if before is not None:
        clauses.append("(event_ms, seq) < (?, ?)")
        values += [before.event_ms, before.seq]
    where = " AND ".join(clauses) or "1"
    query = f"{_ENTRIES} WHERE {where} ORDER BY event_ms DESC, seq DESC LIMIT ?"
    return [entry_of(*row) for row in database.execute(query, (*values, limit))]


def _clauses(wanted: JournalFilter) -> tuple[list[str], list[object]]:
    clauses: list[str] = []
    values: list[object] = []
    if wanted.device is not None:
        clauses.append("journal.device = ?")
        values.append(wanted.device)
    if wanted.kinds:
        clauses.append(f"kind IN ({', '.join('?' * len(wanted.kinds))})")
        values += wanted.kinds
    if wanted.from_ms is not None:
        clauses.append("event_ms >= ?")
        values.append(wanted.from_ms)
    if wanted.to_ms is not None:
        clauses.append("event_ms < ?")
        values.append(wanted.to_ms)
    for word in wanted.words:
        clauses.append(_HAS_WORD)
        values.append(f"%{_escaped(word)}%")
    return clauses, values


def _escaped(word: str) -> str:
    """The word as a pattern that means just itself, as it stands within a JSON text."""
    quoted = msgspec.json.encode(word).decode()[1:-1]
    for sign in ("\\", "%", "_"):
        quoted = quoted.replace(sign, f"\\{sign}")
    return quoted
