"""The time of a replay: how fast it runs, and that it goes no further than what was played."""

from tftmonitor.monitor.replay.replay_clock import ReplayClock

T0 = 1_795_000_000_000


class Seconds:
    """Seconds of the computer, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def make() -> tuple[ReplayClock, Seconds]:
    seconds = Seconds()
    return ReplayClock(T0, seconds), seconds


def test_clock_stands_until_it_runs() -> None:
    clock, seconds = make()
    seconds.now += 5
    assert not clock.is_running
    assert (clock.now_ms(), clock.due_ms) == (T0, T0)


def test_clock_is_due_at_its_speed_and_says_only_how_far_it_was_moved() -> None:
    clock, seconds = make()
    clock.set_speed(60)
    clock.run()
    seconds.now += 2
    assert clock.due_ms == T0 + 120_000
    assert clock.now_ms() == T0
    clock.move_to(T0 + 90_000)
    assert clock.now_ms() == T0 + 90_000


def test_clock_never_goes_back() -> None:
    clock, _ = make()
    clock.move_to(T0 + 500)
    clock.move_to(T0 + 100)
    assert clock.now_ms() == T0 + 500


def test_other_speed_holds_from_where_it_is() -> None:
    clock, seconds = make()
    clock.run()
    seconds.now += 10
    clock.move_to(T0 + 10_000)
    clock.set_speed(600)
    seconds.now += 1
    assert clock.speed == 600
    assert clock.due_ms == T0 + 10_000 + 600_000


def test_clock_that_runs_is_not_begun_anew_by_running() -> None:
    clock, seconds = make()
    clock.run()
    seconds.now += 1
    clock.run()
    assert clock.due_ms == T0 + 1_000


def test_standing_clock_makes_nothing_up() -> None:
    clock, seconds = make()
    clock.run()
    seconds.now += 3
    clock.stand()
    seconds.now += 100
    clock.run()
    assert clock.due_ms == T0


def test_people_see_by_the_seconds_of_the_computer_and_no_sleep_is_told() -> None:
    clock, seconds = make()
    seconds.now = 123.5
    assert clock.monotonic_s() == 123.5
    assert clock.asleep_s() == 0
