"""The one thread that reads and writes a journal; alarms and saved state share it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tftmonitor.history.journal import Journal, JournalError

_Result = TypeVar("_Result")


class JournalThread:
    """Runs work on a journal, piece after piece in the order of asking. For the event loop.

    Without a journal no thread is started, no work is run and every result is None.
    """

    def __init__(self, journal: Journal | None = None) -> None:
        self._worker: tuple[Journal, ThreadPoolExecutor] | None = None
        self._is_closed = False
        if journal is not None:
            self._worker = journal, ThreadPoolExecutor(1, "journal")

    async def run(self, work: Callable[[Journal], _Result]) -> _Result | None:
        """The result of ``work``, and what it raises. Raises JournalError after ``close``.

        A caller that is cancelled cannot know whether the work was done.
        """
        return await self.submit(work)

    def submit(self, work: Callable[[Journal], _Result]) -> asyncio.Future[_Result | None]:
        """As ``run``, for a caller that goes on waiting although its own task is cancelled."""
        future: asyncio.Future[_Result | None]
        if self._worker is not None and not self._is_closed:
            journal, executor = self._worker
            future = asyncio.wrap_future(executor.submit(work, journal))
            return future
        future = asyncio.get_running_loop().create_future()
        if self._is_closed:
            future.set_exception(JournalError("The journal is closed."))
        else:
            future.set_result(None)
        return future

    async def close(self) -> None:
        """Wait for all that was asked, close the journal, end the thread; once for all."""
        if self._is_closed:
            return
        closed = self.submit(Journal.close)
        self._is_closed = True
        try:
            await asyncio.shield(closed)
        finally:
            if self._worker is not None:
                self._worker[1].shutdown()
