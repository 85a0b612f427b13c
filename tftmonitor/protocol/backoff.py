"""How long to wait before the next attempt."""

import random

FIRST_S = 1.0
LONGEST_S = 60.0
# A connection that lived this long was a good one: the next trouble starts afresh.
STABLE_S = 60.0
# Half up to whole, so that many desks do not come back in the same second.
_JITTER = 0.5


class Backoff:
    """1, 2, 4 ... 60 s with jitter."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self._chance = chance or random.Random()  # noqa: S311 - spreads load, guards nothing
        self._attempts = 0

    def next_delay_s(self) -> float:
        """Seconds to wait now; longer at each call until ``reset``."""
        whole = min(LONGEST_S, FIRST_S * float(2**self._attempts))
        self._attempts = min(self._attempts + 1, 16)
        return whole * (1 - _JITTER * self._chance.random())

    def reset(self) -> None:
        """Start again at the first delay."""
        self._attempts = 0
