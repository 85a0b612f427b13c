"""Above the messages: search, kinds, how many are unread, and what waits to be shown."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from tftmonitor.model.inbox import ItemKind
from tftmonitor.ui.tables.held_button import HeldButton
from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.theme.theme import THEME
from tftmonitor.ui.widgets.elided_label import ElidedLabel
from tftmonitor.ui.widgets.filter_chips import FilterChips

_ALL = "All"
# The room that the number of unread messages has in any case.
_LEAST_COUNT = "8888 unread"
_FILTERS: dict[str, ItemKind | None] = {
    _ALL: None,
    "System": ItemKind.SYSTEM,
    "Alarm": ItemKind.ALARM,
    "User": ItemKind.USER,
    "File": ItemKind.FILE,
}


class InboxHead(QWidget):
    """``filter_changed`` when other messages are wanted."""

    filter_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search messages")
        self.search.setAccessibleName("Search messages")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.filter_changed)
        labels = {name: name for name in _FILTERS}
        self.chips = FilterChips(labels, spoken="Show {} messages", padding=5)
        self.chips.chosen.connect(self.filter_changed)
        # It gives way: a count that grows would widen the pane and move all beside it.
        self._count = ElidedLabel()
        self._count.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._count.setMinimumWidth(self._count.fontMetrics().horizontalAdvance(_LEAST_COUNT))
        self.held_button = HeldButton()
        self.all_read = QPushButton("Mark all read")
        self.all_read.setAutoDefault(False)
        state = QHBoxLayout()
        state.addWidget(self._count, 1)
        state.addWidget(self.held_button)
        state.addWidget(self.all_read)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.search)
        column.addWidget(self.chips)
        column.addLayout(state)
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()

    @property
    def kind(self) -> ItemKind | None:
        """The kind that is wanted, None for all."""
        return _FILTERS[self.chips.chosen_name]

    def clear(self) -> None:
        """Want all messages."""
        self.search.clear()
        self.chips.choose(_ALL)

    def show_counts(self, unread: int, total: int) -> None:
        """How many there are, and how many nobody has read."""
        shorter = [f"{unread} unread", str(unread)] if total else []
        self._count.set_texts(f"{unread} unread of {total}" if total else "", *shorter)
        self.all_read.setEnabled(unread > 0)

    def no_match(self) -> str:
        """What stands in the place of messages that do not fit."""
        name = self.chips.chosen_name
        search = self.search.text().strip()
        what = "messages" if name == _ALL else f"{name.lower()} messages"
        return f"No {what} match “{search}”" if search else f"No {what}"

    def _apply_theme(self) -> None:
        self.all_read.setIcon(action_icon("check"))
