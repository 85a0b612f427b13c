"""Prints when the program painted its window first, and when it first listed devices, in ms."""

import asyncio
import os
import sys
import time
from pathlib import Path

_URL, _NAME, _PROFILE, _STARTED_S = *sys.argv[1:4], float(sys.argv[4])


def main() -> None:
    # What the command line imports, in its order.
    from tftmonitor.cli import build_parser

    options = build_parser().parse_args(
        ["--user", _NAME, "--device-url", _URL, "--message-url", _URL, "--profile", _PROFILE]
        + ["--size", "1600x900"]
    )
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does
    from PySide6.QtCore import QEvent, QObject

    from tftmonitor.app import Program, run_window

    class Paints(QObject):
        first_s = 0.0

        def __init__(self, program: Program) -> None:
            super().__init__()
            self._program = program

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint:
                Paints.first_s = Paints.first_s or time.time()
                if self._program.shell.devices.model.rowCount():
                    for moment_s in (Paints.first_s, time.time()):
                        print((moment_s - _STARTED_S) * 1000, end=" ")
                    print(flush=True)
                    os._exit(0)
            return False

    async def watch(program: Program) -> None:
        paints = Paints(program)
        program.shell.window.installEventFilter(paints)
        program.shell.devices.view.viewport().installEventFilter(paints)
        await asyncio.sleep(30)

    run_window(options, watch)


if __name__ == "__main__":
    Path(_PROFILE).mkdir(parents=True, exist_ok=True)
    main()
