"""What values an axis reaches over."""

import math
from typing import TypeVar

import numpy as np

from tftmonitor.ui.plots.numbers.arrays import AnyFloats, Floats

_Values = TypeVar("_Values", float, Floats)
# The range leaves room so that no line touches the frame.
_PADDING = 0.08
# A range shrinks only when the values fill less of it than this; else it would jump about.
_SHRINK_BELOW = 0.45


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


def onto(values: _Values, own: tuple[float, float], other: tuple[float, float]) -> _Values:
    """Values of one scale as those of another that lie at the same height."""
    factor = (other[1] - other[0]) / (own[1] - own[0])
    return (values - own[0]) * factor + other[0]


def nice_step(rough: float) -> float:
    """The least of 1, 2, 5 times a power of ten that is not below ``rough``."""
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1.0, 2.0, 5.0):
        # Rounding errors must not choose the next larger.
        if factor * power >= rough * (1 - 1e-9):
            return factor * power
    return 10.0 * power
