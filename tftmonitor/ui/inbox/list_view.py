"""The list of messages as a view: it decides nothing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QListView

from tftmonitor.ui.inbox.list_model import InboxListModel
from tftmonitor.ui.inbox.row_delegate import InboxRowDelegate
from tftmonitor.ui.tables.row_hold import RowHold


class InboxListView(QListView):
    """One message is current; ``hold`` says whether its rows may move."""

    space_pressed = Signal()

    def __init__(self, model: InboxListModel) -> None:
        super().__init__()
        self.setAccessibleName("Messages")
        self.setModel(model)
        self.hold = RowHold(self)
        self.setItemDelegate(InboxRowDelegate(self))
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        space = QShortcut(QKeySequence(Qt.Key.Key_Space), self)
        space.setContext(Qt.ShortcutContext.WidgetShortcut)
        space.activated.connect(self.space_pressed)
