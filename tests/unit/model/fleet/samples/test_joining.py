"""What was recorded and what memory has is one line."""

from typing import Any

import numpy as np

from tftmonitor.model.fields.plausibility import LEFT_OUT
from tftmonitor.model.fleet.samples.joining import PastPart, join_past
from tftmonitor.model.fleet.series import SampleRing, Samples

NAN = float("nan")


def samples(*rows: tuple[float, float], usual: float | None = None) -> Samples:
    """Of one channel, as they came, each (time, value)."""
    times = np.array([row[0] for row in rows], np.float64)
    values = np.array([[row[1] for row in rows]], np.float32)
    words = np.zeros(len(rows), np.uint16)
    given = None if usual is None else np.full(len(rows), usual)
    return Samples(times, values, words, words, np.broadcast_to(times, values.shape), (), given)


def part(*rows: tuple[float, float], by_receipt: bool = False) -> PastPart:
    found = samples(*rows, usual=30.0)
    return PastPart(found, np.full(len(rows), by_receipt))


def shown(joined: Samples) -> list[Any]:
    return [*zip(joined.times.tolist(), joined.values[0].tolist(), strict=True)]


def test_of_what_both_have_that_of_memory_is_taken() -> None:
    joined = join_past(part((1, 10), (2, 20), (3, 30)), samples((2, 21), (4, 41)))
    assert shown(joined) == [(1, 10), (2, 21), (3, 30), (4, 41)]
    assert joined.usual is not None
    np.testing.assert_array_equal(joined.usual, [30, NAN, 30, NAN])


def test_what_memory_left_out_holds_from_what_was_recorded() -> None:
    joined = join_past(part((1, 10), (2, LEFT_OUT)), samples((3, LEFT_OUT), (4, 41)))
    assert shown(joined) == [(1, 10), (2, 10), (3, 10), (4, 41)]
    assert joined.since[0].tolist() == [1, 1, 1, 4]


def test_two_programs_stamp_one_push_a_little_apart() -> None:
    near = part((0, 10), (3.5, 30), by_receipt=True)
    assert shown(join_past(near, samples((3, 31), (9, 91)))) == [(0, 10), (3, 31), (9, 91)]
    dated = part((1, 10), (3.5, 30))
    assert len(join_past(dated, samples((3, 31))).times) == 3


def test_memory_may_be_empty() -> None:
    assert shown(join_past(part((1, 10), by_receipt=True), samples())) == [(1, 10)]


def test_a_ring_gives_what_came_as_it_came() -> None:
    ring = SampleRing(1)
    ring.add(1.0, [5.0], 1, 1)
    ring.add(2.0, [LEFT_OUT], 1, 0)
    came = ring.as_they_came()
    assert came.values[0].tolist() == [5.0, LEFT_OUT]
    assert (came.states.tolist(), came.known.tolist()) == ([1, 1], [1, 0])
    filled = came.filled()
    assert filled.values[0].tolist() == [5.0, 5.0]
    assert filled.known.tolist() == [1, 1]
    picked = join_past(part((0, 1)), came).pick(slice(0, 1))
    assert picked.usual is not None
    assert picked.usual.tolist() == [30.0]
    assert came.pick(slice(0, 1)).usual is None
