"""The plots of one device: states that change each second, stretches of which nothing is known."""

import math
from datetime import UTC

from tests.cliffs.situation import Act, Situation, new_harness
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fleet.cadence import UsualIntervals
from tftmonitor.model.fleet.series import SampleRing
from tftmonitor.ui.plots.pane import PlotStack

_HOURS_6 = 21_600
_NOW_S = 1_795_212_060.0
_STEP_S = 1.2


def _stack(states: int) -> tuple[PlotStack, SampleRing]:
    """Six hours of samples; these bits of their states change with each."""
    harness = new_harness()
    stack = harness.show(PlotStack(), 1_200, 800)
    ring = SampleRing(len(SERIES.channels))
    for number in range(int(_HOURS_6 / _STEP_S)):
        _add(ring, _NOW_S - _HOURS_6 + number * _STEP_S, number, states)
    stack.set_device("VAN", ring, UTC, UsualIntervals(_STEP_S))
    stack.set_window(_HOURS_6)
    return stack, ring


def _add(ring: SampleRing, time_s: float, number: int, states: int) -> None:
    values = [math.sin(number / 50 + channel) * 10 for channel in range(len(SERIES.channels))]
    ring.add(time_s, values, states if number % 2 else 0, states)


def _live(lanes: int) -> Act:
    bits = sum(1 << lane.bit for lane in SERIES.lanes[:lanes])
    stack, ring = _stack(bits)
    stack.refresh(_NOW_S)

    def sample(turn: int) -> None:
        now_s = _NOW_S + (turn + 1) * 20
        _add(ring, now_s, turn, bits)
        stack.refresh(now_s)

    return sample


def _pan(blind: int) -> Act:
    stack, _ = _stack(1)
    step_s = _HOURS_6 / blind
    starts = [_NOW_S - _HOURS_6 + number * step_s for number in range(blind)]
    stack.set_blind([(start_s, start_s + step_s / 2) for start_s in starts])
    stack.refresh(_NOW_S)

    def pan(turn: int) -> None:
        stack._navigator.pan(-60.0 if turn % 2 else 60.0)

    return pan


SITUATIONS = (
    Situation(
        "six hours of states that change each second, live", "lanes", (1, 5, 13), 13, _live, (1, 10)
    ),
    Situation(
        "blind intervals in view, panned",
        "intervals",
        (100, 1_000, 10_000),
        2_000,
        _pan,
        (100, 1_000),
    ),
)
