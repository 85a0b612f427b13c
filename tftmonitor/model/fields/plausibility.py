"""Which raw values of a field can be true: one rule, compiled once a field, in every speed.

``Field.examine`` asks it value by value and says why; ``compile_read`` and ``compile_samples``
are the short ways for what is read with every frame, ``Plausibility.mask`` is the one for a
column of a hundred thousand devices. All four must say the same, so they stand together.
"""

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from tftmonitor.base.clock import EARLIEST_TIME_MS, LATEST_AHEAD_MS

if TYPE_CHECKING:
    # The simulator reads the table of fields too, and starts sooner without numpy.
    import numpy as np
    import numpy.typing as npt

Value = float | int | bool | str | None
# A status may be of any class that spells out a table of fields.
Raw = Callable[[Any], Any]
Read = Callable[[Any, int], Value]
Void = Callable[[Any], bool]

_NAN = math.nan
# No value can be infinite, so it stands in a sample for what the frame did not carry.
LEFT_OUT = math.inf
_LARGEST = sys.float_info.max
# Samples are packed as 32 bits, into which no larger number goes.
_LARGEST_SAMPLE = (2 - 2.0**-23) * 2.0**127


class Plausibility:
    """The rule of one field.

    Bounds are finite, so that comparing finds NaN and the infinities as well. ``sentinels`` stand
    for "no reading", ``impossible`` are values within the bounds that cannot be one; ``void`` sees
    the whole status and says that the value there says nothing, which it can only of the values
    ``void_at``, or of any where that is None.
    """

    __slots__ = ("_follows_clock", "_high", "impossible", "low", "sentinels", "void", "void_at")

    def __init__(
        self,
        low: float = -math.inf,
        high: float = math.inf,
        sentinels: Sequence[float] = (),
        void: Void | None = None,
        void_at: Sequence[float] | None = None,
        impossible: Iterable[float] = (),
    ) -> None:
        self.low = max(low, -_LARGEST)
        self._high = min(high, _LARGEST)
        self._follows_clock = False
        self.sentinels = tuple(sentinels)
        self.void = void
        self.void_at = None if void_at is None else tuple(void_at)
        # The fewer there are, the sooner a column of them is through.
        self.impossible = frozenset(n for n in impossible if self.low <= n <= self._high)

    @classmethod
    def of_times(cls, sentinels: Sequence[float], void: Void | None) -> "Plausibility":
        """The rule of a time in ms: its upper bound goes with the clock."""
        rule = cls(EARLIEST_TIME_MS, LATEST_AHEAD_MS, sentinels, void)
        rule._follows_clock = True
        return rule

    def is_unknown(self, raw: Any, status: Any) -> bool:
        """True for a sentinel, and for a value that the rest of the status makes void."""
        if raw in self.sentinels:
            return True
        can_say = self.void_at is None or raw in self.void_at
        return self.void is not None and can_say and self.void(status)

    def is_possible(self, raw: float, now_ms: int) -> bool:
        """True when the value is finite, within the bounds and not excepted from them."""
        high = self._high + now_ms if self._follows_clock else self._high
        return self.low <= raw <= high and raw not in self.impossible

    def mask(
        self, values: "npt.NDArray[np.float64]", statuses: Sequence[Any], now_ms: int
    ) -> "npt.NDArray[np.bool_]":
        """Which values of a column are known, shape (n,); NaN is none."""
        high = self._high + now_ms if self._follows_clock else self._high
        known: npt.NDArray[np.bool_] = (values >= self.low) & (values <= high)
        for none in (*self.sentinels, *self.impossible):
            known &= values != none
        if self.void is not None:
            suspects = known
            if self.void_at is not None:
                suspects = known & reduce(or_, (values == value for value in self.void_at))
            for row in suspects.nonzero()[0].tolist():
                known[row] = not self.void(statuses[row])
        return known

    def plain(self) -> tuple[float, float, frozenset[float]]:
        """Lowest, highest and excepted values, all others between which are known at once."""
        if self.void is None:
            excepted = self.sentinels
        elif self.void_at is not None:
            excepted = (*self.sentinels, *self.void_at)
        else:
            return math.inf, -math.inf, frozenset()
        within = (n for n in excepted if self.low <= n <= self._high)
        return self.low, self._high, self.impossible.union(within)


def compile_read(raw: Raw, rule: Plausibility, examine: Read) -> Read:
    """A short way to a number's canonical value; whatever is not plainly known is examined."""
    low, high, excepted = rule.plain()

    def read(status: Any, now_ms: int) -> Value:
        value = raw(status)
        if value.__class__ is float and low <= value <= high and value not in excepted:
            return float(value + 0.0)  # which turns -0.0 into 0.0
        if value is UNSET or value is None:
            return None
        return examine(status, now_ms)

    return read


def compile_samples(
    sources: Iterable[tuple[Raw, Plausibility, Read]],
) -> Callable[[Any], list[float]]:
    """As ``compile_read`` for some fields at once, NaN for unknown, ``LEFT_OUT`` for absent.

    A number that 32 bits cannot hold is unknown, too.
    """
    compiled = [
        (raw, rule.is_unknown, examine, *_sample_bounds(rule)) for raw, rule, examine in sources
    ]

    # Half of the frames have a channel that says nothing (a 0 of what is not measured), so that
    # is asked before anything is worked out.
    def read_all(status: Any) -> list[float]:
        return [
            value + 0.0
            if (value := raw(status)).__class__ is float
            and low <= value <= high
            and value not in excepted
            else (
                LEFT_OUT
                if value is UNSET
                else _NAN
                if value is None or is_unknown(value, status)
                else _or_nan(examine(status, 0))
            )
            for raw, is_unknown, examine, low, high, excepted in compiled
        ]

    return read_all


def _or_nan(value: Value) -> float:
    return _NAN if value is None or not _fits(float(value)) else float(value)


def _fits(value: float) -> bool:
    return -_LARGEST_SAMPLE <= value <= _LARGEST_SAMPLE


def _sample_bounds(rule: Plausibility) -> tuple[float, float, frozenset[float]]:
    """Those of ``plain`` as far as a sample can hold them."""
    low, high, excepted = rule.plain()
    return max(low, -_LARGEST_SAMPLE), min(high, _LARGEST_SAMPLE), excepted
