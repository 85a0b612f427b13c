"""The action that opens a replay of what the plots show: in a process of its own."""

import asyncio
from collections.abc import Callable

from tftmonitor.app.core import Core
from tftmonitor.app.parts import Parts
from tftmonitor.base.clock import HOUR_MS, SECOND_MS
from tftmonitor.base.tasks import TaskScope
from tftmonitor.history.samples.stored import HistoryError
from tftmonitor.monitor.replay.stretch import open_stretch
from tftmonitor.ui.platform.child_process import start_window


def replay_opener(core: Core, parts: Parts, scope: TaskScope) -> Callable[[], None]:
    """What the action does: links, alarms and sound of this window are not touched by it."""
    profile, shell = core.settings.path.parent, parts.shell

    async def open_replay(start_ms: int, end_ms: int, device: str) -> None:
        try:
            stretch = await asyncio.to_thread(open_stretch, profile, start_ms, end_ms)
        except HistoryError as error:
            shell.show_note(f"There is nothing to replay. {error}")
            return
        words = ["replay", "--profile", str(profile)]
        words += ["--from", str(stretch.start_ms), "--to", str(stretch.end_ms)]
        words += ["--device", device] if device else []
        if start_window(*words):
            shell.show_note("The replay opens in a window of its own.")
        else:
            shell.warn("The window of the replay could not be started.")

    def work() -> None:
        start_s, end_s = core.clock.now_ms() / SECOND_MS, 0.0
        if parts.plots.stack is not None:
            start_s, end_s = parts.plots.stack.window_s
        start_ms = round(start_s * SECOND_MS)
        # Longer than what is seen: one wants to know how it went on.
        end_ms = max(round(end_s * SECOND_MS), start_ms + HOUR_MS)
        device = parts.devices.selected_key() or ""
        scope.start("replay", open_replay(start_ms, end_ms, device))

    return work
