import errno
import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.tiles.made_files import directory, opened, pmtiles, varint
from tftmonitor.tiles import pmtiles as reader
from tftmonitor.tiles.pmtiles_directory import (
    DIRECTORY_BYTES,
    DirectoryError,
    Entry,
    read_directory,
    tile_number,
    unpacked,
)
from tftmonitor.tiles.tile_file import TileFileError, VectorTilesError

TILES = {(0, 0, 0): b"whole", (2, 1, 0): b"north", (2, 1, 3): b"south", (3, 7, 7): b"corner"}


def problem_of(path: Path) -> str:
    with pytest.raises(TileFileError) as caught:
        opened(path).read(3, 7, 7)
    return str(caught.value)


def put(key: str, value: int) -> Callable[[dict[str, int]], None]:
    return lambda head: head.update({key: value})


# The published examples of the numbering.
@pytest.mark.parametrize(
    ("tile", "number"),
    [
        ((0, 0, 0), 0),
        ((1, 0, 0), 1),
        ((1, 0, 1), 2),
        ((1, 1, 1), 3),
        ((1, 1, 0), 4),
        ((2, 0, 0), 5),
        ((12, 3423, 1763), 19_078_479),
    ],
)
def test_numbers_of_tiles(tile: tuple[int, int, int], number: int) -> None:
    assert tile_number(*tile) == number


def test_each_number_is_used_once_and_neighbours_are_neighbours() -> None:
    places = {tile_number(4, x, y): (x, y) for x in range(16) for y in range(16)}
    first = tile_number(4, 0, 0)
    assert sorted(places) == list(range(first, first + 256))
    for number in range(first, first + 255):
        (x, y), (next_x, next_y) = places[number], places[number + 1]
        assert abs(x - next_x) + abs(y - next_y) == 1


@pytest.mark.parametrize("packs", [True, False])
@pytest.mark.parametrize("leaves", [True, False])
def test_tiles_are_read(tmp_path: Path, packs: bool, leaves: bool) -> None:
    file = opened(pmtiles(tmp_path / "a", TILES, packs=packs, leaves=leaves))
    for _ in range(2):
        assert {tile: file.read(*tile) for tile in TILES} == TILES
    assert file.read(1, 0, 0) is None
    assert file.read(3, 0, 0) is None


def test_one_entry_can_hold_many_tiles_and_one_before_the_first_is_none() -> None:
    found = read_directory(directory([(10, 5, 7, 3), (20, 12, 4, 1), (30, 0, 9, 1)]))
    assert found.find(9) is None
    assert found.find(10) == found.find(12) == Entry(5, 7, 3)
    assert found.find(13) is None
    assert found.find(20) == Entry(12, 4, 1)
    assert found.find(30) == Entry(0, 9, 1)


def test_facts_are_those_of_the_head_and_of_the_words(tmp_path: Path) -> None:
    path = pmtiles(tmp_path / "a", TILES, words={"attribution": "<b>&copy; Somebody</b>"})
    facts = opened(path).facts
    assert (facts.least_zoom, facts.largest_zoom, facts.credit) == (0, 3, "© Somebody")
    for words in ([1], {"attribution": 7}):
        assert opened(pmtiles(tmp_path / "a", TILES, words=words)).facts.credit == ""


def test_packed_pictures_are_unpacked(tmp_path: Path) -> None:
    tiles = {(3, 7, 7): gzip.compress(b"picture")}
    path = pmtiles(tmp_path / "a", tiles, tiles_packed=2)
    assert opened(path).read(3, 7, 7) == b"picture"
    path = pmtiles(tmp_path / "a", {(3, 7, 7): gzip.compress(b"x" * 3_000_000)}, tiles_packed=2)
    assert "far too large" in problem_of(path)


def test_only_so_many_leaves_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_KEPT_LEAVES", 1)
    file = opened(pmtiles(tmp_path / "a", TILES, leaves=True))
    assert isinstance(file, reader.PMTilesFile)
    for _ in range(2):
        assert {tile: file.read(*tile) for tile in TILES} == TILES
        assert len(file._leaves) == 1


