"""The stretches of time in which a state was on, as bars."""

import numpy as np

from tftmonitor.ui.plots.numbers.arrays import NO_SPANS, AnyFloats, Flags, Limits, Spans
from tftmonitor.ui.plots.numbers.steps import breaks


def runs(times: AnyFloats, on: Flags, break_after_s: Limits) -> Spans:
    """The intervals in which a state was on, by the rules of ``step_points``, by start.

    A sample after which nothing holds, the newest one too, is an interval without extent.
    """
    if not len(times):
        return NO_SPANS
    held = np.append(~breaks(times, break_after_s), False)
    goes_on = on & held & np.append(on[1:], False)
    first = on & ~np.concatenate(([False], goes_on[:-1]))
    last = on & ~goes_on
    until = np.where(held, np.append(times[1:], 0.0), times)
    return np.column_stack((times[first], until[last])).astype(np.float64)


def merged(pixels: Spans, least: float, end: float) -> Spans:
    """Bars by start, at least so wide, as few as show the same: less than a pixel apart is one.

    Nothing passes ``end``: there a bar is made wide to the left. A state that changes each second
    has twenty thousand bars in six hours.
    """
    if not len(pixels):
        return NO_SPANS
    left = np.minimum(pixels[:, 0], end - least)
    right = np.maximum(pixels[:, 1], left + least)
    reach = np.maximum.accumulate(right)
    begin = np.flatnonzero(np.append(True, left[1:] - reach[:-1] >= 1.0))
    return np.column_stack((left[begin], np.maximum.reduceat(right, begin)))
