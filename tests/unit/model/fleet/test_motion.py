from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.activity import activity_of, ignition, is_asleep
from tftmonitor.model.fleet.cadence import pace_of
from tftmonitor.model.fleet.motion import MotionReader, MotionState

FLAGS = st.sampled_from([UNSET, None, True, False, 0, 1, -1, -999, 7])
NUMBERS = st.sampled_from([UNSET, None, -999.0, -1.0, 0.0, 2.9, 3.0, 50.0, 89.9, 90.0, 91.0, 600.0])
WORDS = st.sampled_from([UNSET, None, 0, 0x4000, -1])
STATUSES = st.builds(
    DeviceStatus,
    speed=NUMBERS,
    lat=NUMBERS,
    lng=NUMBERS,
    latlng_valid=FLAGS,
    gps=FLAGS,
    acc=FLAGS,
    iop=WORDS,
)


@settings(deadline=None)
@given(st.lists(STATUSES, min_size=1, max_size=5))
def test_motion_agrees_with_activity(statuses: list[DeviceStatus]) -> None:
    reader = MotionReader()
    for status in statuses:
        activity = activity_of(status)
        pace = pace_of(activity, is_asleep(status))
        assert reader.read(status) == MotionState(activity, bool(ignition(status)), pace)


def test_same_state_is_the_same_object() -> None:
    reader = MotionReader()
    one = reader.read(DeviceStatus(lat=50.0, speed=50.0, acc=1))
    assert reader.read(DeviceStatus(lat=-50.0, speed=80.0, acc=1, gps=1)) is one
