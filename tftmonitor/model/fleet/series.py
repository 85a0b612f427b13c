"""Timed values in memory: one ring a device."""

import math
import struct
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tftmonitor.model.fleet.samples.left_out import filled_states, filled_values
from tftmonitor.model.fleet.samples.records import (
    Records,
    rearranged,
    record_of,
    shift,
    with_extra,
)

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
    (channels, n) is the time that each value is from. The last channels are those of the fields
    ``extra``. ``usual`` (n,) is the device's usual reporting interval in seconds at each, NaN where
    only the device itself knows, None where that is all of them.
    """

    times: TimeArray
    values: FloatArray
    states: WordArray
    known: WordArray
    since: TimeArray
    extra: tuple[str, ...] = ()
    usual: TimeArray | None = None

    def pick(self, which: slice | npt.NDArray[Any]) -> "Samples":
        """Those that a slice, a mask (n,) or an order of places says."""
        return Samples(
            self.times[which],
            self.values[:, which],
            self.states[which],
            self.known[which],
            self.since[:, which],
            self.extra,
            None if self.usual is None else self.usual[which],
        )

    def arranged(self, extra: tuple[str, ...]) -> "Samples":
        """These with just these extra channels, unknown where there were none."""
        if extra == self.extra:
            return self
        unknown = np.full(len(self.times), np.nan, np.float32)
        return self._replace(
            values=rearranged(self.values, self.extra, extra, unknown),
            since=rearranged(self.since, self.extra, extra, self.times),
            extra=extra,
        )

    def join(self, later: "Samples") -> "Samples":
        """These and then those, in arrays of their own and with the channels of those."""
        kept = self.arranged(later.extra)
        return Samples(
            np.concatenate((self.times, later.times)),
            np.concatenate((kept.values, later.values), axis=1),
            np.concatenate((self.states, later.states)),
            np.concatenate((self.known, later.known)),
            np.concatenate((kept.since, later.since), axis=1),
            later.extra,
            _joined_usual(self, later),
        )

    def filled(self) -> "Samples":
        """The same with what frames left out taken from before, for what came as it is."""
        values, since = filled_values(self.times, self.values, self.since)
        states, known = filled_states(self.states, self.known)
        return self._replace(values=values, since=since, states=states, known=known)


def _joined_usual(first: Samples, later: Samples) -> TimeArray | None:
    if first.usual is None and later.usual is None:
        return None
    both = (np.full(len(s.times), np.nan) if s.usual is None else s.usual for s in (first, later))
    return np.concatenate(list(both))


class SampleRing:
    """The newest samples of one device, sorted by time, at most ``CAPACITY`` and ``KEEP_S``.

    ``added`` is how many there ever were. Samples are packed records in blocks: packing one
    costs a third of writing it into arrays, and a device with few samples needs little memory.
    Behind the ``channels`` are those of the fields ``extra``.
    """

    __slots__ = (
        "_block",
        "_capacity",
        "_channels",
        "_count",
        "_dtype",
        "_last_s",
        "_pack",
        "_place",
        "_size",
        "_whole",
        "_width",
        "added",
        "extra",
    )

    def __init__(
        self, channels: int, capacity: int = CAPACITY, extra: tuple[str, ...] = ()
    ) -> None:
        self._channels = channels
        self._capacity = capacity
        self._lay_out(extra)
        self._last_s = -math.inf
        self.added = 0
        # Full blocks, samples in them, and the block that is being filled, up to ``_place``.
        self._whole: list[bytearray] = []
        self._count = 0
        self._block = bytearray(min(_FIRST_BLOCK * self._width, self._size))
        self._place = 0

    def _lay_out(self, extra: tuple[str, ...]) -> None:
        self.extra = extra
        self._pack, self._dtype = record_of(self._channels + len(extra))
        self._width = self._pack.size
        self._size = max(1, min(BLOCK, self._capacity // 4)) * self._width

    def __len__(self) -> int:
        return self._count + self._place // self._width

    @property
    def oldest_s(self) -> float | None:
        """The time of the first sample, None before any."""
        block = self._whole[0] if self._whole else self._block
        return float(_TIME.unpack_from(block)[0]) if len(self) else None

    def samples(self) -> Samples:
        """A copy of all there are."""
        return self.as_they_came().filled()

    def as_they_came(self) -> Samples:
        """A copy of all, with ``LEFT_OUT`` for what their frames did not carry.

        A lane that is on and not known was left out.
        """
        # Joining copies, which it has to: the ring goes on writing while a plot is drawn.
        records = self._records()
        times, values = records["time"], records["values"].T
        since = np.broadcast_to(times, values.shape)
        return Samples(times, values, records["states"], records["known"], since, self.extra)

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

    def set_extra(self, extra: tuple[str, ...]) -> None:
        """Sample these fields from now on; of one that is new nothing before is known."""
        records = with_extra(self._records(), self.extra, extra)
        self._lay_out(extra)
        self._refill(records)

    def merge(self, other: "SampleRing") -> None:
        """Take over the samples of another ring with as many channels, each in its place."""
        theirs = with_extra(other._records(), other.extra, self.extra)  # noqa: SLF001 - its own class
        records = np.concatenate((self._records(), theirs))
        if len(records) == len(self):
            return
        records = records[np.argsort(records["time"], kind="stable")]
        records = records[records["time"] >= records["time"][-1] - KEEP_S][-self._capacity :]
        self._refill(records)
        self._last_s = float(records["time"][-1])
        self.added += other.added

    def _records(self) -> Records:
        newest = memoryview(self._block)[: self._place]
        return np.frombuffer(b"".join([*self._whole, newest]), self._dtype)

    def _refill(self, records: Records) -> None:
        """Hold these and no others."""
        ordered, size = records.tobytes(), self._size
        full = len(ordered) // size * size
        self._whole = [bytearray(ordered[at : at + size]) for at in range(0, full, size)]
        self._count = full // self._width
        self._place = len(ordered) - full
        self._block = bytearray(ordered[full:].ljust(size, b"\0"))

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
            record, at = shift(block, at, end, record), 0
        self._place += self._width
        shift(self._block, at, self._place, record)

    def _newest(self, block: bytearray) -> float:
        (time_s,) = _TIME.unpack_from(block, len(block) - self._width)
        return float(time_s)

    def _place_in(self, block: bytearray, end: int, time_s: float) -> int:
        """Where in a block a sample of this time goes: after all that are not later."""
        times = np.frombuffer(block, self._dtype, end // self._width)["time"]
        return int(np.searchsorted(times, time_s, side="right")) * self._width
