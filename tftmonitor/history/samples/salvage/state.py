"""How far the saving of a damaged file has come: a fact of the file that takes its place."""

import sqlite3
from pathlib import Path
from typing import Final

import msgspec

from tftmonitor.history.schema import transaction

FACT: Final = "salvage"
# More pushes a second than ever come, over any time.
_NUMBERS_A_MS: Final = 16


class SalvageState(msgspec.Struct):
    """``file`` is saved from; ``chunk`` and ``batch`` are the last numbers that are done.

    ``first_seq`` is the number of the first push that is not of it, ``saved`` counts pushes and
    ``unreadable`` chunks and batches of which too little is left.
    """

    file: str
    began_ms: int
    first_seq: int
    chunk: int = -1
    batch: int = -1
    saved: int = 0
    unreadable: int = 0


def begin_salvage(database: sqlite3.Connection, aside: Path, now_ms: int) -> None:
    """Have a new and empty file filled from this one. Raises sqlite3.Error."""
    first_seq = now_ms * _NUMBERS_A_MS
    state = SalvageState(aside.name, now_ms, first_seq)
    rows = (
        ("next_seq", first_seq),
        ("sealed_seq", first_seq),
        (FACT, msgspec.json.encode(state)),
    )
    with transaction(database):
        database.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", rows)
