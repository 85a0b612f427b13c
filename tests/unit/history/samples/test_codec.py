"""Columns, shapes and chunks: whatever goes in comes out the same."""

import struct
from typing import Any

import msgspec
import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.history.samples.pushes import frames, push, simulated
from tftmonitor.history.samples import chunk as chunk_module
from tftmonitor.history.samples.batch import pack_batch, unpack, unpack_batch
from tftmonitor.history.samples.chunk import Chunk, pack_chunk
from tftmonitor.history.samples.columns import (
    BITS,
    CONSTANT,
    MIXED,
    SCALED,
    WHOLE,
    WORDS,
    Column,
    pack_column,
    pack_ints,
    unpack_ints,
)
from tftmonitor.history.samples.flatten import (
    Shape,
    flat,
    from_json,
    nested,
    plain_values,
    size_of,
    to_json,
)
from tftmonitor.history.samples.stored import DamagedBlockError, Recorded


class Book:
    """Shapes in memory."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []

    def number_of(self, shape: Shape) -> int:
        if shape not in self.shapes:
            self.shapes.append(shape)
        return self.shapes.index(shape)

    def shape_of(self, number: int) -> Shape:
        return from_json(to_json(self.shapes[number]))


def through(values: list[Any]) -> tuple[str, list[Any]]:
    described, body = pack_column(values)
    described = msgspec.json.decode(msgspec.json.encode(described))
    column = Column(described, body, len(values))
    middle = len(values) // 2
    back = [*column.part(0, middle), *column.part(middle, len(values))]
    return described[0], back


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (CONSTANT, [5, 5, 5]),
        (CONSTANT, [-0.0, -0.0]),
        (CONSTANT, [None, None]),
        (CONSTANT, ["a", "a"]),
        (WHOLE, [1, 2, 4, -(1 << 63), (1 << 63) - 1]),
        (WHOLE, [1_795_000_000_000 + 10_000 * n for n in range(9)]),
        (SCALED, [51.43935, 51.4394, 51.0]),
        (SCALED, [0.1, 0.2, 1e9]),
        (BITS, [1 / 3, 2 / 3, 5e-324]),
        (BITS, [1e300, 1.5]),
        (BITS, [0.0, -0.0]),
        (MIXED, [1, 2.5, None, 3]),
        (MIXED, [None, 1.0, 1]),
        (MIXED, [None, 7, 9]),
        (WORDS, [1 << 53, 1.5]),
        (WORDS, [1 << 64, 1]),
        (WORDS, ["a", "b", "a"]),
        (WORDS, [True, 1, 1.0]),
        (WORDS, [[1, 2], [1, 2]]),
        (WORDS, [True, False]),
    ],
)
def test_column_comes_back_in_its_kind(kind: str, values: list[Any]) -> None:
    found, back = through(values)
    assert found == kind
    assert list(map(repr, back)) == list(map(repr, values))


@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), min_size=1, max_size=40))
def test_whole_numbers_come_back(values: list[int]) -> None:
    head, body = pack_ints(np.array(values, np.int64))
    assert unpack_ints(head, body, len(values)).tolist() == values


@given(
    st.lists(
        st.one_of(
            st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
        ),
        min_size=1,
        max_size=30,
    )
)
def test_values_of_any_kind_come_back(values: list[Any]) -> None:
    _, back = through(values)
    assert list(map(repr, back)) == list(map(repr, values))


@pytest.mark.parametrize(
    "values",
    [[5, 5, 7], [10, 900, 10, 40_000], [1, 1 << 40, 1, -5], ["a", "b", "a"], [3, 3], [1, 1.0, 2]],
)
def test_each_value_of_a_column_is_told_once(values: list[Any]) -> None:
    descriptor, content = pack_column(values)
    places, distinct = Column(descriptor, content, len(values)).coded()
    told = [distinct[place] for place in places.tolist()]
    assert [(type(each), each) for each in told] == [(type(each), each) for each in values]
    assert len(set(map(repr, distinct))) == len(distinct)


def test_steady_times_cost_a_byte_each() -> None:
    _, body = pack_ints(np.arange(0, 2_400_000, 10_000, dtype=np.int64))
    assert len(body) == 240
    assert not any(body)


def test_shape_and_values_make_the_object_again() -> None:
    content = {"a": 1, "b": {"c": 2, "d": {"e": 3}, "f": {}}, "g": [1]}
    shape, values = flat(content)
    assert size_of(shape) == len(values) == 4
    again = nested(from_json(to_json(shape)), values)
    assert msgspec.json.encode(again) == msgspec.json.encode(content)


@pytest.mark.parametrize(
    "frame",
    [
        b"no JSON",
        b"[1]",
        b'{"a":1,"a":2}',
        b'{"a":"\\u0022"}',
        b'{"a":1e999}',
        b"\xff",
        b'{"a":' * 9 + b"1" + b"}" * 9,
    ],
)
def test_what_would_lose_something_is_no_plain_frame(frame: bytes) -> None:
    assert plain_values(frame) is None


@pytest.mark.parametrize(
    "frame",
    [
        b'{"a": 1.50}',
        b'{"a":"\\/"}',
        b"{}",
        b'{"a":{},"b":{"c":{}},"d":{"e":{"f":{}}}}',
        b'{"a":"{{{{{{{{{"}',
    ],
)
def test_what_reads_the_same_is_plain(frame: bytes) -> None:
    found = plain_values(frame)
    assert found is not None
    assert found[0] == msgspec.json.decode(frame)


def packed(rows: list[Recorded]) -> tuple[bytes, Book]:
    book = Book()
    return pack_chunk(range(10, 10 + 3 * len(rows), 3), rows, book), book


def read(body: bytes, book: Book, after: int = 0) -> list[tuple[int, Recorded]]:
    return [
        (seq, (f.device, f.channel, f.received_ms, f.device_ms, f.is_late, f.frame))
        for seq, f in Chunk(body, "d", book).frames(after)
    ]


def test_snapshots_come_back_with_equal_values_and_take_little() -> None:
    rows = [("d", *row[1:]) for row in simulated(1, 240)]
    body, book = packed(rows)
    assert len(body) / len(rows) < 30
    back = read(body, book)
    assert [seq for seq, _ in back] == list(range(10, 730, 3))
    for (_, found), row in zip(back, rows, strict=True):
        assert found[:5] == row[:5]
        assert found[5] == msgspec.json.encode(msgspec.json.decode(row[5]))


def test_odd_frames_among_plain_ones_stay_as_they_came() -> None:
    plain = [push("d", at, b'{"v":%d}' % (at * at)) for at in range(70)]
    odd = [push("d", 100, b"\xff\x00 broken"), push("d", 101, b""), push("d", 102, b'{"x": 1.0}')]
    mixed = [odd[0], *plain[:40], odd[1], *plain[40:], odd[2]]
    mixed[5] = ("d", "messages", 7, None, True, mixed[5][5])
    body, book = packed(mixed)
    assert [row for _, row in read(body, book)] == mixed
    assert [row for _, row in read(body, book, after=100)] == mixed[31:]
    assert len(book.shapes) == 1


def test_signs_of_a_template_are_signs_like_others() -> None:
    rows = [push("d", at, b'{"%%b":"%%d","b":{"50%%":%d,"c":"%%"}}' % (at % 3)) for at in range(9)]
    alike = [push("d", 20 + at, b'{"%":"%b"}') for at in range(9)]
    body, book = packed(rows + alike)
    assert [row for _, row in read(body, book)] == rows + alike
    assert len(book.shapes) == 2


def test_only_odd_frames_are_a_chunk_too() -> None:
    rows = [push("d", 1, b"x"), push("d", 2, b"y")]
    body, book = packed(rows)
    assert [row for _, row in read(body, book)] == rows


def test_what_the_columns_do_not_give_back_is_kept_as_it_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [push("d", at, b'{"v":%d}' % at) for at in range(9)]
    monkeypatch.setattr(chunk_module, "template_of", lambda *_more: b'{"v":%b0}')
    body, book = packed(rows)
    assert [row for _, row in read(body, book)] == rows


def rebuilt(change: Any) -> bytes:
    """A chunk of nine frames whose head was changed by somebody."""
    body, _ = packed([push("d", at, b'{"v":%d,"w":"x"}' % (at * at)) for at in range(9)])
    content = unpack(body)
    (size,) = struct.unpack_from("<I", content)
    head = msgspec.json.decode(content[4 : 4 + size])
    more = change(head)
    text = msgspec.json.encode(head)
    return zstandard.compress(
        struct.pack("<I", len(text))
        + text
        + content[4 + size :]
        + (more if type(more) is bytes else b"")
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda head: head.pop("own"),
        lambda head: head["own"].pop(),
        lambda head: head["own"].__setitem__(0, [1, "?"]),
        lambda head: head.__setitem__("groups", []),
        lambda head: head["groups"][0][1].pop(),
        lambda head: head["groups"][0][1][0].__setitem__(0, 3),
        lambda head: head["groups"][0][1].__setitem__(1, [0, "w", ["x"], 0, 5, 0, 1]),
        lambda head: head["groups"][0][1].__setitem__(1, [9, "w", ["x"], 0, 5, 0, 1]),
        lambda head: head["groups"][0].__setitem__(0, 99),
        lambda _head: b"left over",
    ],
)
def test_chunk_that_no_writer_made_is_damaged(change: Any) -> None:
    _, book = packed([push("d", at, b'{"v":%d,"w":"x"}' % (at * at)) for at in range(9)])
    with pytest.raises(DamagedBlockError):
        read(rebuilt(change), book)


def test_word_that_is_not_there_is_damage() -> None:
    described, body = pack_column(["a", "b", "a"])
    described[1] = ["a"]
    with pytest.raises(DamagedBlockError):
        Column(described, body, 3)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_flipped_bytes_are_damage_or_other_values_and_never_another_error(data: Any) -> None:
    rows = [push("d", at, b'{"v":%d,"w":"x"}' % (at * at)) for at in range(9)]
    for body in (packed(rows)[0], pack_batch(rows)):
        broken = bytearray(body)
        broken[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
        book = packed(rows)[1]
        try:
            if body[:8] == pack_batch(rows)[:8]:
                unpack_batch(bytes(broken))
            read(bytes(broken), book)
        except DamagedBlockError:
            pass


def test_batch_comes_back_and_a_broken_one_is_said() -> None:
    rows = list(simulated(3, 2))
    assert frames(unpack_batch(pack_batch(rows))) == frames(rows)
    with pytest.raises(DamagedBlockError, match="unpacked"):
        unpack_batch(b"nothing")
    with pytest.raises(DamagedBlockError, match="read"):
        unpack_batch(zstandard.compress(b"\xc1"))
    endless = zstandard.ZstdCompressor(write_content_size=False).compress(b"x")
    with pytest.raises(DamagedBlockError):
        unpack(endless)
