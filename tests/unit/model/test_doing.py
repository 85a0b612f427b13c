from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tftmonitor.model import doing
from tftmonitor.model.activity import activity_of, ignition, is_asleep
from tftmonitor.model.cadence import pace_of
from tftmonitor.model.doing import DoingReader
from tftmonitor.model.status import DeviceStatus

READER = DoingReader()
FLAG: st.SearchStrategy[Any] = st.sampled_from([0, 1, True, False, -1, -999, 2, None])
PLACE: st.SearchStrategy[Any] = st.sampled_from(
    [None, 0, 0.0, 50.0, -33.5, 90.0, 90.5, -91.0, -999.0, 5]
)
STATUSES = st.fixed_dictionaries(
    {},
    optional={
        "latlng_valid": FLAG,
        "gps": FLAG,
        "acc": FLAG,
        "iop": st.sampled_from([None, -1, 0, 0x4000, 0x8001, 16416]),
        "lat": PLACE,
        "lng": PLACE,
        "speed": st.sampled_from([None, 0, 0.0, 2.9, 3, 3.0, 120.5, -1, -999.0, 501.0]),
    },
)


@given(STATUSES)
@example({"lat": 50.0, "lng": 8.0, "speed": 3.0})
@example({"lat": 50.0, "lng": 8.0, "acc": 1})
def test_what_a_device_does_is_what_the_words_of_its_status_say(values: dict[str, Any]) -> None:
    status = msgspec.convert(values, DeviceStatus)
    found = READER.read(status)
    activity = activity_of(status)
    assert found.activity is activity
    assert found.ignition is bool(ignition(status))
    assert found.pace is pace_of(activity, is_asleep(status))


def test_same_thing_done_is_the_same_object() -> None:
    reader = DoingReader()
    driving = {"lat": 50.0, "lng": 8.0, "acc": 1}
    first = reader.read(msgspec.convert(driving | {"speed": 50.0}, DeviceStatus))
    again = reader.read(msgspec.convert(driving | {"speed": 80.0, "iop": 7}, DeviceStatus))
    assert first is again


def test_what_is_remembered_of_flags_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doing, "_KEPT", 3)
    reader = DoingReader()
    for word in range(20):
        reader.read(DeviceStatus(iop=word))
    assert len(reader._known) <= 3
