"""One plot with its legend: turns samples into lines, values and words."""

import math
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFontMetricsF

from tftmonitor.model.fields.formatting import UNKNOWN_TEXT, format_age, format_number
from tftmonitor.model.fields.plot import PlotSpec, SeriesLayout
from tftmonitor.model.fields.units import shown_as, shown_digits, shown_number, unit_text
from tftmonitor.model.fleet.series import Samples
from tftmonitor.ui.plots.canvas import CurveCanvas
from tftmonitor.ui.plots.crosshair import clock_text, day_text, reading_text
from tftmonitor.ui.plots.legend import DASHES, LegendRow
from tftmonitor.ui.plots.numbers import arrays, ranges, readings, steps
from tftmonitor.ui.plots.time_scale import View
from tftmonitor.ui.theme.theme import Theme

_Point: TypeAlias = tuple[float, float]
_Range: TypeAlias = tuple[float, float]
_Corners: TypeAlias = tuple[arrays.Floats, arrays.Floats, arrays.AnyFloats, _Point | None]
_NO_CORNERS: _Corners = (*steps.step_points(arrays.EMPTY, arrays.EMPTY, 0.0), arrays.EMPTY, None)
_UNKNOWN = "unknown"


class PlotRow(QObject):
    """The curves of one PlotSpec; each curve is one channel."""

    toggled = Signal()

    def __init__(self, spec: PlotSpec, layout: SeriesLayout, first_color: int) -> None:
        super().__init__()
        self._spec = spec
        self._channels = layout.channels_of(spec)
        self._fields = [layout.channels[channel] for channel in self._channels]
        self._first_color = first_color
        self._colors: list[str] = []
        self._is_right = [field.name in spec.right for field in self._fields]
        # Left and right; what would be alone at the right is at the left.
        self._ranges: list[_Range | None] = [None, None]
        self._right_color = ""
        self._span_s = 0.0
        names = [_short(field.spec.label, spec.title) for field in self._fields]
        self.legend = LegendRow(self._title(), names)
        self.canvas = CurveCanvas([DASHES[n % len(DASHES)] for n in range(len(names))])
        self.canvas.setAccessibleName(f"Plot of {_in_words(spec.title)}")
        for item in self.legend.items:
            item.toggled.connect(self._toggle)

    def _title(self) -> str:
        return ", ".join(filter(None, (self._spec.title, shown_as(self._spec.unit).text)))

    def refresh_units(self) -> None:
        """Other units are in force: its title, and a range in them."""
        self.legend.set_title(self._title())
        self.reset()

    @property
    def shown_channels(self) -> list[int]:
        """The channels whose curves are not hidden."""
        pairs = zip(self._channels, self.legend.items, strict=True)
        return [channel for channel, item in pairs if item.shown]

    @property
    def curve_count(self) -> int:
        """How many colours it has, hidden curves and all."""
        return len(self._channels)

    @property
    def value_range(self) -> tuple[float, float] | None:
        """The values at the lower and upper edge, None before the first sample."""
        return self._ranges[0]

    @property
    def right_range(self) -> tuple[float, float] | None:
        """The same of the scale at the right, None where there is none."""
        return self._ranges[1]

    def reset(self) -> None:
        """Forget the ranges: another device follows."""
        self._ranges = [None, None]

    def _toggle(self) -> None:
        # What is seen no more has no part in the range.
        self.reset()
        self.toggled.emit()

    def paint_with(self, theme: Theme) -> None:
        """Take the theme's colours."""
        count = len(theme.curves)
        places = range(self._first_color, self._first_color + len(self._channels))
        self._colors = [theme.curves[place % count] for place in places]
        self.canvas.paint_with(theme.base, self._colors)
        for item, color in zip(self.legend.items, self._colors, strict=True):
            item.set_color(color)

    def label_width(self, metrics: QFontMetricsF, *, right: bool = False) -> float:
        """Pixels of the longest label of an axis as it was drawn."""
        if self._ranges[right] is None:
            return 0.0
        ticks = self.canvas.backdrop.value_ticks(metrics.height(), right=right)
        return max(metrics.horizontalAdvance(tick.label) for tick in ticks)

    def frame(self, view: View) -> None:
        """The same samples in another frame: crosshair, blind intervals, marks."""
        left, right = self._ranges
        self.canvas.set_frame(view, left, right, self._right_color)

    def draw(self, samples: Samples | None, view: View, pixels: int) -> None:
        """One ``set_line`` a shown curve, then the frame that fits them."""
        curves = []
        spans: tuple[list[_Range], list[_Range]] = ([], [])
        for number, item in enumerate(self.legend.items):
            corners = _NO_CORNERS
            if samples is not None and item.shown:
                corners = self._corners(samples, number, view)
                if span := ranges.value_span(corners[2]):
                    spans[self._is_right[number]].append(span)
            curves.append(corners)
        has_right = bool(spans[0] and spans[1])
        self._fit(spans if has_right else (spans[0] + spans[1], []), view)
        ends: list[_Point | None] = []
        lone: list[list[_Point]] = []
        for number, corners in enumerate(curves):
            x, y, end = self._scaled(number, corners)
            lone_x, lone_y = steps.lone_points(x, y)
            ends.append(end)
            lone.append(list(zip(lone_x.tolist(), lone_y.tolist(), strict=True)))
            self.canvas.set_line(number, steps.envelope(x, y, view.start, view.end, pixels))
        why = "" if spans[0] or spans[1] else self._why_empty(samples, view)
        self.canvas.foreground.set_points(ends, lone, why)
        self.frame(view)

    def _scaled(
        self, number: int, corners: _Corners
    ) -> tuple[arrays.Floats, arrays.Floats, _Point | None]:
        """Corners and newest sample of a curve as they lie on the left scale."""
        x, y, _, end = corners
        left, right = self._ranges
        if left is None or right is None or not self._is_right[number]:
            return x, y, end
        self._right_color = self._colors[number]
        scaled_end = end and (end[0], ranges.onto(end[1], right, left))
        return x, ranges.onto(y, right, left), scaled_end

    def _fit(self, spans: tuple[list[_Range], list[_Range]], view: View) -> None:
        """The ranges over the values that are seen; they rest only while a live window moves on."""
        span_s = view.end - view.start
        if not view.live or span_s != self._span_s:
            self.reset()
        self._span_s = span_s
        least = self._spec.least_span * shown_as(self._spec.unit).factor
        for side, found in enumerate(spans):
            before, self._ranges[side] = self._ranges[side], None
            if found:
                low, high = min(low for low, _ in found), max(high for _, high in found)
                self._ranges[side] = ranges.range_with_hysteresis(
                    before, low, high, least, self._spec.from_zero
                )

    def _corners(self, samples: Samples, number: int, view: View) -> _Corners:
        """The corners of a curve, the values of it that are seen, and its newest sample."""
        times, values = samples.times, samples.values[self._channels[number]]
        spec = self._fields[number].spec
        shown = shown_as(spec.unit)
        scale, offset = spec.scale * shown.factor, shown.offset
        part, breaks = view.seen(times, samples.usual)
        x, y = steps.step_points(times[part], values[part], breaks)
        if scale != 1.0:
            y *= scale
        if offset:
            y += offset
        last = float(values[-1]) * scale + offset if len(values) else math.nan
        # The sample behind the window is needed for the line that leads to it, and not seen.
        seen = values[part][times[part] <= view.end] * scale + offset
        return x, y, seen, (float(times[-1]), last) if math.isfinite(last) else None

    def _why_empty(self, samples: Samples | None, view: View) -> str:
        if view.recorded_since is not None and view.end < view.recorded_since:
            return f"Nothing recorded before {day_text(view.recorded_since, view.now, view.zone)}"
        last = [found for n in range(len(self._channels)) if (found := self._last(samples, n))]
        if not last:
            return f"No samples of {_in_words(self._spec.title)} from this device yet"
        if not self.shown_channels:
            return "All curves of this plot are hidden"
        assert samples is not None
        if samples.times[0] > view.end:
            return f"Nothing is kept of this window; memory begins at {self._moment(samples, view)}"
        if np.any((samples.times >= view.start) & (samples.times <= view.end)):
            return "Unknown in this window"
        newest = max(time_s for time_s, _ in last)
        if newest < view.start:
            age = format_age((view.now - newest) * 1000)
            return f"Nothing in this window; the last sample is {age} old"
        return "Nothing in this window"

    def _moment(self, samples: Samples, view: View) -> str:
        return clock_text(float(samples.times[0]), view.now, view.zone)

    def _last(self, samples: Samples | None, number: int) -> tuple[float, float] | None:
        if samples is None:
            return None
        return readings.last_known(samples.times, samples.values[self._channels[number]])

    def show_values(self, samples: Samples | None, view: View) -> None:
        """Write into the legend what the newest sample says, with its age once that is old.

        In a held window what was said at the crosshair, else at its end, and when.
        """
        for number, item in enumerate(self.legend.items):
            item.set_value(self._newest(samples, number, view))

    def _newest(self, samples: Samples | None, number: int, view: View) -> str:
        if samples is None or not len(samples.times):
            return UNKNOWN_TEXT
        if not view.live:
            moment = view.end if view.cursor is None else view.cursor
            reading = self._reading(samples, number, min(moment, view.now), view)
            if reading is None or not reading.held:
                return "no data"
            text = _UNKNOWN if reading.value is None else self._value_text(number, reading.value)
            return f"{text}, {clock_text(reading.time_s, view.now, view.zone)}"
        channel = self._channels[number]
        value = float(samples.values[channel, -1])
        text = self._value_text(number, value) if math.isfinite(value) else _UNKNOWN
        age = view.now - float(samples.since[channel, -1])
        return f"{text}, {format_age(age * 1000)} old" if age > view.old_after_s else text

    def _reading(
        self, samples: Samples, number: int, moment: float, view: View
    ) -> readings.Reading | None:
        """What a curve says at a moment."""
        channel = self._channels[number]
        times, values, since = samples.times, samples.values[channel], samples.since[channel]
        break_s = view.break_before_s(times, moment, "right", samples.usual)
        return readings.reading_at(times, values, moment, break_s, since)

    def readings(self, samples: Samples | None, view: View) -> list[tuple[str, str]]:
        """A line of text and its colour for each shown curve, at the crosshair."""
        lines: list[tuple[str, str]] = []
        if samples is None or view.cursor is None:
            return lines
        for number, item in enumerate(self.legend.items):
            if not item.shown:
                continue
            reading = self._reading(samples, number, view.cursor, view)
            value = reading.value if reading is not None else None
            shown = UNKNOWN_TEXT if value is None else self._value_text(number, value)
            text = reading_text(reading, shown, view.now, view.zone)
            lines.append((f"{item.name}  {text}", self._colors[number]))
        return lines

    def _value_text(self, number: int, value: float) -> str:
        spec = self._fields[number].spec
        number_text = format_number(shown_number(spec, value), shown_digits(spec))
        return f"{number_text} {unit_text(spec)}".rstrip()


def _in_words(title: str) -> str:
    """A title within a sentence; abbreviations stay as they are."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _short(label: str, title: str) -> str:
    """A curve's name without the word that its plot's title says already."""
    short = label.removesuffix(title.lower()).strip()
    return short or label
