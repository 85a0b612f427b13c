"""What goes wrong in a soak, and when: drawn from a seed, so that it can happen again."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

# How often each comes beside the others; those that end the program come in the first half only.
_WEIGHTS = {
    "drop": 4,
    "goodbye": 2,
    "stall": 2,
    "down": 2,
    "refuse": 2,
    "burst": 4,
    "lock": 2,
    "full": 2,
    "clock": 3,
    "stop": 3,
    "sleep": 1,
    "notices": 2,
    "tray": 1,
    "kill": 3,
}
_LONGEST_GAP_S, _SHORTEST_GAP_S = 9.0, 3.0
# Real seconds, or how many.
_AMOUNTS = {
    "stall": (1.0, 6.0),
    "down": (0.5, 5.0),
    "refuse": (1.0, 2.0),
    "burst": (5.0, 60.0),
    "lock": (0.5, 6.0),
    "full": (0.5, 6.0),
    "clock": (-7_200.0, 7_200.0),
    "stop": (0.3, 3.0),
    "sleep": (9.0, 12.0),
    "notices": (0.5, 4.0),
    "tray": (0.5, 4.0),
}
KINDS = tuple(_WEIGHTS)


@dataclass(frozen=True, slots=True)
class SoakFault:
    """``after_s`` real seconds after the one before; ``amount`` is a length, a number or a time."""

    kind: str
    after_s: float
    amount: float = 0.0


def faults(seed: int, seconds: float) -> Iterator[SoakFault]:
    """Those of a soak of so many real seconds; none in its last half minute."""
    draw = random.Random(seed)
    passed_s = 0.0
    while True:
        after_s = draw.uniform(_SHORTEST_GAP_S, _LONGEST_GAP_S)
        passed_s += after_s
        if passed_s > seconds - 30:
            return
        weights = [0 if k == "kill" and passed_s > seconds / 2 else w for k, w in _WEIGHTS.items()]
        kind = draw.choices(KINDS, weights)[0]
        low, high = _AMOUNTS.get(kind, (0.0, 0.0))
        amount = round(draw.uniform(low, high), 1)
        passed_s += amount if kind not in {"clock", "burst", "refuse"} else 0
        yield SoakFault(kind, after_s, amount)


def each_kind(seed: int) -> Iterator[SoakFault]:
    """Every kind once, in a drawn order, with its least amount."""
    kinds = list(KINDS)
    random.Random(seed).shuffle(kinds)
    for kind in kinds:
        yield SoakFault(kind, 1.0, _AMOUNTS.get(kind, (0.0, 0.0))[0])
