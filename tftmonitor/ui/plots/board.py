"""The rows of the plots on their surface, and how one frame of them is drawn."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QPushButton, QWidget

from tftmonitor.model.fields.plot import Lane, PlotSpec, SeriesLayout
from tftmonitor.model.fleet.series import Samples
from tftmonitor.ui.plots.crosshair import Readout, clock_text
from tftmonitor.ui.plots.numbers import spans
from tftmonitor.ui.plots.row import PlotRow
from tftmonitor.ui.plots.strips import LaneStrip, TimeAxis
from tftmonitor.ui.plots.surface import Surface
from tftmonitor.ui.plots.time_scale import View, margins
from tftmonitor.ui.theme.theme import current_theme

# From the edges of the plots to the pill, so that it covers neither axis nor end dots.
_PILL_INSET = QPoint(18, 14)
# Between the labels of an axis and the edges beside them, in pixels.
_BESIDE_LABELS = 10.0


class Board(Surface):
    """Marks, plots with legends, lanes and the time axis, from top to bottom.

    ``toggled`` when a curve is hidden or shown.
    """

    toggled = Signal()

    def __init__(self, plots: Sequence[PlotSpec], layout: SeriesLayout) -> None:
        super().__init__()
        self._layout = layout
        self._drawn: object = None
        self._labels_width = self._right_width = 0.0
        self._samples: Samples | None = None
        self.lanes: list[Lane] = []
        self.plot_rows: list[PlotRow] = []
        self.rows.addWidget(self.marks)
        for spec in plots:
            self._add_row(spec)
        self._built_in = len(self.plot_rows)
        self.lane_strip = LaneStrip()
        self.axis = TimeAxis()
        self.rows.addWidget(self.lane_strip)
        self.rows.addWidget(self.axis)
        self.readout = Readout(self)
        self.pill = QPushButton(self)
        self.pill.setObjectName("backToLive")
        self.pill.hide()

    def _add_row(self, spec: PlotSpec) -> None:
        """Put a plot below those that there are."""
        colors = sum(row.curve_count for row in self.plot_rows)
        row = PlotRow(spec, self._layout, colors)
        row.toggled.connect(self.toggled)
        # A lane that comes or goes changes the heights after the drawing.
        row.canvas.resized.connect(self.resized)
        # Behind the marks, and each one before has its legend and its canvas.
        place = 1 + 2 * len(self.plot_rows)
        self.plot_rows.append(row)
        self.rows.insertWidget(place, row.legend)
        self.rows.insertWidget(place + 1, row.canvas, 1)

    def set_added(self, layout: SeriesLayout) -> None:
        """Show the plots that were added to this layout, in place of those of the one before."""
        self._layout, self._drawn = layout, None
        while len(self.plot_rows) > self._built_in:
            row = self.plot_rows.pop()
            for widget in (row.legend, row.canvas):
                self.rows.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
            row.deleteLater()
        for spec in layout.added:
            self._add_row(spec)
            self.plot_rows[-1].paint_with(current_theme())

    def horizontal_bounds(self) -> tuple[float, float]:
        """The left and right edge of the plots, in pixels of a row."""
        left, right = margins(QFontMetricsF(self.font()))
        # The lanes' titles stand beside their bars, in a quarter of the width at most.
        left = max(left, min(self.lane_strip.title_width(), self.width() / 4))
        left = max(left, min(self._labels_width, self.width() / 3))
        right = max(right, min(self._right_width, self.width() / 4))
        inset = self.rows.contentsMargins()
        return left, self.width() - inset.left() - inset.right() - right

    @property
    def shown_channels(self) -> list[int]:
        """The channels whose curves are drawn."""
        channels = [channel for row in self.plot_rows for channel in row.shown_channels]
        # A curve of a built-in plot may have one of its own, too.
        return list(dict.fromkeys(channels))

    def refresh_units(self) -> None:
        """Other units are in force: titles and axes in them."""
        self._drawn = None
        for row in self.plot_rows:
            row.refresh_units()

    def reset(self) -> None:
        """Another device follows."""
        self._drawn = None
        for row in self.plot_rows:
            row.reset()

    def draw(self, samples: Samples | None, view: View) -> None:
        """Draw a frame; the lines only when samples, window or size have changed.

        The same samples are the same object.
        """
        heights = [row.canvas.height() for row in self.plot_rows]
        facts = (view.start, view.end, view.right, view.intervals, view.zone)
        drawn = (facts, self.shown_channels, heights)
        if samples is not self._samples or drawn != self._drawn:
            self._samples, self._drawn = samples, drawn
            self._draw_samples(samples, view)
        else:
            for row in self.plot_rows:
                row.frame(view)
        for row in self.plot_rows:
            row.show_values(samples, view)
        for strip in (self.marks, self.lane_strip, self.axis):
            strip.show_view(view)
        self._show_readout(samples, view)
        self._fit_labels()

    def _fit_labels(self) -> None:
        """Draw once more where the labels of the axes need another margin than they had."""
        metrics = QFontMetricsF(self.font())
        rows = self.plot_rows
        left = max(row.label_width(metrics) for row in rows) + _BESIDE_LABELS
        right = max(row.label_width(metrics, right=True) for row in rows) + _BESIDE_LABELS
        if (left, right) != (self._labels_width, self._right_width):
            before = self.horizontal_bounds()
            self._labels_width, self._right_width = left, right
            if before != self.horizontal_bounds():
                self.resized.emit()

    def _draw_samples(self, samples: Samples | None, view: View) -> None:
        pixels = max(1, int(view.width * self.devicePixelRatioF()))
        for row in self.plot_rows:
            row.draw(samples, view, pixels)
        self.lanes = []
        if samples is not None:
            self._draw_lanes(samples, view)
        else:
            self.lane_strip.set_lanes([])

    def _draw_lanes(self, samples: Samples, view: View) -> None:
        part, breaks = view.seen(samples.times, samples.usual)
        times, states, known = samples.times[part], samples.states[part], samples.known[part]
        lanes = []
        for lane in self._layout.lanes:
            is_known = known >> lane.bit & 1 == 1
            if not is_known.any():
                continue
            is_on = is_known & (states >> lane.bit & 1 == 1)
            if lane.only_when_on and not is_on.any():
                continue
            on, off = (spans.runs(times, which, breaks) for which in (is_on, is_known))
            lanes.append((lane.title, on, off))
            self.lanes.append(lane)
        self.lane_strip.set_lanes(lanes)

    def show_pill(self, new_samples: int | None) -> None:
        """Say how many samples came while the window was held; None hides it."""
        if new_samples is None:
            if self.pill.hasFocus():
                self.setFocus()
            self.pill.hide()
            return
        noun = "sample" if new_samples == 1 else "samples"
        news = f"+{new_samples} {noun}, back to live (L)"
        self.pill.setText(news if new_samples else "Back to live (L)")
        self.pill.adjustSize()
        corner = self._plot_area().bottomRight() - _PILL_INSET
        metrics = QFontMetricsF(self.font())
        drop = round(metrics.height())
        self.pill.move(corner - QPoint(self.pill.width(), self.pill.height() + drop))
        self.pill.show()
        self.pill.raise_()

    def _plot_area(self) -> QRect:
        boxes: list[QWidget] = [row.canvas for row in self.plot_rows]
        return boxes[0].geometry().united(boxes[-1].geometry())

    def _show_readout(self, samples: Samples | None, view: View) -> None:
        if view.cursor is None:
            self.set_cursor_x(None, 0)
            self.readout.hide()
            return
        x = round(view.x_of(view.cursor)) + self.rows.contentsMargins().left()
        self.set_cursor_x(x, self.axis.geometry().top())
        lines = [(clock_text(view.cursor, view.now, view.zone), current_theme().muted_text)]
        for row in self.plot_rows:
            lines += row.readings(samples, view)
        self.readout.show_lines(lines, view.x_of(view.cursor), self._plot_area())

    def apply_theme(self) -> None:
        """Take the theme's colours."""
        for row in self.plot_rows:
            row.paint_with(current_theme())
        for strip in (self.marks, self.lane_strip, self.axis):
            strip.update()
