"""What window and recording process tell each other, as bytes."""

import io

from tests.unit.history.samples.pushes import T0, push
from tftmonitor.history.samples.retention import Limits
from tftmonitor.history.samples.stored import LinkChange
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.monitor.recording.sent import Sent, Told, block_of, blocks, line_of, read_line

FULL = Sent(
    [push("a", 1), push("b", 2, b"\xff")],
    [BlindInterval("devices", Blindness.LINK, T0, None, "gone")],
    [LinkChange(T0, "devices", "live", "")],
    {"a": "TLW2"},
    Limits(5, 6),
    3,
    T0,
    ["digest"],
)


def test_blocks_come_out_as_they_went_in() -> None:
    stream = io.BytesIO(block_of(FULL) + block_of(Sent()) + block_of(FULL))
    assert list(blocks(stream)) == [FULL, Sent(), FULL]


def test_half_a_block_at_the_end_is_none() -> None:
    whole = block_of(FULL)
    for size in (0, 3, 4, len(whole) - 1):
        assert list(blocks(io.BytesIO(whole + whole[:size]))) == [FULL]


def test_line_says_what_was_told_and_others_say_nothing() -> None:
    told = Told("process 1", "the disk is full", T0, written=3, days=1.5, said=("Words.",))
    assert read_line(line_of(told)) == told
    assert read_line(b"Traceback (most recent call last):\n") is None
