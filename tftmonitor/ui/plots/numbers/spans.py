"""The stretches of time in which a state was on, as bars."""

import numpy as np

from tftmonitor.ui.plots.numbers.arrays import NO_SPANS, AnyFloats, Flags, Limits, Spans
from tftmonitor.ui.plots.numbers.steps import breaks


def runs(times: AnyFloats, on: Flags, break_after_s: Limits) -> Spans:
    """The intervals in which a state was on, by the rules of ``step_points``, by start."""
    if len(times) < 2:
        return NO_SPANS
    held = on[:-1] & ~breaks(times, break_after_s)
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
