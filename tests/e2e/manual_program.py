"""Opens the manual of the real window by its keys; prints what is shown, as one JSON object."""

import asyncio
import json
import sys
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.e2e.window_program import until
from tftmonitor.app.program import Program
from tftmonitor.app.run import run_window
from tftmonitor.cli import build_parser
from tftmonitor.ui.help.manual import ManualPage

_CTRL = Qt.KeyboardModifier.ControlModifier


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget() or QApplication.activeWindow()
    assert target is not None
    QTest.keyClick(target, key, modifier)


def focused_line() -> str | None:
    line = QApplication.focusWidget()
    return line.accessibleName() if isinstance(line, QLineEdit) else None


async def use(program: Program) -> None:
    facts: dict[str, Any] = {}
    window, pages = program.window, program.window.pages
    try:
        await until(lambda: len(program.monitor.fleet) >= 3, "three devices")
        window.activateWindow()
        await until(window.isActiveWindow, "the window in front")
        press(Qt.Key.Key_F1)
        manual = program.shell.page("manual")
        assert isinstance(manual, ManualPage)
        facts["F1"] = pages.shown
        press(Qt.Key.Key_F, _CTRL)
        QTest.keyClicks(manual.search, "lost?")
        facts["Ctrl+F"] = [focused_line(), manual.search.text(), program.palette.isVisible()]
        manual.search.clear()
        press(Qt.Key.Key_Escape)
        facts["Esc"] = pages.shown
        press(Qt.Key.Key_F, _CTRL)
        facts["Ctrl+F of the window"] = focused_line()
        window.resize(1280, 800)
        for name in ("settings", "journal", "words", "statistics"):
            program.shell.show_pane(name)
            await asyncio.sleep(0.1)  # The page finds its place.
            press(Qt.Key.Key_F, _CTRL)
            facts[f"Ctrl+F on {name}"] = [pages.shown, focused_line()]
            program.shell.show_pane("devices")
        program.parts.devices.view.setFocus()
        # With Shift it is one key only where a keyboard says so.
        press(Qt.Key.Key_Question)
        facts["?"] = [program.palette.isVisible(), program.palette.line.placeholderText()]
        press(Qt.Key.Key_Escape)
        program.shell.show_pane("rules")
        press(Qt.Key.Key_F1)
        assert manual.browser.page is not None
        facts["F1 on rules"] = [pages.shown, manual.browser.page.name]
        await asyncio.sleep(0)
        print(json.dumps(facts), flush=True)
    finally:
        program.request_exit()


if __name__ == "__main__":
    options = build_parser().parse_args(["--demo", "--demo-devices", "3", *sys.argv[1:]])
    raise SystemExit(run_window(options, use))
