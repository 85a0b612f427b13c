"""What may become a cliff: a part of the program, how much of it there is, what happens to it.

Each is measured at three sizes by ``python3 dev.py bench cliffs``, and its calls are counted at two
by ``test_growth.py``: a new one is one line in the list of its subject.
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, cast

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.harness import Harness
from tftmonitor.base.gc_scheduler import GcScheduler
from tftmonitor.settings.store import SettingsStore

Act = Callable[[int], float | None]
"""What happens, given how often it has happened before; the longest stall in ms if it knows it."""


@dataclass(frozen=True, slots=True)
class Situation:
    """``make(size)`` builds it; the longest stall is to be below 50 ms at ``held_to``.

    ``counted`` are the two sizes at which calls are counted, ``turns`` how often it happens for one
    measurement. ``is_bounded`` when more than the first of ``counted`` costs nothing more.
    """

    what: str
    unit: str
    sizes: tuple[int, int, int]
    held_to: int
    make: Callable[[int], Act]
    counted: tuple[int, int]
    turns: int = 5
    is_bounded: bool = False


# Panes draw a little later.
_AFTERWARDS_S = 0.3
_PUT_OFF_S = 0.1


_BUILT = contextlib.ExitStack()


class _Shown:
    """Keeps the widgets of a harness alive, in place of a test's bot."""

    def __init__(self) -> None:
        self.widgets: list[QWidget] = []

    def addWidget(self, widget: QWidget) -> None:  # noqa: N802 - as pytest-qt calls it
        self.widgets.append(widget)

    def close(self) -> None:
        for widget in self.widgets:
            widget.close()
            widget.deleteLater()
        # Else each later change of the theme dresses them as well.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def at_end(close: Callable[[], object]) -> None:
    """To be called when what was built is no longer needed; the last one first."""
    _BUILT.callback(close)


def new_harness() -> Harness:
    """A fleet, a clock that stands, and settings in a folder of their own."""
    shown: Any = _Shown()
    at_end(shown.close)
    folder = _BUILT.enter_context(tempfile.TemporaryDirectory(prefix="cliffs-"))
    settings = SettingsStore(Path(folder))
    settings.set("zone", "utc")
    return Harness(shown, settings)


def settle() -> None:
    """Let Qt do all that waits: it paints what it has to."""
    app = cast("QApplication", QApplication.instance())
    for _ in range(3):
        app.processEvents()


async def _settle_soon() -> None:
    settle()


def stalls_ms(situation: Situation, size: int) -> list[float]:
    """CPU of the loop's thread for each turn, in ms, after one to warm up."""
    with _BUILT:
        act = situation.make(size)
        settle()
        # As the program does it once it stands.
        GcScheduler().settle(0.0)
        spent = []
        for turn in range(situation.turns + 1):
            start_s = time.thread_time()
            longest_ms = act(turn)
            settle()
            whole_ms = (time.thread_time() - start_s) * 1000
            spent.append(whole_ms if longest_ms is None else longest_ms)
    return spent[1:]


def watched(runner: asyncio.Runner, work: Coroutine[Any, Any, Any]) -> float:
    """Run it, and what follows of it, on a loop beside Qt's; the longest turn of both, in ms."""

    async def watch() -> float:
        task, longest_s, end_s = asyncio.ensure_future(work), 0.0, 0.0
        while not end_s or time.monotonic() < end_s:
            # In the program either is an event of Qt's loop.
            for turn in (partial(asyncio.sleep, 0), _settle_soon):
                start_s = time.thread_time()
                await turn()
                longest_s = max(longest_s, time.thread_time() - start_s)
            if task.done() and not end_s:
                end_s = time.monotonic() + _AFTERWARDS_S
        await task
        return longest_s * 1000

    if sys.getprofile() is None:
        return runner.run(watch())
    # Turns in which nothing happens are not to be counted.
    runner.run(work)
    time.sleep(_AFTERWARDS_S)
    settle()
    return 0.0


def calls_of(situation: Situation, size: int) -> int:
    """How many functions are called for one turn, Python's and those that it calls."""
    with _BUILT:
        act = situation.make(size)
        settle()
        act(0)
        # What showing it has put off, such as heights of rows, is no part of the turn.
        time.sleep(_PUT_OFF_S)
        settle()

        def turn() -> None:
            act(1)
            settle()

        return counted(turn)


def counted(work: Callable[[], object]) -> int:
    """How many functions are called by it, Python's and those that it calls."""
    count = 0

    def note(_frame: FrameType, what: str, _argument: object) -> None:
        nonlocal count
        count += what in {"call", "c_call"}

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
