"""What was usual when, of many intervals at once, is what the fleet learns one by one."""

import random

import numpy as np
import pytest

from tests.unit.history.samples.pushes import T0
from tftmonitor.history.past import pace
from tftmonitor.history.past.pace import PaceLearner
from tftmonitor.model.fleet.cadence import Cadence, Pace


def intervals(name: str) -> list[int]:
    chance = random.Random(3)
    return {
        "jitter": [chance.randint(8_000, 14_000) for _ in range(500)],
        "silences": [10_000 if n % 90 else 3_600_000 for n in range(500)],
        "a habit": [10_000] * 40 + [900_000] * 60 + [10_000] * 60,
        "slower and slower": [10_000] * 40 + [round(10_000 * 1.4**n) for n in range(29)],
        "standing still": [0, 0, 10_000] * 30,
        "at once slower": [10_000] * 40 + [100_000] * 40,
    }[name]


@pytest.mark.parametrize(
    "name",
    ["jitter", "silences", "a habit", "slower and slower", "standing still", "at once slower"],
)
@pytest.mark.parametrize("size", [1, 20, 41, 1_000])
def test_is_what_the_fleet_learns(name: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_FEW", size)
    chance = random.Random(1)
    times = np.cumsum([T0, *intervals(name)])
    often = 1.0 if name == "slower and slower" else 0.9
    paces = np.array([Pace.DRIVING if chance.random() < often else Pace.PARKED for _ in times])
    dated = np.array([chance.random() <= often + 0.05 for _ in times])
    learner, cadence, expected = PaceLearner(), Cadence(), []
    last_ms, last_pace = None, Pace.PARKED
    for time_ms, each, is_dated in zip(times.tolist(), paces.tolist(), dated.tolist(), strict=True):
        if is_dated:
            if last_ms is not None and each == last_pace:
                cadence.learn(each, time_ms - last_ms)
            last_ms = time_ms
        last_pace = each
        expected.append(cadence.usual_ms(each))
    first = learner.learn(times[:41], paces[:41], dated[:41]).tolist()
    assert first + learner.learn(times[41:], paces[41:], dated[41:]).tolist() == expected
    assert learner.present_ms == expected[-1]
    assert learner.usual_ms(Pace.DRIVING) == cadence.usual_ms(Pace.DRIVING)
