"""The window records what comes in: which process writes, what is kept, and how that is told."""

import argparse
import asyncio
from contextlib import suppress
from functools import partial
from typing import Any, Final

from tftmonitor.app.core import Core
from tftmonitor.app.parts import Parts
from tftmonitor.app.startup import SessionStart
from tftmonitor.base.clock import DAY_MS
from tftmonitor.base.tasks import TaskScope
from tftmonitor.history.samples.retention import Limits
from tftmonitor.history.samples.stored import LinkChange
from tftmonitor.model.coverage import BlindInterval
from tftmonitor.model.fleet.device import Device
from tftmonitor.monitor.recording.last_states import restore_states
from tftmonitor.monitor.recording.sent import Told
from tftmonitor.monitor.recording.standing import (
    GIGABYTE,
    MADE_UP,
    NOT_WANTED,
    Standing,
    figures,
    size_text,
    standing,
)
from tftmonitor.monitor.recording.window_recorder import WindowRecorder
from tftmonitor.protocol.link_status import LinkStatus
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.platform.child_process import start_own

# A disk that takes nothing does not keep the program; what writes goes on by itself then.
_END_WAIT_S: Final = 10.0
_END_LOOK_S: Final = 0.01
_LABELS_EVERY_S: Final = 30.0
_SLICE: Final = 1_000


class WindowRecording:
    """One a program: ``begin`` once the window is painted, ``end`` when the links are closed."""

    def __init__(
        self,
        options: argparse.Namespace,
        core: Core,
        parts: Parts,
        session: SessionStart,
        scope: TaskScope,
    ) -> None:
        self._session = session
        self._core = core
        self._parts = parts
        self._profile = core.settings.path.parent
        # What is made up goes to a profile of its own, or nowhere.
        is_own = not (options.profile or options.screenshot or options.smoke)
        self._starts_demo = bool(options.demo or options.smoke)
        self._keeps_demo = self._starts_demo and is_own
        self._recorder: WindowRecorder | None = None
        self._labels: dict[str, object] = {}
        self._has_begun = self._has_restored = False
        self._scope = scope
        monitor = core.monitor
        monitor.coverage.noted.add(self._note_blind)
        monitor.link_changed.add(self._note_link)
        core.settings.on_change(self._follow, "record")
        core.settings.on_change(self._set_limits, "record_days", "record_gb")
        parts.diagnostics.recording = self.figures
        parts.diagnostics.history_size = self._size_words
        parts.diagnostics.why_not_recorded = self._why_not
        parts.shell.frame_clock.on_second.add(self._tick)

    @property
    def standing(self) -> Standing:
        """How it stands, in words."""
        if not self._core.settings.values.record:
            return NOT_WANTED
        if self._is_made_up():
            return MADE_UP
        recorder = self._recorder
        if recorder is None:
            return Standing()
        zone = zone_of(self._core.settings.values)
        return standing(recorder.told, recorder.lost, self._limits(), zone)

    @property
    def told(self) -> Told:
        """What the process that writes has told last."""
        return self._recorder.told if self._recorder is not None else Told()

    def begin(self) -> None:
        """Record from now on, where it is wanted."""
        self._has_begun = True
        self._follow()

    async def end(self) -> None:
        """Hand over what waits, and wait until it is on disk."""
        recorder, self._recorder = self._recorder, None
        self._has_begun = False
        self._core.monitor.receiver.keep = None
        if recorder is not None:
            for device in self._core.monitor.fleet:
                self._note_label(recorder, device)
            recorder.end()
            # Not joined in a thread of the loop's: Python would never let go of that one.
            with suppress(TimeoutError):
                async with asyncio.timeout(_END_WAIT_S):
                    while not recorder.has_ended:  # noqa: ASYNC110 - a thread of no loop tells it
                        await asyncio.sleep(_END_LOOK_S)

    async def keep_labels(self) -> None:
        """Have written what devices are called, now and then; a service of the program."""
        while True:
            await asyncio.sleep(_LABELS_EVERY_S)
            for number, device in enumerate(list(self._core.monitor.fleet), 1):
                if (recorder := self._recorder) is not None:
                    self._note_label(recorder, device)
                if number % _SLICE == 0:
                    await asyncio.sleep(0)

    def figures(self) -> dict[str, Any]:
        """For the diagnostics."""
        recorder = self._recorder
        waiting, lost = (recorder.waiting, recorder.lost) if recorder is not None else (0, 0)
        return figures(self.told, waiting, lost, self.standing.word)

    def _follow(self) -> None:
        """What the settings and the session want holds from now on."""
        is_on = self._has_begun and self._core.settings.values.record and not self._is_made_up()
        recorder = self._recorder
        if is_on and recorder is None:
            recorder = self._recorder = WindowRecorder(
                self._core.clock,
                self._limits(),
                partial(start_own, "keep-history", str(self._profile)),
                self._parts.shell.show_note,
            )
        elif not is_on and recorder is not None:
            self._recorder = None
            recorder.end()
        self._core.monitor.receiver.keep = recorder.put if is_on and recorder is not None else None
        self._show()

    async def _restore(self) -> None:
        """Fill the list with what was reported last in a former run."""
        monitor, now_ms = self._core.monitor, self._core.clock.now_ms()
        large = monitor.receiver.large_frames
        await restore_states(self._profile, monitor.fleet, large, now_ms)

    def _tick(self) -> None:
        if self._recorder is not None:
            self._recorder.tick()
        self._show()

    def _show(self) -> None:
        self._parts.top_bar.show_recording(*self.standing)

    def _size_words(self) -> str:
        told = self.told
        return size_text(told, self._limits()) if told.is_recording and told.bytes else ""

    def _why_not(self) -> str:
        return "" if self.told.is_recording else self.standing.tip

    def _set_limits(self) -> None:
        if self._recorder is not None:
            self._recorder.set_limits(self._limits())

    def _limits(self) -> Limits:
        values = self._core.settings.values
        return Limits(values.record_days * DAY_MS, round(values.record_gb * GIGABYTE))

    def _is_made_up(self) -> bool:
        """True while what comes in, or is about to, is of the demo and has no place of its own."""
        if self._keeps_demo:
            return False
        is_awaited = self._starts_demo and not self._core.monitor.session_urls
        return is_awaited or self._session.is_demo

    def _note_link(self, status: LinkStatus) -> None:
        # A session begins with this, before any frame of it.
        self._follow()
        if not (self._has_restored or self._is_made_up()):
            self._has_restored = True
            self._scope.start("last reports of the history", self._restore())
        at_ms = self._core.clock.now_ms()
        change = LinkChange(at_ms, status.channel.value, status.state.value, status.reason)
        if self._recorder is not None:
            self._recorder.put_link(change)

    def _note_blind(self, interval: BlindInterval) -> None:
        if self._recorder is not None:
            self._recorder.put_blind(interval)

    def _note_label(self, recorder: WindowRecorder, device: Device) -> None:
        label = device.said_model
        if label and self._labels.get(device.key) is not label:
            self._labels[device.key] = label
            recorder.put_label(device.key, str(label))
