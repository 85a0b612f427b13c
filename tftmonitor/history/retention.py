"""What is too old or too much is deleted, in steps that no alarm has to wait for.

Open alarms are never deleted.
"""

import sqlite3
import time
from typing import Final, NamedTuple

from tftmonitor.base.clock import DAY_MS
from tftmonitor.history.journal import Journal
from tftmonitor.history.rows import fact_of
from tftmonitor.history.schema import transaction

# An alarm waits for the thread no longer than for this and one more delete of a few rows.
_STEP_S: Final = 0.015
_ROWS_AT_ONCE: Final = 100
_READ_AT_ONCE: Final = 500
_PAGES_AT_ONCE: Final = 64

_KEPT_MS: Final = 2 * 365 * DAY_MS

SEEN_DAY: Final = "seen_day"
"""In what is kept of a device: the day on which it was last there, since 1970 UTC."""


class Rule(NamedTuple):
    """``key`` grows with time: ``kept`` rows at most, and none whose ``at`` is older.

    ``is_counted``: each row's key is the next number, which spares counting the rows.
    """

    table: str
    key: str
    at: str
    kept: int
    kept_ms: int
    only: str = "1"
    is_counted: bool = True


RULES: Final = (
    Rule("messages", "number", "received_ms", 100_000, _KEPT_MS),
    Rule("journal", "seq", "at_ms", 400_000, _KEPT_MS),
    Rule("alarms", "id", "last_ms", 200_000, _KEPT_MS, only="NOT open"),
    Rule("blind", "start_ms", "start_ms", 20_000, 90 * DAY_MS, is_counted=False),
)
DEVICES_KEPT: Final = 20_000
_DEVICE_DAYS: Final = 400
# Of files that are gone since long.
_OLD_MARKS: Final = """DELETE FROM facts WHERE name IN (
    SELECT name FROM facts WHERE name LIKE 'spilled:%' LIMIT 1000 OFFSET 100)"""


class Retention:
    """One pass over all tables, step by step; every step runs on the journal's thread.

    ``rules`` are those of the tables whose rows have a time.
    """

    def __init__(self, now_ms: int, rules: tuple[Rule, ...] = RULES, devices: int = DEVICES_KEPT):
        self._now_ms = now_ms
        self._rules = list(rules)
        self._devices_kept = devices
        self._limits: dict[str, int] = {}
        self._last_device: str | None = ""
        # Day and key of every device.
        self._devices: list[tuple[int, str]] = []
        self._gone: list[str] = []

    def step(self, journal: Journal) -> bool:
        """Delete for some milliseconds; True while there is more. Raises JournalError."""
        end_s = time.perf_counter() + _STEP_S
        try:
            while time.perf_counter() < end_s:
                if not self._do_next(journal.database):
                    return False
        except sqlite3.Error as error:
            raise journal.failure(error) from error
        return True

    def _do_next(self, database: sqlite3.Connection) -> bool:
        """The next small piece of work; True while there is more."""
        if self._rules:
            self._apply(database, self._rules[0])
        elif self._last_device is not None:
            self._read_devices(database, self._last_device)
        elif self._gone:
            self._delete_devices(database)
        else:
            return _give_back(database)
        return True

    def _apply(self, database: sqlite3.Connection, rule: Rule) -> None:
        if rule.table not in self._limits:
            self._limits[rule.table] = _newest_too_many(database, rule)
        elif not self._delete(database, rule):
            del self._rules[0]

    def _delete(self, database: sqlite3.Connection, rule: Rule) -> bool:
        """Delete a few of the oldest rows; True when there may be more of them."""
        oldest = f"""SELECT {rule.key} AS key, {rule.at} AS at FROM {rule.table} WHERE {rule.only}
                     ORDER BY {rule.key} LIMIT {_ROWS_AT_ONCE}"""  # noqa: S608
        query = f"""DELETE FROM {rule.table} WHERE {rule.only} AND {rule.key} IN (
                      SELECT key FROM ({oldest}) WHERE key <= ? OR at < ?)"""  # noqa: S608
        values = (self._limits[rule.table], self._now_ms - rule.kept_ms)
        with transaction(database):
            return database.execute(query, values).rowcount > 0

    def _read_devices(self, database: sqlite3.Connection, after: str) -> None:
        query = "SELECT device, body FROM cadence WHERE device > ? ORDER BY device LIMIT ?"
        rows = database.execute(query, (after, _READ_AT_ONCE)).fetchall()
        self._devices += [(_day_of(body), device) for device, body in rows]
        self._last_device = rows[-1][0] if rows else None
        if not rows:
            self._devices.sort()
            old = self._now_ms // DAY_MS - _DEVICE_DAYS
            excess = max(0, len(self._devices) - self._devices_kept)
            self._gone = [
                device
                for place, (day, device) in enumerate(self._devices)
                if place < excess or 0 < day < old
            ]

    def _delete_devices(self, database: sqlite3.Connection) -> None:
        part, self._gone = self._gone[:_ROWS_AT_ONCE], self._gone[_ROWS_AT_ONCE:]
        with transaction(database):
            database.executemany("DELETE FROM cadence WHERE device = ?", [(key,) for key in part])


def _newest_too_many(database: sqlite3.Connection, rule: Rule) -> int:
    if rule.is_counted:
        # All rows are not gone through: those of two years take a fifth of a second.
        query = f"SELECT max({rule.key}) FROM {rule.table} WHERE {rule.only}"  # noqa: S608
        (newest,) = database.execute(query).fetchone()
        return -1 if newest is None else int(newest) - rule.kept
    query = f"""SELECT {rule.key} FROM {rule.table} WHERE {rule.only}
                ORDER BY {rule.key} DESC LIMIT 1 OFFSET ?"""  # noqa: S608
    found = database.execute(query, (rule.kept,)).fetchone()
    return found[0] if found else -1


def _day_of(body: object) -> int:
    """When a device was last there; 0 for one of a version that did not note it."""
    learned = fact_of(body)
    days = learned.get(SEEN_DAY) if isinstance(learned, dict) else None
    return days[0] if isinstance(days, list) and days and isinstance(days[0], int) else 0


def _give_back(database: sqlite3.Connection) -> bool:
    """Give free pages back to the disk; True while there are more."""
    database.execute(_OLD_MARKS)
    # As a script: by `execute` the binding steps it once, which gives a single page back.
    database.executescript(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")
    (free,) = database.execute("PRAGMA freelist_count").fetchone()
    (kind,) = database.execute("PRAGMA auto_vacuum").fetchone()
    return bool(free and kind)
