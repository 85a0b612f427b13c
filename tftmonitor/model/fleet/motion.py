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

    ``by_gnss`` is false where the flags say already that there is no fix.
    """

    by_gnss: bool
    without_fix: MotionState
    at_rest: MotionState
    moving: MotionState


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
        states = (
            MotionState(activity, is_on, pace_of(activity, asleep).value)
            for activity in (Activity.NO_FIX, resting, Activity.MOVING)
        )
        return MotionCandidates(
            _GNSS.read(status, 0) is not False,
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
