"""Hysteresis and hold time: when a rule raises and when it returns."""

import numpy as np
import pytest

from tftmonitor.model.rules.hysteresis import BETWEEN, IN, OUT, Band, RuleState, Transition

RAISE, RETURN = Transition.RAISE, Transition.RETURN
BELOW = Band(11.5, 11.8, above=False)
ABOVE = Band(90.0, 85.0, above=True)


@pytest.mark.parametrize(
    ("band", "value", "judged"),
    [
        (BELOW, 11.49, IN),
        (BELOW, 11.5, BETWEEN),
        (BELOW, 11.79, BETWEEN),
        (BELOW, 11.8, OUT),
        (ABOVE, 90.1, IN),
        (ABOVE, 90.0, BETWEEN),
        (ABOVE, 85.1, BETWEEN),
        (ABOVE, 85.0, OUT),
        (Band(0.5, 0.5, above=True), True, IN),
        (Band(0.5, 0.5, above=True), False, OUT),
        (Band(0.5, 0.5, above=False), False, IN),
    ],
)
def test_value_is_in_beyond_the_limit_and_out_only_past_the_hysteresis(
    band: Band, value: float, judged: int
) -> None:
    assert band.judge()(value) == judged
    assert band.judge_all(np.array([float(value)])).tolist() == [judged]


def test_band_without_hysteresis_leaves_at_the_limit() -> None:
    assert Band(10, 10, above=True).judge()(10) == OUT
    assert Band(10, 10, above=True).judge_all(np.array([10.0])).tolist() == [OUT]


def test_raises_once_and_returns_once() -> None:
    state = RuleState()
    assert state.step(OUT, 12.6, 0, 0) == ()
    assert state.step(IN, 11.4, 1, 0) == (RAISE,)
    assert state.step(IN, 11.3, 2, 0) == ()
    assert state.value == 11.3
    assert state.step(BETWEEN, 11.6, 3, 0) == ()
    assert state.step(OUT, 12.0, 4, 0) == (RETURN,)
    assert state.step(OUT, 12.0, 5, 0) == ()
    assert state.is_idle


def test_hold_time_is_counted_from_the_first_value_that_is_in() -> None:
    state = RuleState()
    assert state.step(IN, 11.4, 1_000, 60_000) == ()
    assert state.step(IN, 11.3, 60_999, 60_000) == ()
    assert not state.is_idle
    assert state.step(IN, 11.3, 61_000, 60_000) == (RAISE,)


def test_time_alone_raises_once_when_the_hold_time_is_over() -> None:
    state = RuleState()
    assert not state.advance(5, 10)
    state.step(IN, 11.4, 0, 10)
    assert not state.advance(9, 10)
    assert state.advance(10, 10)
    assert not state.advance(11, 10)


@pytest.mark.parametrize("judged", [BETWEEN, OUT])
def test_a_value_at_the_limit_ends_a_hold_time_that_still_runs(judged: int) -> None:
    state = RuleState()
    state.step(IN, 11.4, 0, 60_000)
    assert state.step(judged, 11.6, 59_000, 60_000) == ()
    assert state.is_idle
    state.step(IN, 11.4, 59_500, 60_000)
    assert not state.advance(61_000, 60_000)


def test_what_held_until_the_next_value_raises_although_it_is_over_by_then() -> None:
    state = RuleState()
    state.step(IN, 11.4, 0, 60_000)
    assert state.step(OUT, 12.6, 300_000, 60_000) == (RAISE, RETURN)
    assert state.is_idle
    state.step(IN, 11.4, 400_000, 60_000)
    assert state.step(BETWEEN, 11.6, 500_000, 60_000) == (RAISE,)
