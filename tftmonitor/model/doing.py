"""What a device does, read from each frame that comes in: the same words as ``activity``, cheaper.

What flags and words say is remembered by their raw values, of which a fleet has few.
"""

from operator import attrgetter
from typing import Any, NamedTuple

from tftmonitor.model.activity import MOVING_KMH, Activity, ignition, is_asleep
from tftmonitor.model.cadence import Pace, pace_of
from tftmonitor.model.status import STATUS_FIELDS

_SPEED = STATUS_FIELDS.by_name["speed"]
_GNSS = STATUS_FIELDS.by_name["latlng_valid"]
_LATITUDE = STATUS_FIELDS.by_name["lat"]
_raws = attrgetter("latlng_valid", "gps", "acc", "iop")
_POLE = 90.0
# The server decides what words there are, so what is remembered of them is bounded.
_KEPT = 10_000


class Doing(NamedTuple):
    """The state word, whether the ignition is known to be on, and the pace of reporting."""

    activity: Activity = Activity.NO_DATA
    ignition: bool = False
    pace: Pace = Pace.PARKED


NOTHING = Doing()


class DoingReader:
    """Hands out the same object for the same thing done, so that ``is`` tells of a change."""

    def __init__(self) -> None:
        self._known: dict[Any, tuple[bool, Doing, Doing, Doing]] = {}
        self._made: dict[Doing, Doing] = {}

    def read(self, status: Any) -> Doing:
        """What this status says."""
        raws = _raws(status)
        known = self._known.get(raws)
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[raws] = self._examine(status)
        by_gnss, without_fix, resting, moving = known
        latitude, speed = status.lat, status.speed
        if not by_gnss or not (
            (latitude.__class__ is float and 0.0 < latitude < _POLE)
            or _LATITUDE.read(status, 0) is not None
        ):
            return without_fix
        if speed.__class__ is not float or not 0.0 <= speed < MOVING_KMH:
            speed = _SPEED.read(status, 0)
            if speed is not None and float(speed) >= MOVING_KMH:
                return moving
        return resting

    def _examine(self, status: Any) -> tuple[bool, Doing, Doing, Doing]:
        is_on, asleep = bool(ignition(status)), is_asleep(status)
        resting = Activity.IDLING if is_on else Activity.PARKED
        doings = (
            Doing(activity, is_on, pace_of(activity, asleep))
            for activity in (Activity.NO_FIX, resting, Activity.MOVING)
        )
        without_fix, at_rest, moving = (self._made.setdefault(doing, doing) for doing in doings)
        return _GNSS.read(status, 0) is not False, without_fix, at_rest, moving
