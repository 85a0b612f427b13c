"""How often a device usually reported when it was recorded: as the fleet learns it."""

from copy import deepcopy
from typing import Final

import numpy as np
import numpy.typing as npt

from tftmonitor.history.past.raw_rows import Ints
from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fleet.cadence import LONGEST_MS, SHORTEST_MS, Cadence, Pace
from tftmonitor.model.fleet.motion import NOTHING

# What ``Cadence`` keeps of each pace, over which it takes the second longest.
_KEPT: Final = 16
_DOUBLINGS: Final = (1, 2, 4, 8)
# What it looks at more closely: there it is asked itself.
_NEVER_OVERDUE_MS: Final = 120_000
_LEAST_SPREAD: Final = 1.5
# So few are looked at one by one.
_FEW: Final = 256

_NEVER: Final = -1

_Mask = npt.NDArray[np.bool_]


class PaceLearner:
    """Learns from the live snapshots of one device, in order; all intervals are in ms.

    ``present_ms`` is the interval in force after the last of them.
    """

    def __init__(self) -> None:
        self._cadence = Cadence()
        self._last_ms: int | None = None
        self._pace: int = NOTHING.pace
        self.present_ms = self._cadence.usual_ms(Pace.PARKED)

    def usual_ms(self, pace: int) -> int:
        """The usual interval in a pace by now."""
        return self._cadence.usual_ms(pace)

    def learn(self, times_ms: Ints, paces: Ints, is_dated: _Mask) -> Ints:
        """The interval in force from each of these times on, shape (n,).

        Of the time of one that is not dated nothing is learned.
        """
        found = self._learn(times_ms, paces, is_dated, at_once=True)
        if found is not None:
            return found
        count = len(paces)
        if count <= _FEW:
            found = self._learn(times_ms, paces, is_dated, at_once=False)
            assert found is not None
            return found
        # Somewhere in it is what needs a closer look.
        halves = slice(0, count // 2), slice(count // 2, count)
        return np.concatenate([self.learn(times_ms[h], paces[h], is_dated[h]) for h in halves])

    def _learn(self, times_ms: Ints, paces: Ints, is_dated: _Mask, *, at_once: bool) -> Ints | None:
        times = np.append(_NEVER if self._last_ms is None else self._last_ms, times_ms)
        dated = np.append(True, is_dated)
        last_dated = np.maximum.accumulate(np.where(dated, np.arange(len(times)), 0))
        before_ms = times[last_dated[:-1]]
        # One over which the pace changed belongs to neither of the two.
        teaches = is_dated & (before_ms != _NEVER) & (paces == np.append(self._pace, paces[:-1]))
        learn = self._learn_at_once if at_once else self._learn_each
        found = learn(times_ms - before_ms, paces, teaches)
        if found is not None:
            self._last_ms, self._pace = int(times[last_dated[-1]]), int(paces[-1])
            self.present_ms = int(found[-1])
        return found

    def _learn_each(self, intervals: Ints, paces: Ints, teaches: _Mask) -> Ints:
        learn, usual_ms, found = self._cadence.learn, self._cadence.usual_ms, []
        rows = zip(intervals.tolist(), paces.tolist(), teaches.tolist(), strict=True)
        for interval_ms, pace, is_lesson in rows:
            if is_lesson:
                learn(pace, interval_ms)
            found.append(usual_ms(pace))
        return np.array(found, np.int64)

    def _learn_at_once(self, intervals: Ints, paces: Ints, teaches: _Mask) -> Ints | None:
        """The same of intervals of which none is overdue; None where one by one is safer."""
        trial = deepcopy(self._cadence)
        if trial.has_habits:
            return None
        kept, found = trial.export(), np.empty(len(paces), np.int64)
        for pace in Pace:
            is_of_it = paces == pace
            if not is_of_it.any():
                continue
            lessons = is_of_it & teaches & (intervals > 0) & (intervals <= LONGEST_MS)
            before, new = kept.get(pace.name.lower(), []), intervals[lessons]
            usual_ms = _usual_of(before, new, trial.usual_ms(pace))
            if usual_ms is None:
                return None
            for interval_ms in new[-_KEPT:].tolist():
                trial.learn(pace, interval_ms)
            if trial.usual_ms(pace) != usual_ms[-1]:
                return None
            found[is_of_it] = usual_ms[np.cumsum(lessons)[is_of_it]]
        self._cadence = trial
        return found


def _usual_of(before: list[int], new: Ints, present_ms: int) -> Ints | None:
    """What is usual now, and after each of the new intervals; None where they are no usual ones."""
    if len(before) < _KEPT:
        return None
    first, second = np.append(before, new), np.zeros(len(before) + len(new), np.int64)
    for step in _DOUBLINGS:
        low, high = first[:-step], first[step:]
        second = np.maximum(np.minimum(low, high), np.maximum(second[:-step], second[step:]))
        first = np.maximum(low, high)
    usual_ms = np.maximum(second, SHORTEST_MS)
    limits = np.maximum(OVERDUE_FACTOR * usual_ms[:-1], _NEVER_OVERDUE_MS)
    grows = usual_ms[1:] > np.rint(usual_ms[:-1] * _LEAST_SPREAD)
    if usual_ms[0] != present_ms or grows.any() or (new > limits).any():
        return None
    return np.asarray(usual_ms)
