"""What a window plays: its bar, its title, and what its keys do to the player."""

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from typing_extensions import override

from tftmonitor.app.core import Core
from tftmonitor.app.parts import Parts
from tftmonitor.app.startup import SessionStart
from tftmonitor.base.tasks import TaskScope
from tftmonitor.history.samples.stored import HistoryError
from tftmonitor.model.alarms.events import AlarmChange, Restored
from tftmonitor.model.fields.formatting import format_clock
from tftmonitor.monitor.alarm_service import AlarmStep
from tftmonitor.monitor.replay.player import Player
from tftmonitor.monitor.replay.previous_push import previous_push
from tftmonitor.protocol.channels import Channel
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.replay.bar import ReplayBar
from tftmonitor.ui.replay.mark import ReplayMark
from tftmonitor.ui.replay.space_key import SpaceKey

OFF: Final = frozenset({"sign_in", "sign_out", "reconnect", "fetch_names", "drill", "replay"})
"""Actions that make no sense in a replay."""

# In the plots it stands beside the names of the first curves, where nothing is to be clicked.
_BELOW_HEAD: Final = 42
_HOLDS = (
    "This is a replay: settings, rules and acknowledging hold for it alone. Signing in, drills and "
    "recording are off."
)


@dataclass(frozen=True)
class ReplayView:
    """Where a replay stands, and how it goes on. ``moment_ms`` is ms since 1970 UTC."""

    moment_ms: int
    device: str = ""
    speed: float = 1
    is_playing: bool = True
    skips_gaps: bool = True
    with_sound: bool = False
    is_first: bool = True


@dataclass(frozen=True)
class Playing:
    """What a session plays, and whom it tells.

    ``go_back`` is asked for a view that needs a model of its own, because it knows too much
    already; ``began`` is called once the window is painted.
    """

    profile: Path
    player: Player
    bar: ReplayBar
    view: ReplayView
    go_back: Callable[[ReplayView], None]
    began: Callable[[], None]


