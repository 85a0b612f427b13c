"""Which reported positions may be drawn, and how far from them a device can be by now.

All arrays have the shape (n,); times are ms since 1970, positions degrees, NaN for none.
"""

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tftmonitor.model.geo.projection import Numbers, distance_m

FASTEST_KMH: Final = 400.0
"""Nothing that carries such a unit drives faster; a train does not reach it either."""
SLACK_M: Final = 1_000.0
"""So far apart may two fixes of one moment lie."""
FARTHEST_M: Final = 50_000.0
"""A circle of doubt beyond this says no more than that nobody knows."""

_NEAR_NULL: Final = 1e-4
_MS_PER_HOUR: Final = 3_600_000.0


class LeftOut(IntEnum):
    """Why the position of a device is not drawn, or its newest one is not believed."""

    NO = 0
    NONE_YET = 1
    NULL_ISLAND = 2
    OFF_GLOBE = 3
    JUMP = 4


LEFT_OUT_TEXTS: Final = {
    LeftOut.NONE_YET: "no position yet",
    LeftOut.NULL_ISLAND: "reports 0, 0, which stands for no fix",
    LeftOut.OFF_GLOBE: "reports a place that is not on the globe",
    LeftOut.JUMP: "jumped farther than anything drives; the place before is shown",
}


def judge(latitude: Numbers, longitude: Numbers) -> NDArray[np.int8]:
    """``LeftOut`` codes of raw positions."""
    codes = np.zeros(len(latitude), np.int8)
    codes[(np.abs(latitude) > 90) | (np.abs(longitude) > 180)] = LeftOut.OFF_GLOBE
    null = (np.abs(latitude) < _NEAR_NULL) & (np.abs(longitude) < _NEAR_NULL)
    codes[null] = LeftOut.NULL_ISLAND
    codes[np.isnan(latitude) | np.isnan(longitude)] = LeftOut.NONE_YET
    return codes


def is_jump(
    latitude: Numbers,
    longitude: Numbers,
    time_ms: NDArray[np.int64],
    to_latitude: Numbers,
    to_longitude: Numbers,
    to_time_ms: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Where the way between two fixes is too long for the time between them; False from NaN."""
    hours = np.abs(to_time_ms - time_ms) / _MS_PER_HOUR
    reach_m = FASTEST_KMH * 1_000.0 * hours + SLACK_M
    return np.asarray(distance_m(latitude, longitude, to_latitude, to_longitude) > reach_m)


def doubt_m(age_ms: NDArray[np.int64], speed_kmh: Numbers) -> Numbers:
    """How far from its last fix a device can be: its age times the last speed, capped."""
    metres = np.maximum(age_ms, 0) / _MS_PER_HOUR * np.nan_to_num(speed_kmh, nan=0.0) * 1_000.0
    return np.minimum(metres, FARTHEST_M)
