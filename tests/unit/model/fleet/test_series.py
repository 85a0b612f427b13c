import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tftmonitor.model.fleet.series import BLOCK, CAPACITY, KEEP_S, SampleRing


def fill(ring: SampleRing, times: list[float]) -> None:
    for time_s in times:
        ring.add(time_s, (time_s,) * 2, int(time_s) & 0xFF, 0xFF)


def test_samples_stand_in_the_order_of_their_times() -> None:
    ring = SampleRing(2)
    fill(ring, [10, 30, 20, 5, 30])
    assert ring.samples().times.tolist() == [5, 10, 20, 30, 30]
    assert ring.samples().values.tolist() == [[5, 10, 20, 30, 30]] * 2
    assert ring.samples().states.tolist() == [5, 10, 20, 30, 30]
    assert ring.samples().known.tolist() == [0xFF] * 5
    assert (len(ring), ring.added) == (5, 5)


def test_ring_grows_and_loses_nothing_within_its_limits() -> None:
    ring = SampleRing(2)
    times = [float(time_s) for time_s in range(1_000)]
    fill(ring, times)
    assert ring.samples().times.tolist() == times
    assert ring.samples().values[1].tolist() == times


def test_ring_grows_while_somebody_holds_what_it_showed() -> None:
    ring = SampleRing(2)
    held = []
    for number in range(300):
        fill(ring, [float(number)])
        held.append((ring.samples().times, ring.samples().values))
    assert ring.samples().times.tolist() == [float(number) for number in range(300)]
    assert [len(times) for times, _ in held] == list(range(1, 301))
    assert held[4][0].tolist() == [0, 1, 2, 3, 4]


def test_full_ring_drops_its_oldest_block() -> None:
    ring = SampleRing(2, capacity=40)
    fill(ring, [float(time_s) for time_s in range(40)])
    assert len(ring) == 40
    fill(ring, [40.0])
    assert ring.samples().times.tolist() == [float(time_s) for time_s in range(10, 41)]
    assert ring.added == 41


def test_full_ring_takes_no_more_memory() -> None:
    ring = SampleRing(2)
    fill(ring, [float(time_s) for time_s in range(CAPACITY + 1)])
    blocks = {id(block) for block in [*ring._whole, ring._block]}
    fill(ring, [float(time_s) for time_s in range(CAPACITY, 2 * CAPACITY)])
    assert {id(block) for block in [*ring._whole, ring._block]} == blocks
    assert CAPACITY - BLOCK < len(ring) <= CAPACITY


def test_samples_older_than_the_time_kept_make_room_for_new_ones() -> None:
    ring = SampleRing(2)
    fill(ring, [float(time_s) for time_s in range(16)])
    fill(ring, [KEEP_S + 15.0])
    assert len(ring) == 17
    fill(ring, [KEEP_S + 17.0 + time_s for time_s in range(BLOCK)])
    assert ring.samples().times.tolist() == [
        KEEP_S + 15.0,
        *(KEEP_S + 17.0 + n for n in range(BLOCK)),
    ]


def test_few_old_samples_do_not_hinder_growth() -> None:
    ring = SampleRing(2)
    times = [0.0, 1.0, *(KEEP_S + n for n in range(14))]
    fill(ring, [*times, KEEP_S + 20])
    assert ring.samples().times.tolist() == [*times, KEEP_S + 20]


def test_late_sample_finds_its_place_in_a_full_ring() -> None:
    ring = SampleRing(2, capacity=16)
    fill(ring, [float(time_s) for time_s in range(10, 26)])
    fill(ring, [15.5])
    assert ring.samples().times.tolist() == [14, 15, 15.5, *range(16, 26)]


def test_late_samples_of_all_blocks_keep_their_values() -> None:
    ring = SampleRing(2)
    times = [float(time_s) for time_s in range(0, 1_000, 2)]
    late = [float(time_s) for time_s in range(999, 0, -26)]
    fill(ring, times + late)
    assert ring.samples().times.tolist() == sorted(times + late)
    assert ring.samples().values.tolist() == [sorted(times + late)] * 2
    assert ring.samples().states.tolist() == [int(time_s) & 0xFF for time_s in sorted(times + late)]


@settings(deadline=None)
@given(st.lists(st.integers(0, 500), max_size=120))
def test_times_never_fall_whatever_comes(times: list[int]) -> None:
    ring = SampleRing(1, capacity=50)
    for time_s in times:
        ring.add(float(time_s), (float(time_s),), 0, 0)
    assert np.all(np.diff(ring.samples().times) >= 0)
    assert ring.samples().values[0].tolist() == ring.samples().times.tolist()
    if len(times) <= 50:
        assert ring.samples().times.tolist() == sorted(times)
    assert len(ring) <= 50


def test_what_a_frame_left_out_holds_and_what_it_calls_unknown_does_not() -> None:
    ring, out, nan = SampleRing(2), float("inf"), float("nan")
    # (time, values, states, known); a bit that is on and not known is left out.
    rows = [
        (10.0, (out, 1.0), 0b11, 0b00),
        (20.0, (5.0, out), 0b01, 0b11),
        (40.0, (out, nan), 0b11, 0b00),
        (50.0, (nan, out), 0b00, 0b10),
        (60.0, (out, 3.0), 0b11, 0b00),
    ]
    for row in rows:
        ring.add(*row)
    samples = ring.samples()
    np.testing.assert_equal(samples.values, [[nan, 5, 5, nan, nan], [1, 1, nan, nan, 3]])
    assert samples.since.tolist() == [[10, 20, 20, 50, 50], [10, 10, 40, 40, 60]]
    assert samples.known.tolist() == [0b00, 0b11, 0b11, 0b10, 0b10]
    assert samples.states.tolist() == [0b00, 0b01, 0b01, 0b00, 0b00]
    # A stored frame changes what the later ones left out.
    ring.add(30.0, (6.0, 2.0), 0b10, 0b11)
    assert ring.samples().values[0, :4].tolist()[1:] == [5, 6, 6]
    assert ring.samples().states.tolist()[:4] == [0b00, 0b01, 0b10, 0b10]
    assert ring.samples().since[0, 3] == 30
    both = samples.pick(slice(1, 2)).join(samples.pick(np.array([4])))
    assert (both.times.tolist(), both.since[1].tolist()) == ([20, 60], [10, 60])


def test_lane_that_nobody_left_out_stays_beside_one_that_was() -> None:
    ring = SampleRing(1)
    ring.add(1.0, (0.0,), 0b101, 0b101)
    ring.add(2.0, (0.0,), 0b100, 0b001)
    assert ring.samples().states.tolist() == [0b101, 0b100]
    assert ring.samples().known.tolist() == [0b101, 0b101]
