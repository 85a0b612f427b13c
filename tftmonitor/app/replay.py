"""Opens a window on a recorded stretch. Of the profile it only reads; what it keeps is temporary.

A moment before the one that is shown needs a model that knows nothing of what came after it. So a
second core is made and played up to that moment beside the window, and gets a window in its place.
"""

import argparse
import asyncio
import gc
import shutil
import sys
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from tftmonitor.app.core import Core, make_core
from tftmonitor.app.program import Program
from tftmonitor.app.replay_session import OFF, Playing, ReplaySession, ReplayView
from tftmonitor.app.startup import Source
from tftmonitor.base.logs import start_logging
from tftmonitor.base.tasks import TaskScope
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.samples.stored import HistoryError
from tftmonitor.model.fields.formatting import format_clock
from tftmonitor.monitor.replay.player import Player
from tftmonitor.monitor.replay.read_ahead import ReadAhead
from tftmonitor.monitor.replay.replay_clock import ReplayClock
from tftmonitor.monitor.replay.stretch import LEAD_MS, Stretch, open_stretch
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.platform import event_loop
from tftmonitor.ui.replay.bar import ReplayBar
from tftmonitor.ui.theme.choice import ThemeChoice
from tftmonitor.ui.theme.fonts import install_fonts

_EXIT_FAILED: Final = 1
# What is read of the profile: a copy may be changed as one likes.
_COPIED: Final = ("settings.json", "rules.json", "places.json")
# Nothing of the past shows itself outside of its window, rings unasked or is recorded.
_QUIET: Final[dict[str, object]] = {
    "sound": False,
    "notifications": False,
    "keep_awake": False,
    "keep_signed_in": False,
    "record": False,
    "user": "",
}


Script = Callable[["Replay"], Coroutine[Any, Any, None]]


def run_replay(options: argparse.Namespace, profile: Path, script: Script | None = None) -> int:
    """Open the window and stay until it is closed; the process' exit code.

    ``script`` is run beside it, for tests that use the window as a person would.
    """
    try:
        stretch = open_stretch(profile, options.from_ms, options.to_ms)
    except HistoryError as error:
        print(f"tftmonitor replay: {error}", file=sys.stderr)
        return _EXIT_FAILED
    start_logging()
    app = event_loop.make_application()
    install_fonts(app)
    with tempfile.TemporaryDirectory(
        prefix="tftmonitor-replay-", ignore_cleanup_errors=True
    ) as folder:
        replay = Replay(app, options, profile, Path(folder), stretch)
        return event_loop.run(app, partial(replay.run, script))


@dataclass
class _Window:
    """One core with its window, and the task that runs it."""

    program: Program
    session: ReplaySession
    theme: ThemeChoice
    task: "asyncio.Task[int]"


@dataclass(frozen=True)
class _Stage:
    """A core that was played up to a moment."""

    core: Core
    player: Player


