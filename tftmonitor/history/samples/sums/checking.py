"""Reads all of a store and says what is not as it was written."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tftmonitor.history.recovery import damage_of
from tftmonitor.history.samples.batch import NO_SUM, chained, unpack_batch
from tftmonitor.history.samples.chunk import Chunk
from tftmonitor.history.samples.shapes import FileShapes
from tftmonitor.history.samples.stored import DamagedBlockError

_SUM: Final = 32
_SPOOL: Final = """SELECT first_seq, count, first_ms, last_ms, prior, sum, body FROM spool
  WHERE first_seq > ? ORDER BY first_seq LIMIT 1"""
_CHUNK: Final = """SELECT chunk.number, device.key, first_seq, last_seq, count, round, place,
  chunk.body FROM chunk LEFT JOIN device ON device.number = chunk.device
  WHERE chunk.number > ? AND chunk.number <= ? ORDER BY chunk.number LIMIT 1"""
_ROUND: Final = "SELECT number, at_ms, prior, sums, sum FROM round WHERE number > ? LIMIT 1"


def problems_of(database: sqlite3.Connection) -> Iterator[str]:
    """Each problem in words; none when all is as it was written. Raises sqlite3.Error."""
    if damage := damage_of(database):
        yield f"SQLite says: {damage}"
    # What a recorder seals meanwhile is of rounds that were not read.
    (last,) = database.execute("SELECT coalesce(max(number), 0) FROM chunk").fetchone()
    sums: dict[int, bytes] = {}
    yield from _check_rounds(database, sums)
    yield from _check_chunks(database, sums, last)
    with one_state(database):  # the spool is small, and its batches go
        found = list(_check_spool(database))
    yield from found


@contextmanager
def one_state(database: sqlite3.Connection) -> Iterator[None]:
    """All that is read within is of one moment; not for long, as the log grows meanwhile."""
    database.execute("BEGIN")
    try:
        yield
    finally:
        database.execute("ROLLBACK")


def _check_rounds(database: sqlite3.Connection, sums: dict[int, bytes]) -> Iterator[str]:
    number, last = -1, None
    while found := database.execute(_ROUND, (number,)).fetchone():
        before, (number, at_ms, prior, kept, total) = number, found
        if chained(prior, (number, at_ms), kept) != total:
            yield f"Round {number}: the sum is wrong."
        if last is not None and (prior != last or number != before + 1):
            yield f"Round {number} does not follow the one before it."
        last = total
        sums[number] = kept


def _check_chunks(database: sqlite3.Connection, sums: dict[int, bytes], last: int) -> Iterator[str]:
    book, number = FileShapes(database), 0
    while found := database.execute(_CHUNK, (number, last)).fetchone():
        number, device, first_seq, last_seq, count, turn, place, body = found
        where = f"Chunk {number} of {device or 'no device'}"
        if sums.get(turn, b"")[place * _SUM : (place + 1) * _SUM] != sum_of(body):
            yield f"{where}: the sum is wrong."
        try:
            seqs = [seq for seq, _ in Chunk(body, device or "", book).frames()]
        except DamagedBlockError as error:
            yield f"{where}: {error}."
            continue
        if device is None or (seqs[0], seqs[-1], len(seqs)) != (first_seq, last_seq, count):
            yield f"{where}: its row tells another content."


def _check_spool(database: sqlite3.Connection) -> Iterator[str]:
    first_seq, last = -1, None
    facts = dict(database.execute("SELECT name, value FROM facts"))
    last = facts.get("spool_sum", NO_SUM)
    while found := database.execute(_SPOOL, (first_seq,)).fetchone():
        first_seq, count, first_ms, last_ms, prior, total, body = found
        if chained(prior, (first_seq, count, first_ms, last_ms), body) != total:
            yield f"Batch {first_seq}: the sum is wrong."
        elif prior != last:
            yield f"Batch {first_seq} does not follow the one before it."
        last = total
        try:
            if len(unpack_batch(body)) != count:
                yield f"Batch {first_seq}: its row tells another content."
        except DamagedBlockError as error:
            yield f"Batch {first_seq}: {error}."


def sum_of(body: bytes) -> bytes:
    """What a round keeps of each chunk."""
    return hashlib.sha256(body).digest()
