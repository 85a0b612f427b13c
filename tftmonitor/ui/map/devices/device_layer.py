"""The devices of a view: which are signs of their own, which are in clusters, and how they look."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from tftmonitor.model.fleet.activity import Staleness
from tftmonitor.model.geo.clustering import ALONE, Clusters, find_clusters
from tftmonitor.model.geo.projection import Numbers, metres_per_pixel
from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.colours import MapColours
from tftmonitor.ui.map.devices.cluster_signs import KINDS, ClusterSigns, kinds_of
from tftmonitor.ui.map.devices.fragments import draw_pieces
from tftmonitor.ui.map.devices.positions import Positions
from tftmonitor.ui.map.devices.sign_atlas import CROSSED, FILLED, HOLLOW, SIGN, SignAtlas
from tftmonitor.ui.map.text_pictures import TextPictures
from tftmonitor.ui.theme.theme import Theme

REACH: Final = 15.0
"""Pixels from the middle of a sign at which it is still meant."""
_SELECTED_RADIUS: Final = 15.0
# Circles of doubt smaller than a sign say nothing, and a hundred of them too much.
_LEAST_DOUBT, _MOST_DOUBTS = 14.0, 60

Rows = NDArray[np.intp]
_NO_ROWS: Final[Rows] = np.zeros(0, np.intp)


class DeviceLayer:
    """Arranges the rows of ``positions`` in a view, and paints them.

    ``singles`` are the rows with a sign of their own, with their pixels in ``left`` and ``top``;
    ``clusters`` the others, whose rows are ``grouped``, place by place as in ``clusters.of``.
    """

    def __init__(self, positions: Positions) -> None:
        self.positions = positions
        self.selected: int | None = None
        self.singles = _NO_ROWS
        self.left: Numbers = np.zeros(0)
        self.top: Numbers = np.zeros(0)
        self.grouped = _NO_ROWS
        none = np.zeros(0, np.intp)
        self.clusters = find_clusters(self.left, self.top, none, KINDS)
        self.is_link_down = False
        self._atlas: SignAtlas | None = None
        self._signs: ClusterSigns | None = None
        self._colours: MapColours | None = None

    def set_look(
        self, theme: Theme, colours: MapColours, font: QFont, ratio: float, kept: TextPictures
    ) -> None:
        """Draw signs for this theme and pixel ratio from now on."""
        self._colours = colours
        if self._atlas is None or self._atlas.key != (theme.name, ratio):
            self._atlas = SignAtlas(theme, colours, ratio)
        self._signs = ClusterSigns(theme, colours, font, ratio, kept)

    def arrange(self, view: View, shown: NDArray[np.bool_]) -> None:
        """Find what is in sight among the rows that are ``shown``, shape (n,), and group it."""
        positions = self.positions
        left, top = view.to_screen(positions.x, positions.y)
        margin = float(SIGN)
        with np.errstate(invalid="ignore"):
            seen = shown & (left > -margin) & (left < view.width + margin)
            seen &= (top > -margin) & (top < view.height + margin)
        chosen = self.selected
        if chosen is not None and chosen < len(seen):
            has_selected, seen[chosen] = bool(seen[chosen]), False
        else:
            has_selected = False
        rows = np.flatnonzero(seen)
        found = self._group(rows, left[rows], top[rows], view)
        alone = rows[found.of == ALONE]
        # What calls for somebody lies on top of the others, and the chosen one on all.
        urgent = positions.severities[alone] * ~positions.is_over[alone]
        alone = alone[np.argsort(urgent, kind="stable")]
        if has_selected and chosen is not None:
            alone = np.append(alone, chosen)
        self.singles, self.clusters = alone, found
        self.grouped = rows
        self.left, self.top = left[alone], top[alone]

    def _group(self, rows: Rows, left: Numbers, top: Numbers, view: View) -> Clusters:
        positions = self.positions
        kinds = kinds_of(
            positions.activities[rows],
            positions.hollow_of(rows) | self.is_link_down,
            positions.severities[rows],
            positions.is_over[rows],
        )
        # Cells stay where they are on the ground, so that a pan regroups nothing.
        origin = view.to_screen(view.x, view.y)
        corner = (float(origin[0]) - view.x * view.scale, float(origin[1]) - view.y * view.scale)
        return find_clusters(left, top, kinds, KINDS, corner)

    def looks(self, rows: Rows) -> Rows:
        """``FILLED``, ``HOLLOW`` or ``CROSSED`` for each of these rows."""
        positions = self.positions
        looks = np.full(len(rows), FILLED, np.intp)
        looks[positions.hollow_of(rows) | self.is_link_down] = HOLLOW
        is_overdue = positions.staleness[rows] >= Staleness.OVERDUE
        looks[is_overdue] = CROSSED
        return looks

    def seen(self, view: View, now_ms: int) -> object:
        """All that ``paint`` would show now, by halves of a pixel, so that two of them compare."""
        positions, rows, clusters = self.positions, self.singles, self.clusters
        radii = positions.doubt_m(rows, now_ms) / metres_per_pixel(view.middle[0], view.zoom)
        places = (self.left, self.top, clusters.left, clusters.top)
        kinds = (
            rows,
            positions.activities[rows],
            self.looks(rows),
            positions.severities[rows],
            positions.is_over[rows],
            clusters.counts,
            clusters.shares,
        )
        return (
            view,
            self.selected,
            tuple(np.round(place * 2).astype(np.int32).tobytes() for place in places),
            tuple(kind.tobytes() for kind in kinds),
            np.nan_to_num(positions.course[rows], nan=-1.0).round().tobytes(),
            np.where(radii > _LEAST_DOUBT, radii, 0.0).round().tobytes(),
        )

    def paint(self, painter: QPainter, view: View, now_ms: int) -> None:
        """Paint what ``arrange`` found."""
        atlas, signs, colours = self._atlas, self._signs, self._colours
        if atlas is None or signs is None or colours is None:
            return
        self._paint_doubt(painter, view, now_ms, colours)
        clusters = self.clusters
        middles = zip(clusters.left.tolist(), clusters.top.tolist(), strict=True)
        for (left, top), (picture, half) in zip(middles, signs.pictures(clusters), strict=True):
            painter.drawPixmap(QPointF(left - half, top - half), picture)
        rows = self.singles
        if self.selected is not None and len(rows) and rows[-1] == self.selected:
            _paint_selection(painter, colours, float(self.left[-1]), float(self.top[-1]))
        positions = self.positions
        cells = atlas.cells(positions.activities[rows], self.looks(rows), positions.course[rows])
        points, ratio = (self.left, self.top), atlas.pixel_ratio
        draw_pieces(painter, atlas.pixmap, points, atlas.sources(cells), atlas.size, ratio)
        alarmed = positions.severities[rows] > 0
        if alarmed.any():
            ringed = rows[alarmed]
            cells = atlas.alarm_cells(positions.severities[ringed], positions.is_over[ringed])
            points = (self.left[alarmed], self.top[alarmed])
            draw_pieces(painter, atlas.pixmap, points, atlas.sources(cells), atlas.size, ratio)

    def row_at(self, left: float, top: float) -> int | None:
        """The device whose sign is under this pixel, the uppermost first; None for none."""
        if not len(self.singles):
            return None
        far = np.hypot(self.left - left, self.top - top)
        near = np.flatnonzero(far <= REACH)
        return None if not len(near) else int(self.singles[near[np.argmin(far[near])]])

    def rows_of(self, cluster: int) -> Rows:
        """The rows of a cluster."""
        return np.asarray(self.grouped[self.clusters.of == cluster])

    def point_of(self, row: int) -> tuple[float, float] | None:
        """Where a sign is, None for one that has none of its own here."""
        places = np.flatnonzero(self.singles == row)
        if not len(places):
            return None
        return float(self.left[places[0]]), float(self.top[places[0]])

    def in_reading_order(self) -> Sequence[int]:
        """The single signs from left to right, line by line."""
        order = np.lexsort((self.left, self.top // 40))
        return [int(row) for row in self.singles[order]]

    def _paint_doubt(self, painter: QPainter, view: View, now_ms: int, colours: MapColours) -> None:
        """A circle around places of before: so far the device can be by now."""
        rows = self.singles
        metres = self.positions.doubt_m(rows, now_ms)
        if not metres.any():
            return
        scale = metres_per_pixel(view.middle[0], view.zoom)
        radii = metres / scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colours.stale), 1.0)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        fill = QColor(colours.stale)
        fill.setAlphaF(0.10)
        painter.setBrush(fill)
        for place in np.flatnonzero(radii > _LEAST_DOUBT)[:_MOST_DOUBTS].tolist():
            radius = float(radii[place])
            left, top = float(self.left[place]), float(self.top[place])
            painter.drawEllipse(QRectF(left - radius, top - radius, 2 * radius, 2 * radius))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _paint_selection(painter: QPainter, colours: MapColours, left: float, top: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill = QColor(colours.selection)
    fill.setAlphaF(0.22)
    painter.setBrush(fill)
    painter.setPen(QPen(QColor(colours.selection), 2.0))
    radius = _SELECTED_RADIUS
    painter.drawEllipse(QPointF(left, top), radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
