"""Answers of the recorded history for whoever shows or counts the past. It knows no window.

The modules that read are imported with the first question: a window that nobody scrolls back has
none of them.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from tftmonitor.model.coverage import BlindInterval

if TYPE_CHECKING:
    from tftmonitor.history.past.column_reader import ColumnReader, PastStretch

_Result = TypeVar("_Result")
_FILE: Final = "history.db"
_Identity = tuple[int, int]


class Past:
    """Reads the store of a profile on a thread of its own, one question after the other.

    A question whose task is cancelled is given up within milliseconds, also while it is answered:
    who wants something else by now cancels, and asks anew. Where nothing is recorded, because
    there is no file or no profile, answers are empty. All of them raise HistoryError, in words,
    when the file cannot be read, and after ``close``.
    """

    def __init__(self, profile: Path | None) -> None:
        self.profile = profile
        self._executor: ThreadPoolExecutor | None = None
        self._reader: ColumnReader | None = None
        self._opened: _Identity | None = None
        self._running: set[threading.Event] = set()
        self._is_closed = False

    async def samples(
        self,
        keys: Sequence[str],
        fields: Sequence[str],
        start_ms: int,
        end_ms: int,
        pixels: int | None = None,
        *,
        measured: int = 0,
    ) -> "PastStretch | None":
        """What a device's fields were from ``start_ms`` to ``end_ms``, ms since 1970 UTC.

        ``keys`` are all ids that it may be recorded under, ``fields`` wire names of numbers and
        flags. With ``pixels`` much is thinned to what so many can show, else all samples come, and
        more than four million are refused. ``measured`` is ``Device.measured``, where it is known.
        None where nothing is recorded at all.
        """
        return await self._ask(
            lambda reader, is_wanted: reader.read(
                keys, fields, start_ms, end_ms, pixels, measured, is_wanted
            )
        )

    async def span(self, keys: Sequence[str]) -> tuple[int, int] | None:
        """When the first and the last push of a device came in, in ms; None where there is none."""
        return await self._ask(lambda reader, _is_wanted: reader.span(keys))

    async def blind(self, start_ms: int, end_ms: int) -> list[BlindInterval]:
        """Stretches that touch these times in which nothing could be recorded, by their start."""
        found = await self._ask(lambda reader, _is_wanted: reader.blind(start_ms, end_ms))
        return found or []

    async def close(self) -> None:
        """Give up what is asked, close the file, end the thread."""
        self._is_closed = True
        for given_up in self._running:
            given_up.set()
        executor, self._executor = self._executor, None
        if executor is not None:
            await asyncio.wrap_future(executor.submit(self._close))
            executor.shutdown()

    async def _ask(
        self, question: Callable[["ColumnReader", Callable[[], bool]], _Result]
    ) -> _Result | None:
        from tftmonitor.history.samples.stored import HistoryError

        if self._is_closed:
            raise HistoryError("The history is closed.")
        if self.profile is None:
            return None
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, "past")
        given_up = threading.Event()
        self._running.add(given_up)
        answer = self._executor.submit(self._answer, question, given_up)
        try:
            return await asyncio.wrap_future(answer)
        finally:
            # Whoever was cancelled is told so by this; else nobody asks any more.
            given_up.set()
            self._running.discard(given_up)

    def _answer(
        self,
        question: Callable[["ColumnReader", Callable[[], bool]], _Result],
        given_up: threading.Event,
    ) -> _Result | None:
        """On the thread."""
        identity = self._identity()
        if given_up.is_set() or identity is None:
            return None
        from tftmonitor.history.past.column_reader import Cancelled
        from tftmonitor.history.samples.stored import HistoryError

        reader = self._opened_reader(identity)
        try:
            return question(reader, lambda: not given_up.is_set())
        except Cancelled:
            return None
        except HistoryError:
            # The next question opens what is there by then.
            self._close()
            raise

    def _identity(self) -> _Identity | None:
        """Which file is there now; one that is gone is closed."""
        assert self.profile is not None
        try:
            found = (self.profile / _FILE).stat()
        except OSError:
            self._close()
            return None
        return found.st_dev, found.st_ino

    def _opened_reader(self, identity: _Identity) -> "ColumnReader":
        """The reader of the file that is there; one that was set aside is another one."""
        from tftmonitor.history.past.column_reader import ColumnReader

        assert self.profile is not None
        if self._reader is None or identity != self._opened:
            self._close()
            self._reader, self._opened = ColumnReader(self.profile), identity
        return self._reader

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = None
