from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.fleet.activity import Activity
from tftmonitor.model.fleet.cadence import (
    DEFAULTS_MS,
    DRIVING_MS,
    LONGEST_MS,
    PARKED_MS,
    SHORTEST_MS,
    Cadence,
    Pace,
    pace_of,
)


def learned(*seconds: float, pace: Pace = Pace.DRIVING) -> Cadence:
    cadence = Cadence()
    for second in seconds:
        cadence.learn(pace, round(second * SECOND_MS))
    return cadence


@pytest.mark.parametrize(
    ("activity", "asleep", "pace"),
    [
        (Activity.MOVING, True, Pace.DRIVING),
        (Activity.IDLING, False, Pace.DRIVING),
        (Activity.PARKED, False, Pace.PARKED),
        (Activity.PARKED, True, Pace.SLEEPING),
        (Activity.NO_FIX, True, Pace.SLEEPING),
    ],
)
def test_pace_follows_from_activity_and_sleep(activity: Activity, asleep: bool, pace: Pace) -> None:
    assert pace_of(activity, asleep) is pace


def test_interval_is_the_default_until_four_were_seen() -> None:
    assert learned(30, 30, 30).usual_ms(Pace.DRIVING) == DRIVING_MS
    assert not learned(30, 30, 30).is_learned(Pace.DRIVING)
    cadence = learned(30, 30, 30, 30)
    assert cadence.usual_ms(Pace.DRIVING) == 30 * SECOND_MS
    assert cadence.is_learned(Pace.DRIVING)
    assert cadence.usual_ms(Pace.PARKED) == PARKED_MS
    assert set(DEFAULTS_MS) == set(Pace)


def test_one_long_gap_and_short_corners_do_not_count() -> None:
    assert learned(60, 5, 60, 5, 900, 5).usual_ms(Pace.DRIVING) == MINUTE_MS


def test_last_sixteen_intervals_count() -> None:
    assert learned(*[600] * 4, *[30] * 16).usual_ms(Pace.DRIVING) == 30 * SECOND_MS
    assert learned(*[600] * 4, *[30] * 14).usual_ms(Pace.DRIVING) == 600 * SECOND_MS


def test_interval_that_says_nothing_is_not_learned() -> None:
    cadence = learned(0, -5, LONGEST_MS / SECOND_MS + 1, 0, 0)
    assert cadence.export() == {}
    assert learned(1, 1, 1, 1).usual_ms(Pace.DRIVING) == SHORTEST_MS


def test_what_is_exported_comes_back() -> None:
    cadence = learned(30, 30, 30, 31)
    again = Cadence()
    again.restore(cadence.export() | {"flying": [5]})
    assert again.export() == cadence.export() == {"driving": [30_000, 30_000, 30_000, 31_000]}
    assert again.usual_ms(Pace.DRIVING) == cadence.usual_ms(Pace.DRIVING)


def test_silence_that_was_overdue_teaches_nothing() -> None:
    usual = [30] * 12
    assert learned(*usual, 910, *[30] * 3, 910, 910).usual_ms(Pace.DRIVING) == 30 * SECOND_MS
    assert learned(*usual, *[910, *[30] * 5] * 30).usual_ms(Pace.DRIVING) == 30 * SECOND_MS
    # The same from what a former version has kept.
    again = Cadence()
    again.restore({"driving": [*[30_000] * 12, 910_000, 910_000]})
    assert again.usual_ms(Pace.DRIVING) == 30 * SECOND_MS


def test_silence_that_repeats_over_hours_is_a_habit() -> None:
    slow = [*[30] * 12, *[910] * 7]
    assert learned(*slow).usual_ms(Pace.DRIVING) == 30 * SECOND_MS
    assert learned(*slow, 910).usual_ms(Pace.DRIVING) == 45 * SECOND_MS
    assert learned(*slow, *[910] * 8).usual_ms(Pace.DRIVING) < 910 * SECOND_MS
    assert learned(*slow, *[910] * 9).usual_ms(Pace.DRIVING) == 910 * SECOND_MS
    # Events between them do not hide it.
    mixed = [*[30] * 12, *[910, 5] * 16]
    assert learned(*mixed).usual_ms(Pace.DRIVING) == 910 * SECOND_MS


def test_habit_of_a_pace_without_one_is_taken_at_once() -> None:
    assert learned(*[3_000] * 4).usual_ms(Pace.DRIVING) == 3_000 * SECOND_MS


def test_silences_that_are_not_alike_are_no_habit() -> None:
    unlike = [300, 3_600, 900, 2_400, 420, 1_800, 3_000, 600, 1_200, 3_300]
    assert learned(*[10] * 12, *unlike).usual_ms(Pace.DRIVING) == 10 * SECOND_MS
    # One in eight may be another.
    alike = [*[910] * 5, 3_000, *[910] * 12]
    assert learned(*[10] * 12, *alike).usual_ms(Pace.DRIVING) > 10 * SECOND_MS


