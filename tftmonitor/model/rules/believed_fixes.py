"""Which fix of a device is believed: one that nothing could have driven to has to come twice."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tftmonitor.model.geo.fixes import FASTEST_KMH, SLACK_M, is_jump
from tftmonitor.model.geo.projection import EARTH_RADIUS_M, Numbers
from tftmonitor.model.places.shapes import Point

_M_PER_MS: Final = FASTEST_KMH / 3_600.0
_M_PER_DEGREE: Final = EARTH_RADIUS_M * math.pi / 180.0


class BelievedFixes:
    """The last fix of each device, by its key, and one that is in doubt."""

    __slots__ = ("_doubted", "_last")

    def __init__(self) -> None:
        self._last: dict[str, tuple[Point, int]] = {}
        self._doubted: dict[str, tuple[Point, int]] = {}

    def believes(self, key: str, position: Point, at_ms: int) -> bool:
        """True unless it is too far from the last one, and from one in doubt before it."""
        fix = position, at_ms
        for known in (self._last.get(key, fix), self._doubted.get(key)):
            if known is not None and _is_near(known, fix):
                self._last[key] = fix
                self._doubted.pop(key, None)
                return True
        self._doubted[key] = fix
        return False

    def rename(self, former: str, key: str) -> None:
        """Two devices turned out to be one."""
        for fixes in (self._last, self._doubted):
            fix = fixes.pop(former, None)
            if fix is not None:
                fixes.setdefault(key, fix)


def believed(
    latitude: Numbers, longitude: Numbers, times_ms: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which fixes (n,), in the order of their times and without NaN, would have been believed."""
    found = np.ones(len(latitude), np.bool_)
    here = latitude[:-1], longitude[:-1], times_ms[:-1]
    jumps = np.flatnonzero(is_jump(*here, latitude[1:], longitude[1:], times_ms[1:]))
    if not len(jumps):
        return found
    # Few devices have any, and of those what was before the first one is as it is.
    first, fixes = int(jumps[0]), BelievedFixes()
    rest = zip(
        latitude[first:].tolist(),
        longitude[first:].tolist(),
        times_ms[first:].tolist(),
        strict=True,
    )
    for number, (north, east, at_ms) in enumerate(rest, first):
        found[number] = fixes.believes("", (north, east), at_ms)
    return found


def _is_near(known: tuple[Point, int], fix: tuple[Point, int]) -> bool:
    (from_north, from_east), from_ms = known
    (north, east), at_ms = fix
    reach_m = SLACK_M + _M_PER_MS * abs(at_ms - from_ms)
    up_m = abs(north - from_north) * _M_PER_DEGREE
    if up_m > reach_m:
        return False
    # Straight on the map is near enough to tell a jump; the shorter way around counts.
    aside = abs((east - from_east + 180.0) % 360.0 - 180.0)
    aside_m = aside * _M_PER_DEGREE * math.cos(math.radians((north + from_north) / 2.0))
    return math.hypot(up_m, aside_m) <= reach_m
