"""What the window remembers besides alarms: messages, blind intervals, reporting intervals.

Every function runs on the journal's thread, over its connection, and raises JournalError.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec

from tftmonitor.history.bulk_insert import put_rows
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.schema import transaction
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.inbox import InboxItem

_PUT_MESSAGE = "INSERT OR REPLACE INTO messages (number, received_ms, body)"
_PUT_BLIND = "INSERT OR REPLACE INTO blind"
_PUT_CADENCE = "INSERT OR REPLACE INTO cadence"

_item = msgspec.json.Decoder(InboxItem)
_intervals = msgspec.json.Decoder(dict[str, list[int]])


@dataclass(slots=True)
class Memory:
    """What a former run left, oldest first."""

    items: list[InboxItem] = field(default_factory=list)
    blind: list[BlindInterval] = field(default_factory=list)
    cadence: dict[str, dict[str, list[int]]] = field(default_factory=dict)


@contextmanager
def _in_text(journal: Journal) -> Iterator[sqlite3.Connection]:
    try:
        yield journal.database
    except sqlite3.Error as error:
        raise JournalError(f"messages cannot be kept in {journal.path}: {error}") from error


def save(
    journal: Journal,
    items: Iterable[InboxItem],
    blind: Iterable[BlindInterval],
    cadence: Mapping[str, Mapping[str, list[int]]],
) -> None:
    """Write what is new or changed, all or nothing."""
    messages = [(item.number, item.received_ms, _text(item)) for item in items]
    stretches = [(b.scope, b.start_ms, b.end_ms, b.cause.value, b.reason) for b in blind]
    learned = [(device, _text(intervals)) for device, intervals in cadence.items()]
    with _in_text(journal) as database, transaction(database):
        put_rows(database, _PUT_MESSAGE, messages)
        put_rows(database, _PUT_BLIND, stretches)
        put_rows(database, _PUT_CADENCE, learned)


def load(journal: Journal, messages: int, blind_from_ms: int) -> Memory:
    """The newest messages, the blind intervals since a time, and every reporting interval."""
    newest = "SELECT body FROM messages ORDER BY number DESC LIMIT ?"
    since = "SELECT * FROM blind WHERE start_ms = 0 OR start_ms >= ? ORDER BY start_ms"
    with _in_text(journal) as database:
        rows = database.execute(newest, (messages,)).fetchall()
        stretches = database.execute(since, (blind_from_ms,)).fetchall()
        learned = database.execute("SELECT * FROM cadence").fetchall()
    items = [_item.decode(body) for (body,) in rows]
    blind = [
        BlindInterval(scope, Blindness(cause), start_ms, end_ms, reason)
        for scope, start_ms, end_ms, cause, reason in stretches
    ]
    cadence = {device: _intervals.decode(body) for device, body in learned}
    return Memory(items[::-1], blind, cadence)


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
