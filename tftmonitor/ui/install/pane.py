"""The pane of the installation check: one line a check, and the list to copy."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.fields.formatting import format_time
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.install.checks import Check, CheckState, begun_s, checks_of, report_text
from tftmonitor.ui.tables.row_text import copy_text
from tftmonitor.ui.theme.theme import current_theme
from tftmonitor.ui.widgets.labels import heading, plain_label
from tftmonitor.ui.widgets.pane import Pane

_MARKS = {CheckState.OK: "✓", CheckState.WRONG: "✗", CheckState.WAITING: "…"}


class InstallPane(Pane):
    """Follows the device that is chosen in the window; the check begins anew with each."""

    def __init__(
        self,
        fleet: Fleet,
        clock: Clock,
        settings: SettingsStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fleet, self._clock, self._settings = fleet, clock, settings
        self._key = ""
        self._begun_s = 0.0
        self._lines: list[tuple[QLabel, QLabel, QLabel]] = []
        self.checks: list[Check] = []
        self.title = heading("No device chosen")
        self.summary = plain_label(muted=True)
        self.again = QPushButton("Begin again")
        self.copy = QPushButton("Copy the list")
        buttons = QHBoxLayout()
        for button in (self.again, self.copy):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch()
        self._grid = QGridLayout()
        self._grid.setColumnStretch(2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addWidget(self.title)
        column.addWidget(self.summary)
        column.addLayout(self._grid)
        column.addStretch(1)
        column.addLayout(buttons)
        self.again.clicked.connect(self.begin)
        self.copy.clicked.connect(self.copy_list)

    def show_device(self, key: str) -> None:
        """Check this device."""
        if key != self._key:
            self._key = key
            self.begin()

    def begin(self) -> None:
        """What was seen before does not count."""
        self._begun_s = begun_s(self._clock.now_ms())
        self.tick()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tick()

    @override
    def tick(self) -> None:
        """A second went by: look again."""
        device = self._fleet.find(self._key)
        if device is None or not self.isVisible():
            return
        now_ms = self._clock.now_ms()
        self.checks = checks_of(device, device.series.samples(), self._begun_s, now_ms)
        self.title.setText(device.label)
        done = sum(check.state is CheckState.OK for check in self.checks)
        since = format_time(round(self._begun_s * 1_000), zone_of(self._settings.values))
        self.summary.setText(f"{done} of {len(self.checks)} seen since {since}")
        self._show_lines()

    def copy_list(self) -> None:
        """The list to the clipboard, as text."""
        device = self._fleet.find(self._key)
        if device is not None:
            when = format_time(self._clock.now_ms(), zone_of(self._settings.values))
            copy_text(report_text(device, self.checks, when))

    @override
    def apply_theme(self) -> None:
        super().apply_theme()
        self._show_lines()

    def _show_lines(self) -> None:
        while len(self._lines) < len(self.checks):
            row = len(self._lines)
            line = (QLabel(), plain_label(), plain_label(muted=True))
            line[1].setWordWrap(False)
            for column, label in enumerate(line):
                label.setTextFormat(Qt.TextFormat.PlainText)
                self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
            self._lines.append(line)
        theme = current_theme()
        colors = {
            CheckState.OK: theme.link_ok,
            CheckState.WRONG: theme.error,
            CheckState.WAITING: theme.muted_text,
        }
        for place, labels in enumerate(self._lines):
            shown = place < len(self.checks)
            for label in labels:
                label.setVisible(shown)
            if not shown:
                continue
            check, (mark, title, words) = self.checks[place], labels
            mark.setText(_MARKS[check.state])
            mark.setAccessibleName(check.state.value)
            mark.setStyleSheet(f"color: {colors[check.state]}; font-weight: 700")
            title.setText(check.title)
            words.setText(check.words)
