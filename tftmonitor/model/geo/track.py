"""A way driven, out of places with times: its pieces, its halts, and what lies near a point."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tftmonitor.model.geo.projection import Numbers, distance_m, to_world

STANDS_KMH: Final = 3.0
LEAST_STOP_S: Final = 180.0
"""Shorter halts are traffic."""

Whole = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Track:
    """``n`` places in the order of their times, without those that nobody knows.

    ``times`` are seconds since 1970, ``x`` and ``y`` world units, ``speeds`` km/h with NaN for
    unknown, ``ignition`` 1, 0 or -1 for unknown; ``gaps`` (n,) is true where nothing is known
    between a place and the next one. The last is never a gap.
    """

    times: Numbers
    x: Numbers
    y: Numbers
    speeds: Numbers
    ignition: NDArray[np.int8]
    gaps: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.times)

    def pieces(self) -> list[slice]:
        """The stretches without a gap, each of one place at least."""
        ends = np.flatnonzero(self.gaps) + 1
        edges = [0, *ends.tolist(), len(self)]
        return [slice(a, b) for a, b in pairwise(edges) if b > a]

    def at(self, time_s: float) -> int | None:
        """The place that held at a time: the last one before it; None before the first."""
        place = int(np.searchsorted(self.times, time_s, side="right")) - 1
        return place if place >= 0 else None

    def stops(self) -> list[tuple[int, int]]:
        """First and last place of each halt of ``LEAST_STOP_S`` or more, by the speeds.

        A gap ends a halt: of what was not heard nobody says that it stood.
        """
        with np.errstate(invalid="ignore"):
            stands = self.speeds < STANDS_KMH
        found: list[tuple[int, int]] = []
        for piece in self.pieces():
            part = np.flatnonzero(np.diff(np.concatenate(([0], stands[piece], [0]))))
            for first, after in part.reshape(-1, 2).tolist():
                begin, end = piece.start + first, min(piece.start + after, piece.stop - 1)
                if self.times[end] - self.times[begin] >= LEAST_STOP_S:
                    found.append((begin, end))
        return found


_NO_NUMBERS: Final = np.zeros(0)
EMPTY: Final = Track(
    _NO_NUMBERS,
    _NO_NUMBERS,
    _NO_NUMBERS,
    _NO_NUMBERS,
    np.zeros(0, np.int8),
    np.zeros(0, np.bool_),
)


def make_track(
    times: Numbers,
    latitude: Numbers,
    longitude: Numbers,
    speeds: Numbers,
    ignition: NDArray[np.int8],
    break_after_s: Numbers,
) -> Track:
    """A track of samples, shape (n,); NaN where a place is not known.

    Where the next known place is more than ``break_after_s`` later, or farther than anything
    drives in that time, nothing is known between the two.
    """
    known = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    if not len(known):
        return EMPTY
    at, north, east = times[known], latitude[known], longitude[known]
    x, y = to_world(north, east)
    gaps = np.zeros(len(known), np.bool_)
    gaps[:-1] = np.diff(at) > break_after_s[known[:-1]]
    metres = distance_m(north[:-1], east[:-1], north[1:], east[1:])
    gaps[:-1] |= metres > _REACH_M_S * np.diff(at) + _SLACK_M
    speeds = np.asarray(speeds[known], np.float64)
    return Track(at, x, y, speeds, ignition[known], gaps)


_REACH_M_S: Final = 400.0 / 3.6
_SLACK_M: Final = 1_000.0


def unwrapped(x: Numbers) -> Numbers:
    """``x`` without jumps across 180 degrees: each at its copy nearest to the one before."""
    if not len(x):
        return x
    steps = np.diff(x)
    return np.concatenate((x[:1], x[0] + np.cumsum(steps - np.round(steps))))


def nearest_on(left: Numbers, top: Numbers, point: tuple[float, float]) -> tuple[int, float]:
    """The place of a track nearest to a pixel, and how far it is; of one place at least."""
    far = np.hypot(left - point[0], top - point[1])
    place = int(np.argmin(far))
    return place, float(far[place])


def along(left: Numbers, top: Numbers, apart: float) -> tuple[Numbers, Numbers]:
    """Points of a line so many pixels from each other, first and last among them."""
    way = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(left), np.diff(top)))))
    steps = np.linspace(0.0, way[-1], max(int(way[-1] / apart), 1) + 1)
    return np.interp(steps, way, left), np.interp(steps, way, top)


def thinned(left: Numbers, top: Numbers, apart: float = 1.5) -> Whole:
    """The places of a line that are worth drawing: first, last, and each some pixels on.

    Quick rather than exact: a bend within so few pixels is not seen.
    """
    count = len(left)
    if count < 3:
        return np.arange(count)
    way = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(left), np.diff(top)))))
    keep = np.flatnonzero(np.diff(np.floor(way / apart), prepend=-1.0))
    return np.union1d(keep, [count - 1])
