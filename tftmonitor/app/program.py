"""One run of the window: started in order, and taken apart in reverse order."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, Final

from PySide6.QtWidgets import QApplication

from tftmonitor.app.connections import connect
from tftmonitor.app.core import Core
from tftmonitor.app.map import open_map, run_streets
from tftmonitor.app.menus import make_menus
from tftmonitor.app.parts import make_parts
from tftmonitor.app.recording import WindowRecording
from tftmonitor.app.startup import SessionStart, Source
from tftmonitor.base.clock import HOUR_MS
from tftmonitor.base.listeners import Listeners
from tftmonitor.base.tasks import TaskScope
from tftmonitor.history.journal import JournalError
from tftmonitor.model.alarms.events import StepFailed
from tftmonitor.monitor import outside
from tftmonitor.monitor.alarm_format import words_of
from tftmonitor.monitor.diagnostics import Diagnostics
from tftmonitor.protocol.channels import Channel
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.platform import event_loop
from tftmonitor.ui.platform.network_watch import NetworkWatch
from tftmonitor.ui.platform.session_end import SessionEnd
from tftmonitor.ui.statistics.reading import read_occurrences
from tftmonitor.ui.window.layout_keeper import LayoutKeeper
from tftmonitor.ui.window.screenshot import PICTURE_SIZE, smoke, take_picture

_SAMPLES_OF_A_LINE = 12
# The exit code when alarms were neither written nor put aside.
EXIT_ALARMS_LOST: Final = 5
_MOST_SAID: Final = 1_000
_LIVE: Final = Source(SessionStart)

Script = Callable[["Program"], Coroutine[Any, Any, None]]


class Program:
    """Builds the window on its core and runs it until the exit request."""

    def __init__(
        self,
        app: QApplication,
        options: argparse.Namespace,
        core: Core,
        source: Source = _LIVE,
    ) -> None:
        self._app = app
        self._options = options
        self._exit = asyncio.Event()
        self._code = 0
        self._report: Listeners[[str]] = Listeners()
        self._scope = TaskScope(self._report_task)
        self.core = core
        self.monitor = core.monitor
        self.alarms = core.monitor.alarm_service.alarms
        diagnostics = Diagnostics(self.monitor, core.clock, self._frames, options.diagnostics)
        self.parts = make_parts(core, self._scope, self._report, diagnostics, source.bars)
        self.shell = self.parts.shell
        self.window = self.shell.window
        self._session = source.session(options, core, self.parts, self._scope)
        self._on_desktop = source.on_desktop
        self.recording = WindowRecording(options, core, self.parts, self._session, self._scope)
        self._network: NetworkWatch | None = None
        self._layout = LayoutKeeper(self.window, core.settings)
        self._session_end: SessionEnd | None = None
        self._report.add(self.shell.show_note)
        connect(core, self.parts, self._scope)
        self.palette = make_menus(core, self.parts, self._scope, self.request_exit, source.without)
        self._connect_end()

    def request_exit(self) -> None:
        """End in order, as soon as what runs now is done."""
        self._exit.set()

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Run this beside; it is cancelled with the end of the program."""
        self._scope.start(name, work)

    def answer(self, line: bytes, reply: Callable[[bytes], None]) -> None:
        """Do what another process asks for in a line, and then tell it what was done.

        While the program ends there is no answer: who asked goes to the journal after it.
        """
        if self._exit.is_set():
            return

        async def work() -> None:
            reply(await outside.answer(self.monitor.alarm_service, line))

        self._scope.start("request of another process", work())

    async def run(self, script: Script | None = None) -> int:
        """Show the window, work until the exit request, leave nothing behind."""
        event_loop.request_exit_on_signals(self.request_exit, self._app)
        self._session_end = SessionEnd(
            self._app, self.save_now, self.request_exit, self._lose_display
        )
        core, parts = self.core, self.parts
        await core.state.restore()
        self._scope.keep("alarm service", self.monitor.alarm_service.run)
        self._scope.keep("state store", core.state.run)
        self._scope.start("alarms of the last hour", self._recall_rate(core.clock.now_ms()))
        self._scope.keep("rules", self.monitor.rules.run)
        # What writes it has started by the time that something comes in.
        self.recording.begin()
        self._scope.keep("names for the history", self.recording.keep_labels)
        self._place_window()
        self.shell.start()
        parts.plot_loader.start()
        await event_loop.first_paint(self.window)
        if self._on_desktop:
            parts.outputs.start()
        parts.loop_monitor.start()
        self._scope.start("map", open_map(parts.map))
        self._scope.start("streets", run_streets(core, lambda: parts.map.get().canvas, self._scope))
        self._network = NetworkWatch(self.monitor.try_now)
        # Not before: an alarm that comes while the window is made waits for the disk as long.
        self._session.begin()
        self._plan_end()
        if script is not None:
            self._scope.start("script", script(self))
        await self._exit.wait()
        await self._end()
        return self._code

    def _connect_end(self) -> None:
        tray = self.parts.outputs.tray
        self.window.close_requested.connect(self._close)
        tray.quit_requested.connect(self.request_exit)
        tray.sign_out_requested.connect(self.parts.flow.sign_out)
        self.monitor.alarm_service.pipeline.step_failed.add(self._report_step)
        self.core.state.failed.add(self.shell.warn)

    async def _recall_rate(self, now_ms: int) -> None:
        """How many alarms an hour there were does not begin anew with each start."""
        try:
            found = await read_occurrences(
                self.monitor.alarm_service.read_journal, now_ms - HOUR_MS
            )
        except JournalError as error:
            self.shell.warn(str(error))
        else:
            self.parts.rate.recall(found, now_ms)

    def _report_task(self, name: str, error: BaseException) -> None:
        self.shell.warn(f"{name} failed: {error}")

    def _report_step(self, failed: StepFailed) -> None:
        self.shell.warn(f"Alarm step {failed.step} failed: {failed.reason}")

    def _frames(self) -> int:
        return self.shell.frame_clock.frames

    def _place_window(self) -> None:
        options, window = self._options, self.window
        notice = window.restore(self.core.settings.values)
        if options.size or options.screenshot:
            window.resize(*(options.size or PICTURE_SIZE))
        for text in (notice, *self.core.notices):
            self.shell.warn(text[:1].upper() + text[1:])
        window.show()
        self._layout.start()

    def _plan_end(self) -> None:
        options = self._options
        if options.smoke:
            work = smoke(self.monitor, self.window, self._plotted_samples, options.screenshot)
            self._scope.start("smoke", self._end_with(work))
        elif options.screenshot:
            after_s = options.exit_after
            work = take_picture(self.window, options.screenshot, after_s, self._is_drawn)
            self._scope.start("screenshot", self._end_with(work))
        elif options.exit_after:
            asyncio.get_running_loop().call_later(options.exit_after, self.request_exit)

    async def _end_with(self, work: Coroutine[Any, Any, int]) -> None:
        """Run what the program was started for, and end with its exit code."""
        self._code = 1
        try:
            self._code = await work
        finally:
            self.request_exit()

    def _is_drawn(self) -> bool:
        """True when links and a line of some length can be seen, or when no device is to come."""
        if self.monitor.user is None:
            return True
        are_up = all(self.monitor.link_status(channel).is_up for channel in Channel)
        return are_up and self._plotted_samples() >= _SAMPLES_OF_A_LINE

    def _plotted_samples(self) -> int:
        """How many samples the plots hold; picks the first device when none is chosen."""
        parts, fleet = self.parts, self.monitor.fleet
        parts.plot_loader.load()
        if not parts.devices.selected_key() and len(fleet):
            parts.devices.select(next(iter(fleet)).key)
        device = fleet.find(parts.devices.selected_key())
        return len(device.series) if device else 0

    def save_now(self) -> None:
        """What the next second would have stored."""
        self._layout.flush()
        self.shell.finish()

    def _lose_display(self) -> None:
        # Windows can no longer be asked where they are; that is on disk already.
        self._layout.stop()
        self._code = 1
        self.request_exit()

    async def _end(self) -> None:
        if self._session_end is not None:
            self._session_end.stop()
        self.shell.stop()
        await self.parts.outputs.stop()
        self.parts.loop_monitor.stop()
        self._layout.flush()
        await self.monitor.sign_out()
        await self._scope.close()
        await self.core.past.close()
        await self.recording.end()
        if not await self.monitor.alarm_service.drain():
            self._put_aside()
        await self.core.state.keep(with_cadence=True)
        await self.core.journal.close()
        self.window.close_for_good()
        await self._session.end()

    def _put_aside(self) -> None:
        """Keep the alarms that the journal did not take; where nothing does, say them and fail."""
        pipeline = self.monitor.alarm_service.pipeline
        reason = pipeline.put_aside()
        if not reason:
            return
        self._code = EXIT_ALARMS_LOST
        zone, lost = zone_of(self.core.settings.values), pipeline.unsaved()
        said = [words_of(alarm, zone) for alarm in lost[-_MOST_SAID:]]
        head = f"tftmonitor: {len(lost)} alarms could not be kept anywhere ({reason}):"
        print(head, *said, sep="\n", file=sys.stderr)

    def _close(self) -> None:
        if not self.parts.outputs.hide_to_tray(self.window):
            self.request_exit()
