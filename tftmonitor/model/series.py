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

_TIME = struct.Struct("<d")

CAPACITY = 20_000
KEEP_S = 6 * 3600.0
# Samples a block. Blocks never grow, which leaves no holes in memory, and one that has had its
# time becomes the next one.
BLOCK = 64
_FIRST_BLOCK = 16
# Input texts are the server's, so what is remembered of them is bounded.
_WORDS_KEPT = 10_000


class SampleRing:
    """The newest samples of one device, sorted by time, at most ``CAPACITY`` and ``KEEP_S``.

    ``times`` are seconds since 1970 UTC, shape (n,); ``values`` (channels, n), NaN for unknown;
    ``states`` and ``known`` (n,), a bit a lane. Each is a copy.

    Samples are packed records in blocks: packing one costs a third of writing it into arrays,
    and a device that has said little takes little.
    """

    __slots__ = (
        "_block",
        "_capacity",
        "_count",
        "_dtype",
        "_last_s",
        "_pack",
        "_place",
        "_size",
        "_whole",
        "_width",
        "added",
    )

    def __init__(self, channels: int, capacity: int = CAPACITY) -> None:
        self._pack, self._dtype = _record(channels)
        self._width = self._pack.size
        self._capacity = capacity
        self._size = max(1, min(BLOCK, capacity // 4)) * self._width
        self._last_s = -math.inf
        self.added = 0
        # Full blocks, samples in them, and the block that is being filled, up to ``_place``.
        self._whole: list[bytearray] = []
        self._count = 0
        self._block = bytearray(min(_FIRST_BLOCK * self._width, self._size))
        self._place = 0

    def __len__(self) -> int:
        return self._count + self._place // self._width

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
        self.added += 1
        place = self._place
        if place == len(self._block):
            self._begin_block(time_s)
            place = self._place
        if time_s < self._last_s:
            self._insert(self._pack.pack(time_s, *values, states, known))
            return
        self._last_s = time_s
        self._pack.pack_into(self._block, place, time_s, *values, states, known)
        self._place = place + self._width

    def _records(self) -> npt.NDArray[Any]:
        newest = memoryview(self._block)[: self._place]
        return np.frombuffer(b"".join([*self._whole, newest]), self._dtype)

    def _begin_block(self, time_s: float) -> None:
        """Make room for a sample of this time: drop blocks that are too many or too old."""
        self._whole.append(self._block)
        self._count += self._place // self._width
        self._place = 0
        free = bytearray()
        while self._whole and self._is_over(self._whole[0], time_s):
            free = self._whole.pop(0)
            self._count -= len(free) // self._width
        self._block = free if len(free) == self._size else bytearray(self._size)

    def _is_over(self, block: bytearray, time_s: float) -> bool:
        (newest_s,) = _TIME.unpack_from(block, len(block) - self._width)
        held = self._count + self._size // self._width
        return bool(newest_s < time_s - KEEP_S or held > self._capacity)

    def _insert(self, record: bytes) -> None:
        """Put a late record in its place; all that follow move, the last one into the room left."""
        (time_s,) = _TIME.unpack_from(record)
        place = int(np.searchsorted(self.times, time_s, side="right"))
        width = self._width
        at = place * width
        for block in self._whole:
            if at < len(block):
                record = _shift(block, at, len(block), record)
            at = max(0, at - len(block))
        self._place += width
        _shift(self._block, at, self._place, record)


def _shift(block: bytearray, start: int, end: int, record: bytes) -> bytes:
    """Put a record at ``start``; the one that falls out at ``end``."""
    width = len(record)
    last = bytes(block[end - width : end])
    block[start + width : end] = block[start : end - width]
    block[start : start + width] = record
    return last


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
