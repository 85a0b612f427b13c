"""The table of docks: a pane that stands around the detail is its package, and one row here."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tftmonitor.app.core import Core
from tftmonitor.ui.devices.pane import DevicesPane
from tftmonitor.ui.window.diagnostics import DiagnosticsPane
from tftmonitor.ui.window.dock_spec import DockSpec
from tftmonitor.ui.window.loop_monitor import LoopMonitor

if TYPE_CHECKING:
    from tftmonitor.ui.install.pane import InstallPane

_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


def dock_table(
    core: Core,
    devices: DevicesPane,
    map_pane: QWidget,
    inbox: QWidget,
    alarms: QWidget,
    loop_monitor: LoopMonitor,
) -> tuple[DockSpec, ...]:
    """What stands around the detail. What is not shown at first is built when it is."""

    def diagnostics() -> DiagnosticsPane:
        pane = DiagnosticsPane()
        loop_monitor.show_on(pane)
        return pane

    def checks() -> "InstallPane":
        from tftmonitor.ui.install.pane import InstallPane

        pane = InstallPane(core.monitor.fleet, core.clock, core.settings)
        devices.device_selected.connect(pane.show_device)
        pane.show_device(devices.selected_key() or "")
        return pane

    return (
        DockSpec("devices", "Devices", lambda: devices, _LEFT, 548, fixed=True),
        DockSpec("map", "Map", lambda: map_pane, _RIGHT, 244, part=360),
        DockSpec("inbox", "Messages", lambda: inbox, _RIGHT, 244, part=300),
        DockSpec("alarms", "Alarms", lambda: alarms, _BOTTOM, 218),
        DockSpec("checks", "Installation check", checks, _RIGHT, 320, shown=False),
        DockSpec("diagnostics", "Diagnostics", diagnostics, _RIGHT, 260, shown=False),
    )
