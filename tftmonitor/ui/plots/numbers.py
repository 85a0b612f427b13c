"""The arithmetic of the plots on numpy arrays: steps, breaks, envelopes, ranges, lookups."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.floating]
Words = npt.NDArray[np.uint16]
# Stretches (from, to) of time or of pixels, shape (n, 2).
Spans = npt.NDArray[np.float64]

# One for all gaps, or for each sample one for the gap after it; in seconds.
Limits = float | Floats

EMPTY: Floats = np.empty(0)
NO_SPANS: Spans = np.empty((0, 2))

# A line of more samples a pixel than this is drawn as its lowest and highest value a pixel.
SAMPLES_A_PIXEL = 2
# The range leaves room so that no line touches the frame.
_PADDING = 0.08
# A range shrinks only when the values fill less of it than this; else it would jump about.
_SHRINK_BELOW = 0.45


def visible(times: AnyFloats, start: float, end: float, break_after_s: float) -> slice:
    """The samples of a window, and those beside it whose lines reach into it."""
    first = int(np.searchsorted(times, start))
    last = int(np.searchsorted(times, end, side="right"))
    if 0 < first < len(times) and times[first] - times[first - 1] <= break_after_s:
        first -= 1
    return slice(first, max(first, min(last + 1, len(times))))


def _breaks(times: AnyFloats, break_after_s: Limits) -> npt.NDArray[np.bool_]:
    """Whether the line breaks after each sample but the last."""
    limits = np.broadcast_to(break_after_s, times.shape)[:-1]
    return np.asarray(np.diff(times) > limits)


def step_points(
    times: AnyFloats, values: AnyFloats, break_after_s: Limits
) -> tuple[Floats, Floats]:
    """The corners of a stair-step line; a NaN in y breaks it.

    Each value holds until the next sample, but over a gap longer than ``break_after_s`` not at
    all: there the line ends at the sample. The last value is a point without extent.
    """
    count = len(times)
    if count == 0:
        return np.empty(0), np.empty(0)
    x = np.repeat(np.asarray(times, np.float64), 2)
    y = np.repeat(np.asarray(values, np.float64), 2)
    # Corner 2i is sample i; corner 2i+1 is where its value ends: at the time of sample i+1.
    x[1:-1:2] = times[1:]
    broken = np.flatnonzero(_breaks(times, break_after_s)) * 2 + 1
    x[broken] = x[broken - 1]
    y[broken] = np.nan
    return x[:-1], y[:-1]


def envelope(x: Floats, y: Floats, start: float, end: float, pixels: int) -> tuple[Floats, Floats]:
    """First, lowest, highest and last corner of each pixel column, when there are more than show.

    First and last stand where they are, so that a value that was held is a level line up to the
    next column that has a corner, and no ramp. Breaks (NaN in y) that reach the edge of a column
    survive; one inside a column is not seen. Lines of few corners come back as they are.
    """
    # A stair-step has two corners a sample.
    if len(x) <= 2 * SAMPLES_A_PIXEL * pixels or end <= start:
        return x, y
    column = np.floor((x - start) * (pixels / (end - start))).astype(np.int64)
    firsts = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
    lasts = np.append(firsts[1:], len(x)) - 1
    middle = (x[firsts] + x[lasts]) / 2
    out_x = np.column_stack((x[firsts], middle, middle, x[lasts]))
    low, high = np.fmin.reduceat(y, firsts), np.fmax.reduceat(y, firsts)
    # One that falls comes by its highest first: no way back is drawn beside it.
    falls = y[lasts] < y[firsts]
    between = np.where(falls, high, low), np.where(falls, low, high)
    out_y = np.column_stack((y[firsts], *between, y[lasts]))
    # A column of one or two corners has no others in between.
    keep = np.ones(out_x.shape, np.bool_)
    keep[:, 1] = keep[:, 2] = lasts - firsts > 1
    keep[:, 3] = lasts > firsts
    return out_x[keep], out_y[keep]


def lone_points(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The corners with a break on both sides: no line shows them, so they need a dot."""
    known = np.concatenate(([False], np.isfinite(y), [False]))
    lone = known[1:-1] & ~known[:-2] & ~known[2:]
    return x[lone], y[lone]


