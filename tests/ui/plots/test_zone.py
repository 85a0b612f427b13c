"""One time zone in all that the plots say, by the rules of the date that is shown."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.harness import Harness
from tests.ui.plots.rig import PlotRig, image_of
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.ui.plots.follower import PlotFollower
from tftmonitor.ui.plots.numbers import ticks

BERLIN = ZoneInfo("Europe/Berlin")
# Clocks go from 3 to 2 at 1 h UTC.
AUTUMN = datetime(2026, 10, 25, 1, tzinfo=UTC).timestamp()
# And from 2 to 3.
SPRING = datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp()


def labels(start: float, end: float, most: int) -> list[str]:
    return [tick.label for tick in ticks.time_ticks(start, end, most, BERLIN)]


def test_ticks_stand_on_round_times_on_both_sides_of_a_change_of_clocks() -> None:
    assert labels(AUTUMN - 7_200, AUTUMN + 7_200, 4) == [
        "01:00",
        "02:00",
        "02:00",
        "03:00",
        "04:00",
    ]
    assert labels(SPRING - 7_200, SPRING + 7_200, 4) == [
        "03-29",
        "01:00",
        "03:00",
        "04:00",
        "05:00",
    ]
    days = labels(AUTUMN - 3 * 86_400, AUTUMN + 3 * 86_400, 6)
    assert days == ["10-23", "10-24", "10-25", "10-26", "10-27", "10-28"]


class Shown:
    """A follower of one device, with the settings and the clock of the harness."""

    def __init__(self, harness: Harness) -> None:
        self.harness, fleet, clock = harness, harness.fleet, harness.clock
        desk = AlarmService(OpenAlarms(), None, CodeResolver(), clock, fleet.find)
        self.follower = PlotFollower(Monitor({}, clock, fleet, desk), harness.settings, clock)
        self.stack = harness.show(self.follower.load(), 800, 500)
        for _ in range(20):
            harness.clock.advance(10)
            harness.snapshot(speed=40.0, lat=52.0, lng=13.0)
        self.follower.show("1")

    def axis(self) -> QImage:
        return image_of(self.stack._board.axis)

    def table(self) -> str:
        table = self.follower.table()
        assert table is not None
        return table()


def test_another_zone_is_shown_at_once_in_axis_crosshair_and_table(
    harness: Harness, computer_in_berlin: ZoneInfo
) -> None:
    shown = Shown(harness)
    shown.stack._navigator.set_cursor(harness.clock.now_ms() / 1000)
    axis = shown.axis()
    assert shown.stack.readout_text.startswith("22:04:20\n")
    assert "at 22:04:20" in shown.stack.readout_text
    assert shown.table().startswith("time (UTC),")
    assert "2026-11-20T22:04:20.000Z," in shown.table()
    stem = shown.follower.file_stem()
    # Not a tick of the clock later.
    harness.settings.set("zone", "local")
    assert shown.axis() != axis
    assert shown.stack.readout_text.startswith("23:04:20\n")
    assert "at 23:04:20" in shown.stack.readout_text
    assert shown.table().startswith("time (Europe/Berlin),")
    assert "2026-11-20T23:04:20.000+01:00," in shown.table()
    assert (stem, shown.follower.file_stem()) == ("1-2026-11-20T2204", "1-2026-11-20T2304")


def test_zone_that_the_computer_changes_is_taken_within_a_second(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Shown(harness)
    axis = shown.axis()
    tokyo = ZoneInfo("Asia/Tokyo")
    monkeypatch.setattr("tftmonitor.ui.plots.follower.zone_of", lambda _: tokyo)
    shown.follower.tick()
    assert shown.axis() != axis
    assert shown.table().startswith("time (Asia/Tokyo),")


def test_zone_of_the_device_itself_is_shown_and_said(harness: Harness) -> None:
    shown = Shown(harness)
    harness.settings.set("zone", "device")
    assert shown.table().startswith("time (Europe/Berlin),")
    assert shown.stack._header.title.text() == "1 · times of Europe/Berlin"
    assert shown.follower.file_stem() == "1-2026-11-20T2304"
    harness.snapshot(lat=0.5, lng=-30.0)
    shown.follower.tick()
    assert shown.stack._header.title.text() == "1 · times of this computer"


def test_times_of_another_season_and_day_are_said_as_they_were(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    rig = PlotRig(qtbot)
    rig.zone = BERLIN
    for number in range(60):
        rig.add(AUTUMN - 300 + 10 * number, speed=20)
    now_s = AUTUMN + 86_400 * 30
    rig.show(now_s)
    rig.hold(AUTUMN - 600, AUTUMN + 600)
    rig.stack._navigator.set_cursor(AUTUMN - 300)
    text = rig.stack.readout_text
    assert text.startswith("2026-10-25 02:55:00\n")
    assert "at 2026-10-25 02:55:00" in text
    table = rig.stack.seen_table()
    assert table is not None
    rows = table.text().splitlines()
    assert rows[1].startswith("2026-10-25T02:55:00.000+02:00,")
    assert rows[60].startswith("2026-10-25T02:04:50.000+01:00,")
