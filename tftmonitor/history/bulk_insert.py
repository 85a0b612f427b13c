"""Many rows in few statements.

Python gives its lock away for each step of a statement, and must wait for it again while the
window is busy. A row a step made a batch of eight alarms wait some forty times.
"""

import functools
import sqlite3
from collections.abc import Sequence
from typing import Final

# Few sizes, so that the connection keeps each statement ready; six columns fill 384 of the 999
# variables that any build of SQLite allows.
_AT_ONCE: Final = (64, 16, 4, 1)


def put_rows(database: sqlite3.Connection, insert: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Execute ``insert`` ("INSERT INTO table (columns)") for rows of like length, in order."""
    done = 0
    for size in _AT_ONCE:
        while len(rows) - done >= size:
            part = rows[done : done + size]
            values = [value for row in part for value in row]
            database.execute(_statement(insert, len(part[0]), size), values)
            done += size


@functools.cache
def _statement(insert: str, columns: int, rows: int) -> str:
    row = f"({','.join('?' * columns)})"
    return f"{insert} VALUES {','.join([row] * rows)}"
