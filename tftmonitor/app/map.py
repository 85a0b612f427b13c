"""The map with what it needs, and what it has to tell the rest of the window."""

import asyncio
from functools import partial

import numpy as np

from tftmonitor.app.core import Core
from tftmonitor.base.clock import SECOND_MS
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fields.formatting import one_line
from tftmonitor.monitor.where.places import places
from tftmonitor.ui.devices.pane import DevicesPane
from tftmonitor.ui.devices.table.filters import ALL, BY_NAME
from tftmonitor.ui.map.devices.positions import AlarmMark
from tftmonitor.ui.map.pane import MapPane
from tftmonitor.ui.map.trail.source import TrailFacts, TrailMark
from tftmonitor.ui.plots.follower import PlotFollower
from tftmonitor.ui.window.frame_clock import FrameClock


def make_map(core: Core) -> MapPane:
    """The pane; it draws nothing before it is shown."""
    monitor = core.monitor
    marks = partial(_alarm_mark, monitor.alarm_service.alarms)
    pane = MapPane(monitor.fleet, core.clock, core.settings, marks)
    pane.canvas.is_open = False
    return pane


async def open_map(map_pane: MapPane) -> None:
    """Paint the map once the window is there; the towns are read on a thread meanwhile."""
    map_pane.canvas.open()
    await asyncio.to_thread(places().load)
    map_pane.canvas.drop_looks()


async def run_streets(core: Core, map_pane: MapPane, scope: TaskScope) -> None:
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
    StreetsOnMap(map_pane.canvas, layer)
    try:
        await asyncio.Event().wait()
    finally:
        await layer.close()


def connect_map(map_pane: MapPane, devices: DevicesPane, frame_clock: FrameClock) -> None:
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
    # Behind the list's own, so that it has filtered already.
    devices.chips.chosen.connect(follow_list)
    devices.bar.searched.connect(follow_list)
    frame_clock.on_list.add(map_pane.refresh)
    frame_clock.on_list.add(lambda _rows, _added: follow_list())


def connect_trail(core: Core, map_pane: MapPane, plots: PlotFollower) -> None:
    """One moment for plots and trail, and on the trail what stands in the plots."""
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


def _alarm_mark(alarms: OpenAlarms, key: str) -> AlarmMark:
    counts = alarms.counts_of(key)
    return AlarmMark(int(counts.worst or 0), counts.worst_is_over)
