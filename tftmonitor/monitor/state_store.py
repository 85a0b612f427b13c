"""Saves messages, blind intervals and learned intervals, and brings them back at a start."""

import asyncio
from dataclasses import replace
from functools import partial

from tftmonitor.base.clock import DAY_MS, Clock
from tftmonitor.base.listeners import Listeners
from tftmonitor.history import saved_state
from tftmonitor.history.journal import JournalError
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.saved_state import StateChanges
from tftmonitor.model.alarms.events import Blind
from tftmonitor.model.coverage import BlindInterval, Blindness, Coverage
from tftmonitor.model.fleet.clock_offset import export_clock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.measured import export_measured
from tftmonitor.model.inbox import CAPACITY, Inbox
from tftmonitor.monitor.alarm_pipeline import AlarmPipeline
from tftmonitor.protocol.channels import Channel

_EVERY_S = 3.0
_CADENCE_EVERY_S = 600.0
# So many devices take a millisecond.
_SLICE = 200
# As far back as a plot can reach.
_BLIND_BACK_MS = 7 * DAY_MS


class StateStore:
    """Writes what is new every few seconds, on the journal's thread.

    ``failed`` is called with the reason when that begins to fail, once while it stays the same.
    Blind intervals that are over also go through ``pipeline`` into the journal.
    """

    def __init__(
        self,
        journal: JournalThread,
        pipeline: AlarmPipeline,
        fleet: Fleet,
        inbox: Inbox,
        coverage: Coverage,
        clock: Clock,
    ) -> None:
        self.failed: Listeners[[str]] = Listeners()
        self._journal = journal
        self._pipeline = pipeline
        self._fleet = fleet
        self._inbox = inbox
        self._coverage = coverage
        self._clock = clock
        self._unsaved_blind: dict[tuple[str, int], BlindInterval] = {}
        self._cadence_due_s = clock.monotonic_s() + _CADENCE_EVERY_S
        self._failure = ""
        coverage.noted.add(self._note_blind)

    async def restore(self) -> None:
        """Bring back what a former run saved, and note since when nobody looked."""
        now_ms = self._clock.now_ms()
        load = partial(saved_state.load, messages=CAPACITY, blind_from_ms=now_ms - _BLIND_BACK_MS)
        try:
            saved = await self._journal.run(load)
        except JournalError as error:
            self._report_failure(str(error))
            return
        if saved is None:
            return
        self._inbox.restore(saved.items)
        self._fleet.cadences = saved.cadence
        for interval in saved.blind:
            # What was still open ended, as far as anybody knows, with the program's run.
            end_ms = interval.start_ms if interval.end_ms is None else interval.end_ms
            self._coverage.restore(replace(interval, end_ms=end_ms))
        if saved.running_until_ms is not None:
            for channel in Channel:
                self._coverage.add(channel.value, Blindness.PROGRAM, saved.running_until_ms, now_ms)

    async def run(self) -> None:
        """Save until cancelled."""
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
        blind, self._unsaved_blind = list(self._unsaved_blind.values()), {}
        changes = StateChanges(items, blind, cadence, self._clock.now_ms())
        is_saved = False
        try:
            await self._journal.run(partial(saved_state.save, changes=changes))
            is_saved = True
        except JournalError as error:
            self._report_failure(str(error))
        else:
            self._failure = ""
        finally:
            # Also when cancelled midway: written twice is written once, but nothing may be lost.
            if not is_saved:
                self._put_back(changes)

    async def _cadences(self) -> dict[str, dict[str, list[int]]]:
        """What each device has taught, by its key; the loop has a turn now and then."""
        learned = {}
        for number, device in enumerate(list(self._fleet), 1):
            learned[device.key] = (
                device.cadence.export()
                | export_measured(device.measured)
                | export_clock(device.clock)
            )
            if number % _SLICE == 0:
                await asyncio.sleep(0)
        return learned

    def _put_back(self, changes: StateChanges) -> None:
        """These are still to be saved, unless they changed since."""
        self._inbox.put_back(list(changes.items))
        for interval in changes.blind:
            self._unsaved_blind.setdefault((interval.scope, interval.start_ms), interval)

    def _note_blind(self, interval: BlindInterval) -> None:
        self._unsaved_blind[interval.scope, interval.start_ms] = interval
        if interval.end_ms is not None:
            own = interval.cause is not Blindness.DEVICE
            self._pipeline.put(
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

    def _report_failure(self, reason: str) -> None:
        if reason != self._failure:
            self._failure = reason
            self.failed(reason)
