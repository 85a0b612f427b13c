"""A day's work with the keyboard alone: real key presses, sent by the X server to the window."""

import asyncio
import subprocess
from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication

from tests.e2e import desktop
from tests.e2e.fault_window import (
    ask,
    come_forward,
    is_up,
    main,
    plots_of,
    shown_cells,
    shown_text,
    tell,
    until,
)
from tftmonitor.app.program import Program
from tftmonitor.link import reconnect

_ALARMS = 3
# Longer than the window takes for a key that does something.
_NOTHING_COMES_S = 0.5


async def press(*keys: str) -> None:
    """Press these one after the other, as xdotool names them."""
    await asyncio.to_thread(desktop.press, *keys)


async def write(text: str) -> None:
    await asyncio.to_thread(subprocess.run, ["xdotool", "type", text], check=True)


def sight(program: Program) -> dict[str, Any]:
    parts, book = program.parts, program.alarms
    focus = QApplication.focusWidget()
    banner = parts.banner
    return {
        "chosen": parts.alarms.selected_ids(),
        "device": parts.devices.selected_key(),
        "head": shown_text(parts.detail.head),
        "tab": parts.detail.page.title,
        "plots_shown": not plots_of(program).visibleRegion().isEmpty(),
        "plots_live": plots_of(program).is_live,
        "pill": [text for text in shown_text(plots_of(program)) if "back to live" in text.lower()],
        "waiting": [alarm.id for alarm in book.unacknowledged()],
        "silenced": [a.id for a in book.unacknowledged() if a.silenced_ms is not None],
        "banner": shown_text(banner) if banner.isVisible() else [],
        "rows": shown_cells(parts.alarms.view),
        "focus": type(focus).__name__ if focus else "",
    }


async def settle(fact: Callable[[], Any]) -> None:
    """Wait for what a key should bring; what came instead is for the test to see."""
    try:
        await until(fact, "", 3.0)
    except TimeoutError:
        return
    await asyncio.sleep(0.1)


async def use(program: Program) -> None:
    reconnect.QUIET_AFTER_S = 0.4
    parts, monitor, book = program.parts, program.monitor, program.alarms
    await until(
        lambda: len(monitor.fleet) == 6 and parts.plots.stack and is_up(program), "the fleet"
    )
    await come_forward(program)
    room = QApplication.primaryScreen().availableGeometry()
    frame = program.window.frameGeometry()
    least = program.window.minimumSizeHint()
    tell(
        "size",
        window=[frame.width(), frame.height()],
        screen=[room.width(), room.height()],
        least=[least.width(), least.height()],
    )
    devices = [device.key for device in monitor.fleet.devices]
    ask(f"alarms:n={_ALARMS}")
    await until(
        lambda: [len(a.sources) for a in book.unacknowledged()] == [2] * _ALARMS, "the alarms"
    )
    await until(parts.banner.isVisible, "the banner")
    await asyncio.sleep(0.2)  # the table draws a little later
    tell("desk")
    alarms = [(alarm.id, alarm.device) for alarm in book.unacknowledged()]
    tell("before", **sight(program), alarms=alarms, devices=devices)
    await see_alarms(program)
    await find_device(program, devices)


async def see_alarms(program: Program) -> None:
    parts, book = program.parts, program.alarms
    await press("F7")
    await settle(parts.alarms.selected_ids)
    tell("F7", **sight(program))
    first = parts.alarms.selected_ids()
    await press("F7")
    await settle(lambda: parts.alarms.selected_ids() != first)
    tell("F7 F7", **sight(program))
    # Qt's own copy of one cell must not come first.
    parts.alarms.view.setFocus()
    await press("ctrl+c")
    clipboard = QApplication.clipboard()
    await settle(lambda: "\n" in clipboard.text())
    tell("ctrl+C", text=clipboard.text(), **sight(program))
    parts.devices.view.setFocus()
    await press("ctrl+c")
    await settle(lambda: clipboard.text().startswith("State"))
    tell("ctrl+C devices", text=clipboard.text())
    waiting = len(book.unacknowledged())
    await press("F9")
    await settle(lambda: all(a.silenced_ms is not None for a in book.unacknowledged()))
    await asyncio.sleep(_NOTHING_COMES_S)
    tell("F9", **sight(program))
    await press("F8")
    await settle(lambda: len(book.unacknowledged()) < waiting)
    tell("F8", **sight(program))


async def find_device(program: Program, devices: list[str]) -> None:
    parts = program.parts
    await press("ctrl+f")
    await write(devices[4][-4:])
    await press("Return")
    await settle(lambda: parts.devices.selected_key() == devices[4])
    tell("ctrl+F Enter", **sight(program))
    await press("plus")
    await settle(lambda: not plots_of(program).is_live)
    tell("zoom", **sight(program))
    await press("l")
    await settle(lambda: plots_of(program).is_live)
    tell("L", **sight(program))
    await press("ctrl+k")
    await write(devices[2][-4:])
    await asyncio.sleep(0.1)
    assert program.palette is not None
    shown = shown_text(program.window) + [row[0] for row in shown_cells(program.palette.list)]
    await press("Return")
    await settle(lambda: parts.devices.selected_key() == devices[2])
    tell("ctrl+K Enter", **sight(program), palette=shown)
    await press("ctrl+j")
    await settle(lambda: parts.detail.page.title == "Raw")
    tell("ctrl+J", **sight(program))


if __name__ == "__main__":
    raise SystemExit(main(use))
