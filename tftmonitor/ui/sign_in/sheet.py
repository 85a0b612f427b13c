"""The sign-in sheet: part of the window, never a box in front of it."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.protocol.addresses import destination, http_beside, is_readable
from tftmonitor.protocol.channels import DEFAULT_URLS, Channel
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.servers import GivenServers, Servers, TypedServers, decide, decide_http

_WIDTH = 420
_FETCH_TIP = (
    "Asks the vendor's HTTP interface once after the sign-in: names, and where each device was "
    "last. Only a part of it is documented, so it may bring less, or nothing."
)


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What was typed in."""

    user: str
    password: str
    device_url: str
    message_url: str
    keep: bool
    fetch_names: bool = False
    http_url: str = ""


class SignInSheet(QWidget):
    """``Sign in`` and ``Try the demo`` side by side; tells the stage under the buttons."""

    sign_in_requested = Signal(object)
    demo_requested = Signal()
    cancelled = Signal()

    def __init__(
        self,
        settings: Settings,
        given: Servers = GivenServers(),  # noqa: B008 - it is frozen
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._given = given
        # Somebody has begun to enter an account.
        self.is_typed_in = False
        self.user = _line(settings.user, "user id or e-mail address")
        self.password = _line("", "")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.device_url = _server_line(
            given.device_url, settings.device_url, DEFAULT_URLS[Channel.DEVICES]
        )
        self.message_url = _server_line(
            given.message_url, settings.message_url, DEFAULT_URLS[Channel.MESSAGES]
        )
        self.http_url = _server_line(
            http_beside(given.device_url or ""),
            settings.http_url,
            "https://, at the host of the devices",
        )
        self.destination = QLabel()
        self.destination.setTextFormat(Qt.TextFormat.PlainText)
        self.destination.setWordWrap(True)
        self.destination.setAccessibleName("Where the password goes")
        self.keep = QCheckBox("Keep me signed in (in the system's keyring)")
        self.keep.setChecked(settings.keep_signed_in)
        self.fetch_names = QCheckBox("Also fetch names and last reports (HTTPS)")
        self.fetch_names.setToolTip(_FETCH_TIP)
        self.fetch_names.setChecked(settings.fetch_names)
        self.more = QToolButton()
        self.more.setText("Server")
        self.more.setCheckable(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAutoRaise(True)
        self.sign_in = QPushButton("Sign in")
        self.sign_in.setDefault(True)
        self.demo = QPushButton("Try the demo")
        self.stage = QLabel()
        self.stage.setTextFormat(Qt.TextFormat.PlainText)
        self.stage.setWordWrap(True)
        self.stage.setMinimumHeight(self.fontMetrics().height() * 3)
        self.stage.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._form = QFormLayout()
        outer = QVBoxLayout(self)
        outer.addWidget(self._build_sheet(), 0, Qt.AlignmentFlag.AlignCenter)
        self._connect()
        lines = (self.device_url, self.message_url, self.http_url)
        shown = any(line.text() for line in lines)
        self.more.setChecked(shown)
        self._show_server(shown)
        self._show_destination()

    def forget_password(self) -> None:
        """Empty the field, and what could be undone in it."""
        self.password.setText("")

    def show_stage(self, text: str) -> None:
        """How far the sign-in is, or what to do about its failure; what was typed stays."""
        self.stage.setText(text)

    def set_busy(self, busy: bool) -> None:
        """While a sign-in runs, a second one cannot be started."""
        self.sign_in.setEnabled(not busy)
        self.demo.setEnabled(not busy)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.set_busy(False)
            self.cancelled.emit()
            return
        super().keyPressEvent(event)

    def _build_sheet(self) -> QFrame:
        sheet = QFrame()
        sheet.setObjectName("sheet")
        sheet.setFixedWidth(_WIDTH)
        title = QLabel("tftmonitor")
        title.setObjectName("sheetTitle")
        about = QLabel("Live monitor for TFT IoT (TOPFLYtech) GPS trackers")
        about.setObjectName("muted")
        self._form.addRow("User", self.user)
        self._form.addRow("Password", self.password)
        self._form.addRow("", self.keep)
        self._form.addRow("", self.fetch_names)
        self._form.addRow("", self.more)
        self._form.addRow("Devices", self.device_url)
        self._form.addRow("Messages", self.message_url)
        self._form.addRow("Names", self.http_url)
        self._form.addRow(self.destination)
        buttons = QHBoxLayout()
        buttons.addWidget(self.sign_in, 1)
        buttons.addWidget(self.demo, 1)
        column = QVBoxLayout(sheet)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(10)
        column.addWidget(title)
        column.addWidget(about)
        column.addSpacing(8)
        column.addLayout(self._form)
        column.addSpacing(4)
        column.addLayout(buttons)
        column.addWidget(self.stage)
        return sheet

    def _connect(self) -> None:
        self.more.toggled.connect(self._show_server)
        self.sign_in.clicked.connect(self._submit)
        self.demo.clicked.connect(self.demo_requested)
        self.fetch_names.toggled.connect(self._show_destination)
        servers = (self.device_url, self.message_url, self.http_url)
        for edit in (self.user, self.password, *servers):
            edit.returnPressed.connect(self._submit)
            edit.textEdited.connect(self._note_typing)
        for edit in servers:
            edit.textChanged.connect(self._show_destination)

    def _note_typing(self) -> None:
        self.is_typed_in = True

    def _show_server(self, shown: bool) -> None:
        self.more.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        for edit in (self.device_url, self.message_url, self.http_url):
            self._form.setRowVisible(edit, shown)

    def _typed(self) -> TypedServers:
        return TypedServers(
            self.device_url.text().strip(),
            self.message_url.text().strip(),
            self.http_url.text().strip(),
            self.fetch_names.isChecked(),
        )

    def _show_destination(self) -> None:
        typed = self._typed()
        urls = decide(self._given, typed).values()
        http_url = decide_http(self._given, typed) if typed.fetch_names else ""
        fixed = self._given.device_url or self._given.message_url
        words = " The command line says so." if fixed else ""
        self.destination.setText(f"{destination(urls, http_url)}{words}")
        is_bad = any(map(is_readable, urls))
        self.destination.setObjectName("error" if is_bad else "muted")
        style = self.destination.style()
        style.unpolish(self.destination)  # it looks at the name only once
        style.polish(self.destination)

    def _submit(self) -> None:
        if not self.user.text().strip():
            self.show_stage("Which account? Enter the user id.")
            self.user.setFocus()
            return
        if not self.password.text():
            self.show_stage("Enter the password.")
            self.password.setFocus()
            return
        self.set_busy(True)
        servers = self._typed()
        self.sign_in_requested.emit(
            SignInForm(
                self.user.text().strip(),
                self.password.text(),
                servers.device_url,
                servers.message_url,
                self.keep.isChecked(),
                servers.fetch_names,
                servers.http_url,
            )
        )


def _server_line(given: str | None, kept: str, hint: str) -> QLineEdit:
    """One of the command line holds, so nothing can be typed over it."""
    line = _line(given or kept, hint)
    if given:
        line.setEnabled(False)
        line.setToolTip("From the command line, for this run.")
    return line


def _line(text: str, hint: str) -> QLineEdit:
    line = QLineEdit(text)
    line.setPlaceholderText(hint)
    return line
