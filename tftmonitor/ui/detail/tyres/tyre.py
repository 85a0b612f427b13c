"""One tyre, or a sensor that has none yet: painted, focusable, and read out in words."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from tftmonitor.ui.detail.tyres.readings import TyreReading
from tftmonitor.ui.theme.theme import Theme, current_theme, tabular
from tftmonitor.ui.widgets.tooltip import plain_tip

_RADIUS = 9
_PAD = 5
_SMALL = 0.82
_BIG = 1.25
_CENTRED = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)


class Tyre(QWidget):
    """The sensor of one wheel; ``wheel`` is "" for a sensor that sits nowhere yet.

    A leak is a filled sign with its word, an empty wheel a dashed line, what is old is grey.
    """

    def __init__(self, parent: QWidget, wheel: str = "") -> None:
        super().__init__(parent)
        self.wheel = wheel
        self.reading: TyreReading | None = None
        self.is_target = False
        self._texts: tuple[str, str, str] = ("", "", "")
        self._stale = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The board moves sensors from one to another: it needs all of the mouse.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def sensor(self) -> str:
        """The id of the sensor here, "" for none."""
        return self.reading.sensor if self.reading else ""

    def show_reading(self, reading: TyreReading | None, now_ms: int, *, stale: bool) -> None:
        """Show this sensor; None for a wheel that has none."""
        self.reading, self._stale = reading, stale
        place = self.wheel or "Not placed yet"
        if reading is None:
            self._texts = ("no sensor", "", "")
            words = f"{place}: no sensor"
        else:
            status = reading.status if reading.status != "normal" else ""
            foot = status or reading.sensor[-6:]
            self._texts = (reading.pressure_text, reading.beside_text(), foot)
            words = f"{place}: {reading.sentence(now_ms)}"
        if words != self.accessibleName():
            self.setAccessibleName(words)
            self.setToolTip(plain_tip(words))
        self.update()

    def set_target(self, *, is_target: bool) -> None:
        """Mark it as where the sensor that is being moved would go."""
        if is_target != self.is_target:
            self.is_target = is_target
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self._paint_body(painter, theme)
        top, middle, foot = self._texts
        height = self.height() - 2 * _PAD
        faint = ink if self._leaks else QColor(theme.muted_text)
        self._write(painter, top, 0.04 * height, 0.4 * height, ink, big=self.reading is not None)
        self._write(painter, middle, 0.42 * height, 0.28 * height, faint)
        self._write(painter, foot, 0.7 * height, 0.28 * height, faint)

    @property
    def _leaks(self) -> bool:
        return self.reading is not None and self.reading.leaks

    def _paint_body(self, painter: QPainter, theme: Theme) -> QColor:
        """The outline and ground; the ink that is read on it."""
        line = 2.0 if self.is_target or self.hasFocus() else 1.2
        edge = theme.accent if self.is_target or self.hasFocus() else theme.border
        pen = QPen(QColor(edge), line)
        ground, ink = QColor(theme.base), QColor(theme.text)
        if self.reading is None:
            pen.setStyle(Qt.PenStyle.DashLine)
            ground, ink = QColor(theme.window), QColor(theme.muted_text)
        elif self._leaks:
            ground, ink = QColor(theme.critical.fill), QColor(theme.critical.ink)
        elif self._stale:
            ink = QColor(theme.muted_text)
        painter.setPen(pen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        return ink

    def _write(  # what, where and how of one line
        self,
        painter: QPainter,
        text: str,
        top: float,
        height: float,
        ink: QColor,
        *,
        big: bool = False,
    ) -> None:
        if not text:
            return
        room = self.width() - 2 * _PAD
        font = tabular(QFont(self.font()))
        font.setBold(big)
        font.setPointSizeF(max(font.pointSizeF(), 1.0) * (_BIG if big else _SMALL))
        needed = QFontMetricsF(font).horizontalAdvance(text)
        if needed > room:
            # Smaller before it is cut.
            font.setPointSizeF(font.pointSizeF() * max(0.75, room / needed))
        painter.setFont(font)
        painter.setPen(ink)
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room + 1)
        painter.drawText(QRectF(_PAD, _PAD + top, room, height), _CENTRED, shown)
