"""Stair-step lines: their corners, where they break, and as few corners as show the same."""

import numpy as np

from tftmonitor.ui.plots.numbers.arrays import AnyFloats, Flags, Floats, Limits

# A line of more samples a pixel than this is drawn as its lowest and highest value a pixel.
SAMPLES_A_PIXEL = 2


def visible(times: AnyFloats, start: float, end: float, break_after_s: float) -> slice:
    """The samples of a window, and those beside it whose lines reach into it."""
    first = int(np.searchsorted(times, start))
    last = int(np.searchsorted(times, end, side="right"))
    # A line that ends where the window begins is beside it.
    if 0 < first < len(times) and start < times[first] <= times[first - 1] + break_after_s:
        first -= 1
    return slice(first, max(first, min(last + 1, len(times))))


def breaks(times: AnyFloats, break_after_s: Limits) -> Flags:
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
    broken = np.flatnonzero(breaks(times, break_after_s)) * 2 + 1
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
