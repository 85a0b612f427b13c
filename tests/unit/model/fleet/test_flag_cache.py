import pytest

from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet import flag_cache
from tftmonitor.model.fleet.flag_cache import FlagCache
from tftmonitor.model.fleet.motion import MotionReader, resolve
from tftmonitor.model.fleet.sampling import SampleReader

STATUSES = [
    DeviceStatus(lat=50.0, speed=50.0, acc=1, input="1:1|2:0"),
    DeviceStatus(lat=50.0, speed=0.0, acc=1, input="1:1|2:0"),
    DeviceStatus(lat=50.0, speed=0.0, acc=0, input="1:1|2:0"),
    DeviceStatus(lat=50.0, speed=0.0, acc=1, input="1:0|2:0"),
    DeviceStatus(lat=50.0, speed=50.0, acc=1, latlng_valid=0),
    DeviceStatus(iop=0x4000),
    DeviceStatus(),
]


def test_what_is_remembered_is_what_the_readers_say() -> None:
    samples = SampleReader(SERIES)
    reader = FlagCache(SERIES, samples)
    for status in [*STATUSES, *reversed(STATUSES)]:
        state = reader.read(status)
        assert (state.on, state.known) == samples.lane_bits(status)
        assert resolve(state.candidates, status) == MotionReader().read(status)


def test_same_flags_are_looked_at_once() -> None:
    reader = FlagCache(SERIES, SampleReader(SERIES))
    first, same = (reader.read(status) for status in STATUSES[:2])
    assert first is same
    assert resolve(first.candidates, STATUSES[0]) is not resolve(same.candidates, STATUSES[1])


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flag_cache, "_KEPT", 3)
    reader = FlagCache(SERIES, SampleReader(SERIES))
    for number in range(20):
        reader.read(DeviceStatus(input=f"1:1|{number + 2}:0"))
    assert len(reader._known) <= 3
