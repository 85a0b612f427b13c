"""The thin rows above and below the plots: alarm marks, state lanes, clock times."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from tftmonitor.ui.plots.numbers.arrays import Spans
from tftmonitor.ui.plots.numbers.ticks import time_ticks, without_overlaps
from tftmonitor.ui.plots.scenery import time_tick_count
from tftmonitor.ui.plots.time_scale import View
from tftmonitor.ui.theme.icons import severity_icon
from tftmonitor.ui.theme.theme import current_theme

# Pixels, so that a state of one sample is seen.
_LEAST_LANE = 3.0
# Pixels between a title and its bars, as between a label of an axis and its plot.
_BESIDE = 6
# Pixels from a mark at which its tooltip still answers.
_NEAR = 9


class Strip(QWidget):
    """A row of fixed height that draws a View; lets the mouse through."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.view = View()

    def show_view(self, view: View) -> None:
        """Draw this from now on."""
        self.view = view
        self.update()

    def row_height(self) -> int:
        """Height of a line of text with a hair of air."""
        return QFontMetrics(self.font()).height() + 2

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.row_height())

    def paint_cursor(self, painter: QPainter) -> None:
        """Continue the crosshair of the plots."""
        if self.view.cursor is not None:
            painter.setPen(QPen(QColor(current_theme().muted_text), 0))
            x = round(self.view.x_of(self.view.cursor))
            painter.drawLine(QLineF(x, 0, x, self.height()))


class MarkStrip(Strip):
    """The alarms on the top edge."""

    @override
    def show_view(self, view: View) -> None:
        same = (view.start, view.end, view.right, tuple(view.marks)) == (
            self.view.start,
            self.view.end,
            self.view.right,
            tuple(self.view.marks),
        )
        self.view = view
        if not same:
            count = len(view.shown_marks)
            self.setAccessibleDescription(f"{count} alarms in this window")
            self.update()

    def text_at(self, x: float) -> str:
        """What the alarms near a pixel say, a line each."""
        near = [mark for place, mark in self.view.shown_marks if abs(place - x) <= _NEAR]
        return "\n".join(mark.text for mark in sorted(near, key=lambda mark: mark.time_s))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        # Odd sizes have a middle pixel, which then stands on the mark's line.
        size = min(self.height() - 1, 17) | 1
        for x, mark in self.view.shown_marks:
            top = (self.height() - size) // 2
            left = round(x) - size // 2
            severity_icon(mark.severity, size).paint(painter, left, top, size, size)


class LaneStrip(Strip):
    """One row a state: a bar while it is on, a hairline while it is known to be off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes: Sequence[tuple[str, Spans, Spans]] = ()

    def set_lanes(self, lanes: Sequence[tuple[str, Spans, Spans]]) -> None:
        """Title, intervals on, intervals known, for each lane from top to bottom."""
        if len(lanes) != len(self._lanes):
            self.updateGeometry()
        self._lanes = lanes
        self.setAccessibleDescription(", ".join(title for title, _, _ in lanes))
        self.update()

    def title_width(self) -> float:
        """Pixels that the longest title needs, with the space beside it."""
        metrics = QFontMetrics(self.font())
        return max((metrics.horizontalAdvance(t) for t in self.titles), default=0) + _BESIDE + 4

    @property
    def titles(self) -> list[str]:
        """The lanes shown."""
        return [title for title, _, _ in self._lanes]

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, len(self._lanes) * (self.row_height() + 2))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        view, height = self.view, self.row_height()
        area = QRectF(view.left, 0, view.width, self.height())
        hatching = QBrush(QColor(theme.hatch), Qt.BrushStyle.BDiagPattern)
        for left, right in view.blind_spans:
            painter.fillRect(QRectF(left, 0, right - left, self.height()), hatching)
        for row, (title, on, known) in enumerate(self._lanes):
            top = row * (height + 2)
            painter.setClipRect(area)
            for left, right in view.bars(known, view.end, _LEAST_LANE):
                line = QRectF(left, top + height - 1, right - left, 1)
                painter.fillRect(line, QColor(theme.lane))
            for left, right in view.bars(on, view.end, _LEAST_LANE):
                painter.fillRect(QRectF(left, top, right - left, height), QColor(theme.lane))
            painter.setClipping(False)
            painter.setPen(QColor(theme.text))
            # Beside the bars: over them it could not be read.
            box = QRectF(0, top, view.left - _BESIDE, height)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            cut = painter.fontMetrics().elidedText(
                title, Qt.TextElideMode.ElideRight, int(box.width())
            )
            painter.drawText(box, int(flags), cut)
        self.paint_cursor(painter)


class TimeAxis(Strip):
    """Clock times under everything; they stand still while the window does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[object, ...] = ()

    @override
    def show_view(self, view: View) -> None:
        facts = (view.start, view.end, view.left, view.right, view.zone)
        if facts != self._facts:
            self._facts = facts
            super().show_view(view)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.row_height() + 5)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, view = current_theme(), self.view
        painter = QPainter(self)
        metrics = painter.fontMetrics()
        count = time_tick_count(view, metrics.horizontalAdvance("0"))
        ticks = time_ticks(view.start, view.end, count, view.zone)
        spans = []
        for tick in ticks:
            half = metrics.horizontalAdvance(tick.label) / 2
            x = view.x_of(tick.place)
            spans.append((x - half, x + half))
        drawn = without_overlaps(spans, 0, self.width())
        for tick, (left, _), fits in zip(ticks, spans, drawn, strict=True):
            x = round(view.x_of(tick.place))
            painter.setPen(QPen(QColor(theme.border), 0))
            painter.drawLine(QLineF(x, 0, x, 3))
            if fits:
                painter.setPen(QColor(theme.muted_text))
                painter.drawText(QPointF(left, 4 + metrics.ascent()), tick.label)
