"""What the program can be started for besides being used: a picture, and the smoke test.

Both are painted by Qt itself and work without a display.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tftmonitor.monitor.monitor import Monitor

_log = logging.getLogger(__name__)

PICTURE_SIZE = (1280, 800)
# Long enough for the demo's vehicles to have drawn a line worth a picture.
_PICTURE_AFTER_S = 20.0
_SMOKE_AFTER_S = 4.0


async def take_picture(window: QWidget, file: Path, after_s: float | None) -> int:
    """Write the window as a PNG after a while; the exit code."""
    await asyncio.sleep(after_s or _PICTURE_AFTER_S)
    if paint_and_save(window, file):
        return 0
    _log.error("the picture could not be written to %s", file)
    return 1


async def smoke(
    monitor: Monitor, window: QWidget, plotted: Callable[[], int], file: Path | None
) -> int:
    """What the frozen program must do: receive, paint the list and both plots; the exit code.

    ``plotted`` gives the number of samples that the plots hold.
    """
    await asyncio.sleep(_SMOKE_AFTER_S)
    received, listed = monitor.counters.messages, len(monitor.fleet)
    samples = plotted()
    painted = paint_and_save(window, file)
    print(f"smoke: {received} messages, {listed} devices, {samples} samples plotted")
    return 0 if received and listed and samples and painted else 1


def paint_and_save(window: QWidget, file: Path | None) -> bool:
    """Paint the whole window and write it as PNG where a file is given; False on failure."""
    picture = window.grab()
    if picture.isNull():
        return False
    if file is None:
        return True
    file.parent.mkdir(parents=True, exist_ok=True)
    return picture.save(str(file))
