"""The one way of every alarm: queue, reduce, journal on disk, and only then whoever shows it.

One task serves it. A step that fails is journalled and told, and the others still run.
"""

import asyncio
import enum
import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from tftmonitor.base.clock import Clock
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal, JournalError, JournalState
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.events import AlarmChange, Event, StepFailed, coalesce
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.alarms.reducer import AlarmReducer

_log = logging.getLogger(__name__)

PROVEN: Final = "proven_ms"
OUT_OF_SERVICE: Final = "out_of_service"

# The loop may not stand for longer; a flood is reduced in slices of this.
_SLICE_S: Final = 0.004
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


Listener = Callable[[list[AlarmChange]], None]


class AlarmPipeline:
    """Owns the queue, the reducer and the thread that writes. ``book`` is what may be shown.

    ``facts`` is what else was published: when the path was proven, which devices are out of
    service. ``failing`` holds the steps that do not work, with the reason in words. ``trouble``
    is told of each new failure, ``restored`` of each alarm that a former run left open.
    """

    def __init__(self, book: OpenAlarms, journal: Journal | None, clock: Clock) -> None:
        self.book = book
        self.facts: dict[str, Any] = {}
        self.failing: dict[AlarmStep, str] = {}
        self.trouble: Callable[[StepFailed], None] | None = None
        self.restored: Callable[[Alarm], None] | None = None
        self._journal = journal
        self._clock = clock
        self._reducer = AlarmReducer()
        self._listeners: dict[AlarmStep, list[Listener]] = {step: [] for step in AlarmStep}
        self._listeners[AlarmStep.MODEL].append(book.apply)
        self._queue: deque[Event] = deque()
        self._wake = asyncio.Event()
        self._lock = asyncio.Lock()
        self._is_restored = False
        # What is reduced and not yet published, and of that what is not yet on disk.
        self._changes: list[AlarmChange] = []
        self._new_facts: dict[str, Any] = {}
        self._batch = JournalBatch()
        self._in_flight: tuple[asyncio.Future[int], JournalBatch] | None = None
        self._retry_s = 0.0
        self._write_failure = ""
        self._executor = ThreadPoolExecutor(1, "journal") if journal is not None else None

    def subscribe(self, step: AlarmStep, listener: Listener) -> None:
        """Tell ``listener`` at this step of what has changed; within a step in order of call."""
        self._listeners[step].append(listener)

    def put(self, event: Event) -> None:
        """Queue an event; from the loop's thread."""
        self._queue.append(event)
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

    async def close(self) -> bool:
        """Drain, then end the thread and close the file."""
        drained = await self.drain()
        if self._executor is not None and self._journal is not None:
            self._executor.shutdown()
            self._journal.close()
        return drained

    async def on_journal_thread(self, work: Callable[[Journal], Any]) -> Any:
        """What ``work`` makes of the journal, None without one. Raises JournalError."""
        if self._executor is None or self._journal is None:
            return None
        return await asyncio.wrap_future(self._executor.submit(work, self._journal))

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
                self._queue.append(events.Expired(now_ms))
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
            left = await self.on_journal_thread(Journal.load) or left
        except JournalError as error:
            # Numbers from the clock: none can be that of an alarm which stands unread on disk.
            left = JournalState([], now_ms, {})
            self._note_failure(AlarmStep.JOURNAL, str(error))
        if left.unreadable:
            words = f"{left.unreadable} open alarms on disk are not understood by this version."
            self._note_failure(AlarmStep.JOURNAL, words)
        self._is_restored = True
        self.facts |= left.facts
        self._reducer.restore(left.alarms, left.next_id, left.facts.get(OUT_OF_SERVICE) or {})
        began = events.Restored(now_ms, len(left.alarms))
        self._batch.add_event(began)
        for alarm in left.alarms:
            rings = alarm.needs_ack and alarm.silenced_ms is None
            self._changes.append(AlarmChange(alarm, began, rings=rings))
            if self.restored is not None:
                self.restored(alarm)

    async def _reduce(self) -> None:
        slice_end_s = time.perf_counter() + _SLICE_S
        while self._queue:
            event = self._queue.popleft()
            try:
                self._take(event, self._reducer.reduce(event))
            except Exception as error:  # noqa: BLE001 - told, and the next ones still come
                _log.exception("event not understood")
                words = f"{event.kind} could not be worked off ({error}): {event!r:.300}"
                self._note_failure(AlarmStep.MODEL, words)
            if time.perf_counter() >= slice_end_s:
                await asyncio.sleep(0)
                slice_end_s = time.perf_counter() + _SLICE_S

    def _take(self, event: Event, changes: list[AlarmChange]) -> None:
        self._changes += changes
        self._batch.add_changes(changes)
        if not changes and event.journalled_alone:
            self._batch.add_event(event)
        if isinstance(event, events.DrillConfirmed):
            self._new_facts[PROVEN] = event.at_ms
        if isinstance(event, events.OutOfService | events.Expired):
            self._new_facts[OUT_OF_SERVICE] = dict(self._reducer.out_of_service)
        self._batch.facts |= self._new_facts

    async def _write(self) -> None:
        """Bring the batch to disk; if that fails it is kept for later."""
        if self._in_flight is not None:  # its task was cancelled, the thread went on
            await self._finish(*self._in_flight)
        if not self._batch or self._clock.monotonic_s() < self._retry_s:
            return
        batch, self._batch = self._batch, JournalBatch()
        if self._executor is None or self._journal is None:
            return
        written = asyncio.wrap_future(self._executor.submit(self._journal.write, batch))
        self._in_flight = (written, batch)
        await self._finish(written, batch)

    async def _finish(self, written: asyncio.Future[int], batch: JournalBatch) -> None:
        try:
            lost = await asyncio.shield(written) + batch.dropped
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
                words = f"{lost} entries of the journal cannot be written, or were too many."
                self._note_failure(AlarmStep.JOURNAL, words)
        self._in_flight = None

    def _publish(self) -> None:
        changes, self._changes = coalesce(self._changes), []
        facts, self._new_facts = self._new_facts, {}
        if not changes and not facts:
            return
        self.facts |= facts
        for step, listeners in self._listeners.items():
            done = [self._tell(step, listener, changes) for listener in listeners]
            if done and all(done):
                self._note_success(step)

    def _tell(self, step: AlarmStep, listener: Listener, changes: list[AlarmChange]) -> bool:
        try:
            listener(changes)
        except Exception as error:  # noqa: BLE001 - told, and the other steps still run
            _log.exception("step %s failed", step.value)
            self._note_failure(step, f"The {step.value} failed: {error!r}")
            return False
        return True

    def _note_failure(self, step: AlarmStep, words: str) -> None:
        """Journal and tell a failure, once for as long as it stays the same."""
        if self.failing.get(step) == words:
            return
        self.failing[step] = words
        failed = StepFailed(self._clock.now_ms(), step.value, words)
        self._queue.append(failed)
        if self.trouble is not None:
            try:
                self.trouble(failed)
            except Exception:  # noqa: BLE001 - nobody is left to be told
                _log.exception("trouble could not be told: %s", words)

    def _note_success(self, step: AlarmStep) -> None:
        if step is not AlarmStep.JOURNAL or not self._write_failure:
            self.failing.pop(step, None)
