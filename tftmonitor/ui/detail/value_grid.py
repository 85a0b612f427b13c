"""Fields as lines: label, value with unit, and a note; for the smaller parts of a tab.

Where the note would be a column of single words it stands below its line.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget
from typing_extensions import override

from tftmonitor.model.fields.field import Field
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import value_age
from tftmonitor.ui.detail.page import DetailContext
from tftmonitor.ui.detail.reading import describe, read_field, sentence
from tftmonitor.ui.theme.theme import tabular
from tftmonitor.ui.widgets.labels import mute, plain_label

# Characters that a value needs, so that the notes of all grids begin at one place.
_LABEL_CHARACTERS = 24
_VALUE_CHARACTERS = 18
# That a note needs to be read beside its value.
_NOTE_CHARACTERS = 34
_APART = 12


class ValueGrid(QWidget):
    """A line a field; a field without a value says why in place of it."""

    def __init__(self, fields: Sequence[Field]) -> None:
        super().__init__()
        self._fields = tuple(fields)
        self._values: list[QLabel] = []
        self._notes: list[QLabel] = []
        self._is_narrow = False
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(_APART)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        character = self.fontMetrics().averageCharWidth()
        grid.setColumnMinimumWidth(0, _LABEL_CHARACTERS * character)
        grid.setColumnMinimumWidth(1, _VALUE_CHARACTERS * character)
        self._least_width = 2 * _APART + character * (
            _LABEL_CHARACTERS + _VALUE_CHARACTERS + _NOTE_CHARACTERS
        )
        for row, field in enumerate(self._fields):
            self._add_row(grid, row, field)
        self._place_notes()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < self._least_width
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._place_notes()

    def show_values(self, device: Device, context: DetailContext, *, stale: bool) -> None:
        """Values of now; stale ones are muted."""
        now_ms, zone = context.now_ms, context.zone
        for field, label in zip(self._fields, self._values, strict=True):
            reading = read_field(field, device.status, now_ms, zone)
            age = value_age(device, field.name, now_ms)
            old = age.own_text(now_ms) if reading.known else ""
            text = f"{reading.with_unit}, {old}" if old else reading.with_unit
            if label.text() != text:
                label.setText(text)
                label.setAccessibleName(f"{field.spec.label}: {text}")
            plain = reading.known and not stale and not age.is_old
            role = QPalette.ColorRole.WindowText if plain else QPalette.ColorRole.PlaceholderText
            if label.foregroundRole() != role:
                label.setForegroundRole(role)

    def _add_row(self, grid: QGridLayout, row: int, field: Field) -> None:
        name, value = plain_label(field.spec.label), plain_label()
        for label in (name, value):
            label.setWordWrap(False)
            label.setToolTip(describe(field))
        value.setFont(tabular(value.font()))
        note = plain_label(sentence(field.spec.help), muted=True)
        mute(name)
        for column, label in enumerate((name, value)):
            grid.addWidget(label, 2 * row, column, Qt.AlignmentFlag.AlignTop)
        self._values.append(value)
        self._notes.append(note)

    def _place_notes(self) -> None:
        for row, note in enumerate(self._notes):
            self._grid.removeWidget(note)
            note.setVisible(bool(note.text()))
            if self._is_narrow:
                self._grid.addWidget(note, 2 * row + 1, 0, 1, 3)
            else:
                self._grid.addWidget(note, 2 * row, 2, Qt.AlignmentFlag.AlignTop)
