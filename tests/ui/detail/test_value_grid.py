"""Lines of fields can be read at any width."""

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tftmonitor.model.fields.field import Group
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.ui.detail.value_grid import ValueGrid
from tftmonitor.ui.widgets.labels import scrolled


@pytest.mark.parametrize("width", [340, 420, 520, 640, 900])
def test_notes_are_no_column_of_single_words(qtbot: QtBot, width: int) -> None:
    fields = [field for field in STATUS_FIELDS.in_group(Group.INPUTS) if field.spec.help]
    assert fields
    grid = ValueGrid(fields)
    area = scrolled(grid)
    qtbot.addWidget(area)
    area.resize(width, 400)
    area.show()
    QCoreApplication.processEvents()
    labels = [label for label in grid.findChildren(QLabel) if len(label.text()) > 30]
    assert labels
    for note in labels:
        lines = note.heightForWidth(note.width()) / note.fontMetrics().lineSpacing()
        assert lines < 4
        assert grid.rect().right() >= note.geometry().right()
