"""What waits for the disk, up to a bound, and what was lost beyond it."""

import threading
from collections.abc import Iterable
from typing import Final

from tftmonitor.history.samples.store import NOT_RECORDED
from tftmonitor.history.samples.stored import LinkChange, Pending, Recorded
from tftmonitor.model.coverage import BlindInterval, Blindness

MOST_BYTES: Final = 64 << 20
"""Of frames that wait; what is beyond it while the disk takes nothing is lost, and counted."""

_MOST_OTHERS: Final = 10_000
# What a row costs beside its frame.
_ROW_BYTES: Final = 300


class Backlog:
    """Put by one thread and taken by another.

    What is taken stays until ``done``: a write that failed is tried again with what came since.
    ``lost`` counts pushes for which there was no room since the last ``done``.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.lost = 0
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._pending = Pending()
        self._bytes = 0
        self._taken = Pending()
        self._lost_ms = 0
        self._why = ""

    @property
    def waiting(self) -> int:
        """Pushes that are not on disk."""
        return len(self._pending.rows) + len(self._taken.rows)

    def put(self, row: Recorded) -> None:
        """Keep a push for the next write, or count it as lost."""
        self.put_all((row,))

    def put_all(self, rows: Iterable[Recorded]) -> None:
        """Keep these as far as there is room."""
        with self._lock:
            for row in rows:
                size = len(row[5]) + _ROW_BYTES
                # Once something is lost the rest is, so that there is one gap and not many.
                if self.lost or self._bytes + size > self._most_bytes:
                    self._lose(1, row[2])
                    continue
                self._bytes += size
                self._pending.rows.append(row)

    def note_lost(self, count: int, at_ms: int) -> None:
        """So many were lost on the way here, the first of them at this time."""
        with self._lock:
            self._lose(count, at_ms)

    def _lose(self, count: int, at_ms: int) -> None:
        self._lost_ms = self._lost_ms if self.lost else at_ms
        self.lost += count

    def put_blind(self, interval: BlindInterval) -> None:
        """Keep a blind interval for the next write."""
        with self._lock:
            if len(self._pending.blind) < _MOST_OTHERS:
                self._pending.blind.append(interval)

    def put_link(self, change: LinkChange) -> None:
        """Keep a change of a link for the next write."""
        with self._lock:
            if len(self._pending.links) < _MOST_OTHERS:
                self._pending.links.append(change)

    def put_label(self, device: str, label: str) -> None:
        """Keep what a device is called for the next write."""
        with self._lock:
            self._pending.labels[device] = label

    def note_failure(self, why: str) -> None:
        """Why the last write failed; it stands with the gap that may come of it."""
        self._why = why

    def take(self, now_ms: int) -> Pending:
        """All that waits, and the gap until now where something was lost."""
        with self._lock:
            more, self._pending = self._pending, Pending()
            taken = self._taken
            taken.rows += more.rows
            taken.blind += more.blind
            taken.links += more.links
            taken.labels.update(more.labels)
            if self.lost:
                reason = f"{self._why or 'more came than the disk takes'}; {self.lost} pushes lost"
                gap = BlindInterval(NOT_RECORDED, Blindness.PROGRAM, self._lost_ms, now_ms, reason)
                return Pending(taken.rows, [*taken.blind, gap], taken.links, taken.labels)
            return taken

    def done(self) -> int:
        """What was taken is on disk; how many pushes were lost before it."""
        with self._lock:
            lost, self.lost = self.lost, 0
            self._taken = Pending()
            self._bytes = sum(len(row[5]) + _ROW_BYTES for row in self._pending.rows)
            return lost
