"""Alarms across the violent end of the program: the first run is killed, the second looks."""

import asyncio
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.e2e.fault_window import (
    ask,
    come_forward,
    is_up,
    main,
    shown_cells,
    shown_text,
    tell,
    until,
)
from tftmonitor.app.program import Program
from tftmonitor.link import reconnect


def sight(program: Program) -> dict[str, Any]:
    banner = program.parts.banner
    return {
        "open": [alarm.name for alarm in program.alarms.unacknowledged()],
        "acknowledged": [alarm.name for alarm in program.alarms.acknowledged()],
        "banner": shown_text(banner) if banner.isVisible() else [],
        "rows": shown_cells(program.parts.alarms.view),
    }


async def use(program: Program) -> None:
    reconnect.QUIET_AFTER_S = 0.4
    book = program.alarms
    mark = program.core.settings.path.with_name("first")
    if mark.exists():
        await until(lambda: len(book.all()) == 2, "what was left open")
        await asyncio.sleep(0.15)  # the table draws a little later
        program.shell.frame_clock.tick()
        tell("restarted", **sight(program))
        return
    mark.touch()
    await until(lambda: is_up(program), "both channels")
    ask("alarms:n=2")
    await until(lambda: [len(a.sources) for a in book.all()] == [2, 2], "two alarms")
    await come_forward(program)
    QTest.keyClick(program.window, Qt.Key.Key_F8)
    await until(book.acknowledged, "the acknowledgement")
    await asyncio.sleep(0.15)
    tell("before", **sight(program))
    tell("kill")
    await asyncio.sleep(30)


if __name__ == "__main__":
    raise SystemExit(main(use))
