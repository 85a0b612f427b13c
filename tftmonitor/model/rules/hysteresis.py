"""When a rule begins and ends to hold: bands with hysteresis, and the machine with hold time."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tftmonitor.base.clock import HOUR_MS
from tftmonitor.model.fields.field import Value

# What a value means to a rule. Plain numbers: one is made for each rule with every snapshot.
OUT: Final = 0
BETWEEN: Final = 1
IN: Final = 2

ALWAYS_MS: Final = 1 << 62
"""Until then is known what does not grow old: records and links are told when they change."""

LONGEST_GAP_MS: Final = HOUR_MS
"""A value that comes back after longer has not been held meanwhile."""

Judge = Callable[[Any], int]


class Transition(enum.Enum):
    """What a rule does when a value comes in."""

    RAISE = "raise"
    RETURN = "return"


_RAISED: Final = (Transition.RAISE,)
_RETURNED: Final = (Transition.RETURN,)
_BOTH: Final = (Transition.RAISE, Transition.RETURN)


@dataclass(frozen=True, slots=True)
class Band:
    """A value is IN beyond ``enter``, OUT from ``leave`` back, BETWEEN in between.

    A flag is a value of 0 or 1.
    """

    enter: float
    leave: float
    above: bool

    def judge(self) -> Judge:
        """A function that judges one known value."""
        enter, leave = self.enter, self.leave
        if self.above:
            return lambda value: IN if value > enter else OUT if value <= leave else BETWEEN
        return lambda value: IN if value < enter else OUT if value >= leave else BETWEEN

    def judge_all(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.int8]:
        """The judgements of known values, shape (n,)."""
        judged = np.full(len(values), BETWEEN, np.int8)
        judged[values <= self.leave if self.above else values >= self.leave] = OUT
        judged[values > self.enter if self.above else values < self.enter] = IN
        return judged


class RuleState:
    """One rule for one device: how long it has held, and whether it has raised.

    A value holds until the next, as in the plots. An unknown value is not given here at all, so
    that it neither raises nor returns. All times of one state are of one clock, but for
    ``known_until_ms``: until then, by our clock, its value is young enough to be true.
    ``in_doubt`` when it stands and its value was not.
    """

    __slots__ = ("in_doubt", "known_until_ms", "since_ms", "standing", "value")

    def __init__(self) -> None:
        self.standing = False
        self.since_ms: int | None = None
        self.value: Value = None
        self.known_until_ms = ALWAYS_MS
        self.in_doubt = False

    @property
    def is_idle(self) -> bool:
        """True when nothing would be lost by forgetting this state."""
        return not self.standing and self.since_ms is None

    def move(self, by_ms: int) -> None:
        """Take its times to a clock that says so much (ms) more."""
        if self.since_ms is not None:
            self.since_ms += by_ms
        if self.known_until_ms != ALWAYS_MS:
            self.known_until_ms += by_ms

    def advance(self, at_ms: int, hold_ms: int) -> bool:
        """Time went on; True when the hold time is over by that, and the rule raises."""
        if self.standing or self.since_ms is None or at_ms - self.since_ms < hold_ms:
            return False
        self.standing = True
        return True

    def step(
        self, judged: int, value: Value, at_ms: int, hold_ms: int, lag_ms: int = 0
    ) -> tuple[Transition, ...]:
        """A new value. What held long enough until then raises first, even if it is over now.

        ``lag_ms`` is how much later than its own time it came in.
        """
        if self.since_ms is not None and at_ms < self.since_ms:
            self.since_ms = at_ms  # of another clock: it holds since now
        known_ms = self.known_until_ms - lag_ms
        if not self.standing and at_ms - known_ms > LONGEST_GAP_MS:
            self.since_ms = None
        # Two values beyond the limit were so in between; one alone while it is known.
        raised = self.advance(at_ms if judged == IN else min(at_ms, known_ms), hold_ms)
        if judged == IN:
            self.value = value
            if self.since_ms is None:
                self.since_ms = at_ms
                raised = self.advance(at_ms, hold_ms)
        elif judged == OUT:
            self.since_ms = None
            if self.standing:
                self.standing = False
                return _BOTH if raised else _RETURNED
        elif not self.standing:
            self.since_ms = None
        return _RAISED if raised else ()
