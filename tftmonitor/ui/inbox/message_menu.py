"""The context menu of a message."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from tftmonitor.model.inbox import InboxItem
from tftmonitor.ui.tables.row_text import copy_text
from tftmonitor.ui.theme.icons import action_icon


class MessageMenu(QMenu):
    """What can be done with one message; ``popup`` it, it deletes itself."""

    def __init__(
        self,
        item: InboxItem,
        *,
        read: Callable[[], None],
        show: Callable[[str], None],
        find_alarms: Callable[[str], None],
        show_on_map: Callable[[str], None],
        show_day: Callable[[str], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setDefaultAction(self.addAction("Read", read))
        self.addAction(action_icon("copy"), "Copy", lambda: copy_text(item.text))
        if device := item.device:
            self.addSeparator()
            self.addAction("Show device", lambda: show(device))
            self.addAction(action_icon("bell"), "Find its alarms", lambda: find_alarms(device))
            self.addAction(action_icon("locate"), "Show on the map", lambda: show_on_map(device))
            self.addAction(action_icon("route"), "Day sheet", lambda: show_day(device))
