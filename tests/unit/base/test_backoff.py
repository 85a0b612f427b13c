import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from tftmonitor.base.backoff import STABLE_S, Backoff


class WholeDelays(random.Random):
    @override
    def random(self) -> float:
        return 0.0


def test_delays_double_from_one_second_to_sixty() -> None:
    backoff = Backoff(WholeDelays())
    delays = [backoff.next_delay_s() for _ in range(9)]
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_reset_begins_again_at_the_first_delay() -> None:
    backoff = Backoff(WholeDelays())
    for _ in range(5):
        backoff.next_delay_s()
    backoff.reset()
    assert backoff.next_delay_s() == 1


@pytest.mark.parametrize(("lasted_s", "next_s"), [(STABLE_S - 0.1, 8.0), (STABLE_S, 1.0)])
def test_only_a_stable_run_begins_again_at_the_first_delay(lasted_s: float, next_s: float) -> None:
    backoff = Backoff(WholeDelays())
    for _ in range(3):
        backoff.next_delay_s()
    backoff.note_run(lasted_s)
    assert backoff.next_delay_s() == next_s


@settings(deadline=None)
@given(st.integers(), st.integers(1, 200))
def test_delay_is_never_under_half_a_second_nor_over_a_minute(seed: int, attempts: int) -> None:
    backoff = Backoff(random.Random(seed))
    delays = [backoff.next_delay_s() for _ in range(attempts)]
    assert min(delays) >= 0.5
    assert max(delays) <= 60.0


def test_delays_without_jitter_are_exact_and_on_the_asked_scale() -> None:
    backoff = Backoff(random.Random(1), jitter=0, first_s=0.25, longest_s=1.5, stable_s=3)
    assert [backoff.next_delay_s() for _ in range(4)] == [0.25, 0.5, 1.0, 1.5]
    backoff.note_run(3)
    assert backoff.next_delay_s() == 0.25


def test_two_desks_do_not_come_back_at_the_same_moment() -> None:
    first = [Backoff(random.Random(1)).next_delay_s() for _ in range(3)]
    second = [Backoff(random.Random(2)).next_delay_s() for _ in range(3)]
    assert first != second
    assert len({Backoff().next_delay_s() for _ in range(8)}) > 1


def test_thousands_of_attempts_still_have_a_delay() -> None:
    backoff = Backoff(WholeDelays())
    assert [backoff.next_delay_s() for _ in range(2_000)][-1] == 60


@given(seed=st.integers(0, 1_000), at_least_s=st.floats(0, 900))
def test_time_that_others_set_is_kept_and_little_exceeded(seed: int, at_least_s: float) -> None:
    delay_s = Backoff(random.Random(seed)).next_delay_s(at_least_s)
    assert at_least_s <= delay_s <= max(1.0, 1.1 * at_least_s)
