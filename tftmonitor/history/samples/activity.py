"""How much came from a device and when, by the heads of its blocks alone."""

import sqlite3
from collections.abc import Sequence
from typing import Final

import numpy as np

from tftmonitor.model.geo.projection import Numbers

BEGINNINGS: Final = (
    # By the index of ages: the chunk that ends first is among the first to begin.
    "SELECT first_ms FROM chunk ORDER BY last_ms LIMIT 1",
    "SELECT first_ms FROM spool ORDER BY first_seq LIMIT 1",
)
"""Ask for the first time in chunks and in batches, each answering at once."""

_HEADS: Final = """SELECT first_ms, last_ms, chunk.count FROM chunk
  JOIN device ON device.number = chunk.device
  WHERE device.key = ? AND last_ms >= ? AND first_ms <= ?"""


def sealed_counts(database: sqlite3.Connection, device: str, edges_ms: Sequence[int]) -> Numbers:
    """Pushes in chunks between each of ``n`` ascending times and the next, shape (n - 1,).

    What a chunk has is taken to be spread evenly over its time. Raises sqlite3.Error.
    """
    rows = database.execute(_HEADS, (device, edges_ms[0], edges_ms[-1])).fetchall()
    first, last, count = np.array(rows, np.float64).reshape(-1, 3).T
    # The last push is still in it.
    lasts = last - first + 1
    until = [float(np.sum(count * np.clip((edge - first) / lasts, 0, 1))) for edge in edges_ms]
    return np.diff(np.array(until))
