"""The inbox: messages and file notices, searched, filtered, read; the window makes it a dock."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.inbox import Inbox, InboxItem, ItemKind
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.inbox.address import OpenUrl, open_in_browser
from tftmonitor.ui.inbox.list_model import InboxListModel
from tftmonitor.ui.inbox.reader import InboxReader
from tftmonitor.ui.inbox.row_delegate import InboxRowDelegate
from tftmonitor.ui.tables.held_button import HeldButton
from tftmonitor.ui.tables.row_hold import RowHold, chosen_in_sight
from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.theme.theme import THEME
from tftmonitor.ui.widgets.filter_chips import FilterChips
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.widgets.single_shot import single_shot

# Long enough not to mark what is only passed on the way down the list.
READ_AFTER_MS = 1_000
# A burst of messages costs one refresh.
_REFRESH_MS = 100

_ALL = "All"
_FILTERS: dict[str, ItemKind | None] = {
    _ALL: None,
    "System": ItemKind.SYSTEM,
    "Alarm": ItemKind.ALARM,
    "User": ItemKind.USER,
    "File": ItemKind.FILE,
}


class InboxPane(Pane):
    """List above, the selected message below.

    ``refresh`` may be called with each message: it is cheap, and the work is done once a burst.
    A hidden pane catches up when it is shown. It follows zone, names and theme by itself.
    """

    device_requested = Signal(str)
    unread_changed = Signal(int)

    def __init__(
        self,
        inbox: Inbox,
        clock: Clock,
        settings: SettingsStore,
        *,
        open_url: OpenUrl = open_in_browser,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._inbox = inbox
        self._clock = clock
        self._settings = settings
        self._reported_unread = 0
        self._refresh_timer = single_shot(self, self._refresh_now, _REFRESH_MS)
        self.model = InboxListModel(inbox, clock, settings, self)
        self._reader = InboxReader(open_url)
        self._reader.device_requested.connect(self.device_requested)
        self._read_timer = single_shot(self, self._mark_seen, READ_AFTER_MS)
        self._make_search()
        self._make_list()
        self._make_layout()
        settings.on_change(self._show_again, "zone")
        settings.on_change(self._follow_names, "names")
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()
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
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def show_message(self, number: int) -> None:
        """Select the message with this number, if it is there."""
        self.clear_filter()
        self._show_waiting()
        row = self.model.row_of(number)
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row))

    @override
    def tick(self) -> None:
        """A menu that is closed tells nobody that rows may move again."""
        if not self.held_button.isHidden():
            self._refresh_now()

    def clear_filter(self) -> None:
        """Show all messages again."""
        self._search.clear()
        self._chips.choose(_ALL)
        self._filter()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh_now()
        if self.view.currentIndex().isValid():
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

    def _make_search(self) -> None:
        self._empty_text = "No messages yet"
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search messages")
        self._search.setAccessibleName("Search messages")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        labels = {name: name for name in _FILTERS}
        self._chips = FilterChips(labels, spoken="Show {} messages", padding=5)
        self._chips.chosen.connect(self._filter)
        self._count = QLabel()
        self._count.setTextFormat(Qt.TextFormat.PlainText)
        self._all_read = QPushButton("Mark all read")
        self._all_read.setAutoDefault(False)
        self._all_read.clicked.connect(self.mark_all_read)

    def _make_list(self) -> None:
        self.view = QListView()
        self.view.setAccessibleName("Messages")
        self.view.setModel(self.model)
        self.hold = RowHold(self.view)
        self.hold.released.connect(self._refresh_now)
        self.held_button = HeldButton()
        self.held_button.clicked.connect(self._show_waiting)
        self.view.setItemDelegate(InboxRowDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.selectionModel().currentChanged.connect(self._show_current)
        self.model.modelReset.connect(self._show_current)
        self.view.activated.connect(self._reader.open_device)
        space = QShortcut(QKeySequence(Qt.Key.Key_Space), self.view)
        space.setContext(Qt.ShortcutContext.WidgetShortcut)
        space.activated.connect(self.mark_shown_read)
        self._nothing = QLabel()
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._clear = QPushButton("Clear filter")
        self._clear.clicked.connect(self.clear_filter)
        self._empty = QWidget()
        layout = QVBoxLayout(self._empty)
        layout.addStretch()
        layout.addWidget(self._nothing)
        layout.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)

    def _make_layout(self) -> None:
        state = QHBoxLayout()
        state.addWidget(self._count, 1)
        state.addWidget(self.held_button)
        state.addWidget(self._all_read)
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
        layout.addWidget(self._search)
        layout.addWidget(self._chips)
        layout.addLayout(state)
        layout.addWidget(parts, 1)

    def _filter(self) -> None:
        shown = self.model.item(self.view.currentIndex())
        kind = _FILTERS[self._chips.chosen_name]
        self.model.set_filter(kind, self._search.text())
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
        if item is not None and not item.read and self.isVisible():
            self._read_timer.start()

    def _show_item(self, item: InboxItem | None) -> None:
        values = self._settings.values
        self._reader.setVisible(item is not None)
        self._reader.show_item(item, zone_of(values), values.names)

    def _mark_seen(self) -> None:
        # What was hidden before the second was over has not been read.
        if self.isVisible():
            self.mark_shown_read()

    def _show_state(self) -> None:
        unread = self._inbox.unread
        total = len(self._inbox.items)
        self._count.setText(f"{unread} unread of {total}" if total else "")
        self._all_read.setEnabled(unread > 0)
        empty = self.model.rowCount() == 0
        self._stack.setCurrentIndex(1 if empty else 0)
        if empty:
            hidden = self.model.filtered and total > 0
            self._clear.setVisible(hidden)
            self._nothing.setText(self._no_match() if hidden else self._empty_text)
        if unread != self._reported_unread:
            self._reported_unread = unread
            self.unread_changed.emit(unread)

    def _no_match(self) -> str:
        name = self._chips.chosen_name
        search = self._search.text().strip()
        what = "messages" if name == _ALL else f"{name.lower()} messages"
        return f"No {what} match “{search}”" if search else f"No {what}"

    def _apply_theme(self) -> None:
        self._all_read.setIcon(action_icon("check"))
        self.view.viewport().update()
