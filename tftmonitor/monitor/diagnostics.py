"""The program's own figures, once a second: rates, lateness, memory, and what they cost."""

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from tftmonitor.base.clock import Clock, to_iso
from tftmonitor.monitor.monitor import Monitor

_PAGE = 4096
# Some nine hours of lines.
_FILE_SIZE = 10_000_000


class Lateness:
    """How late the event loop answers: call ``note`` with each measured delay in ms."""

    def __init__(self) -> None:
        self._delays: list[float] = []

    def note(self, delay_ms: float) -> None:
        """One measured delay."""
        self._delays.append(max(0.0, delay_ms))

    def drain(self) -> dict[str, float]:
        """p50, p99 and the longest since the last call, in ms."""
        delays, self._delays = sorted(self._delays), []
        if not delays:
            return {"p50": 0.0, "p99": 0.0, "max": 0.0}
        last = len(delays) - 1
        return {
            "p50": round(delays[last // 2], 2),
            "p99": round(delays[round(last * 0.99)], 2),
            "max": round(delays[-1], 2),
        }


class Diagnostics:
    """Makes one figure line a second and appends it to a file where one is given.

    ``recording`` gives the figures of the history, ``history_size`` its size in a sentence, and
    ``why_not_recorded`` what there is to say while nothing is recorded, else "".
    """

    def __init__(
        self, monitor: Monitor, clock: Clock, frames: Callable[[], int], file: Path | None = None
    ) -> None:
        self.lateness = Lateness()
        self.problem = ""
        self.recording: Callable[[], Mapping[str, Any]] = dict
        self.history_size: Callable[[], str] = str
        self.why_not_recorded: Callable[[], str] = str
        self._monitor = monitor
        self._clock = clock
        self._frames = frames
        self._file = file
        self._last_s = clock.monotonic_s()
        self._last_messages = 0
        self._last_cpu_s = time.process_time()
        self._own_s = 0.0

    @property
    def to_file(self) -> bool:
        """True when the lines go to a file."""
        return self._file is not None

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """What runs within is counted as the cost of the figures themselves."""
        start_s = time.thread_time()
        try:
            yield
        finally:
            self._own_s += time.thread_time() - start_s

    def line(self) -> dict[str, Any]:
        """The figures of the time since the last call."""
        now_s = self._clock.monotonic_s()
        counters = self._monitor.counters
        seconds = max(1e-3, now_s - self._last_s)
        rate = (counters.messages - self._last_messages) / seconds
        self._last_s, self._last_messages = now_s, counters.messages
        cpu_s = time.process_time() - self._last_cpu_s
        self._last_cpu_s += cpu_s
        own_s, self._own_s = self._own_s, 0.0
        return {
            "time": to_iso(self._clock.now_ms()),
            "messages": counters.messages,
            "messages_per_s": round(rate, 1),
            "frames": self._frames(),
            "lateness_ms": self.lateness.drain(),
            "devices": len(self._monitor.fleet),
            "invalid": counters.invalid,
            "late": counters.late,
            "frames_given_up": self._monitor.receiver.large_frames.given_up,
            "open_alarms": len(self._monitor.alarm_service.alarms.open()),
            "cpu_percent": round(100 * cpu_s / seconds, 1),
            "own_percent": round(100 * own_s / seconds, 3),
            "threads": threading.active_count(),
            "tasks": _tasks(),
            "rss_mb": round(resident_bytes() / 1_048_576, 1),
            **self.recording(),
        }

    def append(self, line: dict[str, Any]) -> None:
        """Write the line to the file; a refusal is kept in ``problem``, as text.

        One that has become large is put aside under its name with ``.1``, in place of the last.
        """
        if self._file is None:
            return
        try:
            with self._file.open("ab") as file:
                file.write(msgspec.json.encode(line) + b"\n")
                size = file.tell()
            if size > _FILE_SIZE:
                self._file.replace(self._file.with_name(f"{self._file.name}.1"))
        except OSError as error:
            self.problem = f"diagnostics not written: {error.strerror}"


def _tasks() -> int:
    try:
        return len(asyncio.all_tasks())
    except RuntimeError:  # no loop runs
        return 0


def resident_bytes() -> int:
    """Memory of this process that is in RAM; its largest so far where that is all one gets."""
    try:
        fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
        return int(fields[1]) * _PAGE
    except OSError:
        pass
    if sys.platform == "win32":
        return 0
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return usage if sys.platform == "darwin" else usage * 1024
