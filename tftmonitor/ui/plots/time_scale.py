"""What all rows of the plots share: the stretch of time, and where it lies in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import cached_property
from typing import Literal

import numpy as np
from PySide6.QtGui import QFontMetricsF

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fleet.cadence import UsualIntervals
from tftmonitor.ui.plots.numbers.arrays import NO_SPANS, AnyFloats, Floats, Spans
from tftmonitor.ui.plots.numbers.spans import merged
from tftmonitor.ui.plots.numbers.steps import visible


@dataclass(frozen=True, slots=True)
class PlotMark:
    """An alarm on the top edge."""

    time_s: float
    severity: Severity
    text: str


# Pixels, so that its hatching is seen.
_LEAST_BLIND = 2.0
Side = Literal["left", "right"]
# No line breaks.
NO_INTERVALS = UsualIntervals(float("inf"))


@dataclass(frozen=True, eq=False)
class View:
    """One frame's common facts; times in seconds since 1970. ``blind`` is by start.

    ``recorded_since`` is when the first push of the device was recorded, None where none was, or
    nobody has looked yet.
    """

    start: float = 0.0
    end: float = 1.0
    now: float = 0.0
    intervals: UsualIntervals = NO_INTERVALS
    zone: tzinfo = UTC
    blind: Spans = field(default_factory=lambda: NO_SPANS)
    marks: Sequence[PlotMark] = ()
    cursor: float | None = None
    left: float = 0.0
    right: float = 1.0
    live: bool = True
    recorded_since: float | None = None

    @property
    def old_after_s(self) -> float:
        """Beyond this age the newest sample is old."""
        return OVERDUE_FACTOR * self.intervals.present_s

    def break_after_s(self, times: AnyFloats, usual: Floats | None = None) -> Floats:
        """Over how long a gap a line breaks, after samples at these times, by what was usual.

        ``usual`` are the intervals of then, in seconds, where they are known of the samples.
        """
        intervals = self.intervals.at(times)
        if usual is not None:
            intervals = np.where(np.isnan(usual), intervals, usual)
        return np.asarray(OVERDUE_FACTOR * intervals, np.float64)

    def break_before_s(
        self, times: AnyFloats, moment: float, side: Side = "left", usual: Floats | None = None
    ) -> float:
        """The same after the last sample before a moment; 0 where there is none."""
        place = int(np.searchsorted(times, moment, side=side))
        last = slice(max(place - 1, 0), place)
        return float(sum(self.break_after_s(times[last], None if usual is None else usual[last])))

    def seen(self, times: AnyFloats, usual: Floats | None = None) -> tuple[slice, Floats]:
        """The samples whose lines are in the window, and over how long a gap each line breaks."""
        before_s = self.break_before_s(times, self.start, usual=usual)
        part = visible(times, self.start, self.end, before_s)
        return part, self.break_after_s(times[part], None if usual is None else usual[part])

    def x_of(self, time_s: float) -> float:
        """The pixel of a time; outside of the plot for a time outside of the window."""
        return self.left + (time_s - self.start) / (self.end - self.start) * self.width

    def time_at(self, x: float) -> float:
        """The time at a pixel, held inside the window."""
        share = (x - self.left) / self.width
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)

    @property
    def width(self) -> float:
        """Pixels between the margins."""
        return max(1.0, self.right - self.left)

    def bars(self, spans: Spans, until_s: float, least: float = 1.0) -> list[tuple[float, float]]:
        """Stretches of time, by start, as pixels of the window up to a time; see ``merged``."""
        begin, end = spans[:, 0], spans[:, 1]
        # One of a single sample has no extent, and may stand on either edge.
        shown = spans[(begin <= until_s) & ((end > self.start) | (begin >= self.start))]
        times = np.clip(shown, self.start, until_s)
        pixels = self.left + (times - self.start) / (self.end - self.start) * self.width
        bars = merged(pixels, least, self.x_of(until_s))
        return [(left, right) for left, right in bars.tolist()]

    @cached_property
    def blind_spans(self) -> list[tuple[float, float]]:
        """The blind intervals in the window as pixels; an open one reaches to now."""
        return self.bars(self.blind, min(self.end, self.now), _LEAST_BLIND)

    @cached_property
    def shown_marks(self) -> list[tuple[float, PlotMark]]:
        """The marks in the window with their pixels, the gravest last, so drawn on top."""
        shown = [mark for mark in self.marks if self.start <= mark.time_s <= self.end]
        shown.sort(key=lambda mark: (mark.severity, mark.time_s))
        return [(self.x_of(mark.time_s), mark) for mark in shown]


def margins(metrics: QFontMetricsF) -> tuple[float, float]:
    """The widths left and right of every row: the longest value label, half a sign."""
    return metrics.horizontalAdvance("000.00") + 10.0, 10.0
