"""Timed values in memory: one ring a device, and the reader that fills it from a status."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tftmonitor.model.field import Field, parse_pins
from tftmonitor.model.plot import SeriesLayout

FloatArray = npt.NDArray[np.float32]
TimeArray = npt.NDArray[np.float64]
WordArray = npt.NDArray[np.uint16]

CAPACITY = 20_000
KEEP_S = 6 * 3600.0
_FIRST_SIZE = 16


class SampleRing:
    """The newest samples of one device, sorted by time, at most ``CAPACITY`` and ``KEEP_S``.

    ``times`` are seconds since 1970 UTC, shape (n,); ``values`` (channels, n), NaN for unknown;
    ``states`` and ``known`` (n,), a bit a lane. The views are valid until the next ``add``.
    """

    __slots__ = ("_capacity", "_count", "_known", "_states", "_times", "_values", "added")

    def __init__(self, channels: int, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._count = 0
        self.added = 0
        size = min(_FIRST_SIZE, capacity)
        self._times: TimeArray = np.empty(size)
        self._values: FloatArray = np.empty((channels, size), np.float32)
        self._states: WordArray = np.empty(size, np.uint16)
        self._known: WordArray = np.empty(size, np.uint16)

    def __len__(self) -> int:
        return self._count

    @property
    def times(self) -> TimeArray:
        """Sample times in seconds, rising."""
        return self._times[: self._count]

    @property
    def values(self) -> FloatArray:
        """Values by channel and sample."""
        return self._values[:, : self._count]

    @property
    def states(self) -> WordArray:
        """Lane bits that are on."""
        return self._states[: self._count]

    @property
    def known(self) -> WordArray:
        """Lane bits that were known at all."""
        return self._known[: self._count]

    def add(self, time_s: float, values: tuple[float, ...], states: int, known: int) -> None:
        """Put one sample in its place; a late one goes between those already there."""
        if self._count == len(self._times):
            self._make_room(time_s)
        count = self._count
        times = self._times
        place = count
        if count and time_s < times[count - 1]:
            place = int(np.searchsorted(times[:count], time_s, side="right"))
            for array in (times, self._states, self._known):
                array[place + 1 : count + 1] = array[place:count]
            self._values[:, place + 1 : count + 1] = self._values[:, place:count]
        times[place] = time_s
        self._values[:, place] = values
        self._states[place] = states
        self._known[place] = known
        self._count = count + 1
        self.added += 1

    def _make_room(self, time_s: float) -> None:
        count = self._count
        oldest = int(np.searchsorted(self._times[:count], time_s - KEEP_S))
        if count >= self._capacity:
            # A quarter at once, so that moving the rest costs little per sample.
            oldest = max(oldest, count // 4, 1)
        if oldest * 4 < count and count < self._capacity:
            size = min(self._capacity, count + max(count // 2, _FIRST_SIZE))
            oldest = 0
        else:
            size = len(self._times)
        kept = slice(oldest, count)
        self._times = _resized(self._times[kept], size)
        self._states = _resized(self._states[kept], size)
        self._known = _resized(self._known[kept], size)
        values = np.empty((len(self._values), size), np.float32)
        values[:, : count - oldest] = self._values[:, kept]
        self._values = values
        self._count = count - oldest


def _resized(kept: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    array = np.empty(size, kept.dtype)
    array[: len(kept)] = kept
    return array


class SampleReader:
    """Reads the channels and lanes of a layout out of statuses; remembers lane words."""

    def __init__(self, layout: SeriesLayout) -> None:
        self._layout = layout
        self._channels = layout.channels
        self._lane_raws = tuple(field.raw for field in layout.lane_fields)
        self._words: dict[tuple[Any, ...], tuple[int, int]] = {}

    def values(self, status: Any) -> tuple[float, ...]:
        """One float a channel, NaN for what is unknown."""
        return tuple([_number(field, status) for field in self._channels])

    def lane_words(self, status: Any) -> tuple[int, int]:
        """The state word and the word of known lanes."""
        raws = tuple([raw(status) for raw in self._lane_raws])
        words = self._words.get(raws)
        if words is None:
            if len(self._words) > 10_000:
                self._words.clear()
            words = self._words[raws] = self._examine_lanes(status)
        return words

    def _examine_lanes(self, status: Any) -> tuple[int, int]:
        states = known = 0
        for lane in self._layout.lanes:
            value = lane.field.read(status, 0)
            if value is None:
                continue
            if lane.pin is None:
                level: bool | None = bool(value)
            else:
                level = parse_pins(str(value)).get(lane.pin)
            if level is not None:
                known |= 1 << lane.bit
                states |= int(level) << lane.bit
        return states, known


def _number(field: Field, status: Any) -> float:
    value = field.read(status, 0)
    return np.nan if value is None else float(value)
