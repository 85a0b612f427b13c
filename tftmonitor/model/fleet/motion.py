"""What a device does, read from each frame: the same words as ``activity``, cheaper."""

from typing import Any, NamedTuple

from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.activity import MOVING_KMH, Activity, ignition, is_asleep
from tftmonitor.model.fleet.cadence import Pace, pace_of

_SPEED = STATUS_FIELDS.by_name["speed"]
_GNSS = STATUS_FIELDS.by_name["latlng_valid"]
_LATITUDE = STATUS_FIELDS.by_name["lat"]
_POLE = 90.0
FLAGS = ("latlng_valid", "gps", "acc", "iop")


class MotionState(NamedTuple):
    """The state word, whether the ignition is known to be on, and the pace of reporting."""

    activity: Activity = Activity.NO_DATA
    ignition: bool = False
    pace: int = Pace.PARKED.value


NOTHING = MotionState()


class MotionCandidates(NamedTuple):
    """What the flags and words of a status leave open: which of three things the device does.

    ``by_gnss`` is false where the flags say already that there is no fix.
    """

    by_gnss: bool
    without_fix: MotionState
    at_rest: MotionState
    moving: MotionState


class MotionReader:
    """Hands out the same object for the same thing done, so that ``is`` tells of a change."""

    def __init__(self) -> None:
        self._made: dict[MotionState, MotionState] = {}

    def read(self, status: Any) -> MotionState:
        """What this status says."""
        return choose(self.cases(status), status)

    def cases(self, status: Any) -> MotionCandidates:
        """What only ``FLAGS`` of this status say."""
        is_on, asleep = bool(ignition(status)), is_asleep(status)
        resting = Activity.IDLING if is_on else Activity.PARKED
        doings = (
            MotionState(activity, is_on, pace_of(activity, asleep).value)
            for activity in (Activity.NO_FIX, resting, Activity.MOVING)
        )
        return MotionCandidates(
            _GNSS.read(status, 0) is not False,
            *(self._made.setdefault(motion, motion) for motion in doings),
        )


def choose(cases: MotionCandidates, status: Any) -> MotionState:
    """Which of the cases it is, by position and speed."""
    by_gnss, without_fix, at_rest, moving = cases
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
    return at_rest
