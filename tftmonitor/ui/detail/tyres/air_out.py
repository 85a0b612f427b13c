"""Finds the sensor of a wheel by letting a little air out of it."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from tftmonitor.ui.detail.tyres.wheel_slots import Tyre, fallen, slot_name

FALL_KPA: Final = 15.0
WAIT_MS: Final = 180_000


class AirOutLine(QWidget):
    """Choose a wheel, let air out, and the one sensor whose pressure falls is bound to it.

    ``bind`` is called with the sensor and the slot.
    """

    def __init__(self, bind: Callable[[str, int], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bind = bind
        self._before: dict[str, float] = {}
        self._until_ms: int | None = None
        self.wheel = QComboBox()
        self.wheel.setAccessibleName("Wheel to let air out of")
        self.button = QPushButton("Find by letting air out")
        self.button.setAutoDefault(False)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setObjectName("muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.wheel)
        row.addWidget(self.button)
        row.addWidget(self.text, 1)

    def offer(self, axles: int) -> None:
        """So many axles have wheels."""
        if self.wheel.count() != 2 * axles:
            self.wheel.clear()
            self.wheel.addItems([slot_name(slot) for slot in range(2 * axles)])

    def start(self, tyres: Sequence[Tyre], now_ms: int) -> None:
        """From now on a pressure that falls tells the wheel."""
        self._before = {t.sensor: t.pressure_kpa for t in tyres if t.pressure_kpa is not None}
        self._until_ms = now_ms + WAIT_MS
        self.text.setText(
            f"Let some air out of {self.wheel.currentText()} now, by {FALL_KPA:.0f} kPa or more. "
            "Sensors report when they notice it; waiting three minutes."
        )

    def follow(self, tyres: Sequence[Tyre], now_ms: int) -> None:
        """The sensors say this now."""
        if self._until_ms is None:
            return
        if sensor := fallen(self._before, tyres, FALL_KPA):
            self._until_ms = None
            name = self.wheel.currentText()
            self.text.setText(f"Sensor {sensor} is {name}.")
            self._bind(sensor, self.wheel.currentIndex())
        elif now_ms > self._until_ms:
            self._until_ms = None
            self.text.setText("No pressure fell, or more than one did. Nothing was changed.")

    def stop(self) -> None:
        """Another device is shown."""
        self._until_ms = None
        self.text.setText("")
