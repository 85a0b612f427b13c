"""Timed values in memory: one ring a device, and the reader that fills it from a status."""

import functools
import math
import struct
import sys
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from tftmonitor.model.field import Field, FieldKind, parse_pins
from tftmonitor.model.plot import SeriesLayout

FloatArray = npt.NDArray[np.float32]
TimeArray = npt.NDArray[np.float64]
WordArray = npt.NDArray[np.uint16]

CAPACITY = 20_000
KEEP_S = 6 * 3600.0
_FIRST_SIZE = 16
# Room for a sixteenth more, to which the buffer adds an eighth of its own accord: what is moved
# stays cheap, and little is held that holds nothing.
_GROWTH = 16
# Input texts are the server's, so what is remembered of them is bounded.
_WORDS_KEPT = 10_000


class SampleRing:
    """The newest samples of one device, sorted by time, at most ``CAPACITY`` and ``KEEP_S``.

    ``times`` are seconds since 1970 UTC, shape (n,); ``values`` (channels, n), NaN for unknown;
    ``states`` and ``known`` (n,), a bit a lane. The views are valid until the next ``add``.

    Samples are packed records in one buffer: packing one costs a third of writing it into
    arrays, and a device that has said little takes little.
    """

    __slots__ = ("_buffer", "_capacity", "_count", "_dtype", "_last_s", "_pack", "_width", "added")

    def __init__(self, channels: int, capacity: int = CAPACITY) -> None:
        self._pack, self._dtype = _record(channels)
        self._width = self._pack.size
        self._capacity = capacity
        self._count = 0
        self._last_s = -math.inf
        self.added = 0
        self._buffer = bytearray(min(_FIRST_SIZE, capacity) * self._width)

    def __len__(self) -> int:
        return self._count

    @property
    def times(self) -> TimeArray:
        """Sample times in seconds, rising."""
        times: TimeArray = self._records()["time"]
        return times

    @property
    def values(self) -> FloatArray:
        """Values by channel and sample."""
        values: FloatArray = self._records()["values"].T
        return values

    @property
    def states(self) -> WordArray:
        """Lane bits that are on."""
        states: WordArray = self._records()["states"]
        return states

    @property
    def known(self) -> WordArray:
        """Lane bits that were known at all."""
        known: WordArray = self._records()["known"]
        return known

    def add(self, time_s: float, values: Sequence[float], states: int, known: int) -> None:
        """Put one sample in its place; a late one goes between those already there."""
        width = self._width
        if self._count * width == len(self._buffer):
            self._make_room(time_s)
        end = self._count * width
        place = end
        if time_s < self._last_s:
            place = int(np.searchsorted(self.times, time_s, side="right")) * width
            self._buffer[place + width : end + width] = self._buffer[place:end]
        else:
            self._last_s = time_s
        self._pack.pack_into(self._buffer, place, time_s, *values, states, known)
        self._count += 1
        self.added += 1

    def _records(self) -> npt.NDArray[Any]:
        return np.frombuffer(self._buffer, self._dtype, self._count)

    def _make_room(self, time_s: float) -> None:
        count, width = self._count, self._width
        oldest = int(np.searchsorted(self.times, time_s - KEEP_S))
        if count >= self._capacity:
            # A quarter at once, so that moving the rest costs little per sample.
            oldest = max(oldest, count // 4, 1)
        elif oldest * 4 < count:
            oldest = 0
        size = len(self._buffer) // width
        if not oldest:
            size = min(self._capacity, count + max(count // _GROWTH, _FIRST_SIZE))
            if self._extend(size * width - len(self._buffer)):
                return
        kept = self._buffer[oldest * width : count * width]
        self._buffer = kept + bytearray(size * width - len(kept))
        self._count = count - oldest

    def _extend(self, more: int) -> bool:
        """Grow in place, which leaves no holes in memory; False while somebody looks on."""
        try:
            self._buffer += bytes(more)
        except BufferError:
            return False
        return True


@functools.cache
def _record(channels: int) -> tuple[struct.Struct, npt.DTypeLike]:
    """How one sample lies in the buffer."""
    layout = [("time", "<f8"), ("values", "<f4", (channels,)), ("states", "<u2"), ("known", "<u2")]
    return struct.Struct(f"<d{channels}fHH"), np.dtype(layout)


class SampleReader:
    """Reads the channels and lanes of a layout out of statuses; remembers lane words."""

    def __init__(self, layout: SeriesLayout) -> None:
        self._layout = layout
        self._channels = [(field.raw, field.read, *_sound(field)) for field in layout.channels]
        names = [field.name for field in layout.lane_fields]
        self._lane_raws: Callable[[Any], Any] = attrgetter(*names) if names else _no_lanes
        self._words: dict[Any, tuple[int, int]] = {}

    def values(self, status: Any) -> list[float]:
        """One float a channel, NaN for what is unknown."""
        return [
            value + 0.0  # which turns -0.0 into 0.0
            if (value := raw(status)).__class__ is float
            and low <= value <= high
            and value not in unknown
            else _or_nan(read(status, 0))
            for raw, read, low, high, unknown in self._channels
        ]

    def lane_words(self, status: Any) -> tuple[int, int]:
        """The state word and the word of known lanes."""
        raws = self._lane_raws(status)
        words = self._words.get(raws)
        if words is None:
            if len(self._words) > _WORDS_KEPT:
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


def _sound(field: Field) -> tuple[float, float, tuple[float, ...]]:
    """Lowest, highest and excepted values that ``Field.read`` hands out as they are."""
    spec = field.spec
    if spec.kind is not FieldKind.NUMBER or spec.void is not None:
        return math.inf, -math.inf, ()
    largest = sys.float_info.max
    low, high = max(spec.low, -largest), min(spec.high, largest)
    return low, high, tuple(value for value in spec.unknown if low <= value <= high)


def _or_nan(value: Any) -> float:
    return math.nan if value is None else float(value)


def _no_lanes(_status: Any) -> tuple[()]:
    return ()
