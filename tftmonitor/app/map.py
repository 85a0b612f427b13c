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

    from tftmonitor.ui.map.canvas import MapCanvas
    from tftmonitor.ui.map.pane import MapPane


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


def connect_trail(core: Core, map_pane: "MapPane", plots: PlotFollower) -> None:
    """One moment for plots and trail, and on the trail what stands in the plots."""
    from tftmonitor.ui.map.trail.source import TrailFacts, TrailMark

    monitor = core.monitor

    def marks(key: str) -> list[TrailMark]:
        alarms = monitor.alarm_service.alarms.by_device(key)
        return [TrailMark(a.event_ms / SECOND_MS, a.severity, a.name) for a in alarms]

    def show_moment(moment_s: float) -> None:
        if plots.stack is not None:
            plots.stack.set_cursor(moment_s)

    map_pane.trail.source.facts = TrailFacts(marks, plots.blind_of)
    map_pane.trail.moment_chosen.connect(show_moment)
    plots.loaded.add(lambda stack: stack.cursor_moved.connect(map_pane.trail.set_moment))
    if plots.stack is not None:
        plots.stack.cursor_moved.connect(map_pane.trail.set_moment)
