import random

from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from tftmonitor.protocol.backoff import Backoff


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


@settings(deadline=None)
@given(st.integers(), st.integers(0, 2_000))
def test_delay_is_never_under_half_a_second_nor_over_a_minute(seed: int, attempts: int) -> None:
    backoff = Backoff(random.Random(seed))
    for _ in range(attempts % 200):
        assert 0.5 <= backoff.next_delay_s() <= 60.0


def test_two_desks_do_not_come_back_at_the_same_moment() -> None:
    first = [Backoff(random.Random(1)).next_delay_s() for _ in range(3)]
    second = [Backoff(random.Random(2)).next_delay_s() for _ in range(3)]
    assert first != second
    assert len({Backoff().next_delay_s() for _ in range(8)}) > 1
