"""Prints when the program painted its window first, and when it first listed devices, in ms."""

import os
import sys
import time
from pathlib import Path

_URL, _NAME, _PROFILE, _STARTED_S = *sys.argv[1:4], float(sys.argv[4])


def main() -> None:
    # As the command line does, in its order.
    from tftmonitor.cli import build_parser, window

    options = build_parser([]).parse_args(
        [
            *("--user", _NAME, "--device-url", _URL, "--message-url", _URL),
            *("--profile", _PROFILE, "--size", "1600x900"),
        ]
    )
    window.prepare()
    from PySide6.QtGui import QPaintEvent

    from tftmonitor.app.run import run_window
    from tftmonitor.ui.devices.view import DeviceView

    first_s = 0.0
    paint = DeviceView.paintEvent

    def painted(view: DeviceView, event: QPaintEvent) -> None:
        nonlocal first_s
        paint(view, event)
        first_s = first_s or time.time()
        if view.model().rowCount():
            for moment_s in (first_s, time.time()):
                print((moment_s - _STARTED_S) * 1000, end=" ")
            print(flush=True)
            os._exit(0)

    # Watching every event from Python would cost more than the painting.
    DeviceView.paintEvent = painted  # type: ignore[method-assign, assignment]
    run_window(options)


if __name__ == "__main__":
    Path(_PROFILE).mkdir(parents=True, exist_ok=True)
    main()
