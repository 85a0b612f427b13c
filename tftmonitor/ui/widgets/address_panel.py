"""The one way to an address that the server sent: first shown whole, then opened by a click."""

import unicodedata
from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.ui.platform.child_process import open_url

OpenUrl = Callable[[str], bool]

_LINES_SHOWN = 4


def address_problem(address: str) -> str:
    """Why this address is not opened; empty when it may be.

    Only what a browser is for, and nothing whose look could hide where it leads.
    """
    if address.endswith("…"):
        return "This address was cut because it is too long. It cannot be opened."
    if any(c.isspace() or unicodedata.category(c) in {"Cc", "Cf"} for c in address):
        return "This address contains spaces or invisible characters. It cannot be opened."
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return "This is not a web address. It cannot be opened."
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return "This is not an http or https address. It cannot be opened."
    return ""


def address_host(address: str) -> str:
    """The host that an address really leads to, other alphabets in their ASCII form."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    return url.host(QUrl.ComponentFormattingOption.FullyEncoded)


def open_in_browser(address: str) -> bool:
    """Hand the address to the desktop; False when it has nothing for it."""
    return open_url(QUrl(address, QUrl.ParsingMode.StrictMode))


class AddressPanel(QFrame):
    """Shows a whole address, where it leads, and what may be done with it; nothing is fetched."""

    closed = Signal()

    def __init__(self, open_url: OpenUrl = open_in_browser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._open_url = open_url
        self._address = ""
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._whole = QPlainTextEdit()
        self._whole.setReadOnly(True)
        self._whole.setTabChangesFocus(True)
        self._whole.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self._whole.setAccessibleName("Whole address")
        line = self._whole.fontMetrics().lineSpacing()
        self._whole.setMinimumHeight(_LINES_SHOWN * line + 12)
        self._open = QPushButton("Open in browser")
        self._open.clicked.connect(self._open_it)
        copy = QPushButton("Copy")
        copy.setAccessibleName("Copy the address")
        copy.clicked.connect(self._copy_it)
        close = QPushButton("Close")
        close.clicked.connect(self.leave)
        buttons = QHBoxLayout()
        for button in (self._open, copy, close):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(self._text)
        layout.addWidget(self._whole, 1)
        layout.addLayout(buttons)
        self.hide()

    def show_address(self, address: str) -> None:
        """Show the panel for this address, with the keyboard on its text."""
        self._address = address
        problem = address_problem(address)
        host = "" if problem else address_host(address)
        if not problem and not host:
            problem = "This is not a web address. It cannot be opened."
        self._text.setText(problem or f"This address leads to {host}:")
        self._whole.setPlainText(address)
        self._open.setEnabled(not problem)
        self.show()
        self._whole.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Hide the panel."""
        self.hide()
        self.closed.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)

    def _open_it(self) -> None:
        if self._open_url(self._address):
            self.leave()
        else:
            self._text.setText("No browser could be started. Copy the address instead.")

    def _copy_it(self) -> None:
        QGuiApplication.clipboard().setText(self._address)
        self._text.setText("Copied.")
