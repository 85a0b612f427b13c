"""The process that writes the history for a window: what came in on a pipe goes into the store.

Python's threads share one lock: sealing in a thread of the window would make its loop late. And
what the window has handed over outlives a kill of the window.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from tftmonitor.base.clock import Clock
from tftmonitor.base.private_files import make_private_folder
from tftmonitor.base.redaction import Redaction
from tftmonitor.history.profile_lock import BEAT_S, RECORDING, ProfileLock, holder_of
from tftmonitor.history.samples.backlog import Backlog
from tftmonitor.history.samples.retention import DEFAULTS
from tftmonitor.history.samples.store import explain
from tftmonitor.history.samples.writer import SampleWriter
from tftmonitor.monitor.recording.sent import Sent, Told, blocks, line_of

TICK_S: Final = 1.0
# So long it takes what wrote for a window that was killed to come to its end.
_LOCK_WAIT_S: Final = 1.0
# What comes has been under way for a while already, and is to be on disk within half a second.
_FLUSH_S: Final = 0.1
# Blocks of a twentieth of a second; what is beyond waits in the window, which has a bound.
_MOST_BLOCKS: Final = 64


class Keeper:
    """Owned by one thread: ``take`` each block, ``tick`` each second, ``close`` at the end.

    While another program records in the profile nothing is kept, because that one has it.
    ``tell`` is called with how it stands.
    """

    def __init__(self, profile: Path, clock: Clock, tell: Callable[[Told], object]) -> None:
        self._profile = profile
        self._clock = clock
        self._tell = tell
        self._limits = DEFAULTS
        self._said: list[str] = []
        self._redactions: list[Redaction] = []
        self._backlog = Backlog()
        self._began_ms = clock.now_ms()
        # What came before that is somebody else's.
        self._from_ms = 0
        self._lock: ProfileLock | None = None
        self._writer: SampleWriter | None = None
        self._holder = self._failure = ""
        self._failed_ms = 0
        self._beat_due_s = 0.0
        self._take_over()
        if self._holder:
            self._take_over(_LOCK_WAIT_S)

    def take(self, sent: Sent) -> None:
        """Have a block written."""
        if sent.limits is not None:
            self._limits = sent.limits
            if self._writer is not None:
                self._writer.limits = sent.limits
        # They hold for as long as they are kept here.
        self._redactions += map(Redaction, sent.digests)
        if self._holder:
            return
        if sent.lost:
            self._backlog.note_lost(sent.lost, sent.lost_ms)
        rows = sent.rows
        if rows and rows[0][2] < self._from_ms:
            rows = [row for row in rows if row[2] >= self._from_ms]
        self._backlog.put_all(rows)
        for interval in sent.blind:
            self._backlog.put_blind(interval)
        for change in sent.links:
            self._backlog.put_link(change)
        for device, label in sent.labels.items():
            self._backlog.put_label(device, label)

    def tick(self) -> None:
        """Once a second: become the one who records where nobody else does, and say how it is."""
        if self._lock is None:
            self._take_over()
        elif self._clock.monotonic_s() >= self._beat_due_s:
            self._beat_due_s = self._clock.monotonic_s() + BEAT_S
            self._lock.beat()
        self._tell(self.told())

    def told(self) -> Told:
        """How it stands; what is to be said is in it once."""
        said, self._said[:] = tuple(self._said), []
        writer = self._writer
        if writer is None:
            waiting = self._backlog.waiting
            return Told(self._holder, self._failure, self._failed_ms, waiting=waiting, said=said)
        measures = writer.measures
        return Told(
            failure=writer.failure,
            failed_ms=writer.failed_ms,
            is_recording=not writer.failure,
            written=writer.written,
            lost=writer.lost,
            waiting=writer.waiting,
            spool=measures.spool,
            bytes=measures.bytes,
            log_bytes=measures.log_bytes,
            days=measures.days,
            said=said,
        )

    def close(self) -> bool:
        """Write what waits, and end; False when something could not be written."""
        if self._writer is None or self._lock is None:
            return not self._backlog.waiting
        is_written = self._writer.close()
        self._lock.release()
        return is_written

    def _take_over(self, wait_s: float = 0.0) -> None:
        try:
            make_private_folder(self._profile)
            self._lock = ProfileLock.take(self._profile, wait_s, RECORDING)
        except OSError as error:
            self._note_failed(error)
            return
        if self._lock is None:
            self._holder = holder_of(self._profile, RECORDING)
            self._failure, self._backlog = "", Backlog()
            return
        if self._holder:
            self._began_ms = self._from_ms = self._clock.now_ms()
        self._holder = self._failure = ""
        self._writer = SampleWriter(
            self._profile,
            self._clock,
            self._said.append,
            self._limits,
            backlog=self._backlog,
            began_ms=self._began_ms,
            flush_s=_FLUSH_S,
        )

    def _note_failed(self, error: OSError) -> None:
        words = explain(error)
        if not self._failure:
            self._failed_ms = self._clock.now_ms()
            self._said.append(f"The history is not recorded: {words}. It is tried again.")
        self._failure = words
        self._backlog.note_failure(words)


def keep(profile: Path, clock: Clock, source: BinaryIO, out: BinaryIO) -> bool:
    """Keep what the source brings until it ends; False when something could not be written."""
    coming: queue.Queue[Sent | None] = queue.Queue(_MOST_BLOCKS)

    def read() -> None:
        for sent in blocks(source):
            coming.put(sent)
        coming.put(None)

    def tell(told: Told) -> None:
        with suppress(OSError):  # the window is gone, and the source ends as well
            out.write(line_of(told))
            out.flush()

    keeper = Keeper(profile, clock, tell)
    threading.Thread(target=read, name="from the window", daemon=True).start()
    keeper.tick()
    for sent in _until_end(coming, keeper.tick):
        keeper.take(sent)
    is_written = keeper.close()
    tell(keeper.told())
    return is_written


def _until_end(coming: "queue.Queue[Sent | None]", tick: Callable[[], None]) -> Iterator[Sent]:
    due_s = time.monotonic() + TICK_S
    while True:
        try:
            sent = coming.get(timeout=max(0.0, due_s - time.monotonic()))
        except queue.Empty:
            pass
        else:
            if sent is None:
                return
            yield sent
        if time.monotonic() >= due_s:
            due_s = time.monotonic() + TICK_S
            tick()
