"""What the fuzzer calls takes the recorded frames, and tells of what raises."""

import pytest

from tests.fuzz import fuzz_frames
from tests.fuzz.fuzz_frames import SlowFrameError, make_target, seeds


def test_recorded_frames_are_taken() -> None:
    target, inputs = make_target(), seeds()
    assert len(inputs) > 50
    for frame in inputs:
        target(frame)


def test_slow_frame_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz_frames, "LIMIT_S", 0.0)
    with pytest.raises(SlowFrameError, match="ms of CPU"):
        make_target()(seeds()[0])
