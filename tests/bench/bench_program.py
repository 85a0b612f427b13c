"""The program under test: its own composition in an offscreen window, told by lines of JSON."""

import asyncio
import gc
import json
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.bench_subject import Subject, probe, resident_mb
from tftmonitor.cli import build_parser, window

if TYPE_CHECKING:
    from tftmonitor.app.program import Program

_HANDLES = "/proc/self/fd"


class Bench:
    """Drives one program: what a user would do, and what is measured."""

    def __init__(self, program: "Program", folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._profile: Any = None
        counters = program.monitor.counters
        self.subject = Subject(
            lambda: counters.messages,
            {
                "look": self._look,
                "probe": self._probe,
                "diagnose": self._diagnose,
                "profile": self._start_profile,
                "report": self._report,
                "facts": self._facts,
                "drain": self._drain,
                "health": self._health,
            },
        )
        self._timer = probe(self.subject.delays, program.window)

    async def serve(self) -> None:
        try:
            await self.subject.serve()
        finally:
            self._program.request_exit()

    async def _look(self, sort: str = "speed") -> None:
        """Sort the list by a column that lives, and open the first device with its plots."""
        devices = self._program.parts.devices
        keys = [column.key for column in devices.model.columns]
        from PySide6.QtCore import Qt

        order = Qt.SortOrder.DescendingOrder
        devices.view.horizontalHeader().setSortIndicator(keys.index(sort), order)
        fleet = list(self._program.monitor.fleet)
        moving = next((d for d in fleet if d.status and d.status.speed), fleet[0])
        self._program.parts.devices.select(moving.key)
        self._program.parts.detail.show_tab("Overview")
        await asyncio.sleep(0.5)

    async def _probe(self, on: bool) -> None:
        self._timer.start() if on else self._timer.stop()

    async def _diagnose(self, on: bool) -> dict[str, Any]:
        """As with --diagnostics from now on, or the lines that were written since."""
        diagnostics, file = self._program.parts.diagnostics, self._folder / "figures.jsonl"
        diagnostics._file = file if on else None
        lines = [] if on else [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        return {"lines": lines}

    async def _start_profile(self) -> None:
        import cProfile

        self._profile = cProfile.Profile()
        self._profile.enable()

    async def _report(self, order: str = "tottime", lines: int = 40) -> None:
        import pstats

        self._profile.disable()
        pstats.Stats(self._profile, stream=sys.stderr).sort_stats(order).print_stats(lines)

    async def _facts(self) -> dict[str, Any]:
        monitor = self._program.monitor
        return {
            "devices": len(monitor.fleet),
            "samples": sum(len(device.series) for device in monitor.fleet),
            "invalid": monitor.counters.invalid,
            "late": monitor.counters.late,
            "open": len(monitor.alarm_service.alarms.open()),
            "frames": self._program.shell.frame_clock.frames,
        }

    async def _health(self) -> dict[str, float]:
        """What grows when something leaks."""
        return {
            "messages": self._program.monitor.counters.messages,
            "RSS MiB": resident_mb(),
            "objects": len(gc.get_objects()),
            "tasks": len(asyncio.all_tasks()),
            "threads": threading.active_count(),
            "handles": _handles(),
            "open alarms": len(self._program.monitor.alarm_service.alarms.open()),
        }

    async def _drain(self) -> dict[str, bool]:
        return {"done": await self._program.monitor.alarm_service.drain()}


def _handles() -> int:
    return len(os.listdir(_HANDLES)) if os.path.isdir(_HANDLES) else 0


def main(url: str, name: str, profile: Path, message_url: str) -> int:
    profile.mkdir(parents=True, exist_ok=True)
    options = build_parser([]).parse_args(
        [
            *("--user", name, "--device-url", url, "--message-url", message_url),
            *("--profile", str(profile), "--theme", "light", "--size", "1600x900"),
        ]
    )
    # As the command line does, in its order.
    window.prepare()
    from tftmonitor.app.run import run_window

    return run_window(options, lambda program: Bench(program, profile).serve())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[-1 if sys.argv[4:] else 1]))
