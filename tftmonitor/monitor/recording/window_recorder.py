"""Recording as a window does it: a push costs a tuple, the rest is a thread's and a process'."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Final, Protocol, TypeVar

from tftmonitor.base.backoff import Backoff
from tftmonitor.base.clock import Clock
from tftmonitor.base.redaction import known_digests
from tftmonitor.history.samples.retention import Limits
from tftmonitor.history.samples.stored import LinkChange, Recorded
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.monitor.recording.sent import Sent, Told, block_of, read_line

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

PAUSE_S: Final = 0.05
# Some 50 MB of frames. The process takes a hundred thousand a second.
MOST_ROWS: Final = 30_000
_A_BLOCK: Final = 2_000
_LONGEST_RETRY_S: Final = 10.0
ENDED: Final = "what writes the history ended by itself"


class Child(Protocol):
    """The process that writes: what it reads and what it says."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended."""
        ...


class WindowRecorder:
    """``put`` and ``tick`` are for the thread of the event loop.

    ``start`` makes the process that writes, and raises OSError. ``told`` is how it stands, as of a
    second ago. ``on_said`` is called in ``tick`` with each sentence for the user.
    """

    def __init__(
        self,
        clock: Clock,
        limits: Limits,
        start: Callable[[], Child],
        on_said: Callable[[str], object],
    ) -> None:
        self.told = Told()
        self._clock = clock
        self._start = start
        self._on_said = on_said
        self._rows: deque[Recorded] = deque()
        self.put: Callable[[Recorded], None] = self._rows.append
        self._blind: deque[BlindInterval] = deque(maxlen=MOST_ROWS)
        self._links: deque[LinkChange] = deque(maxlen=MOST_ROWS)
        self._labels: deque[tuple[str, str]] = deque()
        self._said: deque[str] = deque()
        self._limits: Limits | None = limits
        self._latest = limits
        self._digests: set[str] = set()
        self._lost: deque[tuple[int, int]] = deque()
        self._lost_count = 0
        self._child_ended = threading.Event()
        self._is_closing = threading.Event()
        self._is_written = True
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Pushes that wait here and in the process."""
        return len(self._rows) + self.told.waiting

    @property
    def lost(self) -> int:
        """Pushes for which there was no room, since the start."""
        return max(self._lost_count, self.told.lost)

    def put_blind(self, interval: BlindInterval) -> None:
        """Have a blind interval of a channel written; others are not for the history to keep."""
        if interval.cause in {Blindness.LINK, Blindness.SUSPENDED}:
            self._blind.append(interval)

    def put_link(self, change: LinkChange) -> None:
        """Have a change of a link written."""
        self._links.append(change)

    def put_label(self, device: str, label: str) -> None:
        """Have written what a device is called."""
        self._labels.append((device, label))

    def set_limits(self, limits: Limits) -> None:
        """Keep so much from now on."""
        self._latest = self._limits = limits

    def tick(self) -> None:
        """Once a second: say what is to be said, and keep what waits bounded."""
        while self._said:
            self._on_said(self._said.popleft())
        count = len(self._rows)
        if count > MOST_ROWS:
            self._lost.append((count, self._rows[0][2]))
            self._lost_count += count
            self._rows.clear()

    @property
    def has_ended(self) -> bool:
        """True when all that was handed over is written, or never will be."""
        return not self._thread.is_alive()

    def end(self) -> None:
        """Hand over what waits, and have the process end; its thread does that by itself."""
        self._is_closing.set()

    def close(self, wait_s: float) -> bool:
        """Hand over what waits and have the process end, in so much time; False without success.

        It blocks: for a thread.
        """
        self.end()
        self._thread.join(wait_s)
        return not self._thread.is_alive() and self._is_written and not self._rows

    def _run(self) -> None:
        backoff = Backoff(jitter=0, longest_s=_LONGEST_RETRY_S)
        while True:
            began_s = time.monotonic()
            try:
                child = self._start()
            except OSError as error:
                self._note_ended(f"the program cannot start what writes it: {error.strerror}")
            else:
                if self._serve(child):
                    return
            backoff.note_run(time.monotonic() - began_s)
            if self._is_closing.wait(backoff.next_delay_s()):
                self._is_written = False
                return

    def _serve(self, child: Child) -> bool:
        """Feed a process until this is closed, when it is True, or until the process ends."""
        assert child.stdin is not None
        assert child.stdout is not None
        self._limits, self._digests = self._latest, set()
        self._child_ended.clear()
        listener = threading.Thread(target=self._listen, args=(child.stdout,), daemon=True)
        listener.start()
        is_closing = False
        try:
            while not (is_closing or self._child_ended.is_set()):
                is_closing = self._is_closing.wait(PAUSE_S)
                self._send(child.stdin)
        except OSError:
            is_closing = False
        finally:
            with suppress(OSError):  # it is gone, and the rest with it
                child.stdin.close()
            listener.join()
            child.stdout.close()
            code = child.wait()
        if not is_closing:
            self._note_ended(ENDED)
            return False
        self._is_written = code == 0
        return True

    def _send(self, stream: IO[bytes]) -> None:
        while True:
            sent = self._taken()
            if sent == Sent():
                return
            block = memoryview(block_of(sent))
            while block:
                block = block[stream.write(block) :]

    def _taken(self) -> Sent:
        """The next block of what waits."""
        limits, self._limits = self._limits, None
        rows = _drained(self._rows, _A_BLOCK)
        # After the rows: whatever they were filtered for was there before they came.
        known = known_digests()
        # Of a session that has ended nothing is kept here.
        digests, self._digests = known - self._digests, known
        lost, lost_ms = 0, 0
        while self._lost:
            count, at_ms = self._lost.popleft()
            lost, lost_ms = lost + count, lost_ms or at_ms
        return Sent(
            rows,
            _drained(self._blind),
            _drained(self._links),
            dict(_drained(self._labels)),
            limits,
            lost,
            lost_ms,
            sorted(digests),
        )

    def _listen(self, stream: IO[bytes]) -> None:
        for line in stream:
            told = read_line(line)
            if told is not None:
                self.told = told
                self._said.extend(told.said)
        self._child_ended.set()

    def _note_ended(self, words: str) -> None:
        if not self.told.failure:
            self._said.append(f"The history is not recorded: {words}. It is tried again.")
            _log.error("the history is not recorded: %s", words)
        now_ms = self._clock.now_ms()
        self.told = Told(failure=words, failed_ms=self.told.failed_ms or now_ms)


def _drained(source: deque[_T], most: int = MOST_ROWS) -> list[_T]:
    """What it has, at most so much; another thread may clear it meanwhile."""
    found: list[_T] = []
    with suppress(IndexError):
        while len(found) < most:
            found.append(source.popleft())
    return found
