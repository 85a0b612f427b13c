"""Brings alarms to disk, and keeps them while the disk does not take them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from tftmonitor.base.clock import Clock
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.spill import SpillFile

# A full disk gets room when somebody makes it.
_RETRY_S: Final = 5.0
# What came since is lost with the process, so not longer; each time all of it is written.
_SPILL_S: Final = 1.0
_LOOK_S: Final = 1.0


class JournalWriter:
    """Writes ``batch``, piece after piece; what fails is merged with what comes and tried again.

    ``failed`` is called with the reason of each failure, ``works`` when all of a batch is on disk.
    ``failure`` is the reason while writing fails, else "". While that is so the batch also lies in
    a spill file. ``is_behind`` holds everything back until a former run's alarms could be read.
    """

    def __init__(
        self,
        journal: JournalThread,
        clock: Clock,
        failed: Callable[[str], None],
        works: Callable[[], None],
    ) -> None:
        self.batch = JournalBatch()
        self.failure = ""
        self.is_behind = False
        self.is_new = False
        """True when the batch has what the spill file has not."""
        self._journal = journal
        self._clock = clock
        self._failed = failed
        self._works = works
        self._in_flight: tuple[asyncio.Future[int | None], JournalBatch] | None = None
        self._retry_s = self._look_s = self._spill_s = 0.0
        self._spill = SpillFile(journal.profile) if journal.profile else None

    @property
    def spill_name(self) -> str:
        """That of the file in which the batch lies meanwhile."""
        return self._spill.name if self._spill is not None else ""

    @property
    def is_idle(self) -> bool:
        """True when nothing waits for the disk, and nothing keeps from it."""
        return not (self.batch or self._in_flight or self.failure or self.is_behind)

    @property
    def is_due(self) -> bool:
        """True when the disk may be tried again."""
        return self._clock.monotonic_s() >= self._retry_s

    def retry_now(self) -> None:
        """Do not wait for the next time."""
        self._retry_s = 0.0

    def fail(self, reason: str) -> None:
        """The disk does not work; it is tried again after a while."""
        self._retry_s = self._clock.monotonic_s() + _RETRY_S
        self.failure = reason
        self._failed(reason)

    async def write(self) -> None:
        """Bring the batch to disk; if that fails it is kept for later."""
        if self._in_flight is not None:  # its task was cancelled, the thread went on
            await self._finish(*self._in_flight)
        if not self.batch:
            await self._look()
            return
        if self.is_behind or not self.is_due:
            await self._spill_new()
            return
        await self._finish(*self._submit())

    def begin(self) -> None:
        """Start to write the batch, where nothing keeps from it; ``write`` waits for that."""
        if self.batch and not (self._in_flight or self.failure or self.is_behind):
            self._submit()

    def _submit(self) -> tuple[asyncio.Future[int | None], JournalBatch]:
        batch, self.batch = self.batch, JournalBatch()
        written = self._journal.submit(lambda journal: journal.write(batch))
        self._in_flight = (written, batch)
        return self._in_flight

    async def _finish(self, written: asyncio.Future[int | None], batch: JournalBatch) -> None:
        try:
            lost = (await asyncio.shield(written) or 0) + batch.dropped
        except Exception as error:  # noqa: BLE001 - the alarm is shown all the same
            batch.merge(self.batch)
            self.batch = batch
            self.is_new = True
            self._in_flight = None
            self.fail(str(error) or type(error).__name__)
            await self._spill_new()
            return
        self._in_flight = None
        await self._forget_spilled()
        self._retry_s, self.failure = 0.0, ""
        self._works()
        if lost:
            self._failed(f"{lost} entries of the journal cannot be written, or were too many.")

    async def _look(self) -> None:
        """Have the place of the file looked at, once a second while nothing is written."""
        now_s = self._clock.monotonic_s()
        if self.is_behind or now_s < self._look_s:
            return
        self._look_s = now_s + _LOOK_S
        try:
            await self._journal.run(_nothing)
        except JournalError as error:
            self.fail(str(error))
        else:
            if self.failure:
                self.failure = ""
                self._works()

    def put_aside(self) -> str:
        """Spill what is not on disk, at the end; why nothing takes it, in words, or ""."""
        if not self.batch or self._spill is None:
            return ""
        try:
            self._spill.save(self.batch)
        except OSError as error:
            return str(error)
        return ""

    async def _spill_new(self) -> None:
        now_s = self._clock.monotonic_s()
        spill = self._spill
        if spill is None or not self.is_new or now_s < self._spill_s:
            return
        self.is_new = False
        self._spill_s = now_s + _SPILL_S
        self.batch.facts |= spill.mark
        copy = self.batch.copy()
        with suppress(OSError, JournalError):  # said at the end, if there is nowhere by then
            await self._journal.run_aside(lambda: spill.save(copy))

    async def _forget_spilled(self) -> None:
        spill = self._spill
        if spill is not None and spill.path is not None:
            with suppress(JournalError):
                await self._journal.run_aside(spill.begin_anew)


def _nothing(journal: Journal) -> None:
    """Before any work the thread sees to the file."""
    del journal
