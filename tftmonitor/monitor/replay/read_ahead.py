"""Reads stored pushes on a thread of its own, some way ahead of whoever plays them."""

import queue
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.stored import DeviceSpan, HistoryError, StoredFrame
from tftmonitor.monitor.replay.lead_in import last_before
from tftmonitor.monitor.replay.stretch import LEAD_MS

# Of pushes; so many packs wait, which is a second at the highest pace that is played.
_PACK: Final = 256
_PACKS: Final = 40
_LOOK_S: Final = 0.2


class ReadAhead:
    """What there is from an hour before ``start_ms`` to ``end_ms``, in order of receipt.

    Before that comes the last push of each device that has none in that hour. ``problem`` says in
    words why the reading ended early. Everything but the reading is for one thread.
    """

    def __init__(
        self, profile: Path, devices: list[DeviceSpan], start_ms: int, end_ms: int
    ) -> None:
        self.problem = ""
        self._profile = profile
        self._devices = devices
        self._start_ms, self._end_ms = start_ms, end_ms
        self._packs: queue.Queue[list[StoredFrame]] = queue.Queue(_PACKS)
        self._here: deque[StoredFrame] = deque()
        self._is_closing = threading.Event()
        self._is_at_end = False
        self._thread = threading.Thread(target=self._read, name="replay", daemon=True)
        self._thread.start()

    def next(self) -> StoredFrame | None:
        """The next push, which stays the next; None when it is not read yet, or at the end."""
        if not self._here and not self._is_at_end:
            with suppress(queue.Empty):
                pack = self._packs.get_nowait()
                self._here.extend(pack)
                self._is_at_end = not pack
        return self._here[0] if self._here else None

    def pop(self) -> StoredFrame:
        """Take the next push, which ``next`` has shown."""
        return self._here.popleft()

    @property
    def is_over(self) -> bool:
        """True when nothing comes any more."""
        return self.next() is None and self._is_at_end

    def close(self) -> None:
        """Read no further, and wait until that holds."""
        self._is_closing.set()
        self._thread.join()

    def _read(self) -> None:
        try:
            reader = HistoryReader(self._profile)
            try:
                self._read_from(reader)
            finally:
                reader.close()
        except HistoryError as error:
            self.problem = str(error)
        self._hand_over([])

    def _read_from(self, reader: HistoryReader) -> None:
        pack: list[StoredFrame] = []
        for frame in self._frames(reader):
            pack.append(frame)
            if len(pack) >= _PACK:
                if not self._hand_over(pack):
                    return
                pack = []
        if pack:
            self._hand_over(pack)

    def _frames(self, reader: HistoryReader) -> Iterator[StoredFrame]:
        first_ms = self._start_ms - LEAD_MS
        yield from last_before(reader, self._devices, first_ms, self._start_ms)
        yield from reader.frames(first_ms, self._end_ms)

    def _hand_over(self, pack: list[StoredFrame]) -> bool:
        """Wait until there is room; False when nobody wants it any more."""
        while not self._is_closing.is_set():
            with suppress(queue.Full):
                self._packs.put(pack, timeout=_LOOK_S)
                return True
        return False
