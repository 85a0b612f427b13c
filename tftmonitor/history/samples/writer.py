"""The thread that writes the store: what is put goes to disk every quarter of a second."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tftmonitor.base.clock import HOUR_MS, SECOND_MS, Clock
from tftmonitor.history.recovery import is_damage, set_aside
from tftmonitor.history.samples.backlog import Backlog
from tftmonitor.history.samples.cleaning import cleaned
from tftmonitor.history.samples.measures import Measures, measure
from tftmonitor.history.samples.retention import DEFAULTS, Limits, retain
from tftmonitor.history.samples.salvage.moving import salvage
from tftmonitor.history.samples.sealing import merge, seal
from tftmonitor.history.samples.store import SampleStore, explain, words_of_damage
from tftmonitor.history.samples.stored import HistoryError, LinkChange, Recorded
from tftmonitor.model.coverage import BlindInterval

_log = logging.getLogger(__name__)

FLUSH_S: Final = 0.25
# Where nothing comes it is written so often until when we were there.
_IDLE_MS: Final = 5 * SECOND_MS
_RETRY_S: Final = 1.0
# One round of sealing and one step of retention at most so often.
_TIDY_EVERY_S: Final = 1.0
_MERGE_EVERY_MS: Final = HOUR_MS
# Chunks and batches of a damaged file between two rounds.
_SAVED_AT_ONCE: Final = 64


class SampleWriter:
    """Put from any thread; ``close`` at the end.

    ``say`` is called from the writing thread with a sentence when recording stops, goes on, or
    something was found wrong. ``written`` counts pushes on disk, ``lost`` those that are on none;
    ``failure`` says why nothing is written, and ``failed_ms`` since when. ``limits`` may be changed
    at any time.
    """

    def __init__(
        self,
        profile: Path,
        clock: Clock,
        say: Callable[[str], object],
        limits: Limits = DEFAULTS,
        *,
        backlog: Backlog | None = None,
        began_ms: int | None = None,
        flush_s: float | None = None,
    ) -> None:
        """Open the store and start. Raises HistoryError, OSError.

        With a ``backlog`` it takes what has waited in it since ``began_ms``, and raises nothing:
        what cannot be opened is tried again. It writes every ``flush_s`` seconds.
        """
        self.written = self.lost = self.failed_ms = 0
        self.measures = Measures()
        self.failure = ""
        self.limits = limits
        self._flush_s = flush_s
        self._profile = profile
        self._clock = clock
        self._say = say
        self._backlog = backlog or Backlog()
        # Since then nothing is missing, whenever the file can be opened.
        self._whole_ms = clock.now_ms() if began_ms is None else began_ms
        self._store: SampleStore | None = None
        self._aside: Path | None = None
        self._tidying: Iterator[None] = iter(())
        self._saving: Iterator[None] | None = None
        self._tidy_due_s = clock.monotonic_s() + _TIDY_EVERY_S
        self._write_due_ms = 0
        self._is_busy = self._is_saving = False
        self._merge_due_ms = clock.now_ms() + _MERGE_EVERY_MS
        try:
            self._opened()
        except (sqlite3.Error, HistoryError, OSError) as error:
            if backlog is None:
                raise
            self._note_failed(error)
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)
        self._thread.start()

    def put(self, row: Recorded) -> None:
        """Have a push written."""
        self._backlog.put(row)

    @property
    def waiting(self) -> int:
        """Pushes that are not on disk."""
        return self._backlog.waiting

    @property
    def bytes(self) -> int:
        """What of the file holds something."""
        return self.measures.bytes

    def put_blind(self, interval: BlindInterval) -> None:
        """Have a blind interval written; one that began before is written over."""
        self._backlog.put_blind(interval)

    def put_link(self, change: LinkChange) -> None:
        """Have a change of a link written."""
        self._backlog.put_link(change)

    def put_label(self, device: str, label: str) -> None:
        """Have written what a device is called."""
        self._backlog.put_label(device, label)

    def close(self) -> bool:
        """Write what waits, and end; False when something could not be written."""
        self._is_closing.set()
        self._thread.join()
        return not (self.failure or self.waiting)

    @property
    def pause_s(self) -> float:
        """Seconds until the next step; none while tidying has filled the last one."""
        if self.failure:
            return _RETRY_S
        return 0.0 if self._is_busy else self._flush_s or FLUSH_S

    def _run(self) -> None:
        while not self._is_closing.wait(self.pause_s):
            self.step()
        self.step()
        if self._store is not None:
            try:
                self._store.close()
            except sqlite3.Error as error:
                self._say(f"The history was not closed in order: {explain(error)}.")

    def step(self) -> None:
        """Write what waits, and then tidy a little. Only the writing thread calls it."""
        try:
            store = self._opened()
            self._flush(store)
            if not self._is_closing.is_set():
                self._tidy(store)
        except (sqlite3.Error, HistoryError, OSError) as error:
            self._note_failed(error)

    def _opened(self) -> SampleStore:
        if self._store is None:
            self._store = SampleStore(self._profile, self._whole_ms, self._aside)
            self._aside = None
            if self._store.notice:
                self._say(self._store.notice)
        return self._store

    def _flush(self, store: SampleStore) -> None:
        now_ms = self._clock.now_ms()
        pending = self._backlog.take(now_ms)
        is_idle = pending.is_empty and not self.failure and not self._is_closing.is_set()
        if is_idle and now_ms < self._write_due_ms:
            return
        self._write_due_ms = now_ms + _IDLE_MS
        pending.rows = cleaned(pending.rows)
        store.write(pending, now_ms)
        self.written += len(pending.rows)
        self._whole_ms = now_ms
        self.lost += self._backlog.lost
        lost = self._backlog.done()
        if self.failure:
            self.failure = ""
            missing = f"{lost} pushes are missing." if lost else "Nothing is missing."
            self._say(f"The history is recorded again. {missing}")

    def _tidy(self, store: SampleStore) -> None:
        """As long as the next flush is not due."""
        end_s = self._clock.monotonic_s() + (self._flush_s or FLUSH_S)
        if self._clock.monotonic_s() < self._tidy_due_s:
            return
        self._is_busy = True
        while self._clock.monotonic_s() < end_s:
            try:
                next(self._tidying)
            except StopIteration:
                self._tidying = self._round(store)
                self._is_busy = self._is_saving
                pause_s = 0.0 if self._is_saving else _TIDY_EVERY_S
                self._tidy_due_s = self._clock.monotonic_s() + pause_s
                break
        for problem in store.problems:
            self._say(problem)
        store.problems.clear()

    def _round(self, store: SampleStore) -> Iterator[None]:
        now_ms = self._clock.now_ms()
        yield from seal(store, now_ms)
        if now_ms >= self._merge_due_ms:
            self._merge_due_ms = now_ms + _MERGE_EVERY_MS
            yield from merge(store, now_ms)
        while retain(store, self.limits, now_ms):
            yield
        self.measures = measure(store, self.limits, now_ms)
        yield from self._save(store, now_ms)

    def _save(self, store: SampleStore, now_ms: int) -> Iterator[None]:
        """A part of what is left to be saved of a damaged file; there is more where it is busy."""
        if self._saving is None:
            self._saving = salvage(store, now_ms)
        for done, _ in enumerate(self._saving, 1):
            yield
            if done == _SAVED_AT_ONCE:
                self._is_saving = True
                return
        self._saving, self._is_saving = None, False

    def _note_failed(self, error: Exception) -> None:
        words = explain(error)
        self._tidying, self._saving = iter(()), None
        self._is_busy = self._is_saving = False
        if self._store is not None and (is_damage(error) or not self._store.is_in_place()):
            self._give_up_file(is_damage(error))
        if not self.failure:
            self.failed_ms = self._clock.now_ms()
            _log.error("the history cannot be written", exc_info=error)
            self._say(f"The history is not recorded: {words}. It is tried again each second.")
        self.failure = words
        self._backlog.note_failure(words)

    def _give_up_file(self, is_damaged: bool) -> None:
        store, self._store = self._store, None
        assert store is not None
        store.database.close()
        if is_damaged:
            try:
                self._aside = aside = set_aside(store.path, self._clock.now_ms())
            except OSError as error:
                self._say(f"The damaged history cannot be set aside: {error.strerror}.")
            else:
                self._say(words_of_damage(aside))
