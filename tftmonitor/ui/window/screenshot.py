"""What the program can be started for besides being used: a picture, and the smoke test.

Both are painted by Qt itself and work without a display.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tftmonitor.monitor.monitor import Monitor

_log = logging.getLogger(__name__)

PICTURE_SIZE = (1280, 800)
# At most so long is waited for something that is worth a picture, and so long for the first paint.
_LONGEST_WAIT_S = 20.0
_SHORTEST_WAIT_S = 1.5
_LOOK_EVERY_S = 0.25
_SMOKE_AFTER_S = 4.0


async def take_picture(
    window: QWidget, file: Path, after_s: float | None, is_drawn: Callable[[], bool]
) -> int:
    """Write the window as a PNG; the exit code.

    After ``after_s`` seconds; without, as soon as ``is_drawn`` says that nothing more is to come.
    """
    if after_s is not None:
        await asyncio.sleep(after_s)
    else:
        await asyncio.sleep(_SHORTEST_WAIT_S)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_WAIT_S - _SHORTEST_WAIT_S):
                while not is_drawn():  # noqa: ASYNC110 - nothing tells that a line is long enough
                    await asyncio.sleep(_LOOK_EVERY_S)
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
