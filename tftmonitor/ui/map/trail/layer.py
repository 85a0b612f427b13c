"""The trail of the chosen device: coloured by speed or ignition, with gaps, halts and alarms.

What is not known between two places is a dashed line, and a hatched one where it was we who could
not know. The moment that the plots look at is a dot on it.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.field import Unit
from tftmonitor.model.fields.formatting import format_number
from tftmonitor.model.fields.units import shown_as
from tftmonitor.model.geo.label_placement import Box
from tftmonitor.model.geo.projection import Numbers
from tftmonitor.model.geo.track import Track, along, nearest_on, thinned, unwrapped
from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.colours import MapColours
from tftmonitor.ui.map.kept_picture import KeptPicture
from tftmonitor.ui.map.layer import MapFrame
from tftmonitor.ui.map.trail.source import TrailSource
from tftmonitor.ui.theme.glyphs import draw_severity
from tftmonitor.ui.theme.theme import current_theme

SPEED_STEPS: Final = (3.0, 20.0, 40.0, 60.0, 80.0, 110.0)
"""In km/h: where one colour ends and the next begins."""
_REACH: Final = 9.0
_BOX: Final = 10.0
_MARK: Final = 15.0
_LEGEND_HIGH: Final = 30.0
_AROUND: Final = 24.0
"""Pixels that lines and signs of alarms stand out beyond the places."""


class TrailLayer:
    """Paints what ``source`` has. ``by_ignition`` colours by it instead of by the speed."""

    def __init__(self, source: TrailSource) -> None:
        self.source = source
        self.by_ignition = False
        self.cursor_s: float | None = None
        self._left: Numbers = np.zeros(0)
        self._top: Numbers = np.zeros(0)
        self._kept = KeptPicture()
        self._drawn: Track | None = None
        self._turn = 0

    def paint(self, painter: QPainter, frame: MapFrame) -> None:
        """Paint the trail over the ground and below the devices."""
        track, view, colours = self.source.track, frame.view, frame.colours
        if not len(track):
            self._left = self._top = np.zeros(0)
            return
        self._left, self._top = _pixels(view, track.x, track.y)
        painter.save()
        try:
            if frame.moving:
                self._paint_trail(painter, colours)
            else:
                self._copy_trail(painter, view, colours)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_cursor(painter, colours)
        finally:
            painter.restore()
        self._paint_legend(painter, view, colours)

    def _copy_trail(self, painter: QPainter, view: View, colours: MapColours) -> None:
        """The same as a picture, which holds until the view or the trail is another."""
        track, source = self.source.track, self.source
        if track is not self._drawn:
            self._drawn, self._turn = track, self._turn + 1
        corner = QPointF(float(self._left.min()), float(self._top.min()))
        end = QPointF(float(self._left.max()), float(self._top.max()))
        seen = QRectF(0.0, 0.0, view.width, view.height)
        box = QRectF(corner, end).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND) & seen
        theme = current_theme().name
        key = (
            *(self._turn, view, theme, self.by_ignition),
            *(tuple(source.marks), tuple(source.blind)),
        )
        self._kept.paint(painter, box, key, lambda own: self._paint_trail(own, colours))

    def _paint_trail(self, painter: QPainter, colours: MapColours) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_gaps(painter, colours)
        for width, is_edge in ((6.0, True), (3.2, False)):
            self._paint_ways(painter, colours, width, is_edge=is_edge)
        self._paint_halts(painter, colours)
        self._paint_marks(painter)

    def boxes(self, view: View) -> list[Box]:
        """Where the trail lies, so that no name stands on it."""
        track = self.source.track
        if not len(track):
            return []
        left, top = _pixels(view, track.x, track.y)
        left, top = along(np.clip(left, -_BOX, view.width), np.clip(top, -_BOX, view.height), _BOX)
        half = _BOX / 2
        points = zip(left.tolist(), top.tolist(), strict=True)
        return [Box(x - half, y - half, x + half, y + half) for x, y in points]

    def time_at(self, left: float, top: float) -> float | None:
        """The moment of the trail under this pixel, in seconds since 1970; None beside it."""
        if not len(self._left):
            return None
        place, far = nearest_on(self._left, self._top, (left, top))
        return float(self.source.track.times[place]) if far <= _REACH else None

    def _paint_gaps(self, painter: QPainter, colours: MapColours) -> None:
        track = self.source.track
        for place in np.flatnonzero(track.gaps).tolist():
            begin, end = float(track.times[place]), float(track.times[place + 1])
            is_blind = any(a < end and b > begin for a, b in self.source.blind)
            ends = self._point(place), self._point(place + 1)
            if is_blind:
                brush = QBrush(QColor(colours.trail_off), Qt.BrushStyle.BDiagPattern)
                painter.setPen(QPen(brush, 7.0))
            else:
                pen = QPen(QColor(colours.trail_off), 2.0)
                pen.setStyle(Qt.PenStyle.DashLine)
                painter.setPen(pen)
            painter.drawLine(*ends)

    def _paint_ways(
        self, painter: QPainter, colours: MapColours, width: float, *, is_edge: bool
    ) -> None:
        for kind, first, last in self._runs():
            part = slice(first, last + 1)
            left, top = self._left[part], self._top[part]
            keep = thinned(left, top)
            line = QPolygonF(
                [
                    QPointF(x, y)
                    for x, y in zip(left[keep].tolist(), top[keep].tolist(), strict=True)
                ]
            )
            ink = colours.trail_edge if is_edge else self._ink(colours, kind)
            pen = QPen(QColor(ink), width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(line)

    def _runs(self) -> Iterator[tuple[int, int, int]]:
        """Stretches of one colour as kind, first and last place; they share their ends."""
        kinds, track = self._kinds(), self.source.track
        for piece in track.pieces():
            part = kinds[piece]
            changes = np.flatnonzero(np.diff(part)) + 1
            edges = [0, *changes.tolist(), len(part)]
            for begin, end in pairwise(edges):
                last = min(piece.start + end, piece.stop - 1)
                yield int(part[begin]), piece.start + begin, last

    def _kinds(self) -> NDArray[np.intp]:
        track = self.source.track
        if self.by_ignition:
            return track.ignition.astype(np.intp)
        kinds = np.searchsorted(SPEED_STEPS, track.speeds, side="right")
        return np.where(np.isnan(track.speeds), -1, kinds)

    def _ink(self, colours: MapColours, kind: int) -> str:
        if kind < 0:
            return colours.trail_off
        if self.by_ignition:
            return colours.moving if kind else colours.parked
        return colours.speeds[min(kind, len(colours.speeds) - 1)]

    def _paint_halts(self, painter: QPainter, colours: MapColours) -> None:
        painter.setPen(QPen(QColor(colours.name), 1.6))
        painter.setBrush(QColor(colours.sign_hole))
        for first, _last in self.source.track.stops():
            painter.drawRect(QRectF(self._point(first) - QPointF(4, 4), QSizeF(8, 8)))
        painter.drawEllipse(self._point(0), 4.5, 4.5)

    def _paint_marks(self, painter: QPainter) -> None:
        track, theme = self.source.track, current_theme()
        for mark in self.source.marks:
            place = track.at(mark.time_s)
            if place is None or (place == len(track) - 1 and mark.time_s > track.times[-1] + 60):
                continue
            corner = self._point(place) - QPointF(_MARK / 2, _MARK + 5)
            painter.save()
            painter.translate(corner)
            painter.scale(_MARK, _MARK)
            draw_severity(painter, theme, Severity(mark.severity))
            painter.restore()

    def _paint_cursor(self, painter: QPainter, colours: MapColours) -> None:
        place = None if self.cursor_s is None else self.source.track.at(self.cursor_s)
        if place is None:
            return
        painter.setPen(QPen(QColor(colours.trail_edge), 2.0))
        painter.setBrush(QColor(colours.selection))
        painter.drawEllipse(self._point(place), 6.5, 6.5)

    def _paint_legend(self, painter: QPainter, view: View, colours: MapColours) -> None:
        """Which colour is which speed, at the foot."""
        if self.by_ignition or view.width < 420:
            return
        shown = shown_as(Unit.KMH)
        steps = [format_number(shown.of(step), 0) for step in SPEED_STEPS[1:]]
        wide = 26.0
        left = (view.width - wide * len(colours.speeds)) / 2
        top = view.height - _LEGEND_HIGH
        box = QRectF(left - 6, top - 3, wide * len(colours.speeds) + 52, _LEGEND_HIGH)
        ground = QColor(colours.name_ground)
        ground.setAlphaF(0.85)
        painter.fillRect(box, ground)
        for place, color in enumerate(colours.speeds):
            painter.fillRect(QRectF(left + place * wide, top, wide, 5.0), QColor(color))
        painter.setPen(QColor(colours.town))
        align = int(Qt.AlignmentFlag.AlignCenter)
        for place, text in enumerate(steps, 2):
            middle = left + place * wide
            painter.drawText(QRectF(middle - wide / 2, top + 5, wide, 18.0), align, text)
        painter.drawText(
            QRectF(left + len(colours.speeds) * wide + 4, top - 4, 44.0, 18.0),
            int(Qt.AlignmentFlag.AlignVCenter),
            shown.text,
        )

    def _point(self, place: int) -> QPointF:
        return QPointF(float(self._left[place]), float(self._top[place]))


def _pixels(view: View, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The pixels of a line; it goes on beyond 180 degrees instead of across the world."""
    end, top = view.to_screen(x[-1], y)
    along = unwrapped(x)
    return float(end) + (along - along[-1]) * view.scale, top
