"""The one way of every alarm: queue, reduce, journal on disk, and only then whoever shows it.

One task serves it. A step that fails is journalled and reported, and the others still run.
"""

import asyncio
import enum
import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from tftmonitor.base.clock import Clock
from tftmonitor.base.listeners import Listeners
from tftmonitor.history.journal import Journal, JournalError, JournalState
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.events import AlarmChange, Event, StepFailed, coalesce
from tftmonitor.model.alarms.known_reports import KnownReport
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.alarms.reducer import AlarmReducer
from tftmonitor.monitor.alarm_queue import EventQueue
from tftmonitor.monitor.journal_writer import JournalWriter

_log = logging.getLogger(__name__)

PROVEN: Final = "proven_ms"
OUT_OF_SERVICE: Final = "out_of_service"

# The loop may not stand for longer; a flood is reduced in slices of this.
_SLICE_S: Final = 0.004
# So many that wait are written as they are before the first is reduced.
_BURST: Final = 100
# Numbers of events begin with the clock, above those that a former run gave.
_EVENTS_A_MS: Final = 1_000
# So many alarms are reduced in a part of that.
_MOST_AT_ONCE: Final = 250
# Shelves end to the second, and the journal's file is looked at.
_TICK_S: Final = 1.0
# A flood is written and shown in pieces of this: what waits for the disk is lost with the process.
_BATCH_S: Final = 0.02


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

    ``queue`` has what waits to be reduced, ``facts`` what else was published: when the path was
    proven, which devices are out of service. ``failing`` holds the steps that do not work, with the
    reason as text. ``step_failed`` is called with each new failure, ``restored`` with each alarm
    that a former run left open.
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
        self.queue = EventQueue(clock.now_ms() * _EVENTS_A_MS)
        self._wake = asyncio.Event()
        self._lock = asyncio.Lock()
        self._is_restored = False
        # What is reduced and not yet published.
        self._changes: list[AlarmChange] = []
        self._new_facts: dict[str, Any] = {}
        self._writer = JournalWriter(
            journal,
            clock,
            failed=partial(self._note_failure, AlarmStep.JOURNAL),
            works=partial(self._note_success, AlarmStep.JOURNAL),
        )

    def put(self, event: Event) -> None:
        """Queue an event; from the loop's thread.

        One that comes alone is on its way to the disk when this returns: the loop's next turn may
        be a long one, while a window is made or painted.
        """
        for piece in _pieces(event):
            self.queue.put(piece)
        self._wake.set()
        is_idle = self._is_restored and not self._lock.locked() and self._writer.is_idle
        if is_idle and len(self.queue) == 1 and _is_loop_running():
            self._reduce_next()
            self._writer.begin()

    async def run(self) -> None:
        """Serve the queue until cancelled; what is queued then is left to ``drain``."""
        while True:
            await self._serve()
            await self._wait()

    async def drain(self) -> bool:
        """Serve all that is queued; True when it is on disk."""
        self._writer.retry_now()
        await self._serve()
        return not self._writer.batch

    def put_aside(self) -> str:
        """At the end: keep what is not on disk in a file of its own; why that fails, or ""."""
        return self._writer.put_aside()

    def unsaved(self) -> list[Alarm]:
        """The alarms that are not on disk as they are."""
        return list(self._writer.batch.alarms.values())

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_TICK_S):
                await self._wake.wait()

    async def _serve(self) -> None:
        async with self._lock:
            if not self._is_restored:
                await self._restore()
            elif self._writer.is_behind and self._writer.is_due:
                await self._restore_late()
            now_ms = self._clock.now_ms()
            if self._reducer.has_expired(now_ms):
                self.queue.put(events.Expired(now_ms))
            while True:
                self._wake.clear()
                if len(self.queue) > _BURST:
                    # Nothing is reduced meanwhile: its thread would wait for ours at each step.
                    self._note_waiting()
                    await self._writer.write()
                await self._reduce()
                self._note_waiting()
                await self._writer.write()
                self._take_news()
                self._publish()
                if not self.queue:
                    return

    async def _restore(self) -> None:
        left = await self._load()
        if left is None:
            # Numbers from the clock: none can be that of an alarm which stands unread on disk.
            left = JournalState([], self._clock.now_ms(), {})
        self._is_restored = True
        self._take_over(left)

    async def _restore_late(self) -> None:
        """Join what a former run left with what came since; its numbers are lower."""
        left = await self._load()
        if left is None:
            return
        self._writer.is_behind = False
        self._writer.retry_now()
        own = list(self._reducer.alarms.all())
        self._take_over(replace(left, next_id=max(left.next_id, self._reducer.next_id)), own)

    async def _load(self) -> JournalState | None:
        """What a former run left; None, and the reason is reported, while it cannot be read."""
        now_ms = self._clock.now_ms()
        loading = self._journal.submit(self._load_on_thread)
        await asyncio.wait((loading,))
        try:
            left = loading.result()
        except JournalError as error:
            self._writer.is_behind = True
            self._writer.fail(str(error))
            return None
        except Exception as error:  # noqa: BLE001 - alarms must be served whatever is on disk
            _log.exception("the journal is not understood")
            self._note_failure(AlarmStep.JOURNAL, f"What was kept is not understood: {error!r}")
            return JournalState([], now_ms, {})
        if left is None:
            return JournalState([], 1, {})
        self._reducer.reports.restore(left[1])
        return left[0]

    def _load_on_thread(self, journal: Journal) -> tuple[JournalState, list[KnownReport]]:
        journal.own_spill = self._writer.spill_name
        return journal.load(), journal.load_reports(self._clock.now_ms())

    def _take_over(self, left: JournalState, own: Iterable[Alarm] = ()) -> None:
        """Go on with what a former run left; ``own`` are alarms of this run."""
        if left.unreadable:
            reason = f"{left.unreadable} open alarms on disk are not understood by this version."
            self._note_failure(AlarmStep.JOURNAL, reason)
        until_ms = _times_by_device(left.facts.get(OUT_OF_SERVICE)) | self._reducer.out_of_service
        self.facts = {**left.facts, **self.facts, OUT_OF_SERVICE: until_ms}
        alarms = [_rung_again(alarm) for alarm in left.alarms]
        self._reducer.restore([*left.closed, *alarms, *own], left.next_id, until_ms)
        batch = self._writer.batch
        if left.unsaved is not None:
            left.unsaved.merge(batch)
            batch = self._writer.batch = left.unsaved
        self.queue.put_back(left.waiting)
        if OUT_OF_SERVICE in batch.facts:
            batch.facts[OUT_OF_SERVICE] = until_ms
        began = events.Restored(self._clock.now_ms(), len(alarms))
        batch.add_event(began)
        for alarm in alarms:
            rings = _is_audible(alarm)
            if rings:  # what counts the sound goes to disk, without a row for each in the journal
                batch.alarms[alarm.id] = alarm
            self._changes.append(AlarmChange(alarm, began, rings=rings))
            for failure in self.restored(alarm):
                reason = f"Alarm {alarm.id} is only partly restored: {failure!r}"
                self._note_failure(AlarmStep.MODEL, reason)

    def _take_news(self) -> None:
        """Where the file was made anew or mended, all that is open goes to it from memory."""
        while self._journal.news:
            self._note_failure(AlarmStep.JOURNAL, self._journal.news.popleft())
            batch = self._writer.batch
            batch.alarms = {alarm.id: alarm for alarm in self._reducer.alarms.all()} | batch.alarms
            batch.facts = self.facts | batch.facts
            self._writer.retry_now()

    async def _reduce(self) -> None:
        """Reduce what is queued, but not for so long that what is done waits for the disk."""
        start_s = time.perf_counter()
        slice_end_s = start_s + _SLICE_S
        while self.queue:
            self._reduce_next()
            now_s = time.perf_counter()
            if now_s >= start_s + _BATCH_S:
                return
            if now_s >= slice_end_s:
                await asyncio.sleep(0)
                slice_end_s = time.perf_counter() + _SLICE_S

    def _note_waiting(self) -> None:
        """What a burst leaves for later is on disk as it came before that."""
        batch = self._writer.batch
        batch.waiting += self.queue.take_new()
        batch.done += self.queue.done
        self.queue.done = []

    def _reduce_next(self) -> None:
        event = self.queue.pop()
        try:
            self._ingest(event, self._reducer.reduce(event))
        except Exception as error:  # noqa: BLE001 - reported, and the next ones still come
            _log.exception("event not understood")
            reason = f"{event.kind} could not be worked off ({error}): {event!r:.300}"
            self._note_failure(AlarmStep.MODEL, reason)

    def _ingest(self, event: Event, changes: list[AlarmChange]) -> None:
        self._changes += changes
        batch = self._writer.batch
        batch.add_changes(changes)
        batch.reports += self._reducer.reports.take_new()
        self._writer.is_new = True
        if not changes and event.journalled_alone:
            batch.add_event(event)
        if isinstance(event, events.DrillConfirmed):
            self._new_facts[PROVEN] = event.at_ms
        if isinstance(event, events.Joined):
            batch.moves.append((event.former, event.device))
        if isinstance(event, events.OutOfService | events.Expired | events.Joined):
            self._new_facts[OUT_OF_SERVICE] = dict(self._reducer.out_of_service)
        batch.facts |= self._new_facts

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
        self.queue.put(failed)
        self.step_failed(failed)

    def _note_success(self, step: AlarmStep) -> None:
        if step is not AlarmStep.JOURNAL or not self._writer.failure:
            self.failing.pop(step, None)


def _pieces(event: Event) -> Iterator[Event]:
    """What the operator does to thousands of alarms as several events, each of a few."""
    if not isinstance(event, events.AlarmCommand) or len(event.ids) <= _MOST_AT_ONCE:
        yield event
        return
    for first in range(0, len(event.ids), _MOST_AT_ONCE):
        yield replace(event, ids=event.ids[first : first + _MOST_AT_ONCE])


def _times_by_device(fact: object) -> dict[str, int]:
    """The devices out of service; what a broken byte made of it is left out."""
    if not isinstance(fact, dict):
        return {}
    return {key: until_ms for key, until_ms in fact.items() if isinstance(until_ms, int)}


def _is_loop_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _is_audible(alarm: Alarm) -> bool:
    """True when an alarm that a former run left is heard again."""
    return alarm.needs_ack and alarm.silenced_ms is None


def _rung_again(alarm: Alarm) -> Alarm:
    return replace(alarm, rings=alarm.rings + 1) if _is_audible(alarm) else alarm
