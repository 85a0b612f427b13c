"""The wanted columns of a chunk, without those that nobody asked for and without making JSON."""

import struct
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from tftmonitor.history.past.placing import are_near
from tftmonitor.history.past.raw_rows import Floats, Ints, RawRows, Words
from tftmonitor.history.past.wanted import SERVER_TIMES, Wanted
from tftmonitor.history.samples.batch import unpack
from tftmonitor.history.samples.chunk import Chunk, ShapeBook
from tftmonitor.history.samples.columns import CONSTANT, Column, Description
from tftmonitor.history.samples.flatten import Shape, size_of
from tftmonitor.history.samples.stored import DamagedBlockError
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import Snapshot

_LENGTH: Final = struct.Struct("<I")
# The places of a chunk's own columns.
_SEQ, _CHANNEL, _RECEIVED, _DATE, _KIND = 0, 1, 2, 3, 5
_SNAPSHOT: Final = "snapshot"
# What no writer made can be wrong in any way.
_WRONG: Final = (ValueError, TypeError, KeyError, IndexError, OverflowError, struct.error)


class _Places(NamedTuple):
    """Where in the columns of a shape its event is, and the wanted fields by their names.

    None for fields where there is no object of a status.
    """

    event: int
    fields: dict[str, int] | None


class ChunkRows:
    """Reads chunks of one file; what it learns of their shapes it keeps."""

    def __init__(self, book: ShapeBook, wanted: Wanted, words: Words) -> None:
        self._book, self._wanted, self._words = book, wanted, words
        self._places: dict[int, _Places | None] = {}

    def rows_of(self, body: bytes) -> RawRows:
        """The snapshots of a chunk. Raises DamagedBlockError."""
        try:
            return self._rows_of(body)
        except _WRONG as error:
            raise DamagedBlockError(f"a chunk cannot be read: {error}") from error

    def dates_of(self, body: bytes) -> Floats:
        """The devices' own times in a chunk, ms since 1970, NaN where there is none, shape (n,).

        Raises DamagedBlockError.
        """
        try:
            content, head, at = _opened(body)
            dates = _column(content, _columns_at(head["own"], at)[_DATE], int(head["count"]))
            numbers = dates.numbers()
            if numbers is None:
                numbers = np.array([np.nan if date is None else date for date in dates.coded()[1]])
            return np.asarray(numbers, np.float64)
        except _WRONG as error:
            raise DamagedBlockError(f"a chunk cannot be read: {error}") from error

    def _rows_of(self, body: bytes) -> RawRows:
        content, head, at = _opened(body)
        count = int(head["count"])
        own = _columns_at(head["own"], at)
        at = own[-1][1]
        rows = RawRows.empty(
            _ints(content, own[_SEQ], count), _ints(content, own[_RECEIVED], count), self._wanted
        )
        kinds = _ints(content, own[_KIND], count)
        is_read = np.zeros(count, np.bool_)
        # Of the other channel are messages.
        is_open = _are_of(content, own[_CHANNEL], count, Channel.DEVICES.value)
        for group, (number, described) in enumerate(head["groups"]):
            columns = _columns_at(described, at)
            at = columns[-1][1] if columns else at
            mask = kinds == group
            is_told = self._put_group(rows, content, number, columns, mask)
            if is_told is not None:
                is_read |= mask & is_open if is_told else False
                is_open &= ~mask
        if is_open.any():
            is_read |= self._put_frames(rows, body, is_open)
        return rows if is_read.all() else rows.pick(is_read)

    def _put_group(
        self,
        rows: RawRows,
        content: bytes,
        number: int,
        columns: Sequence[tuple[Description, int]],
        mask: npt.NDArray[np.bool_],
    ) -> bool | None:
        """True when a group's rows are read, False when they are no snapshots.

        None when only the whole frames tell.
        """
        if number not in self._places:
            self._places[number] = _places_of(self._book.shape_of(number), self._wanted)
        places = self._places[number]
        is_snapshot = _says_snapshot(places, columns)
        if not is_snapshot:
            return is_snapshot
        assert places is not None
        assert places.fields is not None
        count = int(mask.sum())
        which = slice(None) if count == len(mask) else mask

        # Only what is asked for: a chunk has eighty columns.
        def put(name: str, column: tuple[Description, int]) -> None:
            if column[0][1] == CONSTANT:
                rows.put_constant(name, column[0][2], self._words, which)
            else:
                rows.put_column(name, _column(content, column, count), self._words, which)

        for name, place in places.fields.items():
            if name not in SERVER_TIMES:
                put(name, columns[place])
        if not are_near(rows.numbers["date"][which], rows.received_ms[which]):
            for name in SERVER_TIMES:
                if name in places.fields:
                    put(name, columns[places.fields[name]])
        return True

    def _put_frames(
        self, rows: RawRows, body: bytes, is_open: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        """Decode these frames one by one; which of them are snapshots."""
        found: list[DeviceStatus] = []
        is_snapshot = np.zeros(len(is_open), np.bool_)
        chunk = Chunk(body, "", self._book)
        for place, (_, stored) in enumerate(chunk.frames()):
            if is_open[place]:
                push = decode(Channel.DEVICES, stored.frame)
                if isinstance(push, Snapshot):
                    is_snapshot[place] = True
                    found.append(push.status)
        rows.put_statuses(found, self._words, is_snapshot)
        return is_snapshot


def _says_snapshot(
    places: _Places | None, columns: Sequence[tuple[Description, int]]
) -> bool | None:
    """Whether all rows of a group are snapshots, None where only the whole frames tell."""
    if places is None:
        return None
    kind, value = columns[places.event][0][1:3]
    if kind != CONSTANT or not isinstance(value, str) or not value.strip():
        return None
    if _SNAPSHOT not in value:
        return False
    return True if value == _SNAPSHOT and places.fields is not None else None


def _opened(body: bytes) -> tuple[bytes, dict[str, Any], int]:
    """The content of a chunk, its head, and where its columns begin."""
    content = unpack(body)
    (size,) = _LENGTH.unpack_from(content)
    at = _LENGTH.size + size
    return content, msgspec.json.decode(content[_LENGTH.size : at]), at


def _columns_at(described: Sequence[Description], at: int) -> list[tuple[Description, int]]:
    """Each description with the place of its last byte."""
    found = []
    for each in described:
        at += each[0]
        found.append((each, at))
    return found


def _column(content: bytes, column: tuple[Description, int], count: int) -> Column:
    (length, *description), end = column
    return Column(description, content[end - length : end], count)


def _ints(content: bytes, column: tuple[Description, int], count: int) -> Ints:
    # What is none raises a TypeError.
    return np.asarray(_column(content, column, count).numbers(), np.int64)


def _are_of(
    content: bytes, column: tuple[Description, int], count: int, wanted: str
) -> npt.NDArray[np.bool_]:
    places, values = _column(content, column, count).coded()
    return np.array([value == wanted for value in values])[places]


def _places_of(shape: Shape, wanted: Wanted) -> _Places | None:
    """None for frames that do not name their event where one belongs."""
    event = _leaves(shape).get("event")
    if event is None:
        return None
    at, data = _inside(shape, 0, "data")
    at, status = _inside(data, at, "status") if data else (at, None)
    if status is None:
        return _Places(event, None)
    places = _leaves(status)
    wires = ((name, STATUS_FIELDS.by_name[name].wire) for name in (*wanted.numbers, *wanted.flags))
    return _Places(event, {name: at + places[wire] for name, wire in wires if wire in places})


def _leaves(shape: Shape) -> dict[str, int]:
    """The keys of an object whose values are none, with the places of those."""
    keys, inner = shape
    objects = {place for place, _ in inner}
    return {key: n for n, key in enumerate(k for p, k in enumerate(keys) if p not in objects)}


def _inside(shape: Shape, at: int, key: str) -> tuple[int, Shape | None]:
    """Where the values of an object inside begin, and its shape; None where it is no object."""
    keys, inner = shape
    at += len(keys) - len(inner)
    for place, below in inner:
        if keys[place] == key:
            return at, below
        at += size_of(below)
    return at, None
