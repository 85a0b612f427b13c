"""The history as a thread reads it beside the window: with rests, and until it is told to stop."""

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from tftmonitor.base.clock import Clock, SystemClock
from tftmonitor.history.export.source import Frame, HistorySource, Span
from tftmonitor.model.coverage import BlindInterval

# So many pushes without a look at the time, and so long without a rest: whoever waits for the
# interpreter waits for that, and not for the five milliseconds after which it is taken away.
_AT_ONCE: Final = 8
_WORK_S: Final = 0.001
_REST_S: Final = 0.000_5


class ReadingStopped(Exception):  # noqa: N818 - nothing went wrong
    """Nobody waits for the answer any more."""


class RestingSource:
    """Another source, read so that a window in the same process goes on; see the module."""

    def __init__(
        self, source: HistorySource, stop: threading.Event, clock: Clock | None = None
    ) -> None:
        self._source = source
        self._stop = stop
        self._clock = clock or SystemClock()
        self._rest_due_s = 0.0

    def devices(self) -> Sequence[Span]:
        """All devices of which something is kept. Raises ReadingStopped."""
        self._pause()
        return self._source.devices()

    def frames(
        self, start_ms: int, end_ms: int, devices: Collection[str] | None = None
    ) -> Iterator[Frame]:
        """What came in, as the source has it. Raises ReadingStopped."""
        self._pause()
        for count, frame in enumerate(self._source.frames(start_ms, end_ms, devices), 1):
            if count % _AT_ONCE == 0 and self._clock.monotonic_s() >= self._rest_due_s:
                self._pause()
            yield frame

    def blind(self, start_ms: int, end_ms: int) -> Sequence[BlindInterval]:
        """The blind intervals that touch the stretch. Raises ReadingStopped."""
        self._pause()
        return self._source.blind(start_ms, end_ms)

    def _pause(self) -> None:
        if self._stop.is_set():
            raise ReadingStopped
        time.sleep(_REST_S)
        self._rest_due_s = self._clock.monotonic_s() + _WORK_S
