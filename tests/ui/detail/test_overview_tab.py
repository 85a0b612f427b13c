"""The big numbers: nothing false, and why there is none in words."""

from typing import Any

import pytest
from PySide6.QtWidgets import QScrollArea, QWidget

from tests.ui.detail.bench import DetailBench
from tests.ui.harness import NOW_MS, Harness
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.detail.tile import Tile


def receive(bench: DetailBench, **status: Any) -> None:
    """A snapshot of the device that is shown."""
    bench.show(bench.snapshot(**status))


@pytest.mark.parametrize(
    ("status", "value", "note"),
    [
        ({"external_power_voltage": 12.6}, "12.60", ""),
        ({"external_power_voltage": 0}, "—", "not measured"),
        ({"external_power_voltage": -999}, "—", "no reading"),
        ({"external_power_voltage": None}, "—", "unknown"),
        ({"external_power_voltage": 900}, "—", "invalid"),
        ({}, "—", "not reported"),
    ],
)
def test_voltage_says_why_there_is_none(
    bench: DetailBench, status: dict[str, Any], value: str, note: str
) -> None:
    receive(bench, **status)
    tile = bench.tile("External voltage")
    assert (tile.value, tile.note) == (value, note)
    assert tile.muted == (value == "—")


def test_battery_of_a_unit_without_measurement_is_no_low_battery(bench: DetailBench) -> None:
    receive(bench, battery_voltage=0, battery_voltage_percent=100)
    assert bench.tile("Battery").value == "—"
    assert bench.tile("Battery").note == "not measured"


def test_zero_speed_is_a_value(bench: DetailBench) -> None:
    receive(bench, speed=0, acc=0)
    assert (bench.tile("Speed").value, bench.tile("Speed").unit) == ("0.0", "km/h")
    assert bench.tile("Ignition").value == "off"


@pytest.mark.parametrize(
    ("status", "note"),
    [
        ({"lat": 0, "lng": 0, "latlng_valid": 0}, "no fix"),
        ({"lat": 5, "lng": 5, "latlng_valid": 0}, "no fix"),
        ({"lat": 5, "lng": 5, "latlng_valid": 1}, "fix time not reported"),
        (
            {"lat": 5, "lng": 5, "latlng_valid": 1, "location_date": NOW_MS - 60_000},
            "fix 22:00:00",
        ),
        (
            {"lat": 5, "lng": 5, "latlng_valid": 1, "location_date": NOW_MS - 90_000_000},
            "fix 11-19 21:01",
        ),
        ({"date": 946_684_816_000, "lat": 5, "lng": 5}, "clock not set"),
    ],
)
def test_age_names_fix_and_clock(bench: DetailBench, status: dict[str, Any], note: str) -> None:
    receive(bench, **status)
    assert bench.tile("Age").note == note


def test_overdue_values_are_muted_and_dated_and_fresh_ones_again_live(bench: DetailBench) -> None:
    receive(bench, speed=50, lat=5, lng=5, latlng_valid=1)
    assert not bench.tile("Speed").stale
    bench.clock.advance(3_600)
    bench.pane.tick()
    assert bench.tile("Speed").stale
    assert bench.tile("Speed").note == "as of 22:01:00"
    assert bench.tile("Age").value == "1 h 0 min"
    receive(bench, speed=51)
    assert not bench.tile("Speed").stale


def test_age_runs_with_the_seconds(bench: DetailBench) -> None:
    receive(bench, speed=50)
    bench.clock.advance(7)
    bench.pane.tick()
    assert bench.tile("Age").value == "7 s"


def test_signal_and_satellites_share_a_tile(bench: DetailBench) -> None:
    receive(bench, network_signal=79, satellite_count=9)
    assert (bench.tile("Signal").value, bench.tile("Signal").note) == ("79", "9 satellites")
    receive(bench, network_signal=-999, satellite_count=9)
    assert bench.tile("Signal").note == "no reading, 9 satellites"


@pytest.mark.parametrize("width", [560, 700, 900, 1400])
def test_tiles_fit_at_any_width(bench: DetailBench, width: int) -> None:
    receive(bench, external_power_voltage=0, speed=188.8)
    bench.pane.resize(width, 640)
    bench.pane.grab()
    grid = bench.tile("Speed").parentWidget()
    assert grid is not None
    tiles = [tile for tile in bench.pane.findChildren(Tile) if tile.parentWidget() is grid]
    assert len(tiles) > 5
    assert all(grid.rect().contains(tile.geometry()) for tile in tiles)
    assert all(tile.width() >= tile.sizeHint().width() for tile in tiles)


def test_clock_that_is_not_right_is_said_beside_the_age_and_in_the_head(
    bench: DetailBench,
) -> None:
    for _ in range(5):
        bench.clock.advance(1)
        receive(bench, date=bench.clock.now_ms() - 19_800_000, lat=5, lng=5, latlng_valid=1)
    assert (bench.tile("Age").value, bench.tile("Age").note) == ("0 s", "clock 5 h 30 behind")
    assert bench.pane.head.age.text().endswith("clock 5 h 30 behind")
    receive(bench, date=1_377_993_605_000)
    assert bench.tile("Age").note == "clock not set"


def test_age_that_one_frame_cannot_tell_is_doubtful(bench: DetailBench) -> None:
    now_ms = bench.clock.now_ms()
    receive(bench, date=now_ms - 19_800_000, polling=now_ms, lat=5, lng=5, latlng_valid=1)
    assert (bench.tile("Age").value, bench.tile("Age").note) == ("doubtful", "time doubtful")
    assert bench.pane.head.age.text().startswith("received 0 s ago")
    assert bench.pane.head.age.text().endswith("time doubtful")
    assert "silent" not in bench.pane.head.state.text().lower()


def test_low_page_keeps_its_room_for_the_plots(harness: Harness) -> None:
    device = harness.snapshot("350", speed=41.5, external_power_voltage=12.4)
    pane = DetailPane(harness.fleet, harness.clock, harness.settings)
    plots = QWidget()
    plots.setMinimumHeight(150)
    pane.set_plots(plots)
    harness.show(pane, 460, 460)
    pane.show_device(device.key)
    page = pane.tabs.overview
    shown = [tile.title for tile in page._grid.tiles if tile.isVisible()]
    assert "Age" not in shown
    assert "fix" in page._line.text()
    assert {tile.y() for tile in page._grid.tiles if tile.isVisible()} == {0}
    area = page.findChild(QScrollArea)
    assert area is not None
    assert not area.verticalScrollBar().isVisible()
    pane.resize(460, 700)
    assert "Age" in [tile.title for tile in page._grid.tiles if tile.isVisible()]
