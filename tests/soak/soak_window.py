"""The real window of a soak, a process: the program's clock is a fast one, its figures are told.

Prints a line of JSON a second with its figures. Each line of standard input is an order: ``set S``
sets the program's wall clock S seconds ahead of the true time; the end of it ends the program.
"""

import asyncio
import gc
import json
import os
import sys
import threading
from pathlib import Path

from tests.bench.bench_subject import resident_mb
from tests.soak.soak_clock import FastClock
from tftmonitor.app import core
from tftmonitor.app.program import Program
from tftmonitor.app.run import run_window
from tftmonitor.base.clock import SECOND_MS
from tftmonitor.cli import build_parser
from tftmonitor.protocol.channels import Channel

_HANDLES = Path("/proc/self/fd")
# In the program's time: as a shift would, nobody leaves alarms open for ever.
_CLOSED_AFTER_S = 60


async def use(program: Program, clock: FastClock) -> None:
    """Tell the figures and tidy up the alarms, until somebody ends it."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            kind, _, amount = line.partition(" ")
            if kind == "set":
                loop.call_soon_threadsafe(clock.set_to, float(amount))
        loop.call_soon_threadsafe(over.set)

    threading.Thread(target=read, daemon=True).start()
    while not over.is_set():
        # Not to a file, which must not grow while the disk is full.
        print(json.dumps(_figures(program)), flush=True)
        _tidy(program, clock)
        await asyncio.sleep(1.0)


def _figures(program: Program) -> dict[str, object]:
    monitor = program.monitor
    return {
        "live": all(monitor.link_status(channel).is_up for channel in Channel),
        "messages": monitor.counters.messages,
        "rss": resident_mb(),
        "objects": len(gc.get_objects()),
        "tasks": len(asyncio.all_tasks()),
        "threads": threading.active_count(),
        "handles": len(os.listdir(_HANDLES)),
        "open": len(program.alarms.open()),
        "failing": [step.value for step in monitor.alarm_service.pipeline.failing],
    }


def _tidy(program: Program, clock: FastClock) -> None:
    service, before_ms = program.monitor.alarm_service, clock.now_ms() - _CLOSED_AFTER_S * SECOND_MS
    old = [alarm.id for alarm in program.alarms.open() if alarm.last_ms < before_ms]
    if old:
        service.acknowledge(old)
        service.close_alarms(old)


def main() -> int:
    """The arguments: start and speed of the clock, then the window's own."""
    clock = FastClock(float(sys.argv[1]), float(sys.argv[2]))
    # Where the program makes its one clock.
    setattr(core, "SystemClock", lambda: clock)  # noqa: B010 - of another type

    async def script(program: Program) -> None:
        try:
            await use(program, clock)
        finally:
            program.request_exit()

    return run_window(build_parser().parse_args(sys.argv[3:]), script)


if __name__ == "__main__":
    raise SystemExit(main())
