"""Triggers every action with every pane closed, floating and behind another, and on every page.

Prints one JSON object a finding and one at the end; the test beside it reads them.
"""

import asyncio
import itertools
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from tests.e2e.window_program import until
from tftmonitor.app.program import Program
from tftmonitor.app.run import run_window
from tftmonitor.cli import build_parser
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Raised

# What ends the session or the window, or asks the desktop for a program of its own.
LEFT_OUT = {
    "theme_system",
    "theme_light",
    "theme_dark",
    "quit",
    "sign_out",
    "sign_in",
    "log_folder",
    "full_screen",
    "whats_this",
}
ACKNOWLEDGING = {"acknowledge"}
NUMBERS = itertools.count()


def tell(**facts: Any) -> None:
    print(json.dumps(facts, default=str), flush=True)


def states(program: Program) -> Iterator[tuple[str, Callable[[], None]]]:
    """Each way in which a pane is not where it usually is, and each page."""
    window = program.window
    docks = window.docks
    for name in ("devices", "alarms", "inbox"):
        dock = docks[name]
        other = next(each for key, each in docks.items() if key != name)
        yield f"{name} closed", dock.hide
        yield f"{name} floating", lambda dock=dock: dock.setFloating(True)  # type: ignore[misc]

        def behind(dock: Any = dock, other: Any = other) -> None:
            other.show()
            window.tabifyDockWidget(dock, other)
            other.raise_()

        yield f"{name} behind", behind
    for page in ("rules", "journal", "about"):
        yield f"page {page}", lambda page=page: program.shell.show_pane(page)  # type: ignore[misc]


async def ring(program: Program, count: int) -> None:
    """So many further alarms come in."""
    service = program.monitor.alarm_service
    for _ in range(count):
        now_ms, number = program.core.clock.now_ms(), next(NUMBERS)
        service.pipeline.put(
            Raised(
                now_ms,
                Source.SNAPSHOT,
                f"test {number}",
                f"Test {number}",
                Severity.HIGH,
                device=program.monitor.fleet.devices[0].key,
            )
        )
    await service.drain()
    await asyncio.sleep(0.06)


async def use(program: Program) -> None:
    window, service = program.window, program.monitor.alarm_service
    alarms, pane, banner = service.alarms, program.parts.alarms, program.parts.banner
    try:
        await until(lambda: len(program.monitor.fleet) >= 3, "three devices")
        await ring(program, 3)
        await until(lambda: program.parts.plots.stack is not None, "the plots")
        actions = {
            action.objectName(): action
            for action in window.findChildren(QAction)
            if action.objectName() and action.objectName() not in LEFT_OUT
        }
        count = 0
        for state, enter in states(program):
            for key, action in actions.items():
                window.show_workspace("watch")
                window.reset_layout()
                pane.select_alarm(alarms.unacknowledged()[-1].id)
                enter()
                # Which dock is in front is told with the next events.
                await asyncio.sleep(0.01)
                seen = set(pane.selected_ids())
                named = banner.named
                before = {alarm.id for alarm in alarms.unacknowledged()}
                action.trigger()
                for dialog in window.findChildren(QDialog):
                    if isinstance(dialog, QFileDialog) and dialog.isVisible():
                        dialog.reject()
                await asyncio.sleep(0)
                await service.drain()
                gone = before - {alarm.id for alarm in alarms.unacknowledged()}
                allowed = (
                    (seen or {-1 if named is None else named}) if key in ACKNOWLEDGING else set()
                )
                count += 1
                if gone - allowed:
                    tell(finding=f"{key} with {state} acknowledged {gone}, seen {seen} {named}")
                sheet = pane.commands.sheet
                if not sheet.isHidden() and sheet.visibleRegion().isEmpty():
                    tell(finding=f"{key} with {state} opened a sheet that nobody sees")
                if not sheet.isHidden():
                    sheet.leave()
                if program.palette.isVisible():
                    QTest.keyClick(program.palette.line, Qt.Key.Key_Escape)
                if key in ACKNOWLEDGING:
                    await ring(program, len(gone))
                focus = QApplication.focusWidget()
                if focus is not None and focus.visibleRegion().isEmpty() and focus.isVisible():
                    tell(finding=f"{key} with {state} left the keyboard in what is not seen")
        tell(tried=count, actions=len(actions))
    except BaseException as error:
        tell(failed=repr(error))
        raise
    finally:
        program.request_exit()


if __name__ == "__main__":
    options = build_parser().parse_args(["--demo", "--demo-devices", "3", *sys.argv[1:]])
    raise SystemExit(run_window(options, use))