class Replay:
    """The windows of a replay, one after the other."""

    def __init__(
        self,
        app: QApplication,
        options: argparse.Namespace,
        profile: Path,
        folder: Path,
        stretch: Stretch,
    ) -> None:
        self._app = app
        self._options = options
        self._profile = profile
        self._folder = folder
        self._stretch = stretch
        self._source = profile
        self._count = 0
        self._now: _Window | None = None
        self._next: _Window | None = None
        self._wanted: ReplayView | None = None

    @property
    def program(self) -> Program:
        """The window that is shown."""
        assert self._now is not None
        return self._now.program

    @property
    def session(self) -> ReplaySession:
        """What it plays."""
        assert self._now is not None
        return self._now.session

    async def run(self, script: Script | None = None) -> int:
        """Show one window after the other until one is closed; the exit code of the last."""
        options = self._options
        view = ReplayView(self._stretch.start_ms, options.device or "", options.speed)
        self._now = self._open(await self._play_up_to(view), view)
        async with TaskScope() as scope:
            if script is not None:
                scope.start("script", script(self))
            while True:
                code = await self._now.task
                self._now.theme.stop()
                if self._next is None:
                    return code
                before, self._now, self._next = self._now, self._next, None
                _take_apart(before.program)
                del before

    def _go_back(self, view: ReplayView) -> None:
        """Make another window; who asks again meanwhile gets the last wish."""
        is_making, self._wanted = self._wanted is not None, view
        if not is_making and self._now is not None:
            self._now.program.start("another moment", self._make_next())

    async def _make_next(self) -> None:
        window = self._now
        assert window is not None
        try:
            while True:
                view = self._wanted
                assert view is not None
                window.program.save_now()
                stage = await self._play_up_to(view)
                if self._wanted is view:
                    break
                await _give_up(stage)
        finally:
            self._wanted = None
            window.session.say_going("")
        self._next = self._open(stage, view)

    async def _play_up_to(self, view: ReplayView) -> _Stage:
        """A new core, as it was at that moment. Nothing of it is left when it is cancelled."""
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        for name in _COPIED:
            with suppress(OSError):
                shutil.copyfile(self._source / name, folder / name)
        self._source = folder
        settings = SettingsStore(folder)
        chosen = _QUIET if view.is_first else {}
        if view.is_first and self._options.theme:
            chosen = chosen | {"theme": self._options.theme}
        settings.update(**{n: value for n, value in chosen.items() if hasattr(settings.values, n)})
        clock = ReplayClock(view.moment_ms - LEAD_MS)
        core = make_core(folder, self._options, settings, clock=clock, recorded=self._profile)
        core.monitor.fleet.add_plots(settings.values.plots)
        frames = ReadAhead(
            self._profile, self._stretch.devices, view.moment_ms, self._stretch.end_ms
        )
        stage = _Stage(core, Player(core.monitor, clock, self._stretch, frames))
        service = core.monitor.alarm_service
        try:
            with suppress(JournalError):  # it says so itself, and goes on in memory
                await core.journal.run(Journal.be_temporary)
            await core.state.restore()
            serving = asyncio.create_task(service.run())
            stage.player.moved.add(partial(self._tell, core, view))
            try:
                await stage.player.feed(view.moment_ms)
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
            await service.drain()
        except BaseException:
            await _give_up(stage)
            raise
        return stage

    def _tell(self, core: Core, view: ReplayView) -> None:
        """How far the next window has come, in the bar of this one."""
        if self._now is not None and self._wanted is view:
            values = core.settings.values
            at = format_clock(core.clock.now_ms(), zone_of(values))
            self._now.session.say_going(f"reading {at} …")

    def _leave_before(self) -> None:
        """A window is painted: the one that it stands for ends."""
        # The next one is as large as somebody has made this one.
        self._options.size = None
        if self._next is not None and self._now is not None:
            self._now.program.request_exit()

    def _open(self, stage: _Stage, view: ReplayView) -> _Window:
        """Its window; once that is painted the one before is closed."""
        settings = stage.core.settings
        bar = ReplayBar(self._stretch, settings)
        playing = Playing(
            self._profile,
            stage.player,
            bar,
            view,
            self._go_back,
            self._leave_before,
        )
        sessions: list[ReplaySession] = []

        def make_session(*parts: object) -> ReplaySession:
            sessions.append(ReplaySession(playing, *parts))  # type: ignore[arg-type]
            return sessions[0]

        theme = ThemeChoice(self._app, settings)
        source = Source(make_session, (bar,), OFF, on_desktop=False)
        program = Program(self._app, self._options, stage.core, source)
        task = asyncio.create_task(program.run())
        return _Window(program, sessions[0], theme, task)


async def _give_up(stage: _Stage) -> None:
    """Leave nothing of a core that gets no window."""
    await asyncio.to_thread(stage.player.close)
    await stage.core.monitor.alarm_service.drain()
    await stage.core.journal.close()


def _take_apart(program: Program) -> None:
    """Give back what a window took, when another goes on in its place.

    Qt holds what its signals call, so that no cycle through them is ever found: all ends with the
    objects that have them.
    """
    for part in (program.window, program.shell.frame_clock, *vars(program.parts).values()):
        if isinstance(part, QObject):
            part.deleteLater()
    # What is kept out of the collector's way once a window stands has no end otherwise.
    gc.unfreeze()
