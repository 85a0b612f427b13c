import os
import sqlite3
from pathlib import Path

import pytest

from tests.unit.tiles.made_files import mbtiles, opened
from tftmonitor.tiles import mbtiles as reader
from tftmonitor.tiles.tile_file import TileFileError, VectorTilesError

TILES = {(0, 0, 0): b"whole", (2, 1, 0): b"north", (2, 1, 3): b"south"}


def problem_of(path: Path) -> str:
    with pytest.raises(TileFileError) as caught:
        opened(path).read(0, 0, 0)
    return str(caught.value)


def test_tiles_are_read_with_rows_from_the_north(tmp_path: Path) -> None:
    file = opened(mbtiles(tmp_path / "a b#.mbtiles", TILES, format="png"))
    assert file.read(2, 1, 0) == b"north"
    assert file.read(2, 1, 3) == b"south"
    assert file.read(0, 0, 0) == b"whole"
    assert file.read(2, 0, 0) is None


def test_facts_come_from_the_words_of_the_file_and_else_from_its_tiles(tmp_path: Path) -> None:
    words = {"minzoom": "1", "maxzoom": "14", "attribution": "<a href='x'>&copy; Somebody</a>\n!"}
    facts = opened(mbtiles(tmp_path / "a", TILES, **words)).facts
    assert (facts.least_zoom, facts.largest_zoom, facts.credit) == (1, 14, "© Somebody !")
    facts = opened(mbtiles(tmp_path / "a", TILES, minzoom="x", maxzoom="99")).facts
    assert (facts.least_zoom, facts.largest_zoom, facts.credit) == (0, 2, "")


def test_words_may_be_missing_altogether(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a", TILES)
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE metadata")
    database.close()
    assert opened(path).facts.largest_zoom == 2


def test_file_is_never_written_and_nothing_put_beside_it(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a.mbtiles", TILES)
    path.chmod(0o400)
    before = path.read_bytes()
    file = opened(path)
    assert file.read(0, 0, 0) == b"whole"
    assert os.listdir(tmp_path) == ["a.mbtiles"]
    assert isinstance(file, reader.MBTilesFile)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        file._database.execute("DELETE FROM tiles")
    assert path.read_bytes() == before


@pytest.mark.parametrize("word", ["pbf", "MVT ", "mlt"])
def test_vector_tiles_say_so(tmp_path: Path, word: str) -> None:
    with pytest.raises(VectorTilesError, match="vector tiles"):
        opened(mbtiles(tmp_path / "a", TILES, format=word))


def test_what_is_no_file_of_tiles_says_what_it_is(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "none.mbtiles") == (
        "none.mbtiles cannot be read: No such file or directory."
    )
    (tmp_path / "text").write_text("hello")
    assert "neither an MBTiles nor a PMTiles" in problem_of(tmp_path / "text")
    assert problem_of(mbtiles(tmp_path / "empty", {})) == "empty holds no tiles."
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE alarms (id)")
    database.close()
    assert problem_of(path) == "other.db is a database, but holds no tiles."


def test_damaged_database_says_so(tmp_path: Path) -> None:
    path = mbtiles(
        tmp_path / "a", {(3, x, y): os.urandom(3000) for x in range(8) for y in range(8)}
    )
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    assert "a cannot be read as MBTiles: " in problem_of(path)
    path.write_bytes(reader.MAGIC)
    assert "a cannot be read as MBTiles: " in problem_of(path)


def test_file_that_is_gone_between_two_looks_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(TileFileError, match="cannot be read as MBTiles"):
        reader.MBTilesFile(tmp_path / "none" / "gone")


@pytest.mark.parametrize("data", [None, b""])
def test_empty_tile_is_none(tmp_path: Path, data: bytes | None) -> None:
    file = opened(mbtiles(tmp_path / "a", {(0, 0, 0): data}))  # type: ignore[dict-item]
    assert file.read(0, 0, 0) is None


def test_tile_that_is_no_picture_or_too_large_is_a_problem(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a", {(0, 0, 0): "text"})  # type: ignore[dict-item]
    assert "no picture" in problem_of(path)
    path = mbtiles(tmp_path / "a", {(0, 0, 0): b"x" * 2_200_000})
    assert "too big" in problem_of(path)


def test_question_without_an_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_LONGEST_S", 0.05)
    path = mbtiles(tmp_path / "a", {}, minzoom="0", maxzoom="3")
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE tiles")
        database.execute(
            "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
            " SELECT i * 0 AS zoom_level, 0 AS tile_column, 0 AS tile_row, x'00' AS tile_data"
            " FROM n WHERE i < 0"
        )
    database.close()
    assert problem_of(path) == "a cannot be read as MBTiles: interrupted."
