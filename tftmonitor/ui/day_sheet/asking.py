"""Questions to the history on a thread, of which only the newest is answered."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Asking:
    """One question at a time: ``begin`` gives up the former one."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def begin(self) -> threading.Event:
        """What stops the new question once it is set."""
        self.give_up()
        self._stop = threading.Event()
        return self._stop

    def give_up(self) -> None:
        """Nobody waits for an answer any more."""
        self._stop.set()


async def answer(work: Callable[[threading.Event], T], stop: threading.Event) -> T:
    """Do the work on a thread, and raise what it raises; a task that is cancelled stops it."""
    try:
        return await asyncio.to_thread(work, stop)
    except asyncio.CancelledError:
        stop.set()
        raise
