"""Fields as lines: label, value with unit, and a note; for the smaller parts of a tab."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

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


class ValueGrid(QWidget):
    """A line a field; a field without a value says why in place of it."""

    def __init__(self, fields: Sequence[Field]) -> None:
        super().__init__()
        self._fields = tuple(fields)
        self._values: list[QLabel] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        character = self.fontMetrics().averageCharWidth()
        grid.setColumnMinimumWidth(0, _LABEL_CHARACTERS * character)
        grid.setColumnMinimumWidth(1, _VALUE_CHARACTERS * character)
        for row, field in enumerate(self._fields):
            self._add_row(grid, row, field)

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
        for column, label in enumerate((name, value, note)):
            grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        self._values.append(value)
