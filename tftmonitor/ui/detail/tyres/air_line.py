"""The line below the wheels: finds the sensor of the chosen wheel by letting a little air out."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from tftmonitor.base.clock import MINUTE_MS, SECOND_MS
from tftmonitor.model.fields.formatting import one_line
from tftmonitor.ui.detail.tyres.air_test import LEAST_DROP_KPA, AirTest
from tftmonitor.ui.detail.tyres.readings import TyreReading, pressure_text
from tftmonitor.ui.widgets.labels import plain_label

_HINT = (
    "Drag a sensor onto its wheel, or choose both with the space bar. If you do not know which "
    "sensor a wheel has, choose the wheel and find it by its pressure."
)


class AirLine(QWidget):
    """Tells what to do and how long it goes on; ``found(sensor, wheel)`` once one has dropped."""

    found = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.search: AirTest | None = None
        self._wheel = ""
        self.text = plain_label(_HINT, muted=True)
        self.text.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self.button = QPushButton()
        self.button.clicked.connect(self._click)
        self._readings: Sequence[TyreReading] = ()
        self._now_ms = 0
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.text, 1)
        line.addWidget(self.button)
        self._show_button()

    def choose(self, wheel: str) -> None:
        """Take this as the wheel that a search would be for; a running one keeps its own."""
        self._wheel = wheel
        self._show_button()

    def reset(self) -> None:
        """Another device is shown, or another vehicle: nothing is searched for."""
        self.search, self._wheel = None, ""
        self.text.setText(_HINT)
        self._show_button()

    def update_readings(self, readings: Sequence[TyreReading], now_ms: int) -> None:
        """What the sensors have reported up to now."""
        self._readings = readings
        if self.search is not None:
            self.search.update(readings)
        self.tick(now_ms)

    def tick(self, now_ms: int) -> None:
        """The search goes on, is answered, or is over."""
        self._now_ms = now_ms
        search = self.search
        if search is None:
            return
        dropped = search.dropped
        if len(dropped) == 1:
            self._end(self._answer(search, dropped[0]))
            self.found.emit(dropped[0], search.wheel)
        elif dropped:
            self._end(
                f"{len(dropped)} sensors dropped at once, so none was taken. "
                "Let air out of one wheel alone and try again."
            )
        elif not search.left_ms(now_ms):
            self._end(
                f"No sensor dropped by more than {self._drop_text()} in two minutes. "
                "Let a little more air out and try again."
            )
        else:
            self._show_search(search)

    def _answer(self, search: AirTest, sensor: str) -> str:
        before, now = search.before[sensor], search.now[sensor]
        return (
            f"Sensor {one_line(sensor)} dropped from {pressure_text(before)} to "
            f"{pressure_text(now)}: it is {search.wheel} now. Pump the tyre up again."
        )

    def _show_search(self, search: AirTest) -> None:
        left_ms = search.left_ms(self._now_ms)
        clock = f"{left_ms // MINUTE_MS}:{left_ms % MINUTE_MS // SECOND_MS:02}"
        self.text.setText(
            f"Let a little air out of {search.wheel} now. The sensor whose pressure drops by more "
            f"than {self._drop_text()} in the next {clock} is this wheel."
        )
        self._show_button()

    def _drop_text(self) -> str:
        return pressure_text(LEAST_DROP_KPA)

    def _click(self) -> None:
        if self.search is not None:
            self._end(_HINT)
        elif self._wheel:
            self.search = AirTest.begin(self._wheel, self._readings, self._now_ms)
            self._show_search(self.search)

    def _end(self, text: str) -> None:
        self.search = None
        self.text.setText(text)
        self._show_button()

    def _show_button(self) -> None:
        if self.search is not None:
            self.button.setText("Stop")
        else:
            self.button.setText(f"Find the sensor of {self._wheel}" if self._wheel else "Find…")
        self.button.setEnabled(self.search is not None or bool(self._wheel))
