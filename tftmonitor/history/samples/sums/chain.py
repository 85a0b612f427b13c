"""The sums of the store that frames hang on: they say that a block is as it was sealed."""

import sqlite3
from typing import Any, Final

from tftmonitor.history.samples.batch import chained
from tftmonitor.history.samples.sums.checking import sum_of

_CHUNKS: Final = """SELECT chunk.number, first_seq, last_seq, round, place, body
  FROM chunk JOIN device ON device.number = chunk.device
  WHERE device.key = ? AND last_ms >= ? AND first_ms <= ? ORDER BY chunk.number"""
_ROUNDS: Final = (
    "SELECT number, at_ms, prior, sums, sum FROM round WHERE number >= ? ORDER BY number"
)
_BATCHES: Final = """SELECT first_seq, count, first_ms, last_ms, prior, sum, body FROM spool
  WHERE last_ms >= ? AND first_ms <= ? ORDER BY first_seq"""
_MOST_BYTES: Final = 8 << 20
"""So many bytes of sums are told; a year of a large fleet has more."""
_SUM: Final = 32


def chain_of(
    database: sqlite3.Connection, device: str, start_ms: int, end_ms: int
) -> dict[str, Any]:
    """The blocks that a device's pushes of a stretch are in, and the rounds that they hang on.

    Each block is held against its sum as it is read. ``rounds`` go on to the newest one, or as far
    as ``_MOST_BYTES`` reach; ``is_whole`` says which. Sums are hexadecimal. Raises sqlite3.Error.
    """
    chunks, first = [], None
    for number, first_seq, last_seq, turn, place, body in database.execute(
        _CHUNKS, (device, start_ms, end_ms)
    ):
        first = turn if first is None else min(first, turn)
        facts = {"number": number, "first": first_seq, "last": last_seq}
        chunks.append({**facts, "round": turn, "place": place, "sha256": sum_of(body).hex()})
    rounds, size, is_whole = [], 0, True
    for number, at_ms, prior, sums, total in database.execute(
        _ROUNDS, (0,) if first is None else (first,)
    ):
        size += len(sums)
        if first is None or size > _MOST_BYTES:
            is_whole = first is None
            break
        facts = {"number": number, "at_ms": at_ms, "prior": prior.hex(), "sums": sums.hex()}
        rounds.append({**facts, "sum": total.hex()})
    batches = [
        {
            "first": first_seq,
            "count": count,
            "first_ms": begin_ms,
            "last_ms": last_ms,
            "prior": prior.hex(),
            "sum": total.hex(),
            "is_right": chained(prior, (first_seq, count, begin_ms, last_ms), body) == total,
        }
        for first_seq, count, begin_ms, last_ms, prior, total, body in database.execute(
            _BATCHES, (start_ms, end_ms)
        )
    ]
    return {"chunks": chunks, "rounds": rounds, "batches": batches, "is_whole": is_whole}
