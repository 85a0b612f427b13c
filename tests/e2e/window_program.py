"""The real window, used by a script: selects, watches, acknowledges, closes, and tells.

Prints one JSON object a step on standard output; the test beside it reads them.
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from tftmonitor.app.program import Program
from tftmonitor.app.run import run_window
from tftmonitor.cli import build_parser

LIMIT_S = 30.0


def tell(step: str, **facts: Any) -> None:
    print(json.dumps({"step": step, **facts}), flush=True)


async def until(fact: Callable[[], Any], what: str, limit_s: float = LIMIT_S) -> None:
    end = time.monotonic() + limit_s
    while not fact():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {limit_s:g} s for {what}")
        await asyncio.sleep(0.05)


async def use(program: Program) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    window = program.window
    try:
        await until(lambda: len(program.monitor.fleet) >= 3, "three devices")
        device = program.monitor.fleet.devices[1]
        program.parts.devices.select(device.key)
        await until(lambda: program.parts.devices.selected_key() == device.key, "the selection")
        await until(lambda: program.parts.plots.stack is not None, "the plots")
        before = drawn(program)
        await until(lambda: grown(before, drawn(program)), "both plots to grow")
        tell("plots", selected=program.parts.devices.selected_key(), wanted=device.key)
        book = program.alarms
        await until(book.unacknowledged, "an alarm")
        alarm = book.unacknowledged()[0]
        await until(program.parts.banner.isVisible, "the banner")
        tell("alarm", name=alarm.name, device=alarm.device_name)
        await asyncio.sleep(2.0)  # the notification daemon's turn; the test looks at its log
        waiting = len(book.unacknowledged())
        program.window.come_forward()
        await until(window.isActiveWindow, "the window to come forward")
        QTest.keyClick(window, Qt.Key.Key_F8)
        await until(lambda: len(book.unacknowledged()) < waiting or changed(book, alarm), "F8")
        left = book.get(alarm.id)
        tell("acknowledged", needs_ack=left.needs_ack if left else False)
        window.close()
        tell("closed", visible=window.isVisible())
    except Exception as error:
        tell("failed", words=repr(error))
        raise
    finally:
        menu = program.parts.outputs.tray.menu
        next(action for action in menu.actions() if action.text() == "Quit").trigger()


def changed(book: Any, alarm: Any) -> bool:
    left = book.get(alarm.id)
    return left is None or not left.needs_ack


def drawn(program: Program) -> dict[str, int]:
    """How many samples each plotted column shows."""
    stack = program.parts.plots.stack
    table = stack.seen_table() if stack is not None else None
    lines = table.text().splitlines() if table is not None else []
    if not lines:
        return {}
    names = lines[0].split(",")
    rows = [line.split(",") for line in lines[1:] if not line.startswith("#")]
    return {name: sum(bool(row[n]) for row in rows) for n, name in enumerate(names)}


def grown(before: dict[str, int], now: dict[str, int]) -> bool:
    wanted = [name for name in now if name.startswith(("Speed", "External"))]
    return len(wanted) >= 2 and all(now[name] > before.get(name, 0) for name in wanted)


def main() -> int:
    options = build_parser().parse_args(sys.argv[1:])
    code = run_window(options, use)
    threads = [t.name for t in threading.enumerate() if t is not threading.main_thread()]
    tell("ended", code=code, threads=threads)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
