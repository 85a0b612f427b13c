"""Standard output as ``watch`` uses it: lines in order, so many, and what a slow reader misses."""

import asyncio
import io
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from tftmonitor.base.clock import Clock
from tftmonitor.cli.left_out import LeftOut
from tftmonitor.cli.line_writer import LineWriter
from tftmonitor.monitor.watch_format import encode_line

# After a signal what waits for a slow reader is written for so long, looked at so often.
_REST_S: Final = 3.0
_LOOK_S: Final = 0.25
_TOO_SLOW: Final = "the reader is too slow, lines are left out"


class LineOutput:
    """Make it on the running loop. ``ended`` is called when nobody wants or takes more lines.

    ``count`` is how many are wanted, None for all; ``mark`` stands in each line that is ours;
    ``say`` tells a person. ``problem`` is why lines cannot be written, or "".
    """

    def __init__(
        self,
        count: int | None,
        mark: Mapping[str, Any],
        clock: Clock,
        ended: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        self.problem = ""
        self.is_over = False
        self._left = count
        self._mark = mark
        self._clock = clock
        self._ended = ended
        self._say = say
        self._left_out = LeftOut()
        loop = asyncio.get_running_loop()
        self._writer = LineWriter(
            io.FileIO(sys.stdout.fileno(), "wb", closefd=False),
            lambda error: loop.call_soon_threadsafe(self._note_failed, error),
        )

    def put(self, line: bytes, received_ms: int, *, urgent: bool) -> None:
        """Write a line as soon as the reader takes it, or count it as left out."""
        if self.is_over:
            return
        self._tell_left_out()
        if not self._writer.put(line + b"\n", urgent=urgent):
            if self._left_out.add(received_ms):
                self._say(_TOO_SLOW)
        elif self._left is not None:
            self._left -= 1
            if self._left <= 0:
                self._end()

    async def finish(self, is_asked_to_end: Callable[[], bool]) -> None:
        """Write what waits for a slow reader; whoever ends us does not wait for all of it."""
        self._tell_left_out(urgent=True)
        waited_s = 0.0
        while unwritten := await asyncio.to_thread(self._writer.close, _LOOK_S):
            waited_s += _LOOK_S
            if is_asked_to_end() and waited_s >= _REST_S:
                self._say(f"{unwritten} lines were not taken")
                _give_up_stdout()
                return

    def _tell_left_out(self, *, urgent: bool = False) -> None:
        """In a line of its own, before the next one, as soon as there is room."""
        if not self._left_out.count:
            return
        line = self._left_out.line(self._clock.now_ms()) | dict(self._mark)
        if self._writer.put(encode_line(line) + b"\n", urgent=urgent) or urgent:
            self._say(self._left_out.words)
            self._left_out = LeftOut()

    def _note_failed(self, error: OSError) -> None:
        if not isinstance(error, BrokenPipeError):
            self.problem = f"lines cannot be written: {error.strerror}"
        self._end()
        _give_up_stdout()

    def _end(self) -> None:
        self.is_over = True
        self._ended()


def _give_up_stdout() -> None:
    """Nobody takes it: whatever else is written goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
