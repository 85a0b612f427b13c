"""The context menu of a device in the list."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from tftmonitor.model.fleet.device import Device
from tftmonitor.ui.theme.icons import action_icon

Action = Callable[[], object]


class DeviceRowMenu(QMenu):
    """What can be done with one device; ``popup`` it, it deletes itself."""

    def __init__(
        self,
        device: Device,
        *,
        starred: bool,
        open_it: Action,
        star_it: Action,
        show_alarms: Action,
        show_on_map: Action,
        show_day: Action,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opening = self.addAction("Open", open_it)
        self.setDefaultAction(opening)
        self.addAction(action_icon("star"), "Remove star" if starred else "Add star", star_it)
        self.addSeparator()
        imei = self.addAction(
            action_icon("copy"), "Copy IMEI", lambda: _copy(device.imei or device.key)
        )
        imei.setEnabled(device.imei is not None)
        self.addAction("Copy name", lambda: _copy(device.label))
        self.addSeparator()
        self.addAction(action_icon("bell"), "Show alarms", show_alarms)
        self.addAction(action_icon("locate"), "Show on the map", show_on_map)
        self.addAction(action_icon("route"), "Day sheet", show_day)


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
