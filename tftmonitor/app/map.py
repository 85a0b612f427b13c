"""The map with what it needs, and what it has to tell the rest of the window."""

import asyncio
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from tftmonitor.app.core import Core
from tftmonitor.base.clock import SECOND_MS
from tftmonitor.base.listeners import Listeners
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.fields.formatting import one_line
from tftmonitor.monitor.where.places import places
from tftmonitor.ui.devices.pane import DevicesPane
from tftmonitor.ui.devices.table.filters import ALL, BY_NAME
from tftmonitor.ui.plots.follower import PlotFollower
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.window.frame_clock import FrameClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tftmonitor.model.fleet.device import Device
    from tftmonitor.monitor.past.feed import PastAnswer
    from tftmonitor.ui.map.canvas import MapCanvas
    from tftmonitor.ui.map.pane import MapPane
    from tftmonitor.ui.map.trail.tool import TrailTool
    from tftmonitor.ui.plots.pane import PlotStack

# A trail of more places than that is thinned by their times.
_PIXELS = 2_000


class LateMap(Pane):
    """Where the map will be: water, until the window has been painted for the first time.

    ``get`` builds the pane, ``pane`` is None before, and ``built`` tells of it.
    """

    def __init__(self, core: Core) -> None:
        super().__init__()
        self.pane: MapPane | None = None
        self.built: Listeners[[MapPane]] = Listeners()
        self._core = core
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setMinimumSize(160, 120)

    def get(self) -> "MapPane":
        """The map, built if need be: its modules are loaded with it."""
        if self.pane is None:
            from tftmonitor.ui.map.devices import positions
            from tftmonitor.ui.map.pane import MapPane as Made

            core, alarms = self._core, self._core.monitor.alarm_service.alarms

            def alarm_of(key: str) -> positions.AlarmMark:
                counts = alarms.counts_of(key)
                return positions.AlarmMark(int(counts.worst or 0), counts.worst_is_over)

            self.pane = Made(core.monitor.fleet, core.clock, core.settings, alarm_of)
            self._column.addWidget(self.pane)
            self.setFocusProxy(self.pane)
            self.built(self.pane)
            self.pane.show()
        return self.pane

    @override
    def tick(self) -> None:
        if self.pane is not None:
            self.pane.tick()

    @override
    def finish(self) -> None:
        if self.pane is not None:
            self.pane.finish()


async def open_map(late: LateMap) -> None:
    """Build the map once the window is there; the towns are read on a thread meanwhile."""
    pane = late.get()
    await asyncio.to_thread(places().load)
    pane.canvas.drop_looks()


async def run_streets(core: Core, canvas: "Callable[[], MapCanvas]", scope: TaskScope) -> None:
    """Streets on the map until the program ends; without a source nothing of it is even loaded."""
    chosen = asyncio.Event()
    stop_listening = core.settings.on_change(chosen.set, "streets")
    while core.settings.values.streets == "none":
        await chosen.wait()
        chosen.clear()
    stop_listening()
    from tftmonitor.ui.map.streets.layer import StreetsLayer
    from tftmonitor.ui.map.streets.on_map import StreetsOnMap

    layer = StreetsLayer(core.settings, scope, core.clock)
    StreetsOnMap(canvas(), layer)
    try:
        await asyncio.Event().wait()
    finally:
        await layer.close()


def connect_map(map_pane: "MapPane", devices: DevicesPane, frame_clock: FrameClock) -> None:
    """One selection and one filter for list and map."""

    def follow_list() -> None:
        search, chip = devices.bar.search.text().strip(), BY_NAME[devices.chips.chosen_name]
        words = [*([] if chip is ALL else [chip.label]), *([f"“{search}”"] if search else [])]
        if words and devices.isVisible():
            shown = np.array(devices.model.order.shown, np.intp)
            map_pane.set_shown(shown, one_line(", ".join(words)))
        else:
            map_pane.set_shown(None)

    map_pane.device_selected.connect(devices.select)
    map_pane.device_opened.connect(devices.device_opened)
    devices.device_selected.connect(map_pane.show_device)
    map_pane.show_device(devices.selected_key() or "")
    # Behind the list's own, so that it has filtered already.
    devices.chips.chosen.connect(follow_list)
    devices.bar.searched.connect(follow_list)
    frame_clock.on_list.add(map_pane.refresh)
    frame_clock.on_list.add(lambda _rows, _added: follow_list())


def connect_trail(core: Core, map_pane: "MapPane", plots: PlotFollower, scope: TaskScope) -> None:
    """One moment for plots and trail, and on the trail what stands in the plots."""
    from tftmonitor.ui.map.trail.source import AS_THE_PLOTS, TrailFacts, TrailMark

    monitor = core.monitor

    def marks(key: str) -> list[TrailMark]:
        alarms = monitor.alarm_service.alarms.by_device(key)
        return [TrailMark(a.event_ms / SECOND_MS, a.severity, a.name) for a in alarms]

    def show_moment(moment_s: float) -> None:
        if plots.stack is not None:
            plots.stack.set_cursor(moment_s)

    trail = map_pane.trail
    feed = _past_of_trail(core, trail, scope)

    def plotted() -> tuple[float, float] | None:
        stack = plots.stack
        return None if stack is None or stack.is_live else stack.window_s

    trail.source.facts = TrailFacts(marks, plots.blind_of, plotted, feed)
    map_pane.trail.moment_chosen.connect(show_moment)

    def connect_stack(stack: "PlotStack") -> None:
        stack.cursor_moved.connect(trail.set_moment)
        stack.seen_changed.connect(follow_plots)

    def follow_plots() -> None:
        # A map that is hidden looks when it is shown again.
        if map_pane.isVisible() and trail.source.length_s == AS_THE_PLOTS:
            trail.follow_plots()

    plots.loaded.add(connect_stack)
    if plots.stack is not None:
        connect_stack(plots.stack)


def _past_of_trail(
    core: Core, trail: "TrailTool", scope: TaskScope
) -> "Callable[[Device, float, float], None]":
    """Has the trail get from the history what memory has not; told what is shown."""
    from tftmonitor.monitor.past.feed import PastFeed, Stretch, device_of, memory_since

    fleet, begun_s = core.monitor.fleet, core.clock.now_ms() / SECOND_MS

    def since() -> float:
        return memory_since(trail.source.device, begun_s)

    def show(answer: "PastAnswer | None") -> None:
        trail.set_past(None if answer is None else answer.part)

    feed = PastFeed(core.past, scope, since, show, lambda _is_reading: None)

    def look(device: "Device", start_s: float, end_s: float) -> None:
        feed.show_device(device_of(device, fleet.layout))
        feed.look(Stretch(start_s, end_s, _PIXELS))

    return look
