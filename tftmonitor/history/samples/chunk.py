"""A chunk: pushes of one device as columns, losslessly, and what is none of them as it came."""

import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import Any, Final, Protocol

import msgspec
import numpy as np
import zstandard

from tftmonitor.history.samples.batch import unpack
from tftmonitor.history.samples.columns import Column, Description, pack_column
from tftmonitor.history.samples.flatten import Shape, flat, plain_values, size_of, template_of
from tftmonitor.history.samples.stored import DamagedBlockError, Recorded, StoredFrame

_LEVEL: Final = 5
# The names of its keys cost more than columns save.
_LEAST_ALIKE: Final = 4
_PART: Final = 64
_WHOLE: Final = -1
_ENVELOPE: Final = 6
_LENGTH: Final = struct.Struct("<I")
_encode = msgspec.json.encode
_Plain = tuple[dict[str, Any], bytes] | None


class KnownShapes(Protocol):
    """The shapes of frames by their numbers in the file."""

    def shape_of(self, number: int) -> Shape:
        """The shape of a number; raises DamagedBlockError where there is none."""
        ...


class ShapeBook(KnownShapes, Protocol):
    """Shapes to which others can be added."""

    def number_of(self, shape: Shape) -> int:
        """The number of a shape, given where there is none."""
        ...


def pack_chunk(seqs: Sequence[int], rows: Sequence[Recorded], book: ShapeBook) -> bytes:
    """Pushes of one device as a block. What would not be read back the same is kept as it came."""
    plain = [plain_values(row[5]) for row in rows]
    body = _pack(seqs, rows, plain, book)
    for seq, row, found, (kept_seq, kept) in zip(
        seqs, rows, plain, Chunk(body, rows[0][0], book).frames(), strict=True
    ):
        texts = (row[5], found[1] if found else b"")
        own = kept_seq, kept.channel, kept.received_ms, kept.device_ms, kept.is_late
        if kept.frame not in texts or own != (seq, *row[1:5]):
            return _pack(seqs, rows, [None] * len(rows), book)
    return body


def _pack(
    seqs: Sequence[int], rows: Sequence[Recorded], plain: Sequence[_Plain], book: ShapeBook
) -> bytes:
    alike: dict[Shape, list[int]] = defaultdict(list)
    values: dict[int, list[Any]] = {}
    for place, found in enumerate(plain):
        if found is not None:
            shape, leaves = flat(found[0])
            alike[shape].append(place)
            values[place] = leaves
    kinds = [_WHOLE] * len(rows)
    groups = []
    bodies: list[bytes] = []

    def add(column: Sequence[Any]) -> Description:
        description, body = pack_column(column)
        bodies.append(body)
        return [len(body), *description]

    shaped = [places for places in alike.items() if len(places[1]) >= _LEAST_ALIKE]
    for number, (_, places) in enumerate(shaped):
        for place in places:
            kinds[place] = number
    envelope = [
        add(list(column))
        for column in zip(
            *((seq, row[1], row[2], row[3], row[4]) for seq, row in zip(seqs, rows, strict=True)),
            strict=True,
        )
    ]
    envelope.append(add(kinds))
    for shape, places in shaped:
        columns = zip(*(values[place] for place in places), strict=True)
        groups.append([book.number_of(shape), [add(column) for column in columns]])
    whole = [rows[place][5] for place, kind in enumerate(kinds) if kind == _WHOLE]
    lengths = add([len(frame) for frame in whole]) if whole else None
    head = _encode({"count": len(rows), "own": envelope, "groups": groups, "whole": lengths})
    content = b"".join([_LENGTH.pack(len(head)), head, *bodies, *whole])
    return zstandard.ZstdCompressor(_LEVEL).compress(content)


class Chunk:
    """A block that is read again. ``seqs`` are the numbers of its pushes."""

    def __init__(self, body: bytes, device: str, book: KnownShapes) -> None:
        """Unpack it; raises DamagedBlockError."""
        self._device = device
        try:
            self._read(unpack(body), book)
        except DamagedBlockError:
            raise
        # What no writer made can be wrong in any way.
        except (ValueError, TypeError, KeyError, IndexError, OverflowError, struct.error) as error:
            raise DamagedBlockError(f"a chunk cannot be read: {error}") from error

    def frames(self, after: int = 0) -> Iterator[tuple[int, StoredFrame]]:
        """Numbers and pushes in order, those with larger numbers than ``after``."""
        ways = [self._way(shape, columns, count) for shape, columns, count in self._groups]
        whole = iter(self._whole)
        for low in range(0, self.count, _PART):
            high = min(low + _PART, self.count)
            own = [column.part(low, high) for column in self._own]
            for seq, channel, received_ms, device_ms, late, kind in zip(*own, strict=True):
                frame = next(whole) if kind == _WHOLE else next(ways[kind])
                if seq > after:
                    yield (
                        seq,
                        StoredFrame(self._device, channel, received_ms, device_ms, late, frame),
                    )

    @staticmethod
    def _way(shape: Shape, columns: list[Column], count: int) -> Iterator[bytes]:
        """The frames of a group, of which only some are unpacked at a time."""
        constants = [column.constant for column in columns]
        template = template_of(shape, constants)
        varying = [column for column, text in zip(columns, constants, strict=True) if text is None]
        if not varying:
            return repeat(template % (), count)

        def part(low: int) -> Iterator[tuple[bytes, ...]]:
            high = min(low + _PART, count)
            return zip(*(column.texts(low, high) for column in varying), strict=True)

        return map(template.__mod__, chain.from_iterable(map(part, range(0, count, _PART))))

    def _read(self, content: bytes, book: KnownShapes) -> None:
        (size,) = _LENGTH.unpack_from(content)
        at = _LENGTH.size + size
        head = msgspec.json.decode(content[_LENGTH.size : at])
        self.count = int(head["count"])

        def take(described: Description, count: int) -> Column:
            nonlocal at
            length, *description = described
            column = Column(description, content[at : at + length], count)
            at += length
            return column

        self._own = [take(described, self.count) for described in head["own"]]
        if len(self._own) != _ENVELOPE:
            raise DamagedBlockError("a chunk lacks columns of its own")
        kinds = np.array(list(self._own[-1].part(0, self.count)), np.int64)
        if kinds.min() < _WHOLE or kinds.max() >= len(head["groups"]):
            raise DamagedBlockError("a chunk names a group that it has not")
        self._groups = []
        for number, (shape_number, described) in enumerate(head["groups"]):
            count = int((kinds == number).sum())
            columns = [take(each, count) for each in described]
            shape = book.shape_of(shape_number)
            if size_of(shape) != len(columns):
                raise DamagedBlockError("a chunk has columns of another shape")
            self._groups.append((shape, columns, count))
        self._whole = []
        if head["whole"] is not None:
            count = int((kinds == _WHOLE).sum())
            for length in list(take(head["whole"], count).part(0, count)):
                self._whole.append(content[at : at + length])
                at += length
        if at != len(content):
            raise DamagedBlockError("a chunk has a wrong length")
