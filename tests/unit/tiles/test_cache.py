import logging
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tftmonitor.base.clock import DAY_MS, ManualClock
from tftmonitor.tiles import cache as module
from tftmonitor.tiles.cache import CacheError, TileCache, cache_file, clear_cache, kept_bytes
from tftmonitor.tiles.kept import Kept

PLACE = (3, 4, 2)
SOURCE, OTHER = b"source", b"other"


class Caches:
    """Caches of one file; all end with the test."""

    def __init__(self, profile: Path) -> None:
        self.clock = ManualClock()
        self.file = cache_file(profile)
        self._made: list[TileCache] = []

    def open(self, source: bytes = SOURCE, limit_bytes: int = 1_000_000) -> TileCache:
        made = TileCache(self.file, source, limit_bytes, self.clock.now_ms)
        made.open()
        self._made.append(made)
        return made

    def end(self) -> None:
        for made in self._made:
            made.close()


@pytest.fixture
def caches(tmp_path: Path) -> Iterator[Caches]:
    made = Caches(tmp_path)
    yield made
    made.end()


def test_tile_is_kept_over_a_restart_and_for_its_source_alone(caches: Caches) -> None:
    kept = Kept(b"picture", 1_800_000_000_000, '"mark"', "Wed, 18 Nov 2026 11:00:00 GMT")
    first = caches.open()
    assert first.find(PLACE) is None
    first.put(PLACE, kept)
    first.close()
    assert caches.open().find(PLACE) == kept
    assert caches.open(OTHER).find(PLACE) is None


def test_file_is_for_its_owner_alone(caches: Caches) -> None:
    caches.open()
    assert stat.S_IMODE(caches.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(caches.file.parent.stat().st_mode) == 0o700


def test_renewed_tile_holds_longer_and_has_its_content(caches: Caches) -> None:
    cache = caches.open()
    cache.put(PLACE, Kept(b"picture", 1, '"a"', "then"))
    cache.renew(PLACE, Kept(b"", 2, '"b"', "now"))
    assert cache.find(PLACE) == Kept(b"picture", 2, '"b"', "now")
    cache.drop(PLACE)
    assert cache.find(PLACE) is None


def test_longest_unused_go_first_and_the_file_shrinks(caches: Caches) -> None:
    cache = caches.open(limit_bytes=20 * 10_000)
    for x in range(20):
        cache.put((5, x, 0), Kept(os.urandom(9_900), 1))
        caches.clock.advance(2 * 86_400)
    assert kept_bytes(caches.file) == 200_000
    assert cache.find((5, 0, 0)) is not None
    cache.put((5, 20, 0), Kept(os.urandom(9_900), 1))
    # A hundred rows go at a time: here all but none; then the last is put anew.
    assert kept_bytes(caches.file) <= 180_000
    assert caches.file.stat().st_size < 200_000


def test_least_used_goes(caches: Caches, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FREED_ROWS", 1)
    cache = caches.open(limit_bytes=10_000)
    for x in range(9):
        cache.put((5, x, 0), Kept(bytes(900), 1))
        caches.clock.advance(2 * 86_400)
    cache.find((5, 0, 0))
    cache.put((5, 9, 0), Kept(bytes(1_900), 1))
    assert [x for x in range(10) if cache.find((5, x, 0)) is not None] == [0, 3, 4, 5, 6, 7, 8, 9]


def test_smaller_limit_of_the_next_run_is_held(caches: Caches) -> None:
    cache = caches.open()
    cache.put(PLACE, Kept(bytes(5_000), 1))
    cache.close()
    assert caches.open(limit_bytes=100).find(PLACE) is None


def test_use_is_noted_once_a_day(caches: Caches) -> None:
    cache = caches.open()
    cache.put(PLACE, Kept(b"x", 1))

    def used_ms() -> int:
        with closing(sqlite3.connect(caches.file)) as database:
            return int(database.execute("SELECT used_ms FROM tiles").fetchone()[0])

    first = used_ms()
    caches.clock.advance(80_000)
    cache.find(PLACE)
    assert used_ms() == first
    caches.clock.advance(10_000)
    cache.find(PLACE)
    assert used_ms() == first + 90_000_000 > first + DAY_MS


def test_cleared_while_it_is_used(caches: Caches, tmp_path: Path) -> None:
    assert clear_cache(caches.file) == kept_bytes(caches.file) == 0
    assert not caches.file.parent.exists()
    cache, other = caches.open(), caches.open(OTHER)
    cache.put(PLACE, Kept(bytes(500_000), 1))
    other.put(PLACE, Kept(b"x", 1))
    assert kept_bytes(caches.file) == clear_cache(caches.file) == 500_201
    assert caches.file.stat().st_size < 100_000
    assert cache.find(PLACE) is other.find(PLACE) is None
    cache.put(PLACE, Kept(b"new", 1))
    assert cache.find(PLACE) == Kept(b"new", 1)


def test_file_that_is_no_database_cannot_be_counted(caches: Caches) -> None:
    caches.file.parent.mkdir()
    caches.file.write_bytes(b"no database" * 1_000)
    with pytest.raises(CacheError, match="not a database"):
        kept_bytes(caches.file)
    with pytest.raises(CacheError, match="not a database"):
        clear_cache(caches.file)


def test_file_that_is_no_database_is_made_anew(
    caches: Caches, caplog: pytest.LogCaptureFixture
) -> None:
    caches.file.parent.mkdir()
    caches.file.write_bytes(b"no database" * 1_000)
    cache = caches.open()
    cache.put(PLACE, Kept(b"x", 1))
    assert cache.find(PLACE) == Kept(b"x", 1)
    assert "made anew" in caplog.text


def test_disk_that_refuses_costs_the_kept_tiles_alone(
    caches: Caches, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caches.file.parent.write_text("a file where the folder should be")
    cache = caches.open()
    cache.put(PLACE, Kept(b"x", 1))
    assert cache.find(PLACE) is None
    assert "tiles are not kept: " in caplog.text
    cache.close()

    def refuse(file: Path) -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(module, "_connected", refuse)
    assert caches.open().find(PLACE) is None
    assert "unable to open" in caplog.text


def test_damaged_file_that_cannot_be_made_anew_is_left(
    caches: Caches, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(file: Path) -> sqlite3.Connection:
        raise sqlite3.DatabaseError("malformed")

    monkeypatch.setattr(module, "_connected", refuse)
    assert caches.open().find(PLACE) is None
    assert "tiles are not kept: malformed" in caplog.text


def test_limit_that_nothing_keeps_to_ends(caches: Caches, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_sum_of", lambda _database: 10_000)
    cache = caches.open(limit_bytes=100)
    assert cache.find(PLACE) is None


def test_disk_that_fails_meanwhile_is_left_alone_until_the_end(
    caches: Caches, caplog: pytest.LogCaptureFixture
) -> None:
    cache = caches.open(limit_bytes=50)
    with closing(sqlite3.connect(caches.file)) as database:
        database.execute("DROP TABLE tiles")
    caplog.set_level(logging.WARNING)
    for _ in range(3):
        cache.put(PLACE, Kept(b"x" * 80, 1))
        assert cache.find(PLACE) is None
    assert caplog.text.count("no longer") == 1
