"""Everything that is filed under the key of a device goes over to another one."""

import sqlite3
from typing import Final

# Each finds its rows by an index: a large journal is not read through for them. Every alarm has
# rows in the journal; messages are written anew by whoever holds them.
_MOVES: Final = (
    """UPDATE alarms SET device = ?2, body = json_replace(body, '$.device', ?2)
       WHERE device = ?1 AND json_valid(body)
       AND id IN (SELECT alarm_id FROM journal WHERE device = ?1)""",
    """UPDATE journal SET device = ?2, body = json_replace(body, '$.device', ?2)
       WHERE device = ?1 AND json_valid(body)""",
    "UPDATE OR REPLACE reports SET device = ?2 WHERE device = ?1",
    "UPDATE OR REPLACE blind SET scope = ?2 WHERE scope = ?1",
    "UPDATE OR IGNORE cadence SET device = ?2 WHERE device = ?1",
    "DELETE FROM cadence WHERE device = ?1 AND ?2 IS NOT NULL",
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
    for statement in _MOVES:
        database.execute(statement, names)
