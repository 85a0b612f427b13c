"""The real window on a real screen: does what its lines of input say, and tells where it is."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.window.dock_spec import DockSpec
from tftmonitor.ui.window.main_window import MainWindow

_SETTLED_S = 1.2


def main() -> None:
    application = QApplication([])
    settings = SettingsStore(Path(sys.argv[1]))
    docks = [
        DockSpec("left", "Left", QLabel, Qt.DockWidgetArea.LeftDockWidgetArea, 400),
        DockSpec("below", "Below", QLabel, Qt.DockWidgetArea.BottomDockWidgetArea, 250),
    ]
    window = MainWindow([QLabel("bar")], QLabel(), QLabel(), {spec: QLabel() for spec in docks}, {})

    def pass_time() -> None:
        end_s = time.monotonic() + _SETTLED_S
        while time.monotonic() < end_s:
            application.processEvents()
            time.sleep(0.005)

    def tell() -> dict[str, Any]:
        frame, room = window.frameGeometry(), QGuiApplication.primaryScreen().availableGeometry()
        return {
            "frame": frame.getRect(),
            "room": room.getRect(),
            "inside": room.contains(frame),
            "maximized": window.isMaximized(),
            "full": window.isFullScreen(),
            "floating": window.docks["left"].isFloating(),
            "floats_inside": room.contains(window.docks["left"].frameGeometry()),
            "below": window.docks["below"].isVisible(),
        }

    def float_far() -> None:
        window.docks["left"].setFloating(True)
        window.docks["left"].move(1_500, 900)

    acts: dict[str, Callable[[], object]] = {
        "restore": lambda: window.restore(settings.values),
        "show": window.show,
        "maximize": window.showMaximized,
        "F11": window.toggle_full_screen,
        "float far": float_far,
        "hide below": window.docks["below"].hide,
        "far": lambda: window.setGeometry(1_400, 700, 500, 340),
        "save": lambda: settings.update(**window.layout_settings()),
        "wait": lambda: None,
    }
    for line in sys.stdin:
        acts[line.strip()]()
        pass_time()
        print(json.dumps(tell()), flush=True)


if __name__ == "__main__":
    main()