@pytest.mark.parametrize("kind", [1, 6])
def test_vector_tiles_say_so(tmp_path: Path, kind: int) -> None:
    with pytest.raises(VectorTilesError, match="vector tiles"):
        opened(pmtiles(tmp_path / "a", TILES, kind=kind))


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("version", 2, "a is PMTiles of version 2; 3 is known."),
        ("kind", 5, "a holds pictures of a kind that cannot be shown."),
        ("packed", 3, "a is packed in a way that is not known here."),
        ("packed", 1, "a is damaged: "),
        ("tiles_packed", 4, "a is packed in a way that is not known here."),
        ("tiles_packed", 2, "a is damaged: a part that should be packed is not."),
        ("least", 9, "a is damaged: its zooms cannot be."),
        ("largest", 99, "a is damaged: its zooms cannot be."),
        ("root_length", 1 << 40, "a is damaged: a part of it is far too large."),
        ("root_length", 9, "a is damaged: a packed part is cut off or far too large."),
        ("root_at", 1 << 50, "a is damaged: it is cut off."),
        ("root_at", (1 << 64) - 1, "a is damaged: it is cut off."),
        ("tiles_at", 9_999, "a is damaged: it is cut off."),
        ("words_length", 40_000, "a is damaged: it is cut off."),
    ],
)
def test_what_cannot_be_says_what(tmp_path: Path, key: str, value: int, words: str) -> None:
    assert words in problem_of(pmtiles(tmp_path / "a", TILES, change=put(key, value)))


def test_leaves_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    def circle(head: dict[str, int]) -> None:
        head["leaves_at"] = head["root_at"]

    path = pmtiles(tmp_path / "a", {(3, 7, 7): b"x", (3, 6, 7): b"y"}, packs=False, leaves=True)
    content = path.read_bytes()
    whole = directory([(0, 0, 6, 0)])
    assert len(whole) == 5
    path = pmtiles(tmp_path / "a", {(3, 7, 7): b"x"}, packs=False, change=circle)
    content = path.read_bytes()
    root = directory([(0, 0, content.index(b"{}") - 127, 0)])
    path.write_bytes(content[:127] + root + content[127 + len(root) :])
    assert problem_of(path) == "a is damaged: its directories lead in a circle."


def test_words_that_are_not_readable_are_damage(tmp_path: Path) -> None:
    path = pmtiles(tmp_path / "a", TILES, packs=False)
    path.write_bytes(path.read_bytes().replace(b"{}", b"{{"))
    assert "what it says of itself" in problem_of(path)


class _SickFile:
    def seek(self, offset: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_file_that_cannot_be_opened_or_is_cut_off_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TileFileError, match="cannot be read: No such file"):
        reader.PMTilesFile(tmp_path / "none")
    file = opened(pmtiles(tmp_path / "a", TILES))
    assert isinstance(file, reader.PMTilesFile)
    with monkeypatch.context() as patch:
        patch.setattr(file, "_file", _SickFile())
        with pytest.raises(TileFileError, match="a cannot be read: Input/output error"):
            file.read(0, 0, 0)
    (tmp_path / "a").write_bytes(b"PMTiles\3" + bytes(30))
    assert problem_of(tmp_path / "a") == "a is damaged: it is cut off."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cut off"),
        (varint(0), "more than there is"),
        (varint(5) + bytes(8), "more than there is"),
        (varint(1) + b"\x80" * 20, "cut off"),
        (varint(1) + bytes([1, 1, 1, 0]), "where its tiles are"),
        (varint(1) + bytes([1, 1, 1]) + b"\x81", "cut off"),
        (varint(1) + varint(1 << 65) + bytes([1, 1, 1]), "beyond the end"),
    ],
)
def test_bytes_that_are_no_directory(content: bytes, words: str) -> None:
    with pytest.raises(DirectoryError, match=words):
        read_directory(content)


def test_little_that_unpacks_to_much_is_refused() -> None:
    with pytest.raises(DirectoryError, match="far too large"):
        unpacked(gzip.compress(bytes(DIRECTORY_BYTES + 1)))


def test_any_damage_ends_in_words(tmp_path: Path) -> None:
    """Bytes are changed at random places: it reads, or it says what is wrong."""
    whole = pmtiles(tmp_path / "a", TILES, packs=False, leaves=True).read_bytes()
    for place in range(8, len(whole)):
        path = tmp_path / "a"
        path.write_bytes(whole[:place] + os.urandom(1) + whole[place + 1 :])
        try:
            file = opened(path)
        except TileFileError:
            continue
        for tile in TILES:
            try:
                file.read(*tile)
            except TileFileError:
                continue
