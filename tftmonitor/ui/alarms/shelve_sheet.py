"""The inline sheet that suppresses alarms for a time: no modal box, Esc leaves it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, Clock
from tftmonitor.model.alarms.alarm import Alarm, check_shelving
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.theme.theme import THEME, current_theme
from tftmonitor.ui.widgets.alarm_text import device_text, name_text
from tftmonitor.ui.widgets.draft import Draft
from tftmonitor.ui.widgets.elided_label import ElidedLabel
from tftmonitor.ui.widgets.form_keys import ends_form
from tftmonitor.ui.widgets.number_box import NumberBox
from tftmonitor.ui.widgets.short_time import short_time

DURATIONS = (
    ("15 minutes", 15 * MINUTE_MS),
    ("1 hour", HOUR_MS),
    ("8 hours", 8 * HOUR_MS),
    ("Custom", 0),
)
_UNITS = (("minutes", MINUTE_MS), ("hours", HOUR_MS), ("days", DAY_MS))
_CUSTOM = len(DURATIONS) - 1
_REASON_LIMIT = 200
_NARROW = 700
_TICK_MS = 1_000

Confirm = Callable[[int, str], None]


class ShelveSheet(QFrame):
    """Asks for how long, and why where that is needed; then does what it was opened for."""

    closed = Signal()

    def __init__(
        self, clock: Clock, settings: SettingsStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._settings = settings
        self._alarms: tuple[Alarm, ...] = ()
        self._on_confirm: Confirm | None = None
        self._ask_reason = False
        self._draft = Draft(settings, self)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._title = ElidedLabel()
        self._problem = QLabel()
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setWordWrap(True)
        self._make_fields()
        self._lay_out()
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MS)
        self._ticks.timeout.connect(self._show_until)
        THEME.changed.connect(self._apply_theme)
        settings.on_change(self._show_until, "zone")
        self._apply_theme()
        self.hide()

    def ask_shelve(self, alarms: Sequence[Alarm], confirm: Confirm) -> None:
        """Open for these alarms; ``confirm(until_ms, reason)`` may raise ValueError."""
        self._alarms = tuple(alarms)
        first = f"{device_text(alarms[0])} · {name_text(alarms[0])}"
        what = first if len(alarms) == 1 else f"{len(alarms)} alarms, first: {first}"
        self._open(f"Shelve {what}", "Shelve", confirm, ask_reason=True)

    def ask_out_of_service(self, name: str, confirm: Confirm) -> None:
        """Open for a device that is being worked on; no reason is asked."""
        self._alarms = ()
        self._open(f"Take {name} out of service", "Take out of service", confirm, ask_reason=False)

    def leave(self) -> None:
        """Close without doing anything."""
        self._ticks.stop()
        self._on_confirm = None
        self._draft.forget(self._draft_name())
        self.hide()
        self.closed.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not ends_form(event, self._confirm, self.leave):
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._fields.setDirection(way)
        super().resizeEvent(event)

    def _open(self, title: str, verb: str, confirm: Confirm, *, ask_reason: bool) -> None:
        self._on_confirm = confirm
        self._ask_reason = ask_reason
        self._title.setText(title)
        self._confirm_button.setText(verb)
        self._reason.setText(self._draft.text(self._draft_name()))
        self._reason.setVisible(ask_reason)
        must = any(alarm.severity >= Severity.HIGH for alarm in self._alarms)
        need = "required" if must else "optional"
        self._reason.setPlaceholderText(f"Reason ({need})")
        self._problem.hide()
        self._durations.setCurrentIndex(0)
        self._show_until()
        self._ticks.start()
        self.show()
        self._durations.setFocus(Qt.FocusReason.OtherFocusReason)

    def _draft_name(self) -> str:
        """What is typed belongs to these alarms; to nothing where no reason is asked."""
        return f"shelve {self._alarms[0].id}" if self._alarms else ""

    def _make_fields(self) -> None:
        self._durations = QComboBox()
        self._durations.setAccessibleName("Duration")
        self._durations.addItems([word for word, _ in DURATIONS])
        self._durations.currentIndexChanged.connect(self._show_until)
        self._number = NumberBox()
        self._number.setDecimals(0)
        self._number.setRange(1, 999)
        self._number.setValue(30)
        self._number.setAccessibleName("Custom duration")
        self._number.valueChanged.connect(self._show_until)
        self._unit = QComboBox()
        self._unit.addItems([word for word, _ in _UNITS])
        self._unit.setAccessibleName("Unit of the custom duration")
        self._unit.currentIndexChanged.connect(self._show_until)
        self._until = QLabel()
        self._until.setTextFormat(Qt.TextFormat.PlainText)
        self._reason = QLineEdit()
        self._reason.setMaxLength(_REASON_LIMIT)
        self._reason.setAccessibleName("Reason")
        self._reason.textChanged.connect(self._show_until)
        self._reason.textEdited.connect(lambda text: self._draft.keep(self._draft_name(), text))
        self._confirm_button = QPushButton()
        self._confirm_button.clicked.connect(self._confirm)
        self._cancel = QPushButton("Cancel")
        self._cancel.clicked.connect(self.leave)
        for button in (self._confirm_button, self._cancel):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        time = QHBoxLayout()
        for part in (self._durations, self._number, self._unit, self._until):
            time.addWidget(part)
        time.addStretch()
        buttons = QHBoxLayout()
        buttons.addWidget(self._reason, 1)
        buttons.addWidget(self._confirm_button)
        buttons.addWidget(self._cancel)
        self._fields = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._fields.addLayout(time)
        self._fields.addLayout(buttons, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 5, 8, 5)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addLayout(self._fields)
        column.addWidget(self._problem)

    def _until_ms(self) -> int:
        place = self._durations.currentIndex()
        if place != _CUSTOM:
            return self._clock.now_ms() + DURATIONS[place][1]
        return (
            self._clock.now_ms()
            + round(self._number.value()) * _UNITS[self._unit.currentIndex()][1]
        )

    def _show_until(self) -> None:
        custom = self._durations.currentIndex() == _CUSTOM
        self._number.setVisible(custom)
        self._unit.setVisible(custom)
        now_ms = self._clock.now_ms()
        until = short_time(self._until_ms(), now_ms, zone_of(self._settings.values))
        self._until.setText(f"until {until}")
        self._confirm_button.setEnabled(self._missing() == "")

    def _missing(self) -> str:
        """Why it is not allowed; the model has the rule."""
        now_ms = self._clock.now_ms()
        try:
            check_shelving(self._alarms, self._until_ms(), now_ms, self._reason.text())
        except ValueError as error:
            return str(error)
        return ""

    def _confirm(self) -> None:
        problem = ""
        if self._on_confirm is not None:
            try:
                self._on_confirm(self._until_ms(), self._reason.text().strip())
            except ValueError as error:
                problem = str(error)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if problem:
            self._reason.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.leave()

    def _apply_theme(self) -> None:
        palette = self.palette()
        palette.setColor(palette.ColorRole.WindowText, current_theme().error)
        self._problem.setPalette(palette)
