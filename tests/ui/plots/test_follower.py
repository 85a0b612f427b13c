"""What the plots of a device show of its silences: what was judged then, whatever it does now."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS, ManualClock
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.plots.follower import PlotFollower
from tftmonitor.ui.plots.numbers import arrays
from tftmonitor.ui.plots.pane import PlotStack


class Bench:
    """One device, its plots, and a short way to hand it reports."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.clock = ManualClock()
        fleet = Fleet()
        desk = AlarmService(OpenAlarms(), None, CodeResolver(), self.clock, fleet.find)
        self.monitor = Monitor({}, self.clock, fleet, desk)
        self.follower = PlotFollower(self.monitor, SettingsStore(folder), self.clock)
        self.stack: PlotStack = self.follower.load()
        qtbot.addWidget(self.stack)
        self.stack.resize(800, 500)
        self.stack.show()
        self.follower.show("1")

    @property
    def now_ms(self) -> int:
        return self.clock.now_ms()

    def report(self, speed: float, date_ms: int | None = None) -> None:
        status = {
            "date": self.now_ms if date_ms is None else date_ms,
            "speed": speed,
            "acc": speed > 0,
            "lat": 50.0,
            "lng": 8.0,
            "external_power_voltage": 12.6,
        }
        content = {"event": "snapshot", "data": {"imei": "1", "status": status}, "error": 0}
        frame = json.dumps(content).encode()
        push = decode(Channel.DEVICES, frame)
        self.monitor.receiver.receive(Channel.DEVICES, push, frame, self.now_ms)

    def drive(self, reports: int = 12) -> int:
        """Reports each ten seconds; the time of the last."""
        for _ in range(reports):
            self.clock.advance(10)
            self.report(50.0)
        return self.now_ms

    def hatched(self) -> list[tuple[float, float]]:
        """What is hatched, in ms; inf while it lasts."""
        self.follower.show("1")
        return [(begin * SECOND_MS, end * SECOND_MS) for begin, end in self.stack._blind]

    def broken_after(self) -> list[int]:
        """The times of the reports after which the lines break, in ms."""
        self.stack.set_window(6 * 3600.0)
        self.follower.tick()
        view = self.stack._navigator.view
        device = self.monitor.fleet.find("1")
        assert device is not None
        times = device.series.samples().times
        part, breaks = view.seen(times)
        broken = np.flatnonzero(np.diff(times[part]) > breaks[:-1])
        return [round(float(each) * SECOND_MS) for each in times[part][broken]]

    def painted(self, plot: int) -> tuple[list[int], list[object]]:
        """Where the first line of a plot is broken (ms), and its dots, as painted."""
        self.follower.tick()
        canvas = self.stack._board.plot_rows[plot].canvas
        x, y = canvas._curves[0].getData()
        broken = [round(float(each) * SECOND_MS) for each in x[np.isnan(y)]]
        return broken, list(canvas.foreground._lone[0])


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    return Bench(qtbot, tmp_path)


def test_gap_while_driving_stays_a_gap_when_the_unit_parks(bench: Bench) -> None:
    begin_ms = bench.drive()
    bench.clock.advance(20 * 60 - 10)
    end_ms = bench.drive(1)
    bench.drive()
    gap = (begin_ms + 10 * SECOND_MS, end_ms)
    assert bench.hatched() == [gap]
    assert bench.broken_after() == [begin_ms]
    parked_ms = bench.now_ms
    for _ in range(4):
        bench.report(0.0)
        bench.clock.advance(3_600)
    assert bench.hatched() == [gap]
    assert bench.broken_after() == [begin_ms]
    # And a parked stretch stays whole when it drives.
    bench.drive()
    assert bench.hatched() == [gap]
    assert bench.broken_after() == [begin_ms]
    assert bench.now_ms > parked_ms + 4 * HOUR_MS


def test_what_is_painted_of_the_past_stays_when_the_unit_parks_and_drives(bench: Bench) -> None:
    begin_ms = bench.drive()
    bench.clock.advance(20 * 60 - 10)
    bench.drive()
    bench.stack.set_window(6 * 3600.0)
    drawn = [bench.painted(0)]
    for _ in range(4):
        bench.report(0.0)
        bench.clock.advance(3_600)
    drawn.append(bench.painted(0))
    bench.drive()
    drawn.append(bench.painted(0))
    # One break, no dot of a sample without a line: of the outage, of the hours, of the new drive.
    assert drawn == [([begin_ms], [])] * 3


