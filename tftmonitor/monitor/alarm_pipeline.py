"""The one way of every alarm: queue, reduce, journal on disk, and only then whoever shows it.

One task serves it. A step that fails is journalled and reported, and the others still run.
"""

import asyncio
import enum
import logging
import time
from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from tftmonitor.base.clock import Clock
from tftmonitor.base.listeners import Listeners
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal, JournalError, JournalState
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.events import AlarmChange, Event, StepFailed, coalesce
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.alarms.reducer import AlarmReducer
from tftmonitor.monitor.alarm_queue import EventQueue

_log = logging.getLogger(__name__)

PROVEN: Final = "proven_ms"
OUT_OF_SERVICE: Final = "out_of_service"

# The loop may not stand for longer; a flood is reduced in slices of this.
_SLICE_S: Final = 0.004
# So long is reduced before it is written and shown, however much is queued behind it.
_BATCH_S: Final = 0.050
# Shelves end to the second.
_TICK_S: Final = 1.0
# A full disk gets room when somebody makes it.
_RETRY_S: Final = 5.0


class AlarmStep(enum.Enum):
    """The steps from an alarm to the operator, in their order."""

    JOURNAL = "journal"
    MODEL = "model"
    BANNER = "banner"
    SOUND = "sound"
    TRAY = "tray"


