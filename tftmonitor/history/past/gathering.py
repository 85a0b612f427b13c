"""Puts together what is read of a stretch of time, and keeps it small: raw where it is little."""

from typing import Final

import numpy as np

from tftmonitor.history.past.sampling import PastSamples
from tftmonitor.history.past.thinning import thinned
from tftmonitor.history.samples.stored import HistoryError
from tftmonitor.model.fields.plausibility import LEFT_OUT
from tftmonitor.model.fleet.samples.left_out import filled_states

RAW_ROWS: Final = 20_000
"""Up to so many samples nothing is left away: as many as memory has of a device."""
MOST_ROWS: Final = 4_000_000
_RAW_A_PIXEL: Final = 8


class Gatherer:
    """Takes samples from ``start_ms`` to ``end_ms``, and those beside it.

    Beyond what can be seen on so many ``pixels`` it keeps the first, lowest, highest and last of
    each; None keeps all, up to ``MOST_ROWS``.
    """

    def __init__(self, start_ms: int, end_ms: int, pixels: int | None) -> None:
        self._start_ms, self._end_ms = start_ms, end_ms
        self._pixels = pixels
        self._limit = MOST_ROWS if pixels is None else max(RAW_ROWS, _RAW_A_PIXEL * pixels)
        self._parts: list[PastSamples] = []
        self._count = 0
        self._last: PastSamples | None = None
        self.is_thinned = False

    def add(self, samples: PastSamples) -> None:
        """Take some more, in the order of their receipt. Raises HistoryError for too many."""
        self._count += len(samples.times_ms)
        if self.is_thinned:
            self._parts.append(self._thinned(samples))
            return
        self._parts.append(samples)
        if self._count > self._limit:
            if self._pixels is None:
                raise HistoryError(
                    f"More than {MOST_ROWS:,} samples are too many at once: ask for less time."
                )
            self.is_thinned = True
            self._parts = [self._thinned(part) for part in self._parts]

    def result(self) -> PastSamples | None:
        """All by time, with one before the start and one after the end; None without any."""
        if not self._parts:
            return None
        samples = by_time(join(self._parts))
        if self.is_thinned:
            assert self._pixels is not None
            samples = thinned(samples, self._start_ms, self._end_ms, self._pixels)
        first = int(np.searchsorted(samples.times_ms, self._start_ms))
        last = int(np.searchsorted(samples.times_ms, self._end_ms, side="right"))
        begin = max(first - 1, 0)
        seen = samples.pick(slice(begin, last + 1))
        if first > 0:
            # What the one before the edge left out holds from before it.
            before = filled(samples.pick(slice(0, first))).pick(slice(first - 1, first))
            seen = join([before, seen.pick(slice(1, None))])
        return seen

    def _thinned(self, samples: PastSamples) -> PastSamples:
        assert self._pixels is not None
        ordered = by_time(samples)
        held = filled(ordered if self._last is None else join([self._last, ordered]))
        held = held if self._last is None else held.pick(slice(1, None))
        self._last = held.pick(slice(-1, None))
        return thinned(held, self._start_ms, self._end_ms, self._pixels)


def join(parts: list[PastSamples]) -> PastSamples:
    """These one behind the other."""
    if len(parts) == 1:
        return parts[0]
    return PastSamples(*(np.concatenate(columns, axis=-1) for columns in zip(*parts, strict=True)))


def by_time(samples: PastSamples) -> PastSamples:
    """The same in the order of their times; of equal ones what came first is first."""
    times_ms = samples.times_ms
    if bool(np.all(times_ms[1:] >= times_ms[:-1])):
        return samples
    return samples.pick(np.argsort(times_ms, kind="stable"))


def filled(samples: PastSamples) -> PastSamples:
    """By time, with what was left out taken from before, and the time that it is from."""
    states, known = filled_states(samples.states, samples.known)
    values, since_ms, is_left_out = samples.values, samples.since_ms, samples.values == LEFT_OUT
    if is_left_out.any():
        places = np.where(is_left_out, 0, np.arange(values.shape[1]))
        places = np.maximum.accumulate(places, axis=1)
        values = np.take_along_axis(values, places, axis=1)
        values[values == LEFT_OUT] = np.nan
        since_ms = np.take_along_axis(since_ms, places, axis=1)
    return samples._replace(values=values, since_ms=since_ms, states=states, known=known)
