"""How long to wait before the next attempt: of a connection, or of a service that failed."""

import random
from typing import Final

FIRST_S: Final = 1.0
LONGEST_S: Final = 60.0
# What ran this long was sound: its next failure is a new one and starts at the first delay.
STABLE_S: Final = 60.0
# Half up to whole, so that many desks do not come back in the same second.
_JITTER: Final = 0.5
# A time that others set is never fallen short of.
_LATER: Final = 0.1
# Beyond it every delay is the longest, and 2 to the power of it is still a float.
_MOST_DOUBLINGS: Final = 16


class Backoff:
    """1, 2, 4 ... 60 s, each shortened by chance by up to ``jitter`` of it (0 for exact delays)."""

    def __init__(
        self,
        chance: random.Random | None = None,
        *,
        jitter: float = _JITTER,
        first_s: float | None = None,
        longest_s: float = LONGEST_S,
        stable_s: float | None = None,
    ) -> None:
        self._chance = chance or random.Random()  # noqa: S311 - spreads load, guards nothing
        self._jitter = jitter
        self._first_s = FIRST_S if first_s is None else first_s
        self._longest_s = longest_s
        self._stable_s = STABLE_S if stable_s is None else stable_s
        self._attempts = 0

    def next_delay_s(self, at_least_s: float = 0.0) -> float:
        """Seconds to wait now; longer at each call until ``reset``.

        Never less than ``at_least_s``, and by chance up to a tenth more than that.
        """
        whole_s = min(self._longest_s, self._first_s * float(2**self._attempts))
        self._attempts = min(self._attempts + 1, _MOST_DOUBLINGS)
        spread = self._chance.random()
        return max(whole_s * (1 - self._jitter * spread), at_least_s * (1 + _LATER * spread))

    def note_run(self, lasted_s: float) -> None:
        """What is tried ran for this long before it failed; a stable run resets the delay."""
        if lasted_s >= self._stable_s:
            self.reset()

    def reset(self) -> None:
        """Start again at the first delay."""
        self._attempts = 0
