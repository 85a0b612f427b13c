"""What all rows of the plots share: the stretch of time, and where it lies in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from PySide6.QtGui import QFontMetricsF

from tftmonitor.model.alarms.codes import Severity


@dataclass(frozen=True, slots=True)
class PlotMark:
    """An alarm on the top edge."""

    time_s: float
    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """One frame's common facts; times in seconds since 1970."""

    start: float = 0.0
    end: float = 1.0
    now: float = 0.0
    break_after_s: float = float("inf")
    zone: tzinfo = UTC
    blind: Sequence[tuple[float, float]] = ()
    marks: Sequence[PlotMark] = ()
    cursor: float | None = None
    left: float = 0.0
    right: float = 1.0

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

    def blind_spans(self) -> list[tuple[float, float]]:
        """The blind intervals in the window as pixels; an open one reaches to now."""
        spans = []
        latest = min(self.end, self.now)
        for begin, end in self.blind:
            if begin < latest and end > self.start:
                left, right = max(begin, self.start), min(end, latest)
                spans.append((self.x_of(left), self.x_of(right)))
        return spans

    def shown_marks(self) -> list[tuple[float, PlotMark]]:
        """The marks in the window with their pixels, the gravest last, so drawn on top."""
        shown = [mark for mark in self.marks if self.start <= mark.time_s <= self.end]
        shown.sort(key=lambda mark: (mark.severity, mark.time_s))
        return [(self.x_of(mark.time_s), mark) for mark in shown]


def margins(metrics: QFontMetricsF) -> tuple[float, float]:
    """The widths left and right of every row: the longest value label, half a sign."""
    return metrics.horizontalAdvance("000.00") + 10.0, 10.0
