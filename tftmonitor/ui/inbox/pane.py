"""The inbox: messages and file notices, searched, filtered, read; the window makes it a dock."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.inbox import Inbox, InboxItem
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.inbox.empty import EmptyInbox
from tftmonitor.ui.inbox.head import InboxHead
from tftmonitor.ui.inbox.list_model import DeviceOf, InboxListModel
from tftmonitor.ui.inbox.list_view import InboxListView
from tftmonitor.ui.inbox.message_menu import MessageMenu
from tftmonitor.ui.inbox.reader import InboxReader
from tftmonitor.ui.tables.row_hold import chosen_in_sight
from tftmonitor.ui.theme.theme import THEME
from tftmonitor.ui.widgets.address_panel import OpenUrl, open_in_browser
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.widgets.single_shot import single_shot

# Below this height a message would leave the list three rows.
_LOW = 720
# Long enough not to mark what is only passed on the way down the list.
READ_AFTER_MS = 1_000
# A burst of messages costs one refresh.
_REFRESH_MS = 100


class InboxPane(Pane):
    """List above, the selected message below; in a low pane the message takes the list's place.

    ``refresh`` may be called with each message: it is cheap, and the work is done once a burst.
    A hidden pane catches up when it is shown. It follows zone, names and theme by itself.
    """

    device_requested, alarms_requested, map_requested = Signal(str), Signal(str), Signal(str)
    day_requested = Signal(str)
    unread_changed = Signal(int)

    def __init__(
        self,
        inbox: Inbox,
        clock: Clock,
        settings: SettingsStore,
        *,
        open_url: OpenUrl = open_in_browser,
        name_of: Callable[[str], str] = str,
        device_of: DeviceOf = lambda _key: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._inbox, self._settings, self._name_of = inbox, settings, name_of
        self._is_open, self._reported_unread = False, 0
        self._refresh_timer = single_shot(self, self._refresh_now, _REFRESH_MS)
        self.model = InboxListModel(inbox, clock, settings, self, device_of=device_of)
        self._reader = InboxReader(open_url)
        self._reader.device_requested.connect(self.device_requested)
        self._reader.back.clicked.connect(self._leave_message)
        self._read_timer = single_shot(self, self._mark_seen, READ_AFTER_MS)
        self._empty_text = "No messages yet"
        self._head = InboxHead()
        self.held_button = self._head.held_button
        self.held_button.clicked.connect(self._show_waiting)
        self._head.filter_changed.connect(self._filter)
        self._head.all_read.clicked.connect(self.mark_all_read)
        self._make_list()
        self._make_layout()
        for follow, name in ((self._show_again, "zone"), (self._follow_names, "names")):
            settings.on_change(follow, name)
        THEME.changed.connect(self.view.viewport().update)
        self._show_state()

    def refresh(self) -> None:
        """The inbox changed; what came in is shown within a tenth of a second."""
        if not self._refresh_timer.isActive():
            self._refresh_timer.start()

    def set_empty_text(self, text: str) -> None:
        """What stands in an empty inbox, as "No messages yet. Messages channel live 11 s ago"."""
        self._empty_text = text
        self._show_state()

    def mark_shown_read(self) -> None:
        """Mark the message in the reading pane as read."""
        item = self.model.item(self.view.currentIndex())
        if item is not None and not item.read:
            self._inbox.mark_read({item.number})
            self._refresh_now()

    def mark_all_read(self) -> None:
        """Mark every message as read, also those that a filter hides."""
        self._inbox.mark_all_read()
        self._refresh_now()

    def focus_search(self) -> None:
        """Put the keyboard into the search line."""
        self._head.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._head.search.selectAll()

    def show_message(self, number: int) -> None:
        """Select the message with this number, if it is there."""
        self.clear_filter()
        self._show_waiting()
        if (row := self.model.row_of(number)) >= 0:
            self.view.setCurrentIndex(self.model.index(row))
            self._open_message()

    @override
    def tick(self) -> None:
        """A menu that is closed tells nobody that rows may move again."""
        if not self.held_button.isHidden():
            self._refresh_now()

    def clear_filter(self) -> None:
        """Show all messages again."""
        self._head.clear()
        self._filter()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh_now()
        if self._reader.isVisible():
            self._read_timer.start()

    def _refresh_now(self) -> None:
        self._refresh_timer.stop()
        if self.isVisible():
            hold = self.hold.is_held()
            with chosen_in_sight(self.view):
                waiting = self.model.refresh(hold=hold)
            self.held_button.show_held(waiting > 0, waiting)
        self._show_state()

    def _show_waiting(self) -> None:
        self.model.refresh()
        self.held_button.show_held(False)
        self.view.scrollToTop()
        self._show_state()

    def _make_list(self) -> None:
        self.view = InboxListView(self.model)
        self.hold = self.view.hold
        self.hold.released.connect(self._refresh_now)
        self.view.selectionModel().currentChanged.connect(self._show_current)
        self.model.modelReset.connect(self._show_current)
        self.view.clicked.connect(self._open_message)
        self.view.activated.connect(self._activate)
        self.view.customContextMenuRequested.connect(self._pop_up)
        self.view.space_pressed.connect(self.mark_shown_read)
        self._empty = EmptyInbox()
        self._empty.clear.clicked.connect(self.clear_filter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)

    def _make_layout(self) -> None:
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self._stack)
        parts.addWidget(self._reader)
        self._reader.hide()
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(5)
        layout.addWidget(self._head)
        layout.addWidget(parts, 1)

    def _filter(self) -> None:
        shown = self.model.item(self.view.currentIndex())
        self.model.set_filter(self._head.kind, self._head.search.text())
        self._select_again(shown)

    def _follow_names(self) -> None:
        shown = self.model.item(self.view.currentIndex())
        self.model.search_again()
        self._select_again(shown)
        self._show_again()

    def _show_again(self) -> None:
        self._show_item(self.model.item(self.view.currentIndex()))

    def _select_again(self, item: InboxItem | None) -> None:
        """Select this message, where it is still in the list."""
        row = self.model.row_of(item.number) if item else -1
        if row >= 0:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.view.selectionModel().setCurrentIndex(self.model.index(row), flag)
        self._show_state()

    def _show_current(self, current: QModelIndex | None = None) -> None:
        item = self.model.item(current) if current is not None else None
        self._show_item(item)
        if item is not None and not item.read and self._reader.isVisible():
            self._read_timer.start()

    def _show_item(self, item: InboxItem | None) -> None:
        device = self._name_of(item.device) if item is not None and item.device else ""
        self._reader.show_item(item, self.model.zone_of(item), device)
        self._arrange()

    def _arrange(self) -> None:
        """Both where there is room; in a low pane the message that was opened, or the list."""
        is_low = self.height() < _LOW
        has_message = self.view.currentIndex().isValid()
        is_read = has_message and (self._is_open or not is_low)
        self._reader.setVisible(is_read)
        self._reader.back.setVisible(is_low)
        for part in (self._stack, self._head):
            part.setVisible(not (is_low and is_read))

    def _open_message(self) -> None:
        self._is_open = True
        self._arrange()
        item = self.model.item(self.view.currentIndex())
        if item is not None and not item.read:
            self._read_timer.start()

    def _leave_message(self) -> None:
        self._is_open = False
        self._read_timer.stop()
        self._arrange()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _activate(self) -> None:
        if self._reader.isVisible():
            self._reader.open_device()
        else:
            self._open_message()

    def _pop_up(self, place: QPoint) -> None:
        if (item := self.model.item(self.view.currentIndex())) is not None:
            self.menu_of(item).popup(self.view.viewport().mapToGlobal(place))

    def menu_of(self, item: InboxItem) -> MessageMenu:
        """What can be done with a message; it deletes itself."""
        return MessageMenu(
            item,
            read=self._open_message,
            show=self.device_requested.emit,
            find_alarms=self.alarms_requested.emit,
            show_on_map=self.map_requested.emit,
            show_day=self.day_requested.emit,
            parent=self.view,
        )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_open:
            self._leave_message()
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _mark_seen(self) -> None:
        # What was hidden before the second was over has not been read.
        if self._reader.isVisible():
            self.mark_shown_read()

    def _show_state(self) -> None:
        unread = self._inbox.unread
        total = len(self._inbox.items)
        self._head.show_counts(unread, total)
        empty = self.model.rowCount() == 0
        self._stack.setCurrentIndex(1 if empty else 0)
        if empty:
            hidden = self.model.filtered and total > 0
            text = self._head.no_match() if hidden else self._empty_text
            self._empty.show_text(text, can_clear=hidden)
        if unread != self._reported_unread:
            self._reported_unread = unread
            self.unread_changed.emit(unread)
