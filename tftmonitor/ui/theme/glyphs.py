"""The shapes of signs, drawn with a painter in a unit square; ``icons`` makes icons of them.

Each meaning has a shape of its own, so that nothing is told by colour alone.
"""

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.theme.theme import Chip, Theme

Draw = Callable[[QPainter, Theme], None]

# Line widths in parts of the square; 0.1 is 1.6 px in a sign of 16 px.
_LINE = 0.1
_CENTRE = QPointF(0.5, 0.5)


def _polygon(corners: int, radius: float, turn: float, centre: QPointF = _CENTRE) -> QPolygonF:
    angles = [turn + 2 * math.pi * corner / corners for corner in range(corners)]
    return QPolygonF([centre + QPointF(math.cos(a), math.sin(a)) * radius for a in angles])


def _closed(points: QPolygonF) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(points)
    path.closeSubpath()
    return path


def _circle(radius: float = 0.46) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(_CENTRE, radius, radius)
    return path


def _points(*pairs: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in pairs])


# What stands for each severity: outline, character, and where the character's middle is.
_SEVERITY: dict[Severity, tuple[Callable[[], QPainterPath], str, float, float]] = {
    Severity.CRITICAL: (lambda: _closed(_polygon(8, 0.49, math.pi / 8)), "1", 0.5, 0.66),
    Severity.HIGH: (
        lambda: _closed(_points((0.5, 0.03), (0.98, 0.93), (0.02, 0.93))),
        "2",
        0.65,
        0.5,
    ),
    Severity.WARNING: (lambda: _closed(_polygon(4, 0.49, 0.0)), "3", 0.5, 0.58),
    Severity.NOTICE: (_circle, "i", 0.5, 0.66),
}


def severity_chip(theme: Theme, severity: Severity) -> Chip:
    """The colours of a severity."""
    return {
        Severity.CRITICAL: theme.critical,
        Severity.HIGH: theme.high,
        Severity.WARNING: theme.warning,
        Severity.NOTICE: theme.notice,
    }[severity]


def draw_severity(
    painter: QPainter, theme: Theme, severity: Severity, *, is_over: bool = False
) -> None:
    """Octagon 1, triangle 2, diamond 3 or circle i; hollow when the condition has ended."""
    outline, character, middle, height = _SEVERITY[severity]
    chip = Chip(theme.base, theme.text) if is_over else severity_chip(theme, severity)
    _fill(painter, theme, outline(), chip)
    _write(painter, character, chip.ink, QPointF(0.5, middle), height)


def _fill(painter: QPainter, theme: Theme, path: QPainterPath, chip: Chip) -> None:
    pen = QPen(QColor(theme.chip_outline), 1)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(QColor(chip.fill))
    painter.drawPath(path)


def _write(painter: QPainter, text: str, ink: str, middle: QPointF, height: float) -> None:
    """Fill the text as a path, so that its size follows the sign and not the screen's font."""
    font = QFont()
    font.setBold(True)
    font.setPixelSize(100)
    path = QPainterPath()
    path.addText(0, 0, font, text)
    box = path.boundingRect()
    scale = height / max(box.height(), 1.0)
    painter.save()
    painter.translate(middle)
    painter.scale(scale, scale)
    painter.translate(-box.center())
    painter.fillPath(path, QColor(ink))
    painter.restore()


