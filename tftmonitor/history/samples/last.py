"""The newest frame of each device, so that a start need not look through the whole store."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import zstandard

from tftmonitor.history.samples.batch import unpack, unpack_batch
from tftmonitor.history.samples.stored import DamagedBlockError, LastFrame, Recorded
from tftmonitor.history.samples.sums.checking import one_state

_LEVEL: Final = 1
# A frame that is shorter than the one under it by this leaves out much of what is known.
_MUCH_LONGER: Final = 1.25
# Of a spool that has grown beyond this the older part is left alone: a start must not take long.
_MOST_PUSHES: Final = 200_000

_TABLE: Final = (
    "SELECT key, received_ms, frame, under_ms, under FROM last JOIN device USING (number)"
)
_BATCHES: Final = """SELECT body FROM spool
  WHERE first_seq > (SELECT max(first_seq) FROM spool) - ? ORDER BY first_seq"""


class Newest(NamedTuple):
    """The newest snapshot of a device, and one of before that has much that it leaves out."""

    received_ms: int
    frame: bytes
    under: tuple[int, bytes] | None = None


def newest_of(rows: Iterable[Recorded], known: Newest | None = None) -> Newest | None:
    """The newest of these pushes of one device, in order, over what was known before."""
    newest = known
    for row in rows:
        if _shows(row):
            newest = _over(newest, row[2], row[5])
    return newest


def put_last(database: sqlite3.Connection, numbered: Iterable[tuple[int, Newest]]) -> None:
    """Keep these by the numbers of their devices, in the caller's transaction."""
    pack = zstandard.ZstdCompressor(_LEVEL).compress
    database.executemany(
        "INSERT OR REPLACE INTO last VALUES (?, ?, ?, ?, ?)",
        (
            (
                number,
                newest.received_ms,
                pack(newest.frame),
                newest.under[0] if newest.under else None,
                pack(newest.under[1]) if newest.under else None,
            )
            for number, newest in numbered
        ),
    )


def last_of(database: sqlite3.Connection, number: int) -> Newest | None:
    """What is kept of a device; None for nothing, or for what cannot be read."""
    query = "SELECT received_ms, frame, under_ms, under FROM last WHERE number = ?"
    found = database.execute(query, (number,)).fetchone()
    return _unpacked(found) if found else None


def read_last(database: sqlite3.Connection) -> Iterator[LastFrame]:
    """The newest snapshot of each device that was recorded, sealed or not.

    Raises sqlite3.Error. What is damaged is left out.
    """
    with one_state(database):  # a round that is sealed meanwhile takes from one for the other
        kept = database.execute(_TABLE).fetchall()
        batches = database.execute(_BATCHES, (_MOST_PUSHES,)).fetchall()
    found: dict[str, Newest] = {}
    for key, *rest in kept:
        if (newest := _unpacked(rest)) is not None:
            found[key] = newest
    for (body,) in batches:
        try:
            rows = unpack_batch(body)
        except DamagedBlockError:
            continue
        for row in rows:
            if _shows(row):
                found[row[0]] = _over(found.get(row[0]), row[2], row[5])
    for key, newest in found.items():
        yield LastFrame(key, newest.received_ms, newest.frame, newest.under)


def _shows(row: Recorded) -> bool:
    """True for a snapshot that became what was shown of its device."""
    return row[1] == "devices" and not row[4] and row[0] != "" and b'"snapshot"' in row[5]


def _over(before: Newest | None, received_ms: int, frame: bytes) -> Newest:
    if before is None:
        return Newest(received_ms, frame)
    long_ms, longest = before.received_ms, before.frame
    if before.under is not None and len(before.under[1]) > len(longest) * _MUCH_LONGER:
        long_ms, longest = before.under
    is_longer = len(longest) > len(frame) * _MUCH_LONGER
    return Newest(received_ms, frame, (long_ms, longest) if is_longer else None)


def _unpacked(found: Sequence[Any]) -> Newest | None:
    received_ms, frame, under_ms, under = found
    try:
        below = (under_ms, unpack(under)) if under is not None else None
        return Newest(received_ms, unpack(frame), below)
    except (DamagedBlockError, TypeError):
        return None
