"""The line over the device list: search, and the button that chooses columns."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget
from typing_extensions import override

from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.theme.theme import THEME

_DOWN_KEYS = frozenset({Qt.Key.Key_Down, Qt.Key.Key_PageDown})


class SearchBar(QWidget):
    """``left`` carries True when Esc left the search, False for the Down key."""

    searched = Signal(str)
    entered = Signal()
    left = Signal(bool)
    columns_requested = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search name, IMEI, key, model (Ctrl+F)")
        self.search.setAccessibleName("Search devices")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.searched)
        self.search.returnPressed.connect(self.entered)
        self.search.installEventFilter(self)
        self._glass = QAction(self)
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.columns_button = QToolButton()
        self.columns_button.setAutoRaise(True)
        self.columns_button.setToolTip("Choose columns")
        self.columns_button.setAccessibleName("Choose columns")
        self.columns_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.columns_button.clicked.connect(self._ask_for_columns)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search, 1)
        layout.addWidget(self.columns_button)
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()

    def type(self, text: str) -> None:
        """Go on typing here what was begun in the list."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.setText(self.search.text() + text)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit(True)
                return True
            if event.key() in _DOWN_KEYS:
                self.left.emit(False)
                return True
        return False

    def _apply_theme(self) -> None:
        self._glass.setIcon(action_icon("search"))
        self.columns_button.setIcon(action_icon("columns-3"))

    def _ask_for_columns(self) -> None:
        button = self.columns_button
        self.columns_requested.emit(button.mapToGlobal(button.rect().bottomLeft()))
