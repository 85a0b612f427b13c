"""What a device does, read from each frame: it agrees with ``activity``, and costs less."""

from typing import NamedTuple

from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.activity import MOVING_KMH, Activity, ignition, is_asleep
from tftmonitor.model.fleet.cadence import Pace, pace_of

_read_speed = STATUS_FIELDS.by_name["speed"].read
_read_latitude = STATUS_FIELDS.by_name["lat"].read
_GNSS = STATUS_FIELDS.by_name["latlng_valid"]
# The fields that the candidates follow from.
FLAGS = ("latlng_valid", "gps", "acc", "iop")


class MotionState(NamedTuple):
    """The activity, whether the ignition is known to be on, and the pace of reporting."""

    activity: Activity = Activity.NO_DATA
    ignition: bool = False
    pace: int = Pace.PARKED.value


NOTHING = MotionState()


class MotionCandidates(NamedTuple):
    """What the flags of a status leave open: which of three things the device does.

    ``by_gnss`` is false where the flags say already that there is no fix, ``is_receiving`` also
    where the receiver is off. ``doubtful`` is a unit
    that moved when its speed was last measured, which is too long ago: it is due as while moving.
    """

    by_gnss: bool
    is_receiving: bool
    without_fix: MotionState
    at_rest: MotionState
    moving: MotionState
    doubtful: MotionState


class MotionReader:
    """Hands out the same object for the same state, so that ``is`` finds a change."""

    def __init__(self) -> None:
        self._shared: dict[MotionState, MotionState] = {}

    def read(self, status: DeviceStatus) -> MotionState:
        """What this status says."""
        return resolve(self.candidates(status), status)

    def candidates(self, status: DeviceStatus) -> MotionCandidates:
        """What only ``FLAGS`` of this status say."""
        is_on, asleep = bool(ignition(status)), is_asleep(status)
        resting = Activity.IDLING if is_on else Activity.PARKED
        # A receiver that is off measures no speed.
        moving = Activity.NO_FIX if asleep else Activity.MOVING
        states = (
            MotionState(activity, is_on, pace_of(like, asleep).value)
            for activity, like in (
                (Activity.NO_FIX, Activity.NO_FIX),
                (resting, resting),
                (moving, moving),
                (Activity.NO_FIX, Activity.MOVING),
            )
        )
        by_gnss = _GNSS.read(status, 0) is not False
        return MotionCandidates(
            by_gnss,
            by_gnss and not asleep,
            *(self._shared.setdefault(state, state) for state in states),
        )


def resolve(candidates: MotionCandidates, status: DeviceStatus) -> MotionState:
    """Which of the candidates it is, by position and speed."""
    if not candidates.by_gnss or _read_latitude(status, 0) is None:
        return candidates.without_fix
    speed = _read_speed(status, 0)
    if speed is not None and float(speed) >= MOVING_KMH:
        return candidates.moving
    return candidates.at_rest
