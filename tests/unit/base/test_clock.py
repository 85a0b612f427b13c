import threading
import time
from datetime import UTC, datetime

import pytest

from tftmonitor.base import clock as clock_module
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


class Computer:
    """The clocks that a ``SystemClock`` reads, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, counts_sleep: bool = True) -> None:
        self.wall_s, self.awake_s, self.asleep_s = 1_795_000_000.0, 100.0, 0.0
        monkeypatch.setattr(time, "clock_gettime", self.clock_gettime, raising=False)
        for name in ("time_ns", "monotonic"):
            monkeypatch.setattr(clock_module, name, getattr(self, name))
        monkeypatch.setattr(clock_module, "_WITH_SLEEP", 7 if counts_sleep else None)
        self.set: list[int] = []
        self.clock = SystemClock()
        self.clock.was_set.add(self.set.append)

    def time_ns(self) -> int:
        return round(self.wall_s * 1e9)

    def monotonic(self) -> float:
        return self.awake_s

    def clock_gettime(self, number: int) -> float:
        assert number == 7
        return self.awake_s + self.asleep_s

    def run(self, seconds: float) -> None:
        self.wall_s += seconds
        self.awake_s += seconds

    def sleep(self, seconds: float) -> None:
        self.wall_s += seconds
        self.asleep_s += seconds


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> Computer:
    return Computer(monkeypatch)


@pytest.mark.parametrize("by_s", [7_200.0, -7_200.0, 11.0, -11.0])
def test_clock_that_is_set_is_told_once_and_before_the_answer(
    computer: Computer, by_s: float
) -> None:
    computer.run(60)
    computer.clock.now_ms()
    computer.wall_s += by_s
    assert computer.clock.now_ms() == round(computer.wall_s * 1000)
    assert computer.set == [by_s * 1000]
    computer.run(60)
    computer.clock.now_ms()
    assert len(computer.set) == 1


def test_sleep_of_the_computer_sets_no_clock(computer: Computer) -> None:
    computer.sleep(3_600)
    computer.clock.now_ms()
    assert computer.set == []
    assert computer.clock.asleep_s() == 3_600
    computer.sleep(600)
    computer.wall_s -= 7_200
    computer.clock.now_ms()
    assert computer.set == [-7_200_000]


def test_clock_that_is_slewed_by_seconds_is_none_that_was_set(computer: Computer) -> None:
    computer.run(86_400)
    computer.wall_s += 3
    computer.clock.now_ms()
    assert computer.set == []


def test_other_threads_leave_it_to_the_one_that_made_the_clock(computer: Computer) -> None:
    computer.wall_s += 3_600
    thread = threading.Thread(target=computer.clock.now_ms)
    thread.start()
    thread.join()
    assert computer.set == []
    computer.clock.now_ms()
    assert computer.set == [3_600_000]


def test_where_no_clock_counts_sleep_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    computer = Computer(monkeypatch, counts_sleep=False)
    computer.run(3_600)
    assert computer.clock.asleep_s() == 0
    computer.clock.now_ms()
    assert computer.set == []


def test_manual_clock_tells_what_sets_it_and_sleeps() -> None:
    clock, moved = ManualClock(1_000), list[int]()
    clock.was_set.add(moved.append)
    clock.sleep(2)
    assert (clock.now_ms(), clock.monotonic_s(), clock.asleep_s(), moved) == (3_000, 0, 2, [])
    clock.jump_wall(1)
    assert moved == [1_000]
