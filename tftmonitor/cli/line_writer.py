"""Lines to a stream from a thread of its own: a reader that is slow holds nothing else up."""

import threading
from collections import deque
from collections.abc import Callable
from io import RawIOBase
from typing import Final

MOST_BYTES: Final = 64 * 1_048_576
"""Of lines that wait for the reader. The last quarter is kept for those that are urgent."""

_URGENT_SHARE: Final = 0.25
# After some were left out none are taken before so much is free: not one in, one out.
_RESUME_SHARE: Final = 0.5
_BATCH_BYTES: Final = 65_536


class LineWriter:
    """Call ``put`` for each line, from one thread, and ``close`` at the end.

    ``stream`` has no buffer: at its end the interpreter would wait for the lock of one.
    ``failed`` is called from the writing thread with what went wrong, once; nothing is written
    after that.
    """

    def __init__(
        self, stream: RawIOBase, failed: Callable[[OSError], object], most_bytes: int = MOST_BYTES
    ) -> None:
        self._stream = stream
        self._failed = failed
        self._most_bytes = most_bytes
        self._is_full = False
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._on_their_way = 0
        self._changed = threading.Condition()
        self._is_closing = False
        self._is_over = False
        # A daemon: a reader that never reads on must not keep the program.
        self._thread = threading.Thread(target=self._run, name="lines", daemon=True)
        self._thread.start()

    def put(self, line: bytes, *, urgent: bool = False) -> bool:
        """Have a line written; False when too much waits and it is left out."""
        with self._changed:
            if self._is_over or not self._has_room(len(line), urgent=urgent):
                return False
            self._waiting.append(line)
            self._bytes += len(line)
            if len(self._waiting) == 1:
                self._changed.notify_all()
        return True

    def close(self, limit_s: float | None = None) -> int:
        """Wait until all is written, at most so long; how many lines are not."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join(limit_s)
        with self._changed:
            return len(self._waiting) + self._on_their_way

    def _has_room(self, size: int, *, urgent: bool) -> bool:
        share = 1.0 if urgent else 1.0 - _URGENT_SHARE
        if self._is_full and not urgent:
            share *= _RESUME_SHARE
        has_room = self._bytes + size <= share * self._most_bytes
        if not urgent:
            self._is_full = not has_room
        return has_room

    def _run(self) -> None:
        try:
            while batch := self._take():
                left = memoryview(batch)
                while left:
                    left = left[self._stream.write(left) or 0 :]
        except OSError as error:
            with self._changed:
                self._is_over = True
                self._waiting.clear()
                self._on_their_way = 0
            self._failed(error)

    def _take(self) -> bytes:
        """Some lines as one piece, when there are any; nothing at the end."""
        with self._changed:
            self._on_their_way = 0
            while not self._waiting and not self._is_closing:
                self._changed.wait()
            lines, size = [], 0
            while self._waiting and size < _BATCH_BYTES:
                line = self._waiting.popleft()
                size += len(line)
                lines.append(line)
            self._bytes -= size
            self._on_their_way = len(lines)
            return b"".join(lines)