def value_span(values: AnyFloats) -> tuple[float, float] | None:
    """The lowest and highest known value, None when none is known."""
    known = values[np.isfinite(values)]
    if len(known) == 0:
        return None
    return float(np.min(known)), float(np.max(known))


def range_with_hysteresis(
    current: tuple[float, float] | None,
    low: float,
    high: float,
    least_span: float,
    from_zero: bool,
) -> tuple[float, float]:
    """A range of round ends around the values; the current one for as long as it serves."""
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = max(high - low, least_span)
    if current is not None:
        width = current[1] - current[0]
        if current[0] <= low and high <= current[1] and span >= width * _SHRINK_BELOW:
            return current
    middle = (low + high) / 2
    bottom, top = middle - span / 2, middle + span / 2
    if from_zero and low >= 0:
        bottom, top = 0.0, max(high, least_span)
    padding = (top - bottom) * _PADDING
    step = nice_step((top - bottom) / 10)
    floor = 0.0 if bottom == 0 and from_zero else math.floor((bottom - padding) / step) * step
    return floor, math.ceil((top + padding) / step) * step


def nice_step(rough: float) -> float:
    """The least of 1, 2, 5 times a power of ten that is not below ``rough``."""
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1.0, 2.0, 5.0):
        # Rounding errors must not choose the next larger.
        if factor * power >= rough * (1 - 1e-9):
            return factor * power
    return 10.0 * power


def runs(times: AnyFloats, on: npt.NDArray[np.bool_], break_after_s: Limits) -> Spans:
    """The intervals in which a state was on, by the rules of ``step_points``, by start."""
    if len(times) < 2:
        return NO_SPANS
    held = on[:-1] & ~_breaks(times, break_after_s)
    edges = np.flatnonzero(np.diff(held, prepend=False, append=False))
    # Held segment i reaches from sample i to i+1, so edges are sample numbers.
    return times[edges].astype(np.float64).reshape(-1, 2)


def merged(pixels: Spans, least: float) -> Spans:
    """Bars by start, at least so wide, as few as show the same: less than a pixel apart is one.

    A state that changes each second has twenty thousand of them in six hours.
    """
    if not len(pixels):
        return NO_SPANS
    left = pixels[:, 0]
    right = np.maximum(pixels[:, 1], left + least)
    reach = np.maximum.accumulate(right)
    begin = np.flatnonzero(np.append(True, left[1:] - reach[:-1] >= 1.0))
    return np.column_stack((left[begin], np.maximum.reduceat(right, begin)))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a curve says at a moment: the previous sample's value (None: unknown) and time.

    ``held`` is False where the line is broken there, so that the value says nothing.
    """

    value: float | None
    time_s: float
    held: bool


def reading_at(
    times: AnyFloats, values: AnyFloats, moment: float, break_after_s: float
) -> Reading | None:
    """The last sample not after the moment, None when there is none."""
    place = int(np.searchsorted(times, moment, side="right")) - 1
    if place < 0:
        return None
    time_s = float(times[place])
    value = float(values[place])
    is_last = place == len(times) - 1
    until = time_s if is_last else float(times[place + 1])
    held = until - time_s <= break_after_s and not (is_last and moment > time_s)
    return Reading(value if math.isfinite(value) else None, time_s, held or moment == time_s)


def last_known(times: AnyFloats, values: AnyFloats) -> tuple[float, float] | None:
    """Time and value of a curve's newest known sample."""
    known = np.flatnonzero(np.isfinite(values[-64:]))
    offset = max(0, len(values) - 64)
    if len(known) == 0:
        known, offset = np.flatnonzero(np.isfinite(values)), 0
    if len(known) == 0:
        return None
    place = offset + int(known[-1])
    return float(times[place]), float(values[place])
