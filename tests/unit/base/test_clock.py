import time
from datetime import UTC, datetime

import pytest

from tftmonitor.base.clock import (
    DAY_MS,
    EARLIEST_TIME_MS,
    ManualClock,
    SystemClock,
    is_plausible,
    to_iso,
)

NOW_MS = 1_795_000_000_000


@pytest.mark.parametrize(
    ("time_ms", "plausible"),
    [
        (NOW_MS, True),
        (EARLIEST_TIME_MS, True),
        (EARLIEST_TIME_MS - 1, False),
        (946_684_816_000, False),  # 2000-01-01 00:00:16
        (0, False),
        (-1, False),
        (NOW_MS + DAY_MS, True),
        (NOW_MS + DAY_MS + 1, False),
        (3_471_724_812_000, False),  # 2080-01-06
    ],
)
def test_times_before_2010_and_a_day_ahead_are_clocks_not_set(
    time_ms: int, plausible: bool
) -> None:
    assert is_plausible(time_ms, NOW_MS) is plausible


def test_earliest_time_is_the_start_of_2010() -> None:
    assert datetime(2010, 1, 1, tzinfo=UTC).timestamp() * 1000 == EARLIEST_TIME_MS


@pytest.mark.parametrize(
    ("time_ms", "text"),
    [
        (1_627_693_682_000, "2021-07-31T01:08:02.000Z"),
        (1_627_693_682_999, "2021-07-31T01:08:02.999Z"),
        (1_627_693_682_001, "2021-07-31T01:08:02.001Z"),
    ],
)
def test_iso_text_has_milliseconds_and_is_utc(time_ms: int, text: str) -> None:
    assert to_iso(time_ms) == text


def test_manual_clock_moves_only_by_hand() -> None:
    clock = ManualClock(1_000)
    clock.advance(1.5)
    assert (clock.now_ms(), clock.monotonic_s()) == (2_500, 1.5)
    clock.jump_wall(-2)
    assert (clock.now_ms(), clock.monotonic_s()) == (500, 1.5)


def test_system_clock_is_the_computers() -> None:
    clock = SystemClock()
    assert abs(clock.now_ms() - time.time() * 1000) < 1_000
    before = clock.monotonic_s()
    assert clock.monotonic_s() >= before
