"""Saves messages, blind intervals and learned intervals, and brings them back at a start."""

import asyncio
import logging
from dataclasses import replace
from functools import partial

import numpy as np

from tftmonitor.base.clock import DAY_MS, Clock
from tftmonitor.base.listeners import Listeners
from tftmonitor.history import saved_state
from tftmonitor.history.journal import JournalError
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.retention import Retention
from tftmonitor.history.saved_state import SavedState, StateChanges
from tftmonitor.model.alarms.events import Blind
from tftmonitor.model.coverage import BlindInterval, Blindness, Coverage, not_ours
from tftmonitor.model.fleet.activity import Staleness
from tftmonitor.model.fleet.clock_offset import export_clock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.measured import export_measured
from tftmonitor.model.fleet.who.unit import Unit
from tftmonitor.model.inbox import CAPACITY, Inbox
from tftmonitor.monitor.alarm_pipeline import AlarmPipeline
from tftmonitor.protocol.channels import Channel

_log = logging.getLogger(__name__)

_EVERY_S = 3.0
_CADENCE_EVERY_S = 600.0
_TIDY_EVERY_S = 3_600.0
_PAUSE_S = 0.1
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
        # As they are on disk.
        self._identities: dict[str, list[str | None]] = {}
        self._retention: Retention | None = None
        self._tidy_due_s = clock.monotonic_s() + _EVERY_S
        self._is_restored = False
        self._began_ms: int | None = None
        coverage.noted.add(self._note_blind)
        fleet.joined.add(self._rename)

    async def restore(self) -> None:
        """Bring back what a former run saved, and note since when nobody looked.

        Where that cannot be read, it is tried again with each ``keep``, and nothing written before.
        """
        if self._began_ms is None:
            self._began_ms = self._clock.now_ms()
        from_ms = self._began_ms - _BLIND_BACK_MS
        load = partial(saved_state.load, messages=CAPACITY, blind_from_ms=from_ms)
        loading = self._journal.submit(load)
        await asyncio.wait((loading,))
        try:
            saved = loading.result()
        except JournalError as error:
            self._report_failure(str(error))
            return
        except Exception as error:  # noqa: BLE001 - the program starts, whatever is on disk
            _log.exception("saved state not understood")
            self._report_failure(f"What was kept of messages is not understood: {error!r}")
            saved = None
        self._is_restored = True
        if saved is not None:
            self._take_over(saved, self._began_ms)

    def _take_over(self, saved: SavedState, began_ms: int) -> None:
        lost = [f"{n} {what}{'' if n == 1 else 's'}" for what, n in saved.unreadable.items() if n]
        if lost:
            self._report_failure(f"Damaged on disk and left out: {', '.join(lost)}.")
        self._inbox.restore(saved.items)
        self._fleet.cadences = saved.cadence
        self._fleet.restore_identities(saved.identities)
        for interval in saved.blind:
            end_ms = interval.end_ms
            if end_ms is None:
                # What was still open ended, as far as anybody knows, with the program's run.
                end_ms = max(interval.start_ms, saved.running_until_ms or 0)
            self._coverage.restore(replace(interval, end_ms=end_ms))
        if saved.running_until_ms is not None:
            for channel in Channel:
                from_ms = saved.running_until_ms
                self._coverage.add(channel.value, Blindness.PROGRAM, from_ms, began_ms)

    async def run(self) -> None:
        """Save until cancelled."""
        while True:
            with_cadence = self._clock.monotonic_s() >= self._cadence_due_s
            await self.keep(with_cadence=with_cadence)
            await self._tidy()

    async def _tidy(self) -> None:
        """Until the next save: delete what is too old or too much, with pauses for alarms."""
        next_s = self._clock.monotonic_s() + _EVERY_S
        for _ in range(round(_EVERY_S / _PAUSE_S)):
            if self._retention is None:
                break
            try:
                is_more = await self._journal.run(self._retention.step)
            except JournalError as error:
                self._report_failure(str(error))
                break
            if not is_more:
                self._retention = None
            await asyncio.sleep(_PAUSE_S)
        if self._clock.monotonic_s() >= self._tidy_due_s:
            self._tidy_due_s = self._clock.monotonic_s() + _TIDY_EVERY_S
            self._retention = Retention(self._clock.now_ms())
        await asyncio.sleep(max(0.0, next_s - self._clock.monotonic_s()))

    async def keep(self, *, with_cadence: bool = False) -> None:
        """Write what is new; what could not be written is tried again with the next."""
        if not self._is_restored:
            await self.restore()
            if not self._is_restored:
                return  # its numbers would overwrite those on disk
        cadence: dict[str, dict[str, list[int]]] = {}
        if with_cadence:
            self._cadence_due_s = self._clock.monotonic_s() + _CADENCE_EVERY_S
            cadence = await self._cadences()
            self._note_silences()
        items = self._inbox.drain_changed()
        blind, self._unsaved_blind = list(self._unsaved_blind.values()), {}
        identities = self._fleet.export_identities()
        is_same = identities == self._identities
        changes = StateChanges(
            items, blind, cadence, self._clock.now_ms(), None if is_same else identities
        )
        is_saved = False
        try:
            await self._journal.run(partial(saved_state.save, changes=changes))
            is_saved = True
            self._identities = identities
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

    def _rename(self, gone: Unit, unit: Unit) -> None:
        """What is on disk already is moved with the alarms."""
        unsaved, self._unsaved_blind = self._unsaved_blind, {}
        for (scope, start_ms), interval in unsaved.items():
            here = unit.key if scope == gone.key else scope
            self._unsaved_blind[here, start_ms] = replace(interval, scope=here)

    def _note_silences(self) -> None:
        """Save since when devices are overdue: their next report may not be in this run."""
        fleet, now_ms = self._fleet, self._clock.now_ms()
        for row in np.flatnonzero(fleet.staleness(now_ms) >= Staleness.OVERDUE).tolist():
            device = fleet.devices[row]
            if device.data_ms is None:
                continue
            interval_ms = device.interval_ms
            silence = (device.data_ms + interval_ms, now_ms)
            own = self._coverage.between((Channel.DEVICES.value,), *silence)
            for from_ms, to_ms in not_ours(silence, interval_ms, own):
                # From the same start as what its next report ends, which replaces it.
                end_ms = None if to_ms == now_ms else to_ms
                kept = BlindInterval(device.key, Blindness.DEVICE, from_ms, end_ms)
                self._unsaved_blind.setdefault((device.key, from_ms), kept)

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