@given(
    st.lists(
        st.tuples(st.integers(300, 3_600), st.integers(3, 20)),
        min_size=1,
        max_size=10,
    )
)
def test_silences_of_a_driving_unit_stretch_nothing(silences: list[tuple[int, int]]) -> None:
    cadence = learned(*[10] * 12)
    for silence, between in silences:
        for interval in (silence, *[10] * between):
            cadence.learn(Pace.DRIVING, interval * SECOND_MS)
            assert cadence.usual_ms(Pace.DRIVING) == 10 * SECOND_MS


@given(st.lists(st.integers(1, 50_000), max_size=60), st.sampled_from(Pace))
def test_learned_interval_never_grows_by_more_than_its_spread(
    intervals: list[int], pace: Pace
) -> None:
    cadence = learned(*[30] * 4, pace=pace)
    for interval in intervals:
        before_ms = cadence.usual_ms(pace)
        cadence.learn(pace, interval * SECOND_MS)
        assert cadence.usual_ms(pace) <= 1.5 * before_ms + 1


@given(st.integers(120, 3_600), st.integers(10, 120), st.randoms(use_true_random=False))
def test_other_configuration_is_learned_over_hours(slow: int, fast: int, random: Random) -> None:
    cadence = learned(*[fast] * 16)
    hours = 0.0
    while hours < max(5, 20 * slow / 3_600):
        interval = round(slow * random.uniform(0.95, 1.05))
        hours += interval / 3_600
        cadence.learn(Pace.DRIVING, interval * SECOND_MS)
    assert 0.9 * slow <= cadence.usual_ms(Pace.DRIVING) / SECOND_MS <= 1.1 * slow
    # And back: sixteen frames.
    for _ in range(16):
        cadence.learn(Pace.DRIVING, fast * SECOND_MS)
    assert cadence.usual_ms(Pace.DRIVING) == fast * SECOND_MS


def test_unit_that_wakes_hourly_is_not_overdue_for_what_it_missed() -> None:
    hourly = [3_600] * 8
    assert learned(*hourly, pace=Pace.SLEEPING).usual_ms(Pace.SLEEPING) == HOUR_MS
    missed = learned(*hourly, 7_200, *hourly, 10_800, *hourly, pace=Pace.SLEEPING)
    assert missed.usual_ms(Pace.SLEEPING) <= 1.5 * HOUR_MS


def test_unit_that_alternates_keeps_one_interval_for_each_state() -> None:
    cadence = Cadence()
    for _ in range(12):
        for pace, interval in ((Pace.DRIVING, 10), (Pace.PARKED, 3_600)):
            for _ in range(4):
                cadence.learn(pace, interval * SECOND_MS)
    assert [cadence.usual_ms(pace) for pace in Pace] == [10_000, HOUR_MS, PARKED_MS]


def test_each_time_has_the_interval_of_then() -> None:
    cadence = Cadence()
    assert cadence.interval_at(5, present_ms=7_000) == 7_000
    assert cadence.in_force(7_000).at(np.array([1.0, 2.0])).tolist() == [7, 7]
    cadence.note_change(10_000, 1_000)
    cadence.note_change(20_000, 2_000)
    found = [cadence.interval_at(at, present_ms=2_000) for at in (0, 10_000, 19_999, 20_000, 10**9)]
    assert found == [1_000, 1_000, 1_000, 2_000, 2_000]
    intervals = cadence.in_force(2_000)
    assert intervals.present_s == 2
    assert intervals.at(np.array([0.0, 10.0, 19.999, 20.0, 1e6])).tolist() == [1, 1, 1, 2, 2]


def test_clock_that_goes_back_leaves_the_intervals_in_order() -> None:
    cadence = Cadence()
    for since_ms, interval_ms in ((10, 1), (20, 2), (30, 3), (20, 4)):
        cadence.note_change(since_ms, interval_ms)
    assert [cadence.interval_at(at, 0) for at in (10, 20, 30)] == [1, 4, 4]


def test_changes_of_the_interval_are_bounded() -> None:
    cadence = Cadence()
    for second in range(10_000):
        cadence.note_change(second, second)
    assert len(cadence.in_force(0).since_s) <= 400
    assert cadence.interval_at(9_990, 0) == 9_990


def test_interval_of_half_a_day_is_learned_from_four() -> None:
    day = [43_200] * 4
    assert learned(*day, pace=Pace.SLEEPING).usual_ms(Pace.SLEEPING) == 43_200 * SECOND_MS


def test_usual_interval_grows_by_steps() -> None:
    steps = [learned(*[30] * 4, *[85] * n).usual_ms(Pace.DRIVING) for n in range(5)]
    assert steps == [30_000, 30_000, 45_000, 67_500, 85_000]


def test_habit_of_one_state_is_none_of_another() -> None:
    cadence = learned(*[30] * 4, *[910] * 7)
    cadence.learn(Pace.PARKED, 910_000)
    cadence.learn(Pace.PARKED, 90_000_000)
    assert cadence.usual_ms(Pace.DRIVING) == 30 * SECOND_MS
