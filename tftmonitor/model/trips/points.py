"""What trips are found in: places with times, in order, without what cannot have been."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tftmonitor.model.geo.fixes import LeftOut, is_jump, judge
from tftmonitor.model.geo.projection import Numbers
from tftmonitor.model.trips.rules import TripRules

Times = NDArray[np.int64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]

# So many intervals before and after one say what is usual there.
_AROUND: Final = 4
_SECOND_MS: Final = 1_000.0


@dataclass(frozen=True, slots=True)
class Points:
    """``n`` places of one device, each at a later time than the one before.

    All have the shape (n,): ``times_ms`` since 1970, places in degrees, ``speed`` in km/h and
    ``odometer_m`` with NaN for unknown, ``ignition`` 1, 0 or -1 for unknown.
    """

    times_ms: Times
    latitude: Numbers
    longitude: Numbers
    speed: Numbers
    ignition: Codes
    odometer_m: Numbers

    def __len__(self) -> int:
        return len(self.times_ms)

    def take(self, which: NDArray[np.intp] | Flags) -> "Points":
        """Some of them."""
        return Points(
            self.times_ms[which],
            self.latitude[which],
            self.longitude[which],
            self.speed[which],
            self.ignition[which],
            self.odometer_m[which],
        )


def usable(points: Points, fixed: Flags, rules: TripRules) -> Points:
    """The points of reports in any order: sorted, one a time, and believed.

    ``fixed`` (n,) says where the receiver had a fix. One without is where the last fix was as long
    as the ignition is off, and was off ``stop_s`` after that fix; otherwise nobody knows, and it
    is left out. So are places that stand for none, and single ones from which and to which nothing
    could have driven.
    """
    _, first = np.unique(points.times_ms, return_index=True)
    points, fixed = points.take(first), fixed[first]
    known = fixed & (judge(points.latitude, points.longitude) == LeftOut.NO)
    last, last_on = _latest(known), _latest(points.ignition == 1)
    # Who drove on without a fix and came to rest is not where it was.
    driven_ms = points.times_ms[last_on] - points.times_ms[last]
    near = (last_on < 0) | (driven_ms <= rules.stop_s * _SECOND_MS)
    held = ~known & (points.ignition == 0) & (last >= 0) & near
    place = np.where(held, last, np.arange(len(points)))
    believed = Points(
        points.times_ms,
        points.latitude[place],
        points.longitude[place],
        np.where(held, 0.0, points.speed),
        points.ignition,
        points.odometer_m,
    ).take(known | held)
    return believed.take(~_strays(believed))


def gaps(points: Points, rules: TripRules) -> Flags:
    """Shape (n - 1,): true where nothing is known between a place and the next one.

    What is usual is asked of the intervals around, before and after, so that a unit that reports
    once an hour while it is parked has no gaps, and the answer does not depend on the period.
    """
    steps = np.diff(points.times_ms) / _SECOND_MS
    silent = steps > rules.gap_s
    asked = np.flatnonzero(silent)
    if len(asked) and len(steps) > 1:
        padded = np.pad(steps, _AROUND, constant_values=np.nan)
        around = np.delete(sliding_window_view(padded, 2 * _AROUND + 1)[asked], _AROUND, axis=1)
        silent[asked] = steps[asked] > rules.gap_cadences * np.nanmedian(around, axis=1)
    return silent | _jumps(points, 1)


def _latest(flags: Flags) -> NDArray[np.intp]:
    """For each place the latest one up to it where ``flags`` is set, -1 for none; shape (n,)."""
    return np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))


def _strays(points: Points) -> Flags:
    """Single places far off: the one before and the one after fit each other, and not it."""
    strays = np.zeros(len(points), np.bool_)
    if len(points) > 2:
        apart, over = _jumps(points, 1), _jumps(points, 2)
        strays[1:-1] = apart[:-1] & apart[1:] & ~over
    return strays


def _jumps(points: Points, by: int) -> Flags:
    """Shape (n - by,): true where nothing drives from a place to the one ``by`` places on."""
    here, there = slice(None, -by), slice(by, None)
    return is_jump(
        points.latitude[here],
        points.longitude[here],
        points.times_ms[here],
        points.latitude[there],
        points.longitude[there],
        points.times_ms[there],
    )
