"""Fuel tanks as bars: as long as they are full."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.model.fields.formatting import format_number
from tftmonitor.ui.theme.theme import current_theme

_BAR = 16
_GAP = 6
_MOST_WIDTH = 420
MOST_TANKS: Final = 12
"""A broken unit must not fill the tab; further ones stand in the table."""
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class Tank(NamedTuple):
    """One tank, ``percent`` full: 0 to 100."""

    name: str
    percent: float


class FuelGauge(QWidget):
    """A bar a tank with its share in digits; hidden while no level is known."""

    def __init__(self) -> None:
        super().__init__()
        self.tanks: tuple[Tank, ...] = ()
        self.stale = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_tanks(())

    def show_tanks(self, tanks: Sequence[Tank], *, stale: bool = False) -> None:
        """Show these; stale ones lose their colour."""
        self.tanks, self.stale = tuple(tanks), stale
        texts = (f"{tank.name} {format_number(tank.percent, 0)} % full" for tank in self.tanks)
        self.setAccessibleName(", ".join(texts))
        self.setVisible(bool(self.tanks))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, max(1, len(self.tanks) * (_BAR + _GAP)))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        digits = painter.fontMetrics().horizontalAdvance("100 %") + _GAP
        width = max(1, min(_MOST_WIDTH, self.width() - digits))
        fill = QColor(theme.muted_text if self.stale else theme.accent)
        for number, tank in enumerate(self.tanks):
            box = QRectF(0.5, number * (_BAR + _GAP) + 0.5, width - 1, _BAR - 1)
            share = max(0.0, min(100.0, tank.percent)) / 100
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRect(QRectF(box.left(), box.top(), box.width() * share, box.height()))
            painter.setPen(QColor(theme.muted_text))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
            painter.setPen(QColor(theme.muted_text if self.stale else theme.text))
            beside = QRectF(width + _GAP, box.top(), digits, box.height())
            painter.drawText(beside, _MIDDLE, f"{format_number(tank.percent, 0)} %")
