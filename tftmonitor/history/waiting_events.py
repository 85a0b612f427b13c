"""Events that came in and are not worked off yet: on disk before that, for the next start.

A burst takes longer to be reduced than to be received. What waits is written as it is; the
transaction that holds what became of an event takes it out again, so that it counts once.
"""

import logging
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from tftmonitor.history.rows import event_of, event_row, rows_of
from tftmonitor.model.alarms.events import Event

_log = logging.getLogger(__name__)

Numbered = tuple[int, Event]

_PUT: Final = """
    INSERT OR REPLACE INTO waiting (number, body)
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)
"""
_DONE: Final = "DELETE FROM waiting WHERE number IN (SELECT value FROM json_each(?))"
_MOST_LOADED: Final = 200_000


def put_waiting(
    database: sqlite3.Connection, waiting: Sequence[Numbered], done: Iterable[int]
) -> None:
    """Add events by their numbers, then take out those that are done; within a transaction."""
    # In one statement each: at every step of one the thread waits for a busy window.
    if waiting:
        rows, _ = rows_of(event_row, waiting)  # what no file can hold is told when it is worked off
        database.execute(_PUT, (msgspec.json.encode(rows).decode(),))
    if numbers := list(done):
        database.execute(_DONE, (msgspec.json.encode(numbers).decode(),))


def load_waiting(database: sqlite3.Connection) -> list[Numbered]:
    """What a former run had not worked off, in order; what cannot be read is left out."""
    query = "SELECT number, body FROM waiting ORDER BY number LIMIT ?"
    found = []
    for number, body in database.execute(query, (_MOST_LOADED,)).fetchall():
        event = event_of(body)
        if event is not None:
            found.append((number, event))
            continue
        _log.error("an event that waited is not understood: %.200r", body)
        database.execute(_DONE, (f"[{number}]",))
    return found
