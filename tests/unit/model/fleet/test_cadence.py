import pytest

from tftmonitor.base.clock import MINUTE_MS, SECOND_MS
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
    assert learned(*slow, 910).usual_ms(Pace.DRIVING) == 910 * SECOND_MS
    # Events between them do not hide it.
    mixed = [*[30] * 12, *[910, 5] * 7, 910]
    assert learned(*mixed).usual_ms(Pace.DRIVING) == 910 * SECOND_MS


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
