"""Keeps messages, blind intervals and learned intervals on disk, and brings them back."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from tftmonitor.base.clock import DAY_MS, Clock
from tftmonitor.history import saved_state as memory
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.model.alarms.events import Blind
from tftmonitor.model.coverage import BlindInterval, Blindness, Coverage
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.inbox import CAPACITY, Inbox
from tftmonitor.monitor.alarm_pipeline import AlarmPipeline
from tftmonitor.protocol.channels import Channel

_EVERY_S = 3.0
_CADENCE_EVERY_S = 600.0
# So many devices take a millisecond.
_SLICE = 200
# As far back as a plot can reach.
_BLIND_BACK_MS = 7 * DAY_MS
# The scope of the row that says until when the program ran.
_PROGRAM = "program"


class StateStore:
    """Writes what is new every few seconds, on the journal's thread.

    ``trouble`` is told, in words, when that fails.
    """

    def __init__(
        self, path: AlarmPipeline, fleet: Fleet, inbox: Inbox, coverage: Coverage, clock: Clock
    ) -> None:
        self.trouble: Callable[[str], None] | None = None
        self._path = path
        self._fleet = fleet
        self._inbox = inbox
        self._coverage = coverage
        self._clock = clock
        self._blind: dict[tuple[str, int], BlindInterval] = {}
        self._cadence_due_s = clock.monotonic_s() + _CADENCE_EVERY_S
        self._told = ""
        coverage.noted = self._note_blind

    async def restore(self) -> None:
        """Bring back what a former run kept, and note since when nobody looked."""
        now_ms = self._clock.now_ms()
        work = partial(memory.load, messages=CAPACITY, blind_from_ms=now_ms - _BLIND_BACK_MS)
        try:
            found: memory.Memory | None = await self._path.on_journal_thread(work)
        except JournalError as error:
            self._tell(str(error))
            return
        if found is None:
            return
        self._inbox.restore(found.items)
        self._fleet.cadences = found.cadence
        for interval in found.blind:
            self._restore_blind(interval, now_ms)

    async def run(self) -> None:
        """Keep until cancelled."""
        while True:
            with_cadence = self._clock.monotonic_s() >= self._cadence_due_s
            await self.keep(with_cadence=with_cadence)
            await asyncio.sleep(_EVERY_S)

    async def keep(self, *, with_cadence: bool = False) -> None:
        """Write what is new; what could not be written is tried again with the next."""
        cadence: dict[str, dict[str, list[int]]] = {}
        if with_cadence:
            self._cadence_due_s = self._clock.monotonic_s() + _CADENCE_EVERY_S
            cadence = await self._cadences()
        items = self._inbox.drain_changed()
        blind, self._blind = list(self._blind.values()), {}
        blind.append(self._running())

        def work(journal: Journal) -> None:
            memory.save(journal, items, blind, cadence)

        try:
            await self._path.on_journal_thread(work)
        except JournalError as error:
            self._inbox.put_back(items)
            for interval in blind:
                self._blind.setdefault((interval.scope, interval.start_ms), interval)
            self._tell(str(error))
        else:
            self._told = ""

    async def _cadences(self) -> dict[str, dict[str, list[int]]]:
        """What each device has taught, by its key; the loop has a turn now and then."""
        found = {}
        for number, device in enumerate(list(self._fleet), 1):
            found[device.key] = device.cadence.export()
            if number % _SLICE == 0:
                await asyncio.sleep(0)
        return found

    def _running(self) -> BlindInterval:
        """A row that moves on while the program runs; where it ends nobody looked any more."""
        return BlindInterval(_PROGRAM, Blindness.PROGRAM, 0, self._clock.now_ms())

    def _restore_blind(self, interval: BlindInterval, now_ms: int) -> None:
        # What was still open ended, as far as anybody knows, with the program's run.
        end_ms = interval.end_ms if interval.end_ms is not None else interval.start_ms
        if interval.scope != _PROGRAM:
            self._coverage.restore(replace(interval, end_ms=end_ms))
            return
        for channel in Channel:
            self._coverage.add(channel.value, Blindness.PROGRAM, end_ms, now_ms)

    def _note_blind(self, interval: BlindInterval) -> None:
        self._blind[interval.scope, interval.start_ms] = interval
        if interval.end_ms is not None:
            own = interval.cause is not Blindness.DEVICE
            self._path.put(
                Blind(
                    interval.end_ms,
                    None if own else interval.scope,
                    interval.cause.value,
                    interval.start_ms,
                    interval.end_ms,
                    f"{interval.scope} channel" if own else "",
                    interval.reason,
                )
            )

    def _tell(self, words: str) -> None:
        if self.trouble is not None and words != self._told:
            self._told = words
            self.trouble(words)
