"""What stands beside the table of a day: sums, the chosen stretch, events, alarms, remarks."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from tftmonitor.ui.widgets.labels import heading, mute, plain_label

Lines = Iterable[tuple[str, str]]


class FactSection(QWidget):
    """A title over names with values; hidden without any. ``lines`` are those shown."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []
        self._title = heading(title)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._labels: list[tuple[QLabel, QLabel]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self._title)
        column.addLayout(self._grid)
        self.setAccessibleName(title)
        self.hide()

    def show_lines(self, lines: Lines, title: str = "") -> None:
        """Show these instead, under another title where one is given."""
        self.lines = list(lines)
        if title:
            self._title.setText(title)
            self.setAccessibleName(title)
        for place, texts in enumerate(self.lines):
            if place == len(self._labels):
                self._add()
            for label, text in zip(self._labels[place], texts, strict=True):
                label.setText(text)
                label.show()
        for pair in self._labels[len(self.lines) :]:
            for label in pair:
                label.hide()
        self.setVisible(bool(self.lines))

    def _add(self) -> None:
        name, value = QLabel(), plain_label()
        name.setTextFormat(Qt.TextFormat.PlainText)
        mute(name)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self._labels)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(name, row, 0, top)
        self._grid.addWidget(value, row, 1, top)
        self._labels.append((name, value))