def test_crosshair_and_lanes_break_where_the_line_does(bench: Bench) -> None:
    begin_ms = bench.drive()
    bench.clock.advance(20 * 60)
    bench.drive()
    for _ in range(3):
        bench.clock.advance(3_600)
        bench.report(0.0)
    bench.hatched()
    bench.stack.set_window(6 * 3600.0)
    navigator, board = bench.stack._navigator, bench.stack._board
    navigator.set_cursor(begin_ms / SECOND_MS + 600)
    assert "no data since" in bench.stack.readout_text
    (ignition,) = [on for title, on, _ in board.lane_strip._lanes if title == "Ignition"]
    assert ignition[0][1] == begin_ms / SECOND_MS
    # The hours of the parked unit hold.
    navigator.set_cursor(bench.now_ms / SECOND_MS - 600)
    assert "no data" not in bench.stack.readout_text


def test_silence_that_lasts_is_hatched_from_when_the_report_was_due(bench: Bench) -> None:
    begin_ms = bench.drive()
    bench.clock.advance(30)
    assert bench.hatched() == []
    bench.clock.advance(1)
    due_ms = begin_ms + 10 * SECOND_MS
    assert bench.hatched() == [(due_ms, math.inf)]
    table = bench.follower.table()
    assert table is not None
    assert "device overdue" in table().splitlines()[-1]
    bench.clock.advance(20 * 60)
    # What it does now changes nothing of what was seen then.
    bench.report(0.0)
    assert bench.hatched() == [(due_ms, bench.now_ms)]
    assert bench.broken_after() == [begin_ms]


def test_stored_reports_fill_the_lines_and_leave_the_hatching(bench: Bench) -> None:
    begin_ms = bench.drive()
    bench.clock.advance(20 * 60)
    bench.report(50.0)
    gap = (begin_ms + 10 * SECOND_MS, bench.now_ms)
    for second in range(10, 20 * 60, 10):
        bench.report(40.0, begin_ms + second * SECOND_MS)
    assert bench.hatched() == [gap]
    assert bench.broken_after() == []


def test_stored_reports_in_order_leave_the_same_hatching(bench: Bench) -> None:
    begin_ms = bench.drive()
    bench.clock.advance(20 * 60)
    heard_ms = bench.now_ms
    for second in range(10, 20 * 60, 10):
        bench.report(40.0, begin_ms + second * SECOND_MS)
        bench.clock.advance(0.01)
    bench.report(50.0)
    assert bench.hatched() == [(begin_ms + 10 * SECOND_MS, heard_ms)]
    assert bench.broken_after() == []


def test_stored_reports_that_fill_half_of_a_gap_break_the_line_at_the_rest(bench: Bench) -> None:
    begin_ms = bench.drive()
    bench.clock.advance(20 * 60)
    bench.report(50.0)
    for second in range(10, 10 * 60, 10):
        bench.report(40.0, begin_ms + second * SECOND_MS)
    assert bench.broken_after() == [begin_ms + 590 * SECOND_MS]


def test_third_silence_for_good_is_hatched(bench: Bench) -> None:
    for _ in range(2):
        bench.drive(30)
        bench.clock.advance(15 * 60)
    begin_ms = bench.drive(30)
    bench.clock.advance(2 * 60)
    assert bench.hatched()[-1] == (begin_ms + 10 * SECOND_MS, math.inf)
    assert len(bench.hatched()) == 3


def test_line_that_begins_before_the_window_breaks_by_its_own_interval(bench: Bench) -> None:
    bench.drive()
    bench.clock.advance(10 * 60)
    bench.report(0.0)
    bench.clock.advance(3_600)
    bench.report(0.0)
    bench.follower.tick()
    samples = bench.monitor.fleet.devices[0].series.samples()
    view = bench.stack._navigator.view
    assert view.seen(samples.times)[0] == slice(len(samples.times) - 2, len(samples.times))
    assert view.seen(arrays.EMPTY)[0] == slice(0, 0)
    assert bench.now_ms - MINUTE_MS < view.now * SECOND_MS


def test_the_moment_of_the_crosshair_is_told_and_taken(bench: Bench) -> None:
    bench.drive()
    bench.follower.tick()
    told: list[float | None] = []
    bench.stack.cursor_moved.connect(told.append)
    now_s = bench.now_ms / SECOND_MS
    bench.stack.set_cursor(now_s - 60)
    assert told == [now_s - 60]
    was_live = bench.stack.is_live
    # One that is not in the window is brought into it, which holds it there.
    bench.stack.set_cursor(now_s - 3 * 3_600)
    assert told[-1] == now_s - 3 * 3_600
    assert (was_live, bench.stack.is_live) == (True, False)
    start_s, end_s = bench.stack.window_s
    assert start_s < now_s - 3 * 3_600 < end_s
