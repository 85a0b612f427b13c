"""The wheel changes an input only while it has the keyboard."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from tests.ui.harness import Harness
from tftmonitor.ui.widgets.wheel_guard import guard_wheel


def turn(widget: QWidget) -> bool:
    """A notch of the wheel over a widget; True when it kept the event."""
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    event.setAccepted(True)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_wheel_passes_an_input_without_the_keyboard(harness: Harness) -> None:
    page, spin, other = QWidget(), QSpinBox(), QLineEdit()
    row = QHBoxLayout(page)
    row.addWidget(other)
    row.addWidget(spin)
    guard_wheel(spin)
    harness.show(page)
    page.activateWindow()
    other.setFocus()
    harness.qtbot.waitUntil(other.hasFocus)
    assert not turn(spin)
    assert spin.value() == 0
    spin.setFocus()
    harness.qtbot.waitUntil(spin.hasFocus)
    assert turn(spin)
    assert spin.value() == 1
