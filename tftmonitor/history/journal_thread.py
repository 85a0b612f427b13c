"""The one thread that reads and writes a journal; alarms and saved state share it."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_query import ALL, JournalFilter
from tftmonitor.history.journal_reader import search_entries
from tftmonitor.history.rows import JournalEntry

_Result = TypeVar("_Result")


class JournalThread:
    """Runs work on a journal, piece after piece in the order of asking. For the event loop.

    Without a journal, and without ``opener`` to try for one, no thread is started, no work is run
    and every result is None. With an opener each piece of work tries again to open the file.

    ``news`` has a line for each time that the file was mended or made anew; the caller takes them
    out. ``profile`` is the folder of the journal, where it is known.
    """

    def __init__(
        self,
        journal: Journal | None = None,
        opener: Callable[[], Journal] | None = None,
        profile: Path | None = None,
    ) -> None:
        self.profile = profile if journal is None else journal.path.parent
        self.news: deque[str] = deque()
        self._journal = journal
        self._opener = opener if journal is None else journal.open_again
        self._executor: ThreadPoolExecutor | None = None
        self._is_closed = False
        if self._opener is not None:
            self._executor = ThreadPoolExecutor(1, "journal")

    async def run(self, work: Callable[[Journal], _Result]) -> _Result | None:
        """The result of ``work``, and what it raises. Raises JournalError after ``close``.

        A caller that is cancelled cannot know whether the work was done.
        """
        return await self.submit(work)

    def submit(self, work: Callable[[Journal], _Result]) -> asyncio.Future[_Result | None]:
        """As ``run``, for a caller that goes on waiting although its own task is cancelled."""
        return self._execute(lambda: self._work(work))

    async def read_page(
        self, limit: int, before: JournalEntry | None, wanted: JournalFilter
    ) -> list[JournalEntry]:
        """A page of the journal, newest first; empty without one. Raises JournalError.

        A search reads by a connection and on a thread of its own: no alarm waits for it.
        """
        if wanted == ALL or self.profile is None:
            return await self.run(lambda journal: journal.read(limit, before, wanted)) or []
        # All that was asked for before is in it.
        await self.run(lambda _journal: None)
        return await asyncio.to_thread(search_entries, self.profile, wanted, limit, before)

    async def run_aside(self, work: Callable[[], _Result]) -> _Result | None:
        """Run what needs the disk and not the journal."""
        return await self._execute(work)

    def _execute(self, work: Callable[[], _Result]) -> asyncio.Future[_Result | None]:
        future: asyncio.Future[_Result | None]
        if self._executor is not None and not self._is_closed:
            future = asyncio.wrap_future(self._executor.submit(work))
            return future
        future = asyncio.get_running_loop().create_future()
        if self._is_closed:
            future.set_exception(JournalError("The journal is closed."))
        else:
            future.set_result(None)
        return future

    def _work(self, work: Callable[[Journal], _Result]) -> _Result:
        """On the thread. A wounded file is closed, so that the next work has it mended."""
        journal = self._usable()
        try:
            return work(journal)
        except JournalError as error:
            if error.is_damage:
                journal.close()
                self._journal = None
            raise

    def _usable(self) -> Journal:
        if self._journal is None:
            assert self._opener is not None
            self._journal = self._opener()
            self._tell(self._journal.notice)
        self._tell(self._journal.keep_place())
        return self._journal

    def _tell(self, line: str) -> None:
        if line:
            self.news.append(line)

    async def close(self) -> None:
        """Wait for all that was asked, close the journal, end the thread; once for all."""
        if self._is_closed:
            return
        closed = self._execute(self._close)
        self._is_closed = True
        try:
            await asyncio.shield(closed)
        finally:
            if self._executor is not None:
                self._executor.shutdown()

    def _close(self) -> None:
        if self._journal is not None:
            self._journal.close()
