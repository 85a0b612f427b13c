"""What a curve says at a moment."""

import math
from dataclasses import dataclass

import numpy as np

from tftmonitor.ui.plots.numbers.arrays import AnyFloats


@dataclass(frozen=True, slots=True)
class Reading:
    """What a curve says at a moment: the previous sample's value (None: unknown), and since when.

    ``held`` is False where the line is broken there, so that the value says nothing.
    """

    value: float | None
    time_s: float
    held: bool


def reading_at(
    times: AnyFloats,
    values: AnyFloats,
    moment: float,
    break_after_s: float,
    since: AnyFloats | None = None,
) -> Reading | None:
    """The last sample not after the moment, None when there is none.

    ``since`` are the times that the values are from, where those are older than their samples.
    """
    place = int(np.searchsorted(times, moment, side="right")) - 1
    if place < 0:
        return None
    time_s = float(times[place])
    value = float(values[place])
    is_last = place == len(times) - 1
    until = time_s if is_last else float(times[place + 1])
    held = until - time_s <= break_after_s and not (is_last and moment > time_s)
    held = held or moment == time_s
    if held and since is not None:
        time_s = float(since[place])
    return Reading(value if math.isfinite(value) else None, time_s, held)


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
