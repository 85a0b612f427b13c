"""The bytes of the ground: what is written is read again, and damage is told as such."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tftmonitor.model.geo import ground_format as form
from tftmonitor.model.geo.ground_format import (
    GroundDamagedError,
    Level,
    Points,
    pack_cell,
    read_cell,
    read_levels,
)

CORNERS = [(0, 0), (form.EXTENT, 0), (form.EXTENT, form.EXTENT), (0, form.EXTENT)]


def points(*pairs: tuple[int, int]) -> Points:
    return np.array(pairs, np.int32).reshape(-1, 2)


def head(*levels: tuple[float, int, int], magic: bytes = form.MAGIC) -> bytes:
    packed = b"".join(form.LEVEL.pack(*level) for level in levels)
    return form.HEAD.pack(magic, len(levels)) + packed


def test_levels_are_read_from_the_head() -> None:
    levels = read_levels(head((2.0, 2, 100), (3.5, 4, 200)) + b"more")
    assert levels == (Level(2.0, 2, 100), Level(3.5, 4, 200))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (head((2.0, 2, 100), magic=b"ground 2"), "no ground"),
        (head(), "no ground"),
        (head(*[(1.0, 1, 1)] * 33), "no ground"),
        (head((2.0, 2, 100))[:-1], "cut short"),
        (b"", "cut short"),
    ],
)
def test_another_head_is_damage(data: bytes, words: str) -> None:
    with pytest.raises(GroundDamagedError, match=words):
        read_levels(data)


def test_each_layer_comes_back_with_its_parts() -> None:
    land, hole, river = points(*CORNERS), points((9, 9), (9, 5), (5, 5)), points((1, 2), (4000, 3))
    found = read_cell(pack_cell([[land, hole], [], [], [river], []]))
    assert list(found) == list(form.LAYERS)
    assert found["land"].counts.tolist() == [4, 3]
    assert found["land"].points.tolist() == np.concatenate([land, hole]).tolist()
    assert found["rivers"].points.tolist() == river.tolist()
    for empty in ("lakes", "provinces", "borders"):
        assert found[empty].points.shape == (0, 2)
        assert not found[empty].counts.size


coordinate = st.integers(0, form.EXTENT)
part = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=20)


@given(st.lists(st.lists(part, max_size=3), min_size=5, max_size=5))
def test_any_cell_comes_back(layers: list[list[list[tuple[int, int]]]]) -> None:
    given_layers = [[points(*one) for one in layer] for layer in layers]
    found = read_cell(pack_cell(given_layers))
    for name, layer in zip(form.LAYERS, given_layers, strict=True):
        assert found[name].counts.tolist() == [len(one) for one in layer]
        wanted = [pair for one in layer for pair in one.tolist()]
        assert found[name].points.tolist() == wanted


def test_a_cell_that_does_not_inflate_is_damage() -> None:
    with pytest.raises(GroundDamagedError, match="inflate"):
        read_cell(b"no deflated bytes")


def test_a_flipped_bit_is_damage() -> None:
    whole = bytearray(pack_cell([[points(*CORNERS)], [], [], [], []]))
    whole[-1] ^= 1
    with pytest.raises(GroundDamagedError):
        read_cell(bytes(whole))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\0" * 9, "cut short"),
        (bytes(form.MOST_BYTES + 1), "too long"),
        (np.array([3, 0, 0, 0, 0, 1], "<u2").tobytes(), "fewer parts"),
        (np.array([1, 0, 0, 0, 0, 5, 1, 1], "<u2").tobytes(), "other points"),
        (np.array([0, 0, 0, 0, 0, 1], "<u2").tobytes(), "other points"),
        (np.array([1, 0, 0, 0, 0, 0], "<u2").tobytes(), "other points"),
    ],
)
def test_counts_that_do_not_fit_are_damage(raw: bytes, words: str) -> None:
    with pytest.raises(GroundDamagedError, match=words):
        read_cell(zlib.compress(raw))


def test_a_cell_cut_short_is_damage() -> None:
    whole = pack_cell([[points(*CORNERS)], [], [], [], []])
    with pytest.raises(GroundDamagedError, match="cut short"):
        read_cell(whole[:-5])
