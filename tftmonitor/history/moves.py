"""Everything that is filed under the key of a device goes over to another one."""

import sqlite3
from typing import Final

# Each finds its rows by an index: a large journal is not read through for them. Every alarm has
# rows in the journal; messages are written anew by whoever holds them. Names, because Python
# 3.12.3 takes a number for one.
_MOVES: Final = (
    """UPDATE alarms SET device = :key, body = json_replace(body, '$.device', :key)
       WHERE device = :former AND json_valid(body)
       AND id IN (SELECT alarm_id FROM journal WHERE device = :former)""",
    """UPDATE journal SET device = :key, body = json_replace(body, '$.device', :key)
       WHERE device = :former AND json_valid(body)""",
    "UPDATE OR REPLACE reports SET device = :key WHERE device = :former",
    "UPDATE OR REPLACE blind SET scope = :key WHERE scope = :former",
    "UPDATE OR IGNORE cadence SET device = :key WHERE device = :former",
    "DELETE FROM cadence WHERE device = :former AND :key IS NOT NULL",
)


def move_row(names: tuple[str, str]) -> tuple[object, ...]:
    """The two keys. Raises ValueError for a text that no file can hold."""
    for name in names:
        name.encode()
    return names


def move(database: sqlite3.Connection, names: tuple[object, ...]) -> None:
    """Move it from the former key to the other, within the caller's transaction.

    Raises sqlite3.Error.
    """
    former, key = names
    for statement in _MOVES:
        database.execute(statement, {"former": former, "key": key})
