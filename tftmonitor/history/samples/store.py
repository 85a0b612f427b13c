"""The one writer of the store: what is pending goes to disk in one transaction."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from tftmonitor.history.recovery import UNREADABLE
from tftmonitor.history.samples.batch import NO_SUM, chained, pack_batch, text_sum
from tftmonitor.history.samples.file import close_in_order, open_for_writing
from tftmonitor.history.samples.salvage.state import begin_salvage
from tftmonitor.history.samples.stored import (
    FILE_NAME,
    NOT_RECORDED,
    HistoryError,
    Pending,
    Recorded,
)
from tftmonitor.history.schema import transaction
from tftmonitor.model.coverage import BlindInterval, Blindness

__all__ = ["NOT_RECORDED", "SampleStore", "explain"]

# A batch is what a reader unpacks at once.
_BATCH_ROWS: Final = 2_000
_BATCH_BYTES: Final = 4 << 20


class SampleStore:
    """Owned by one thread. ``notice`` is what happened to the file at the opening, or "".

    ``next_seq`` is the number of the next push: each has one, and none is given twice.
    ``problems`` are what was found wrong later, in sentences; the caller takes them out.
    """

    def __init__(self, profile: Path, now_ms: int, aside: Path | None = None) -> None:
        """Open the file, and note since when nobody recorded. Raises HistoryError, OSError.

        ``aside`` is where a damaged one was put, whose place this one takes.
        """
        self.path = profile / FILE_NAME
        self.problems: list[str] = []
        self.is_shrinking = False
        self.next_seq = 1
        self.notice = ""
        self._last_sum = NO_SUM
        try:
            self.database, found_damaged = open_for_writing(self.path, now_ms)
            try:
                if found_damaged is not None:
                    self.notice = words_of_damage(found_damaged)
                if (wounded := found_damaged or aside) is not None:
                    begin_salvage(self.database, wounded, now_ms)
                self._take_up(now_ms)
            except BaseException:
                self.database.close()
                raise
        except UNREADABLE as error:
            raise HistoryError(str(error)) from error
        found = self.path.stat()
        self._identity = found.st_dev, found.st_ino

    def write(self, pending: Pending, now_ms: int) -> None:
        """Put it all on disk, or nothing. Raises sqlite3.Error, HistoryError."""
        if not self.is_in_place():
            raise HistoryError(f"{self.path} is not there any more.")
        next_seq, last_sum = self.next_seq, self._last_sum
        with transaction(self.database):
            for rows in _batches(pending.rows):
                last_sum = self._put_batch(next_seq, rows, last_sum)
                next_seq += len(rows)
            for interval in pending.blind:
                self._put_blind(interval)
            for change in pending.links:
                values = change.at_ms, change.channel, change.state, change.reason
                self.database.execute("INSERT INTO link VALUES (NULL, ?, ?, ?, ?)", values)
            for key, label in pending.labels.items():
                self.database.execute(
                    """INSERT INTO device (key, label, sum) VALUES (?, ?, ?)
                         ON CONFLICT (key) DO UPDATE SET label = excluded.label""",
                    (key, label, text_sum(key)),
                )
            self.set_fact("running_until_ms", now_ms)
            self.set_fact("next_seq", next_seq)
        self.next_seq, self._last_sum = next_seq, last_sum

    def is_in_place(self) -> bool:
        """False when the file was removed, replaced, or its disk taken away."""
        try:
            found = self.path.stat()
        except OSError:
            return False
        return self._identity == (found.st_dev, found.st_ino)

    def fact(self, name: str, default: Any) -> Any:
        """A named value of the file."""
        found = self.database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return found[0] if found else default

    def set_fact(self, name: str, value: object) -> None:
        """Keep a named value."""
        self.database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def device_number(self, key: str) -> int:
        """The number of a device in the file, made where there is none."""
        found = self.database.execute("SELECT number FROM device WHERE key = ?", (key,)).fetchone()
        if found:
            return int(found[0])
        values = key, text_sum(key)
        query = "INSERT INTO device (key, sum) VALUES (?, ?)"
        number = self.database.execute(query, values).lastrowid
        assert number is not None
        return number

    def close(self) -> None:
        """End in order. Raises sqlite3.Error."""
        if self.is_in_place():
            close_in_order(self.database)
        else:
            self.database.close()

    def _take_up(self, now_ms: int) -> None:
        self.next_seq = int(self.fact("next_seq", 1))
        newest = "SELECT sum FROM spool ORDER BY first_seq DESC LIMIT 1"
        found = self.database.execute(newest).fetchone()
        self._last_sum = bytes(found[0] if found else self.fact("spool_sum", NO_SUM))
        until_ms = self.fact("running_until_ms", None)
        if until_ms is not None and until_ms < now_ms:
            self._put_blind(BlindInterval(NOT_RECORDED, Blindness.PROGRAM, until_ms, now_ms))
        # Whatever was open when the recorder ended is part of that gap.
        self.database.execute("UPDATE blind SET end_ms = ? WHERE end_ms IS NULL", (now_ms,))

    def _put_batch(self, first_seq: int, rows: Sequence[Recorded], prior: bytes) -> bytes:
        times = [row[2] for row in rows]
        head = first_seq, len(rows), min(times), max(times)
        body = pack_batch(rows)
        link = chained(prior, head, body)
        values = (*head, prior, link, body)
        self.database.execute("INSERT INTO spool VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        return link

    def _put_blind(self, interval: BlindInterval) -> None:
        self.database.execute(
            "INSERT OR REPLACE INTO blind VALUES (?, ?, ?, ?, ?)",
            (
                interval.scope,
                interval.start_ms,
                interval.end_ms,
                interval.cause.value,
                interval.reason,
            ),
        )


def _batches(rows: Sequence[Recorded]) -> Iterator[Sequence[Recorded]]:
    first = size = 0
    for place, row in enumerate(rows):
        if place - first >= _BATCH_ROWS or (size and size + len(row[5]) > _BATCH_BYTES):
            yield rows[first:place]
            first, size = place, 0
        size += len(row[5])
    if first < len(rows):
        yield rows[first:]


def words_of_damage(aside: Path) -> str:
    """What became of a damaged file, for the user."""
    return (
        f"The recorded history was damaged and is set aside as {aside.name}. "
        "What can be read of it is saved in the background."
    )


def code_of(error: BaseException) -> int:
    """The primary code of an error of SQLite, 0 for others."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def explain(error: BaseException) -> str:
    """Why the store cannot be written, in words."""
    words = {
        sqlite3.SQLITE_FULL: "the disk is full",
        sqlite3.SQLITE_READONLY: "the folder cannot be written",
        sqlite3.SQLITE_CANTOPEN: "the folder cannot be opened or written",
        sqlite3.SQLITE_IOERR: "the disk does not work or is full",
        sqlite3.SQLITE_BUSY: "another program holds the file",
    }
    return words.get(code_of(error), str(error).rstrip("."))
