"""What every subject can be asked: how much came in, its CPU, how late its loop was."""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

_PROBE_S = 0.005
# A gap like this says that the probe was not running.
_STOPPED_S = 5.0
_POLL_S = 0.01
Handler = Callable[..., Coroutine[Any, Any, Any]]


def resident_mb() -> float:
    """RSS in MiB."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1_048_576


class Subject:
    """Reads commands from standard input in a thread; serves them on the running loop."""

    def __init__(self, received: Callable[[], int], handlers: dict[str, Handler]) -> None:
        self._received = received
        self._handlers: dict[str, Handler] = {
            "mark": self._mark,
            "await": self._await,
            "sleep": self._sleep,
            "rss": self._rss,
            **handlers,
        }
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        self._from = 0
        self._cpu_s = self._marked_s = 0.0
        self.delays: list[float] = []

    def add(self, name: str, handler: Handler) -> None:
        """Serve one more command."""
        self._handlers[name] = handler

    async def serve(self) -> None:
        """Answer until the input ends."""
        threading.Thread(target=self._read, daemon=True).start()
        print("{}", flush=True)
        while line := await self._lines.get():
            command = json.loads(line)
            answer = await self._handlers[command.pop("do")](**command)
            print(json.dumps(answer or {}), flush=True)

    def _read(self) -> None:
        for line in sys.stdin:
            self._loop.call_soon_threadsafe(self._lines.put_nowait, line)
        self._loop.call_soon_threadsafe(self._lines.put_nowait, "")

    async def _mark(self) -> None:
        self._from = self._received()
        self.delays.clear()
        self._cpu_s, self._marked_s = time.process_time(), time.monotonic()

    async def _await(self, count: int) -> dict[str, float]:
        deadline_s = time.monotonic() + 120
        while self._received() - self._from < count:
            if time.monotonic() > deadline_s:
                raise RuntimeError(f"{self._received() - self._from} of {count} came")
            await asyncio.sleep(_POLL_S)
        now_s, cpu_s = time.monotonic(), time.process_time() - self._cpu_s
        found = {"at_s": now_s, "cpu_s": cpu_s, "seconds": now_s - self._marked_s}
        return found | lateness(self.delays)

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _rss(self) -> dict[str, float]:
        return {"mb": resident_mb()}


def lateness(delays: list[float]) -> dict[str, float]:
    """p50, p99 and the longest in ms."""
    if not delays:
        return {"p50": 0.0, "p99": 0.0, "max": 0.0}
    found = sorted(delays)
    last = len(found) - 1
    places = {"p50": last // 2, "p99": round(last * 0.99), "max": last}
    return {name: found[place] for name, place in places.items()}


def probe(delays: list[float], parent: Any) -> Any:
    """A Qt timer that notes how late it is called; to be started and stopped."""
    from PySide6.QtCore import Qt, QTimer

    timer = QTimer(parent)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(round(_PROBE_S * 1000))
    last_s = 0.0

    def note() -> None:
        nonlocal last_s
        now_s = time.perf_counter()
        late_s = now_s - last_s - _PROBE_S
        if late_s < _STOPPED_S:
            delays.append(max(0.0, late_s) * 1000)
        last_s = now_s

    timer.timeout.connect(note)
    return timer
