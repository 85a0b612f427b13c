"""The program of ``test_desktop_services``: the real tray and notifier on the real loop.

Reads commands from stdin, one a line, and says on stdout what happened, one JSON object a line.
"""

import asyncio
import json
import os
import sys

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel

from tftmonitor.base.clock import SystemClock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.alerts.notify import DesktopNotifier
from tftmonitor.ui.alerts.tray import Tray
from tftmonitor.ui.platform.event_loop import make_application, run
from tftmonitor.ui.theme.theme import DARK, LIGHT, install_theme


def say(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


class Program:
    def __init__(self, scope: TaskScope) -> None:
        self.ended = asyncio.Event()
        self.tray = Tray()
        self.tray.available_changed.connect(lambda there: say(tray=there))
        self.tray.show_requested.connect(lambda: say(show=True))
        self.notifier = DesktopNotifier(
            scope,
            SystemClock(),
            lambda alarm: say(opened=alarm),
            lambda text: say(problem=text),
            tray=self.tray,
        )

    def read(self) -> None:
        text = os.read(0, 65_536).decode()
        for line in text.splitlines() or ["quit"]:
            self.run_command(line)

    def run_command(self, line: str) -> None:
        word, _, rest = line.strip().partition(" ")
        if word == "show":
            alarm, severity, title, body = rest.split("|")
            self.notifier.show(int(alarm), title, body, Severity[severity])
        elif word == "withdraw":
            self.notifier.withdraw(int(rest))
        elif word == "state":
            self.tray.set_state(Severity[rest], 1, waiting=True)
        elif word == "balloon":
            say(balloon=contrast_of_balloon(rest))
        elif word == "check":
            self.tray.check_available()
        else:
            self.ended.set()


def contrast_of_balloon(file: str) -> list[float]:
    """The contrast of each text of the tray's balloon; a picture of it goes into the file."""
    found = []
    for widget in QApplication.topLevelWidgets():
        if widget.inherits("QBalloonTip") and widget.isVisible():
            widget.grab().save(file)
            image = widget.grab().toImage()
            for label in widget.findChildren(QLabel):
                if label.text():
                    inside = image.copy(QRect(label.mapTo(widget, QPoint()), label.size()))
                    found.append(contrast(inside))
    return found


def contrast(image: QImage) -> float:
    lights = [
        luminance(image.pixelColor(x, y))
        for x in range(image.width())
        for y in range(image.height())
    ]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def luminance(color: QColor) -> float:
    parts = (color.redF() ** 2.2, color.greenF() ** 2.2, color.blueF() ** 2.2)
    return float(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])


async def main() -> int:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    install_theme(app, DARK if "dark" in sys.argv else LIGHT)
    async with TaskScope(lambda name, error: say(failed=f"{name}: {error!r}")) as scope:
        program = Program(scope)
        program.notifier.start()
        program.tray.start()
        loop = asyncio.get_running_loop()
        loop.add_reader(0, program.read)
        say(ready=program.tray.available)
        await program.ended.wait()
        loop.remove_reader(0)
        await program.notifier.close()
        program.tray.stop()
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    say(left=[task.get_name() for task in left])
    return 0


if __name__ == "__main__":
    sys.exit(run(make_application(), main))
