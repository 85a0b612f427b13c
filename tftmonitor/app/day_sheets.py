"""The page of day sheets with what it needs, and what it has to tell the rest of the window."""

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from tftmonitor.app.core import Core
from tftmonitor.app.parts import Parts
from tftmonitor.base.clock import SECOND_MS

if TYPE_CHECKING:
    from tftmonitor.ui.day_sheet.page import DaySheetPage

_NAME: Final = "day_sheet"
# Of the window of the plots so much is the chosen stretch, so that its ends are seen.
_AROUND: Final = 1.25


def connect_day_sheets(core: Core, parts: Parts) -> None:
    """One selected device; from a row of a sheet to plots and map, and from a device to its day."""
    shell = parts.shell

    def page() -> "DaySheetPage":
        from tftmonitor.ui.day_sheet.page import DaySheetPage as Page

        found = shell.page(_NAME)
        assert isinstance(found, Page)
        return found

    def show_day(key: str, moment_ms: object = None) -> None:
        parts.devices.select(key)
        page().show_device(key)
        page().show_moment(moment_ms if isinstance(moment_ms, int) else core.clock.now_ms())
        shell.show_pane(_NAME)

    def move_plots(begin_ms: int, end_ms: int) -> None:
        parts.plot_loader.load()
        stack = parts.plots.stack
        if stack is not None:
            begin, end = begin_ms / SECOND_MS, end_ms / SECOND_MS
            stack.pause()
            stack.set_window((end - begin) * _AROUND)
            stack.set_cursor((begin + end) / 2)

    def show_in_plots(key: str, begin_ms: int, end_ms: int) -> None:
        parts.devices.select(key)
        shell.window.leave_page()
        parts.detail.show_tab("Overview")
        move_plots(begin_ms, end_ms)

    def show_on_map(
        key: str, begin_ms: int, end_ms: int, places: list[tuple[float, float]]
    ) -> None:
        parts.devices.select(key)
        shell.show_pane("map")
        # A trail of what the plots show is then of this stretch.
        move_plots(begin_ms, end_ms)
        map_pane = parts.map.get()
        map_pane.camera.look_at(places)
        map_pane.trail.set_moment(begin_ms / SECOND_MS)

    def built(made: QWidget) -> None:
        found = page()
        assert found is made
        found.plots_requested.connect(show_in_plots)
        found.map_requested.connect(show_on_map)
        parts.devices.device_selected.connect(found.show_device)
        found.show_device(parts.devices.selected_key() or "")

    shell.when_built(_NAME, built)
    for asking in (parts.devices, parts.inbox, parts.alarms.commands):
        asking.day_requested.connect(show_day)
