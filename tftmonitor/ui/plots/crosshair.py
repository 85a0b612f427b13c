"""The box beside the crosshair: what each curve's previous sample said, when, how old it is."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from tftmonitor.model.fields.formatting import UNKNOWN_TEXT, format_age
from tftmonitor.ui.plots.numbers.readings import Reading
from tftmonitor.ui.theme.theme import current_theme, tabular

_GAP = 12


def clock_text(time_s: float, now_s: float, zone: tzinfo) -> str:
    """Time of day to the second, on another day than now with its date."""
    moment, now = (datetime.fromtimestamp(s, UTC).astimezone(zone) for s in (time_s, now_s))
    same = moment.date() == now.date()
    return moment.strftime("%H:%M:%S" if same else "%Y-%m-%d %H:%M:%S")


def day_text(time_s: float, now_s: float, zone: tzinfo) -> str:
    """A day in words with the time of day, like "3 November, 14:05", in another year with that."""
    moment, now = (datetime.fromtimestamp(s, UTC).astimezone(zone) for s in (time_s, now_s))
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment.day} {moment:%B}{year}, {moment:%H:%M}"


def reading_text(reading: Reading | None, value: str, now_s: float, zone: tzinfo) -> str:
    """Value, the sample's own time, and its age; words where there is no value."""
    if reading is None:
        return "no sample yet"
    when = clock_text(reading.time_s, now_s, zone)
    age = format_age((now_s - reading.time_s) * 1000)
    if not reading.held:
        return f"no data since {when}, {age} ago"
    shown = "unknown" if value == UNKNOWN_TEXT else value
    return f"{shown}  at {when}, {age} ago"


class Readout(QFrame):
    """A small box over the plots that never takes the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("readout")
        self.setAccessibleName("Values at the crosshair")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 5, 8, 5)
        self._layout.setSpacing(2)
        self._lines: list[QLabel] = []
        self.hide()

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(label.text() for label in self._lines if not label.isHidden())

    def show_lines(self, lines: Sequence[tuple[str, str]], x: float, area: QRect) -> None:
        """Show (text, colour) lines beside a pixel, on the side that has more room."""
        self._fill(lines)
        self.adjustSize()
        right = x < area.center().x()
        left = round(x) + _GAP if right else round(x) - _GAP - self.width()
        # Never out of the plots, however narrow they are.
        left = max(area.left(), min(left, area.right() - self.width()))
        self.move(QPoint(left, area.top() + _GAP))
        self.setAccessibleDescription(self.text)
        self.show()
        self.raise_()

    def _fill(self, lines: Sequence[tuple[str, str]]) -> None:
        while len(self._lines) < len(lines):
            label = QLabel(self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(tabular(label.font()))
            self._lines.append(label)
            self._layout.addWidget(label)
        for number, label in enumerate(self._lines):
            label.setVisible(number < len(lines))
            if number < len(lines):
                text, color = lines[number]
                label.setText(text)
                palette = label.palette()
                palette.setColor(label.foregroundRole(), color or current_theme().text)
                label.setPalette(palette)
