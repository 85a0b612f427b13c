"""What the device list says in place of rows: why there is none, and what to do."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.model.fields.formatting import clip
from tftmonitor.ui.theme.theme import THEME, current_theme

_SHOWN_SEARCH = 40


class EmptyNote(QWidget):
    """Lies over the viewport of the list and is hidden while there are rows."""

    clear_requested = Signal()

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._button = QPushButton()
        self._button.setFlat(True)
        self._button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._button.clicked.connect(self.clear_requested)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(self._label)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        viewport.installEventFilter(self)
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()
        self.hide()

    @property
    def text(self) -> str:
        """What is said now."""
        return self._label.text()

    @property
    def button(self) -> QPushButton:
        """What clears filter and search."""
        return self._button

    def show_empty(self, text: str) -> None:
        """There is no device at all."""
        self._show(text, "")

    def show_no_match(self, search: str, filter_label: str) -> None:
        """Filter or search let nothing through; either may be empty."""
        search = clip(search, _SHOWN_SEARCH)
        if search and filter_label:
            self._show(f"No devices match “{search}” in {filter_label}.", "Clear search and filter")
        elif search:
            self._show(f"No devices match “{search}”.", "Clear search")
        else:
            self._show(f"No devices match {filter_label}.", "Clear filter")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def _apply_theme(self) -> None:
        theme = current_theme()
        self._label.setStyleSheet(f"color: {theme.muted_text}")
        self._button.setStyleSheet(
            f"QPushButton {{ color: {theme.link}; border: none; padding: 4px 8px; }}"
            f"QPushButton:hover, QPushButton:focus {{ text-decoration: underline; }}"
            f"QPushButton:focus {{ border: 1px solid {theme.accent}; padding: 3px 7px; }}"
        )

    def _show(self, text: str, button: str) -> None:
        self._label.setText(text)
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.show()
