"""What lies on a map and is none: the scale, the credit, and words on what is not shown."""

from functools import partial
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from tftmonitor.model.fields.distance_text import ScaleBar, scale_bar
from tftmonitor.model.geo.label_placement import Box
from tftmonitor.model.geo.projection import metres_per_pixel
from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.colours import MapColours
from tftmonitor.ui.map.kept_picture import KeptPicture
from tftmonitor.ui.theme.theme import current_theme

CREDIT: Final = "Natural Earth · GeoNames"
_INSET: Final = 10.0
_BAR: Final = 110.0
_HIGH: Final = 18.0
_CREDIT_SHARE: Final = 0.6
_WRAPS: Final = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)


class Furniture:
    """``credit`` names where the ground is from, ``note`` what is to be known of the whole.

    ``trouble`` is a sentence on what does not come to the map.
    """

    def __init__(self) -> None:
        self.credit = CREDIT
        self.note = self.trouble = ""
        self.is_stale = False
        self._scale, self._credit_box = KeptPicture(), KeptPicture()

    def boxes(self, view: View) -> list[Box]:
        """Where no name may stand."""
        bottom = view.height
        middle = view.width / 2
        return [
            # The scale of speeds, of trails.
            Box(middle - 110.0, bottom - 34.0, middle + 140.0, bottom),
            Box(0.0, bottom - 2 * _HIGH, _BAR + 2 * _INSET, bottom),
            Box(view.width - 240.0, bottom - _HIGH - 4, view.width, bottom),
        ]

    def paint(self, painter: QPainter, view: View, colours: MapColours, font: QFont) -> None:
        """Paint them over everything."""
        painter.setFont(font)
        if self.is_stale:
            self._paint_hatch(painter, view)
        bar = scale_bar(metres_per_pixel(view.middle[0], view.zoom), _BAR)
        foot = QRectF(0.0, view.height - 2 * _HIGH, _BAR + 2 * _INSET, 2 * _HIGH)
        draw = partial(self._paint_scale, foot=foot, bar=bar, colours=colours)
        self._scale.paint(painter, foot, (bar, colours.town, colours.town_halo), draw)
        box = self._credit_room(painter, view)
        key = (self.credit, colours.town, colours.name_ground)
        self._credit_box.paint(
            painter, box, key, partial(self._paint_credit, box=box, colours=colours)
        )
        top = _INSET
        for text in filter(None, (self.note, self.trouble)):
            top += self._paint_note(painter, view, colours, text, top) + 4

    @staticmethod
    def _paint_scale(painter: QPainter, foot: QRectF, bar: ScaleBar, colours: MapColours) -> None:
        left, bottom = _INSET, foot.bottom() - _INSET
        lines = [
            QLineF(left, bottom, left + bar.pixels, bottom),
            QLineF(left, bottom - 5, left, bottom),
            QLineF(left + bar.pixels, bottom - 5, left + bar.pixels, bottom),
        ]
        for pen in (QPen(QColor(colours.town_halo), 4.0), QPen(QColor(colours.town), 1.5)):
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLines(lines)
        box = QRectF(left + 5, bottom - _HIGH - 2, _BAR, _HIGH)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.setPen(QColor(colours.town_halo))
        for right, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            painter.drawText(box.translated(right, down), int(align), bar.text)
        painter.setPen(QColor(colours.town))
        painter.drawText(box, int(align), bar.text)

    def _credit_room(self, painter: QPainter, view: View) -> QRectF:
        """In as many lines as it needs: it has to be read in a narrow map, too."""
        room = QRectF(0.0, 0.0, view.width * _CREDIT_SHARE - 12, view.height / 3)
        needed = QFontMetricsF(painter.font()).boundingRect(room, _WRAPS, self.credit)
        wide = min(needed.width(), room.width()) + 12
        high = max(min(needed.height() + 2, room.height()), _HIGH)
        return QRectF(view.width - wide, view.height - high, wide, high)

    def _paint_credit(self, painter: QPainter, box: QRectF, colours: MapColours) -> None:
        ground = QColor(colours.name_ground)
        ground.setAlphaF(0.8)
        painter.fillRect(box, ground)
        painter.setPen(QColor(colours.town))
        painter.drawText(box, _WRAPS, self.credit)

    @staticmethod
    def _paint_note(
        painter: QPainter, view: View, colours: MapColours, text: str, top: float
    ) -> float:
        """Paint a text in a box of its own; how high that is."""
        metrics = QFontMetricsF(painter.font())
        wide = min(metrics.horizontalAdvance(text) + 20, view.width - 20)
        box = QRectF((view.width - wide) / 2, top, wide, metrics.height() + 8)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.name_edge), 1.0))
        painter.setBrush(QColor(colours.name_ground))
        painter.drawRoundedRect(box, 4.0, 4.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QColor(colours.name))
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide - 12)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return box.height()

    @staticmethod
    def _paint_hatch(painter: QPainter, view: View) -> None:
        """Nothing here is of now: the same hatching as in lists and plots."""
        color = QColor(current_theme().hatch)
        color.setAlphaF(0.55)
        painter.setBrushOrigin(QPointF(0, 0))
        painter.fillRect(
            QRectF(0, 0, view.width, view.height), QBrush(color, Qt.BrushStyle.BDiagPattern)
        )