class ReplaySession(SessionStart):
    """In place of signing in: the player, from the first paint to the end."""

    def __init__(
        self,
        playing: Playing,
        options: argparse.Namespace,
        core: Core,
        parts: Parts,
        scope: TaskScope,
    ) -> None:
        super().__init__(options, core, parts, scope)
        self.bar = playing.bar
        self.player = playing.player
        self._playing = playing
        self._marks: list[ReplayMark] = []
        self._going = ""

    @property
    @override
    def is_demo(self) -> bool:
        """True: as little as what is made up does it go into any history."""
        return True

    @override
    def begin(self) -> None:
        """Show what was played so far, and go on."""
        parts, player, view = self._parts, self.player, self._playing.view
        self._show_what_is_known()
        self._connect()
        parts.plots.loaded.add(lambda stack: self._mark(ReplayMark(stack, _BELOW_HEAD)))
        parts.map.built.add(lambda pane: self._mark(ReplayMark(pane.canvas)))
        if parts.plots.stack is not None:
            self._mark(ReplayMark(parts.plots.stack, _BELOW_HEAD))
        if parts.map.pane is not None:
            self._mark(ReplayMark(parts.map.pane.canvas))
        if view.device:
            parts.devices.select(view.device)
        player.skips_gaps = view.skips_gaps
        self.bar.skip.setChecked(view.skips_gaps)
        self.bar.sound.setChecked(view.with_sound)
        player.set_speed(view.speed)
        if view.is_playing:
            player.play()
        if view.is_first:
            parts.shell.show_note(_HOLDS)
        self._scope.keep("replay", player.run)
        self._show()
        self._playing.began()

    @override
    async def end(self) -> None:
        """Read no further."""
        await asyncio.to_thread(self.player.close)

    def say_going(self, text: str) -> None:
        """Another moment is being read for, in words; "" when it is not."""
        self._going = text
        self._show()

    def toggle(self) -> None:
        """Play or pause; from the end it begins again."""
        player = self.player
        if player.is_playing or player.is_hurrying:
            player.pause()
        elif player.is_at_end:
            self._go_back(moment_ms=player.stretch.start_ms, is_playing=True)
        else:
            player.play()

    def go_to(self, moment_ms: int) -> None:
        """Show this moment, and go on from there as before."""
        if self.player.can_reach(moment_ms):
            self.player.go_to(moment_ms)
        else:
            self._go_back(moment_ms=moment_ms)

    def step(self, by: int) -> None:
        """To the next push of the chosen device, or to the one before, and stand there."""
        key = self._parts.devices.selected_key() or ""
        if by > 0:
            self.player.step(key)
        else:
            self.player.pause()
            self._scope.start("step back", self._step_back(key))

    async def _step_back(self, key: str) -> None:
        device = self._core.monitor.fleet.find(key)
        names = None if device is None else device.names
        player, profile = self.player, self._playing.profile
        now_ms, start_ms = player.clock.now_ms(), player.stretch.start_ms
        try:
            found = await asyncio.to_thread(previous_push, profile, names, now_ms, start_ms)
        except HistoryError as error:
            self._parts.shell.warn(str(error))
            return
        if found is None:
            self._parts.shell.show_note("No push before this one in the stretch.")
        else:
            self._go_back(moment_ms=found, is_playing=False)

    def _go_back(self, *, moment_ms: int, is_playing: bool | None = None) -> None:
        player = self.player
        plays = player.is_playing if is_playing is None else is_playing
        player.pause()
        view = ReplayView(
            moment_ms=min(max(moment_ms, player.stretch.start_ms), player.stretch.end_ms),
            device=self._parts.devices.selected_key() or "",
            speed=player.clock.speed,
            is_playing=plays,
            skips_gaps=player.skips_gaps,
            with_sound=self._core.settings.values.sound,
            is_first=False,
        )
        self._playing.go_back(view)

    def _show_what_is_known(self) -> None:
        """The panes came after what they are to show."""
        monitor, clock = self._core.monitor, self._core.clock
        alarms = list(monitor.alarm_service.alarms.all())
        restored = Restored(clock.now_ms(), len(alarms))
        changes = [AlarmChange(alarm, restored) for alarm in alarms]
        for step in (AlarmStep.MODEL, AlarmStep.BANNER):
            monitor.alarm_service.steps[step](changes)
        for channel in Channel:
            monitor.link_changed(monitor.link_status(channel))
        monitor.inbox.changed()

    def _connect(self) -> None:
        bar, player, shell = self.bar, self.player, self._parts.shell
        bar.play_toggled.connect(self.toggle)
        bar.step_requested.connect(self.step)
        bar.speed_chosen.connect(player.set_speed)
        bar.moment_chosen.connect(self.go_to)
        bar.skip_toggled.connect(self._set_skipping)
        bar.sound_toggled.connect(lambda on: self._core.settings.set("sound", on))
        bar.close_requested.connect(shell.window.close_requested)
        player.moved.add(self._show)
        player.said.add(shell.show_note)
        player.hurried.add(self._hurry)
        space = SpaceKey(shell.window)
        space.pressed.connect(self.toggle)
        for view in (self._parts.devices.view, self._parts.alarms.view):
            space.take_from(view)
        if player.problem:
            shell.warn(player.problem)

    def _set_skipping(self, on: bool) -> None:
        self.player.skips_gaps = on

    def _hurry(self, is_hurrying: bool) -> None:
        """While it plays as fast as it goes nothing is painted, and then all at once."""
        clock = self._parts.shell.frame_clock
        if is_hurrying:
            clock.stop()
        else:
            clock.start()
            clock.tick()

    def _mark(self, mark: ReplayMark) -> None:
        self._marks.append(mark)
        mark.show_title(self.bar.title)

    def _show(self) -> None:
        player, bar = self.player, self.bar
        if not player.is_hurrying:
            bar.show_moment(player.clock.now_ms())
        bar.show_state(self._state_text(), player.clock.speed, is_playing=player.is_playing)
        self._parts.title.set_lead(bar.title)
        for mark in self._marks:
            mark.show_title(bar.title)

    def _state_text(self) -> str:
        player = self.player
        if self._going:
            return self._going
        if player.is_hurrying:
            zone = zone_of(self._core.settings.values)
            return f"going on from {format_clock(player.clock.now_ms(), zone)}"
        if player.is_at_end:
            return "at the end"
        if not player.is_playing:
            return "paused"
        return "playing as fast as it goes" if player.is_behind else "playing"
