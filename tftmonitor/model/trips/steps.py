"""What happened between each place and the next: how far, by which measure, and who idled."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tftmonitor.model.geo.fixes import FASTEST_KMH, SLACK_M
from tftmonitor.model.geo.projection import Numbers, distance_m
from tftmonitor.model.trips.points import Codes, Flags, Points
from tftmonitor.model.trips.rules import TripRules

MOVING: Final = 0
STANDING: Final = 1
UNKNOWN: Final = 2
"""The codes of what a step is part of: a trip, a stop, or a gap."""

# An odometer may run ahead of the places by corners that they cut, and by a coarse count.
_MOST_OF_TRACK: Final = 3.0
_ODOMETER_SLACK_M: Final = 2_000.0


@dataclass(frozen=True, slots=True)
class Steps:
    """Of ``n`` points, shape (n - 1,).

    ``kinds`` are the codes above. ``track_m`` is the way between the places, 0 unless in a trip.
    ``odometer_m`` is what the odometer counted, NaN where it says nothing; ``refused`` is true
    where it counted backwards or more than could be, and there it is the way between the places.
    ``idle`` is true while the engine ran and nothing moved.
    """

    kinds: Codes
    track_m: Numbers
    odometer_m: Numbers
    refused: Flags
    idle: Flags


def steps_of(points: Points, kinds: Codes, rules: TripRules) -> Steps:
    """Measure every step, by the codes of what each is part of."""
    here, there = slice(None, -1), slice(1, None)
    way = distance_m(
        points.latitude[here],
        points.longitude[here],
        points.latitude[there],
        points.longitude[there],
    )
    counted = np.diff(points.odometer_m)
    reach = FASTEST_KMH / 3.6 * np.diff(points.times_ms) / 1_000.0 + SLACK_M
    with np.errstate(invalid="ignore"):
        refused = (counted < 0) | (counted > reach)
        seen = kinds != UNKNOWN
        refused |= seen & (counted > _MOST_OF_TRACK * way + _ODOMETER_SLACK_M)
    track = np.where(kinds == MOVING, way, 0.0)
    return Steps(
        kinds, track, np.where(refused, track, counted), refused, _idle(points, kinds, rules)
    )


def _idle(points: Points, kinds: Codes, rules: TripRules) -> Flags:
    """Steps whose both ends stand with the ignition on, in a row of ``idle_s`` at least."""
    with np.errstate(invalid="ignore"):
        stands = (points.ignition == 1) & (points.speed < rules.idle_kmh)
    idle = stands[:-1] & stands[1:] & (kinds != UNKNOWN)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], idle, [False]))))
    for first, after in edges.reshape(-1, 2).tolist():
        if points.times_ms[after] - points.times_ms[first] < rules.idle_s * 1_000.0:
            idle[first:after] = False
    return np.asarray(idle)
