"""What outlives a run besides alarms: messages, blind intervals, reporting intervals, the run.

Every function runs on the journal's thread, over its connection, and raises JournalError.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Annotated, Final, TypeVar

import msgspec

from tftmonitor.base.clock import DAY_MS
from tftmonitor.history.bulk_insert import put_rows
from tftmonitor.history.journal import Journal
from tftmonitor.history.retention import SEEN_DAY
from tftmonitor.history.rows import MOST, fact_of, fact_row, rows_of
from tftmonitor.history.schema import transaction
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.inbox import InboxItem

# Of table facts; every save moves it on.
RUNNING_UNTIL: Final = "program_running_until_ms"
IDENTITIES: Final = "identities"

_PUT_MESSAGE: Final = "INSERT OR REPLACE INTO messages (number, received_ms, body)"
_PUT_BLIND: Final = "INSERT OR REPLACE INTO blind (scope, start_ms, end_ms, cause, reason)"
_PUT_CADENCE: Final = "INSERT OR REPLACE INTO cadence (device, body)"
_PUT_FACT: Final = "INSERT OR REPLACE INTO facts (name, body)"

_log = logging.getLogger(__name__)

_Row = TypeVar("_Row")
_Made = TypeVar("_Made")

# A broken byte must not become the number that the next message follows.
_Number = Annotated[int, msgspec.Meta(ge=0, lt=MOST)]
_BlindRow = tuple[str, _Number, _Number | None, str, str]

_item = msgspec.json.Decoder(InboxItem)
_names = msgspec.json.Decoder(dict[str, list[str | None]])
_IDS: Final = 3
_intervals = msgspec.json.Decoder(dict[str, list[int]])


@dataclass(slots=True)
class SavedState:
    """What a former run left, oldest first. ``running_until_ms``: when it was last seen to run.

    ``identities`` are, by key, the ids and former keys of devices. ``unreadable`` counts, by what
    they were, the rows that could not be understood.
    """

    items: list[InboxItem] = field(default_factory=list)
    blind: list[BlindInterval] = field(default_factory=list)
    cadence: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    running_until_ms: int | None = None
    identities: dict[str, list[str | None]] = field(default_factory=dict)
    unreadable: Mapping[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class StateChanges:
    """What is new since it was last saved; ``cadence`` by device.

    ``identities`` are all of them, None when they are as they were.
    """

    items: Sequence[InboxItem]
    blind: Sequence[BlindInterval]
    cadence: Mapping[str, Mapping[str, list[int]]]
    running_until_ms: int
    identities: Mapping[str, list[str | None]] | None = None


def save(journal: Journal, changes: StateChanges) -> None:
    """Write what is new or changed, all or nothing; what no file can hold is left out alone."""
    messages, _ = rows_of(_message_row, changes.items)
    stretches, _ = rows_of(_blind_row, changes.blind)
    day = changes.running_until_ms // DAY_MS
    learned, _ = rows_of(partial(_cadence_row, day), changes.cadence.items())
    with _with_reasons(journal) as database, transaction(database):
        put_rows(database, _PUT_MESSAGE, messages)
        put_rows(database, _PUT_BLIND, stretches)
        put_rows(database, _PUT_CADENCE, learned)
        put_rows(database, _PUT_FACT, [fact_row((RUNNING_UNTIL, changes.running_until_ms))])
        if changes.identities is not None:
            put_rows(database, _PUT_FACT, [fact_row((IDENTITIES, changes.identities))])


def load(journal: Journal, messages: int, blind_from_ms: int) -> SavedState:
    """The newest messages, blind intervals that last into a time, intervals, the last run."""
    newest = "SELECT number, body FROM messages WHERE number < ? ORDER BY number DESC LIMIT ?"
    since = """SELECT scope, start_ms, end_ms, cause, reason FROM blind
               WHERE end_ms >= :from_ms OR (end_ms IS NULL AND start_ms >= :from_ms)
               ORDER BY start_ms"""
    with _with_reasons(journal) as database:
        rows = database.execute(newest, (MOST, messages)).fetchall()
        stretches = database.execute(since, {"from_ms": blind_from_ms}).fetchall()
        learned = database.execute("SELECT device, body FROM cadence").fetchall()
        running = database.execute("SELECT body FROM facts WHERE name = ?", (RUNNING_UNTIL,))
        until = [fact_of(body) for (body,) in running]
        known = database.execute("SELECT body FROM facts WHERE name = ?", (IDENTITIES,)).fetchall()
    items = _readable(_item_of, reversed(rows))
    blind = _readable(_interval_of, stretches)
    cadence = _readable(_cadence_of, learned)
    last_ms = until[0] if until and isinstance(until[0], int) and 0 <= until[0] < MOST else None
    identities = dict(pair for pairs in _readable(_identities_of, known) for pair in pairs)
    unreadable = {
        "message": len(rows) - len(items),
        "blind interval": len(stretches) - len(blind),
        "reporting interval": len(learned) - len(cadence),
    }
    return SavedState(items, blind, dict(cadence), last_ms, identities, unreadable)


@contextmanager
def _with_reasons(journal: Journal) -> Iterator[sqlite3.Connection]:
    """The connection; what SQLite raises becomes a JournalError that says what was not kept."""
    try:
        yield journal.database
    except sqlite3.Error as error:
        raise journal.failure(error, "messages cannot be kept in") from error


def _readable(make: Callable[[_Row], _Made], rows: Iterable[_Row]) -> list[_Made]:
    """What these rows hold; one that is broken, or of a newer version, must not cost a start."""
    made = []
    for row in rows:
        try:
            made.append(make(row))
        except (ValueError, RecursionError) as error:
            _log.error("saved state not understood (%s): %.300r", error, row)
    return made


def _item_of(row: Sequence[object]) -> InboxItem:
    number, body = msgspec.convert(row, tuple[_Number, str])
    return replace(_item.decode(body), number=number)


def _interval_of(row: Sequence[object]) -> BlindInterval:
    scope, start_ms, end_ms, cause, reason = msgspec.convert(row, _BlindRow)
    return BlindInterval(scope, Blindness(cause), start_ms, end_ms, reason)


def _identities_of(row: tuple[str]) -> list[tuple[str, list[str | None]]]:
    return [(key, names) for key, names in _names.decode(row[0]).items() if len(names) >= _IDS]


def _cadence_of(row: Sequence[object]) -> tuple[str, dict[str, list[int]]]:
    device, body = msgspec.convert(row, tuple[str, str])
    intervals = _intervals.decode(body)
    intervals.pop(SEEN_DAY, None)
    return device, intervals


def _message_row(item: InboxItem) -> tuple[object, ...]:
    return (item.number, item.received_ms, _to_json(item))


def _blind_row(interval: BlindInterval) -> tuple[object, ...]:
    for text in (interval.scope, interval.reason):
        text.encode()
    cause = interval.cause.value
    return (interval.scope, interval.start_ms, interval.end_ms, cause, interval.reason)


def _cadence_row(day: int, learned: tuple[str, Mapping[str, list[int]]]) -> tuple[object, ...]:
    device, intervals = learned
    device.encode()
    return (device, _to_json({**intervals, SEEN_DAY: [day]}))


def _to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