class AlarmPipeline:
    """Owns the queue and the reducer. ``alarms`` are the open ones as they may be shown.

    ``steps`` are called in their order with what has changed, once it is on disk.

    ``facts`` is what else was published: when the path was proven, which devices are out of
    service. ``failing`` holds the steps that do not work, with the reason as text. ``step_failed``
    is called with each new failure, ``restored`` with each alarm that a former run left open.
    """

    def __init__(self, alarms: OpenAlarms, journal: JournalThread, clock: Clock) -> None:
        self.alarms = alarms
        self.facts: dict[str, Any] = {}
        self.failing: dict[AlarmStep, str] = {}
        self.step_failed: Listeners[[StepFailed]] = Listeners()
        self.restored: Listeners[[Alarm]] = Listeners()
        self._journal = journal
        self._clock = clock
        self._reducer = AlarmReducer()
        self.steps: Mapping[AlarmStep, Listeners[[list[AlarmChange]]]] = {
            step: Listeners() for step in AlarmStep
        }
        self.steps[AlarmStep.MODEL].add(alarms.apply)
        self._queue = EventQueue()
        self._wake = asyncio.Event()
        self._lock = asyncio.Lock()
        self._is_restored = False
        # What is reduced and not yet published, and of that what is not yet on disk.
        self._changes: list[AlarmChange] = []
        self._new_facts: dict[str, Any] = {}
        self._batch = JournalBatch()
        self._in_flight: tuple[asyncio.Future[int | None], JournalBatch] | None = None
        self._retry_s = 0.0
        self._write_failure = ""

    def put(self, event: Event) -> None:
        """Queue an event; from the loop's thread."""
        self._queue.put(event)
        self._wake.set()

    async def run(self) -> None:
        """Serve the queue until cancelled; what is queued then is left to ``drain``."""
        while True:
            await self._serve()
            await self._wait()

    async def drain(self) -> bool:
        """Serve all that is queued; True when it is on disk."""
        self._retry_s = 0.0
        await self._serve()
        return not self._batch

    async def _wait(self) -> None:
        timed = self._reducer.out_of_service or self._reducer.alarms.shelved() or self._batch
        try:
            async with asyncio.timeout(_TICK_S if timed else None):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _serve(self) -> None:
        async with self._lock:
            if not self._is_restored:
                await self._restore()
            now_ms = self._clock.now_ms()
            if self._reducer.has_expired(now_ms):
                self._queue.put(events.Expired(now_ms))
            while True:
                self._wake.clear()
                await self._reduce()
                await self._write()
                self._publish()
                if not self._queue:
                    return

    async def _restore(self) -> None:
        now_ms = self._clock.now_ms()
        left = JournalState([], 1, {})
        try:
            left = await self._journal.run(Journal.load) or left
            reports = await self._journal.run(lambda journal: journal.load_reports(now_ms))
            self._reducer.reports.restore(reports or ())
        except JournalError as error:
            # Numbers from the clock: none can be that of an alarm which stands unread on disk.
            left = JournalState([], now_ms, {})
            self._note_failure(AlarmStep.JOURNAL, str(error))
        if left.unreadable:
            reason = f"{left.unreadable} open alarms on disk are not understood by this version."
            self._note_failure(AlarmStep.JOURNAL, reason)
        self._is_restored = True
        self.facts |= left.facts
        alarms = [_rung_again(alarm) for alarm in left.alarms]
        known = [*left.closed, *alarms]
        self._reducer.restore(known, left.next_id, left.facts.get(OUT_OF_SERVICE) or {})
        began = events.Restored(now_ms, len(alarms))
        self._batch.add_event(began)
        for alarm in alarms:
            rings = _is_audible(alarm)
            if rings:  # what counts the sound goes to disk, without a row for each in the journal
                self._batch.alarms[alarm.id] = alarm
            self._changes.append(AlarmChange(alarm, began, rings=rings))
            for failure in self.restored(alarm):
                reason = f"Alarm {alarm.id} is only partly restored: {failure!r}"
                self._note_failure(AlarmStep.MODEL, reason)

    async def _reduce(self) -> None:
        """Reduce what is queued, or as much of it as a batch may take."""
        began_s = time.perf_counter()
        batch_end_s, slice_end_s = began_s + _BATCH_S, began_s + _SLICE_S
        while self._queue:
            event = self._queue.pop()
            try:
                self._ingest(event, self._reducer.reduce(event))
            except Exception as error:  # noqa: BLE001 - reported, and the next ones still come
                _log.exception("event not understood")
                reason = f"{event.kind} could not be worked off ({error}): {event!r:.300}"
                self._note_failure(AlarmStep.MODEL, reason)
            now_s = time.perf_counter()
            if now_s >= batch_end_s:
                return
            if now_s >= slice_end_s:
                await asyncio.sleep(0)
                slice_end_s = time.perf_counter() + _SLICE_S

    def _ingest(self, event: Event, changes: list[AlarmChange]) -> None:
        self._changes += changes
        self._batch.add_changes(changes)
        self._batch.reports += self._reducer.reports.take_new()
        if not changes and event.journalled_alone:
            self._batch.add_event(event)
        if isinstance(event, events.DrillConfirmed):
            self._new_facts[PROVEN] = event.at_ms
        if isinstance(event, events.Joined):
            self._batch.moves.append((event.former, event.device))
        if isinstance(event, events.OutOfService | events.Expired | events.Joined):
            self._new_facts[OUT_OF_SERVICE] = dict(self._reducer.out_of_service)
        self._batch.facts |= self._new_facts

    async def _write(self) -> None:
        """Bring the batch to disk; if that fails it is kept for later."""
        if self._in_flight is not None:  # its task was cancelled, the thread went on
            await self._finish(*self._in_flight)
        if not self._batch or self._clock.monotonic_s() < self._retry_s:
            return
        batch = self._batch
        written = self._journal.submit(lambda journal: journal.write(batch))
        self._batch = JournalBatch()
        self._in_flight = (written, batch)
        await self._finish(written, batch)

    async def _finish(self, written: asyncio.Future[int | None], batch: JournalBatch) -> None:
        try:
            lost = (await asyncio.shield(written) or 0) + batch.dropped
        except Exception as error:  # noqa: BLE001 - the alarm is shown all the same
            batch.merge(self._batch)
            self._batch = batch
            self._retry_s = self._clock.monotonic_s() + _RETRY_S
            self._write_failure = str(error) or type(error).__name__
            self._note_failure(AlarmStep.JOURNAL, self._write_failure)
        else:
            self._retry_s, self._write_failure = 0.0, ""
            self._note_success(AlarmStep.JOURNAL)
            if lost:
                reason = f"{lost} entries of the journal cannot be written, or were too many."
                self._note_failure(AlarmStep.JOURNAL, reason)
        self._in_flight = None

    def _publish(self) -> None:
        changes, self._changes = coalesce(self._changes), []
        facts, self._new_facts = self._new_facts, {}
        if not changes and not facts:
            return
        self.facts |= facts
        for step, published in self.steps.items():
            errors = published(changes)
            for error in errors:
                self._note_failure(step, f"The {step.value} failed: {error!r}")
            if published and not errors:
                self._note_success(step)

    def _note_failure(self, step: AlarmStep, reason: str) -> None:
        """Journal and report a failure, once for as long as it stays the same."""
        if self.failing.get(step) == reason:
            return
        self.failing[step] = reason
        failed = StepFailed(self._clock.now_ms(), step.value, reason)
        self._queue.put(failed)
        self.step_failed(failed)

    def _note_success(self, step: AlarmStep) -> None:
        if step is not AlarmStep.JOURNAL or not self._write_failure:
            self.failing.pop(step, None)


def _is_audible(alarm: Alarm) -> bool:
    """True when an alarm that a former run left is heard again."""
    return alarm.needs_ack and alarm.silenced_ms is None


def _rung_again(alarm: Alarm) -> Alarm:
    return replace(alarm, rings=alarm.rings + 1) if _is_audible(alarm) else alarm
