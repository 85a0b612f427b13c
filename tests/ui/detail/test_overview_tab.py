"""The big numbers: nothing false, and why there is none in words."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tftmonitor.base.clock import ManualClock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import Snapshot
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.detail.tile import Tile

NOW_MS = 1_795_212_060_000


class Bench:
    def __init__(self, qtbot: QtBot, profile: Path) -> None:
        self.fleet = Fleet()
        self.clock = ManualClock(NOW_MS)
        settings = SettingsStore(profile)
        settings.set("zone", "utc")
        self.pane = DetailPane(self.fleet, self.clock, settings)
        qtbot.addWidget(self.pane)
        self.pane.show()

    def send(self, **status: Any) -> None:
        status.setdefault("date", self.clock.now_ms())
        frame = json.dumps({"event": "snapshot", "data": {"imei": "1", "status": status}}).encode()
        push = decode(Channel.DEVICES, frame)
        assert isinstance(push, Snapshot)
        self.fleet.apply(push.data, push.status, frame, self.clock.now_ms())
        self.pane.refresh({0})
        self.pane.show_device("1")

    def tile(self, title: str) -> Tile:
        return next(tile for tile in self.pane.findChildren(Tile) if tile.title == title)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    return Bench(qtbot, tmp_path)


@pytest.mark.parametrize(
    ("status", "value", "note"),
    [
        ({"external_power_voltage": 12.6}, "12.60", ""),
        ({"external_power_voltage": 0}, "—", "no such measurement"),
        ({"external_power_voltage": -999}, "—", "no reading"),
        ({"external_power_voltage": None}, "—", "unknown"),
        ({"external_power_voltage": 900}, "—", "invalid"),
        ({}, "—", "not reported"),
    ],
)
def test_voltage_says_why_there_is_none(
    bench: Bench, status: dict[str, Any], value: str, note: str
) -> None:
    bench.send(**status)
    tile = bench.tile("External voltage")
    assert (tile.value, tile.note) == (value, note)
    assert tile.muted == (value == "—")


def test_battery_of_a_unit_without_measurement_is_no_low_battery(bench: Bench) -> None:
    bench.send(battery_voltage=0, battery_voltage_percent=100)
    assert bench.tile("Battery").value == "—"
    assert bench.tile("Battery").note == "no such measurement"


def test_zero_speed_is_a_value(bench: Bench) -> None:
    bench.send(speed=0, acc=0)
    assert (bench.tile("Speed").value, bench.tile("Speed").unit) == ("0.0", "km/h")
    assert bench.tile("Ignition").value == "off"


@pytest.mark.parametrize(
    ("status", "words"),
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
def test_age_names_fix_and_clock(bench: Bench, status: dict[str, Any], words: str) -> None:
    bench.send(**status)
    assert bench.tile("Age").note == words


def test_overdue_values_are_muted_and_dated_and_fresh_ones_again_live(bench: Bench) -> None:
    bench.send(speed=50, lat=5, lng=5, latlng_valid=1)
    assert not bench.tile("Speed").stale
    bench.clock.advance(3_600)
    bench.pane.tick()
    assert bench.tile("Speed").stale
    assert bench.tile("Speed").note == "as of 22:01:00"
    assert bench.tile("Age").value == "1 h 0 min"
    bench.send(speed=51)
    assert not bench.tile("Speed").stale


def test_age_runs_with_the_beat(bench: Bench) -> None:
    bench.send(speed=50)
    bench.clock.advance(7)
    bench.pane.tick()
    assert bench.tile("Age").value == "7 s"


def test_signal_and_satellites_share_a_tile(bench: Bench) -> None:
    bench.send(network_signal=79, satellite_count=9)
    assert (bench.tile("Signal").value, bench.tile("Signal").note) == ("79", "9 satellites")
    bench.send(network_signal=-999, satellite_count=9)
    assert bench.tile("Signal").note == "no reading, 9 satellites"


@pytest.mark.parametrize("width", [560, 700, 900, 1400])
def test_tiles_fit_at_any_width(bench: Bench, width: int) -> None:
    bench.send(external_power_voltage=0, speed=188.8)
    bench.pane.resize(width, 640)
    bench.pane.grab()
    grid = bench.tile("Speed").parentWidget()
    assert grid is not None
    for tile in bench.pane.findChildren(Tile):
        if tile.parentWidget() is grid:
            assert grid.rect().contains(tile.geometry())
            assert tile.width() >= tile.sizeHint().width()
