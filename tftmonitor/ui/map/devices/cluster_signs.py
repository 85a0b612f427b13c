"""What stands for many devices: a disc with their number and a ring of what they do."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.geo.clustering import Clusters
from tftmonitor.ui.map.colours import MapColours
from tftmonitor.ui.map.text_pictures import TextPictures
from tftmonitor.ui.theme.glyphs import draw_severity
from tftmonitor.ui.theme.theme import Theme

UNKNOWN, PARKED, IDLING, MOVING, STALE, NOTICE, WARNING, HIGH, CRITICAL = range(9)
"""The kinds in a ring; those of alarms are ``ALARM_KIND`` and the severity."""
KINDS: Final = 9
ALARM_KIND: Final = STALE

_STEPS: Final = 36
"""Rings are kept in so many parts, so that few pictures do for all of them."""
_LEAST_STEPS: Final = 3
"""What one device of a kind has of a ring at least: one alarm among a thousand is seen."""
_EDGE: Final = 9.0
_FULL: Final = 360 * 16


def ring_steps(shares: NDArray[np.intp]) -> NDArray[np.uint8]:
    """The parts of rings of ``_STEPS`` for shares (k, ``KINDS``), none that is there left out."""
    totals = np.maximum(shares.sum(axis=1, keepdims=True), 1)
    steps = np.maximum(np.rint(shares * (_STEPS / totals)), _LEAST_STEPS) * (shares > 0)
    # What the small ones were given, the largest gives up.
    over = steps.sum(axis=1) - _STEPS
    steps[np.arange(len(steps)), np.argmax(steps, axis=1)] -= over
    return np.asarray(steps, np.uint8)


def kinds_of(
    activities: NDArray[np.generic],
    is_hollow: NDArray[np.bool_],
    severities: NDArray[np.generic],
    is_over: NDArray[np.bool_],
) -> NDArray[np.intp]:
    """The kind of each device in a ring, shape (n,): its active alarm before all else."""
    by_activity = np.array([UNKNOWN, UNKNOWN, PARKED, IDLING, MOVING], np.intp)
    kinds = by_activity[np.asarray(activities, np.intp)]
    kinds = np.where(is_hollow, STALE, kinds)
    alarms = np.where(is_over, 0, np.asarray(severities, np.intp))
    return np.where(alarms > 0, ALARM_KIND + alarms, kinds)


class ClusterSigns:
    """Pictures of clusters for one look of the map, kept by what they show."""

    def __init__(
        self, theme: Theme, colours: MapColours, font: QFont, ratio: float, kept: TextPictures
    ) -> None:
        self._theme, self._colours, self._font, self._ratio = theme, colours, font, ratio
        self._kept = kept
        self._inks = (
            colours.unknown,
            colours.parked,
            colours.idling,
            colours.moving,
            colours.stale,
            theme.notice.fill,
            theme.warning.fill,
            theme.high.fill,
            theme.critical.fill,
        )

    def pictures(self, clusters: Clusters) -> Iterator[tuple[QPixmap, float]]:
        """The sign of each cluster, its middle in the middle, and half its side in pixels."""
        counts, radii = clusters.counts.tolist(), clusters.radii.tolist()
        for count, radius, steps in zip(counts, radii, ring_steps(clusters.shares), strict=True):
            key = ("cluster", count, steps.tobytes())
            yield self._kept.get(key, partial(self._draw, count, radius, steps)), _side(radius) / 2

    def _draw(self, count: int, radius: float, ring: NDArray[np.uint8]) -> QPixmap:
        steps = [int(step) for step in ring]
        side = _side(radius)
        pixmap = QPixmap(round(side * self._ratio), round(side * self._ratio))
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(side / 2, side / 2)
            self._draw_disc(painter, radius, steps)
            self._draw_number(painter, count, radius)
            worst = next((kind for kind in (CRITICAL, HIGH, WARNING, NOTICE) if steps[kind]), None)
            if worst is not None:
                painter.translate(radius * 0.45, -radius - 5.0)
                painter.scale(13.0, 13.0)
                draw_severity(painter, self._theme, Severity(worst - ALARM_KIND))
        finally:
            painter.end()
        return pixmap

    def _draw_disc(self, painter: QPainter, radius: float, steps: Sequence[int]) -> None:
        colours = self._colours
        painter.setPen(QPen(QColor(colours.sign_edge), 1.5))
        painter.setBrush(QColor(colours.cluster))
        painter.drawEllipse(QPointF(0, 0), radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inner = radius - 2.6
        box = QRectF(-inner, -inner, 2 * inner, 2 * inner)
        begin = 90 * 16
        # The worst begins at the top and goes with the clock.
        for kind in reversed(range(KINDS)):
            span = -steps[kind] * _FULL // _STEPS
            if span:
                pen = QPen(QColor(self._inks[kind]), 4.0)
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawArc(box, begin, span)
                begin += span

    def _draw_number(self, painter: QPainter, count: int, radius: float) -> None:
        text = f"{count}" if count < 1_000 else f"{count / 1_000:.0f}k"
        font = QFont(self._font)
        font.setBold(True)
        font.setPixelSize(10 if len(text) > 2 or radius < 14 else 11)
        painter.setFont(font)
        painter.setPen(QColor(self._colours.cluster_ink))
        box = QRectF(-radius, -radius, 2 * radius, 2 * radius)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _side(radius: float) -> int:
    return round(2 * (radius + _EDGE))
