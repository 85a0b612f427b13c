"""Left out is unchanged and null is unknown, in tile, line, lane, crosshair, legend and table."""

from typing import Any

import numpy as np
import pytest

from tests.ui.harness import Harness
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.ui.plots.follower import PlotFollower


class Shown:
    def __init__(self, harness: Harness) -> None:
        self.harness, fleet, clock = harness, harness.fleet, harness.clock
        desk = AlarmService(OpenAlarms(), None, CodeResolver(), clock, fleet.find)
        self.follower = PlotFollower(Monitor({}, clock, fleet, desk), harness.settings, clock)
        self.stack = harness.show(self.follower.load(), 800, 500)

    def report(self, **status: Any) -> float:
        """Ten seconds later a snapshot with nothing but this; its time."""
        self.harness.clock.advance(10)
        self.harness.snapshot(**status)
        self.follower.show("1")
        return self.harness.clock.now_ms() / 1000

    def legend(self) -> str:
        return self.stack._board.plot_rows[0].legend.items[0].value

    def tile(self) -> object:
        device = self.harness.fleet.find("1")
        assert device is not None
        return STATUS_FIELDS.by_name["external_power_voltage"].read(device.status, 0)

    def cell(self) -> str:
        table = self.follower.table()
        assert table is not None
        rows = [row for row in table().splitlines() if not row.startswith("#")]
        return rows[-1].split(",")[1]


@pytest.fixture
def shown(harness: Harness) -> Shown:
    return Shown(harness)


def test_value_that_is_left_out_holds_wherever_it_stands(shown: Shown) -> None:
    first = shown.report(external_power_voltage=12.5, acc=True)
    last = first
    for _ in range(3):
        last = shown.report(battery_voltage=4.1)
    x, y = shown.stack._board.plot_rows[0].canvas._curves[0].getData()
    assert not np.isnan(y).any()
    assert set(y.round(2)) == {12.5}
    assert (x[0], x[-1]) == (first, last)
    (ignition,) = [on for title, on, _ in shown.stack._board.lane_strip._lanes]
    assert ignition.tolist() == [[first, last]]
    assert shown.tile() == 12.5
    assert shown.legend() == "12.50 V"
    assert shown.cell() == "12.50"
    shown.stack._navigator.set_cursor(last)
    # It is as old as the report that carried it.
    assert "External  12.50 V  at 22:01:10, 30 s ago" in shown.stack.readout_text


def test_null_is_unknown_wherever_it_stands_until_another_value_comes(shown: Shown) -> None:
    shown.report(external_power_voltage=12.5)
    null = shown.report(external_power_voltage=None)
    last = shown.report(battery_voltage=4.1)
    x, y = shown.stack._board.plot_rows[0].canvas._curves[0].getData()
    assert x[np.isnan(y)].min() == null
    assert np.isnan(y[x > null]).all()
    assert shown.tile() is None
    assert shown.legend() == "unknown"
    assert shown.cell() == ""
    shown.stack._navigator.set_cursor(last)
    assert "External  unknown" in shown.stack.readout_text
    shown.report(external_power_voltage=12.7)
    assert (shown.tile(), shown.legend(), shown.cell()) == (12.7, "12.70 V", "12.70")


def test_legend_of_a_held_window_says_what_was_at_the_moment_that_is_looked_at(
    shown: Shown,
) -> None:
    first = shown.report(external_power_voltage=12.5)
    shown.report(external_power_voltage=13.5)
    navigator = shown.stack._navigator
    navigator.hold()
    assert shown.legend() == "13.50 V, 22:01:20"
    for _ in range(5):
        last = shown.report(external_power_voltage=14.5)
    navigator.window.span, navigator.window.end = 120.0, first + 5
    navigator.changed.emit()
    assert shown.legend() == "12.50 V, 22:01:10"
    navigator.window.end = last
    navigator.set_cursor(first + 12)
    assert shown.legend() == "13.50 V, 22:01:20"
    navigator.set_cursor(first - 5)
    assert shown.legend() == "no data"
    navigator.resume()
    assert shown.legend() == "14.50 V"
