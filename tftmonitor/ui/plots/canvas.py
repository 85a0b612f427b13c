"""One plot: the only module that touches pyqtgraph, which is untyped; ``Any`` stays in here.

pyqtgraph draws the curves; axis, grid, hatching and dots are painted by ``scenery``.
"""

import os
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.ui.plots.numbers.arrays import Floats
from tftmonitor.ui.plots.scenery import Backdrop, Foreground
from tftmonitor.ui.plots.time_scale import View

# Read by pyqtgraph while it is imported.
os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"
import pyqtgraph as pg

_LEAST_LINES = 3.5

Line = tuple[Floats, Floats]


class CurveCanvas(QWidget):
    """Stair-step curves over time; lets the mouse through to the widget it lies in."""

    resized = Signal()

    def __init__(self, dashes: Sequence[Qt.PenStyle], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._dashes = tuple(dashes)
        self._plot: Any = pg.PlotWidget(self, background=None, enableMenu=False)
        self._curves: list[Any] = [pg.PlotCurveItem(connect="finite") for _ in dashes]
        self.backdrop = Backdrop()
        self.foreground = Foreground()
        self._build()

    def _build(self) -> None:
        item = self._plot.getPlotItem()
        item.hideAxis("left")
        item.hideAxis("bottom")
        item.hideButtons()
        item.disableAutoRange()
        item.setMouseEnabled(False, False)
        item.layout.setSpacing(0)
        for curve in self._curves:
            item.addItem(curve, ignoreBounds=True)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for scenery in (self.backdrop, self.foreground):
            self._plot.scene().addItem(scenery)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        # It takes what is left; the wish of a graphics view would give the page a scroll bar.
        self._plot.setMinimumHeight(1)
        policy = QSizePolicy.Policy
        for widget in (self, self._plot):
            widget.setSizePolicy(policy.Expanding, policy.Ignored)
        # Lower, a curve has no shape and its labels lie on each other; the page scrolls instead.
        self.setMinimumHeight(round(_LEAST_LINES * QFontMetricsF(self.font()).height()))

    def paint_with(self, ground: str, colors: Sequence[str]) -> None:
        """Take the theme's colours; one of ``colors`` a curve."""
        self._plot.setBackground(QColor(ground))
        for curve, color, dash in zip(self._curves, colors, self._dashes, strict=True):
            pen = QPen(QColor(color), 1, dash)
            pen.setCosmetic(True)
            curve.setPen(pen)
        self.backdrop.update()
        self.foreground.set_colors(colors)

    def pen_colors(self) -> list[str]:
        """The curves' present colours."""
        return [str(curve.opts["pen"].color().name()) for curve in self._curves]

    def set_frame(
        self,
        view: View,
        bounds: tuple[float, float] | None,
        right: tuple[float, float] | None = None,
        right_color: str = "",
    ) -> None:
        """Another stretch of time or of values; None: there are none, so no labels either.

        ``right`` is another scale over the same height, its labels in the colour of its curve.
        """
        if view.right <= view.left:
            return
        self._place(view)
        low, high = bounds or (0.0, 1.0)
        box = self._plot.getPlotItem().getViewBox()
        box.setRange(xRange=(view.start, view.end), yRange=(low, high), padding=0)
        self.backdrop.set_right(right, right_color)
        self.backdrop.set_frame(view, low, high, bounds is not None)
        self.foreground.set_frame(view, low, high)

    def _place(self, view: View) -> None:
        # Half a line above and below, where the outermost value labels need it.
        edge = round(QFontMetricsF(self.font()).height() / 2)
        area = QRectF(view.left, edge, view.width, max(1, self.height() - 2 * edge))
        whole = QRectF(0, 0, self.width(), self.height())
        if self.backdrop.place(whole, area) | self.foreground.place(whole, area):
            right = self.width() - area.right()
            layout = self._plot.getPlotItem().layout
            layout.setContentsMargins(area.left(), edge, right, edge)

    def set_line(self, number: int, line: Line) -> None:
        """Show the corners of one curve."""
        self._curves[number].setData(line[0], line[1])

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()
