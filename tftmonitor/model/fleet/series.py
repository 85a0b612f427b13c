"""Timed values in memory: one ring a device."""

import functools
import math
import struct
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tftmonitor.model.fleet.samples.left_out import filled_states, filled_values

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


class Samples(NamedTuple):
    """Samples sorted by time.

    ``times`` are seconds since 1970 UTC, shape (n,); ``values`` (channels, n), NaN for unknown;
    ``states`` and ``known`` (n,), a bit a lane. What a frame left out holds from before; ``since``
    (channels, n) is the time that each value is from.
    """

    times: TimeArray
    values: FloatArray
    states: WordArray
    known: WordArray
    since: TimeArray

    def pick(self, which: slice | npt.NDArray[Any]) -> "Samples":
        """Those that a slice, a mask (n,) or an order of places says."""
        return Samples(
            self.times[which],
            self.values[:, which],
            self.states[which],
            self.known[which],
            self.since[:, which],
        )

    def join(self, later: "Samples") -> "Samples":
        """These and then those, in arrays of their own."""
        return Samples(
            np.concatenate((self.times, later.times)),
            np.concatenate((self.values, later.values), axis=1),
            np.concatenate((self.states, later.states)),
            np.concatenate((self.known, later.known)),
            np.concatenate((self.since, later.since), axis=1),
        )


class SampleRing:
    """The newest samples of one device, sorted by time, at most ``CAPACITY`` and ``KEEP_S``.

    ``added`` is how many there ever were. Samples are packed records in blocks: packing one
    costs a third of writing it into arrays, and a device with few samples needs little memory.
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
    def oldest_s(self) -> float | None:
        """The time of the first sample, None before any."""
        block = self._whole[0] if self._whole else self._block
        return float(_TIME.unpack_from(block)[0]) if len(self) else None

    def samples(self) -> Samples:
        """A copy of all there are."""
        # Joining copies, which it has to: the ring goes on writing while a plot is drawn.
        newest = memoryview(self._block)[: self._place]
        records = np.frombuffer(b"".join([*self._whole, newest]), self._dtype)
        times = records["time"]
        values, since = filled_values(times, records["values"].T)
        states, known = filled_states(records["states"], records["known"])
        return Samples(times, values, states, known, since)

    def add(self, time_s: float, values: Sequence[float], states: int, known: int) -> None:
        """Put one sample in its place; a late one goes between those already there."""
        self.added += 1
        place = self._place
        if place == len(self._block):
            self._begin_block(time_s)
            place = self._place
        # Nearly every sample is the newest; only stored history that was sent late is sorted in.
        if time_s < self._last_s:
            self._insert(self._pack.pack(time_s, *values, states, known))
            return
        self._last_s = time_s
        self._pack.pack_into(self._block, place, time_s, *values, states, known)
        self._place = place + self._width

    def merge(self, other: "SampleRing") -> None:
        """Take over the samples of another ring of the same channels, each in its place."""
        parts = [*self._whole, self._block[: self._place]]
        parts += [*other._whole, other._block[: other._place]]  # noqa: SLF001 - of its own class
        records = np.frombuffer(b"".join(parts), self._dtype)
        if len(records) == len(self):
            return
        records = records[np.argsort(records["time"], kind="stable")]
        records = records[records["time"] >= records["time"][-1] - KEEP_S][-self._capacity :]
        ordered, size = records.tobytes(), self._size
        full = len(ordered) // size * size
        self._whole = [bytearray(ordered[at : at + size]) for at in range(0, full, size)]
        self._count = full // self._width
        self._place = len(ordered) - full
        self._block = bytearray(ordered[full:].ljust(size, b"\0"))
        self._last_s = float(records["time"][-1])
        self.added += other.added

    def _begin_block(self, time_s: float) -> None:
        """Make room for a sample of this time: drop blocks that are too many or too old."""
        self._whole.append(self._block)
        self._count += self._place // self._width
        self._place = 0
        # Too old or too many are whole blocks alone: dropping single samples would move all others.
        free = bytearray()
        while self._whole and self._is_over(self._whole[0], time_s):
            free = self._whole.pop(0)
            self._count -= len(free) // self._width
        # The dropped block becomes the next one, so that a long run frees and asks for nothing.
        self._block = free if len(free) == self._size else bytearray(self._size)

    def _is_over(self, block: bytearray, time_s: float) -> bool:
        newest_s = self._newest(block)
        held = self._count + self._size // self._width
        return bool(newest_s < time_s - KEEP_S or held > self._capacity)

    def _insert(self, record: bytes) -> None:
        """Put a late record in its place; all that follow move, the last one into the room left."""
        (time_s,) = _TIME.unpack_from(record)
        # Blocks before it stay as they are. From the block it belongs to on, each gives its last
        # record to the next, until the room left in the block being filled takes the last.
        first = bisect_right(self._whole, time_s, key=self._newest)
        blocks = [(block, len(block)) for block in self._whole[first:]]
        at = self._place_in(*(blocks or [(self._block, self._place)])[0], time_s)
        for block, end in blocks:
            record, at = _shift(block, at, end, record), 0
        self._place += self._width
        _shift(self._block, at, self._place, record)

    def _newest(self, block: bytearray) -> float:
        (time_s,) = _TIME.unpack_from(block, len(block) - self._width)
        return float(time_s)

    def _place_in(self, block: bytearray, end: int, time_s: float) -> int:
        """Where in a block a sample of this time goes: after all that are not later."""
        times = np.frombuffer(block, self._dtype, end // self._width)["time"]
        return int(np.searchsorted(times, time_s, side="right")) * self._width


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
