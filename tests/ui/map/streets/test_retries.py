from tftmonitor.base.clock import ManualClock
from tftmonitor.link.http.tile_client import TileAskError
from tftmonitor.model.geo.tiles import Tile
from tftmonitor.ui.map.streets import retries as module
from tftmonitor.ui.map.streets.retries import Retries

A, B, C = Tile(1, 0, 0), Tile(1, 1, 0), Tile(1, 0, 1)
OF_TILE = TileAskError("broken", is_of_tile=True)


def test_failure_of_a_tile_makes_that_one_wait_longer_each_time() -> None:
    clock = ManualClock()
    retries = Retries(clock, 10.0)
    assert not retries.note_failure(A, OF_TILE)
    assert 5 <= retries.wait_s(A) <= 10
    assert retries.wait_s(B) <= 0
    retries.note_success(B)
    clock.advance(10)
    assert retries.wait_s(A) <= 0
    assert not retries.note_failure(A, OF_TILE)
    assert 10 <= retries.wait_s(A) <= 20
    retries.note_success(A)
    assert retries.wait_s(A) <= 0


def test_three_in_a_row_are_the_servers() -> None:
    retries = Retries(ManualClock(), 10.0)
    assert not retries.note_failure(A, OF_TILE)
    assert not retries.note_failure(B, OF_TILE)
    assert retries.note_failure(C, OF_TILE)
    assert retries.wait_s(Tile(5, 5, 5)) >= 5


def test_failure_of_the_server_makes_all_wait_and_counts_once_for_all_that_were_asked() -> None:
    clock = ManualClock()
    retries = Retries(clock, 10.0)
    for tile in (A, B, C):
        assert retries.note_failure(tile, TileAskError("away"))
    assert 5 <= retries.wait_s(A) <= 10
    clock.advance(10)
    retries.note_failure(A, TileAskError("away"))
    assert 10 <= retries.wait_s(B) <= 20


def test_server_is_not_asked_before_it_wants_to_be() -> None:
    retries = Retries(ManualClock(), 1.0)
    retries.note_failure(A, TileAskError("away"))
    retries.note_failure(B, TileAskError("busy", wait_s=300.0))
    assert 300 <= retries.wait_s(C) <= 330


def test_only_so_many_failures_are_remembered() -> None:
    retries = Retries(ManualClock(), 10.0)
    for x in range(module._MOST_TILES + 5):
        retries.note_failure(Tile(20, x, 0), OF_TILE)
        retries.note_success(Tile(20, 999_999, 0))
    assert len(retries._from_s) == module._MOST_TILES
    assert retries.due_s(Tile(20, 0, 0)) == 0