def _stroke(painter: QPainter, color: str, width: float = _LINE) -> QPen:
    pen = QPen(QColor(color), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    return pen


def _hands(painter: QPainter) -> None:
    painter.drawPolyline(_points((0.5, 0.26), (0.5, 0.52), (0.68, 0.62)))


def _ring(painter: QPainter, start: int, span: int, radius: float = 0.38) -> None:
    box = QRectF(0.5 - radius, 0.5 - radius, 2 * radius, 2 * radius)
    painter.drawArc(box, start * 16, span * 16)


def draw_shelved(painter: QPainter, theme: Theme) -> None:
    """Pause bars on a filled circle."""
    _fill(painter, theme, _circle(), theme.shelved)
    for left in (0.33, 0.55):
        painter.fillRect(QRectF(left, 0.28, 0.12, 0.44), QColor(theme.shelved.ink))


def draw_stale(painter: QPainter, theme: Theme) -> None:
    """A clock on a filled circle."""
    _fill(painter, theme, _circle(), theme.stale)
    _stroke(painter, theme.stale.ink)
    _hands(painter)


def _moving(painter: QPainter, theme: Theme) -> None:
    _stroke(painter, theme.text)
    painter.setBrush(QColor(theme.text))
    painter.drawPolygon(_points((0.24, 0.18), (0.84, 0.5), (0.24, 0.82)))


def _idling(painter: QPainter, theme: Theme) -> None:
    _stroke(painter, theme.text)
    painter.drawEllipse(_CENTRE, 0.38, 0.38)
    painter.setBrush(QColor(theme.text))
    painter.drawEllipse(_CENTRE, 0.1, 0.1)


def _parked(painter: QPainter, theme: Theme) -> None:
    _stroke(painter, theme.muted_text)
    painter.drawRoundedRect(QRectF(0.1, 0.1, 0.8, 0.8), 0.14, 0.14)
    _write(painter, "P", theme.muted_text, _CENTRE, 0.48)


def _due(painter: QPainter, theme: Theme) -> None:
    _stroke(painter, theme.muted_text)
    painter.drawEllipse(_CENTRE, 0.36, 0.36)


def _overdue(painter: QPainter, theme: Theme) -> None:
    _stroke(painter, theme.text)
    painter.drawEllipse(_CENTRE, 0.4, 0.4)
    _hands(painter)


def _silent(painter: QPainter, theme: Theme) -> None:
    _stroke(painter, theme.muted_text, 0.14)
    painter.drawLine(QPointF(0.22, 0.22), QPointF(0.78, 0.78))
    painter.drawLine(QPointF(0.78, 0.22), QPointF(0.22, 0.78))


def _no_fix(painter: QPainter, theme: Theme) -> None:
    _stroke(painter, theme.text, 0.08)
    painter.drawEllipse(_CENTRE, 0.26, 0.26)
    for x, y in ((0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0)):
        way = QPointF(x, y)
        painter.drawLine(_CENTRE + way * 0.27, _CENTRE + way * 0.44)
    _stroke(painter, theme.text, 0.12)
    painter.drawLine(QPointF(0.14, 0.86), QPointF(0.86, 0.14))


def _no_data(painter: QPainter, theme: Theme) -> None:
    _stroke(painter, theme.muted_text)
    for start in range(0, 360, 60):
        _ring(painter, start + 10, 32)


def _live(painter: QPainter, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.link_ok))
    painter.drawEllipse(_CENTRE, 0.3, 0.3)


def _connecting(painter: QPainter, theme: Theme) -> None:
    _stroke(painter, theme.border, 0.14)
    _ring(painter, 0, 360, 0.34)
    _stroke(painter, theme.text, 0.14)
    _ring(painter, -20, 110, 0.34)


def _waiting(painter: QPainter, theme: Theme) -> None:
    _stroke(painter, theme.muted_text)
    top = ((0.24, 0.12), (0.76, 0.12), (0.5, 0.5))
    painter.drawPolygon(_points(*top))
    painter.setBrush(QColor(theme.muted_text))
    painter.drawPolygon(_points((0.5, 0.5), (0.76, 0.88), (0.24, 0.88)))


def _down(painter: QPainter, theme: Theme) -> None:
    pen = _stroke(painter, theme.error, 0.16)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    _ring(painter, 75, 120, 0.36)
    _ring(painter, 255, 120, 0.36)


def _refused(painter: QPainter, theme: Theme) -> None:
    _stroke(painter, theme.error, 0.11)
    painter.drawPath(_closed(_polygon(8, 0.42, math.pi / 8)))
    painter.drawLine(QPointF(0.32, 0.5), QPointF(0.68, 0.5))


STATES: dict[str, Draw] = {
    "moving": _moving,
    "idling": _idling,
    "parked": _parked,
    "due": _due,
    "overdue": _overdue,
    "silent": _silent,
    "no_fix": _no_fix,
    "no_data": _no_data,
    "live": _live,
    "connecting": _connecting,
    "waiting": _waiting,
    "down": _down,
    "refused": _refused,
}


def draw_badge(
    painter: QPainter, theme: Theme, severity: Severity, count: int, *, is_over: bool = False
) -> None:
    """A filled shape with the number of open alarms, for the corner of the tray's icon.

    Hollow when all of that severity have ended.
    """
    chip = Chip(theme.base, theme.text) if is_over else severity_chip(theme, severity)
    path = QPainterPath()
    if severity is Severity.CRITICAL:
        path = _closed(_polygon(8, 0.52, math.pi / 8))
    else:
        path.addRoundedRect(QRectF(0, 0, 1, 1), 0.3, 0.3)
    _fill(painter, theme, path, chip)
    text = str(count) if count < 10 else "9+"
    _write(painter, text, chip.ink, _CENTRE, 0.66 if count < 10 else 0.46)
