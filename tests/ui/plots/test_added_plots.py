"""Plots that the user adds: what is painted, saved and kept, while devices report or do not."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.harness import Harness
from tests.ui.plots.rig import image_of
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.plots.canvas import CurveCanvas
from tftmonitor.ui.plots.follower import PlotFollower
from tftmonitor.ui.plots.row import PlotRow
from tftmonitor.ui.plots.time_scale import View
from tftmonitor.ui.theme.theme import current_theme


class Bench:
    """The plots of device 1, which reports when told to."""

    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.follower = self.follow(harness.settings)
        self.stack = harness.show(self.follower.load(), 800, 700)
        self.board = self.stack._board

    def follow(self, settings: SettingsStore) -> PlotFollower:
        fleet, clock = self.harness.fleet, self.harness.clock
        desk = AlarmService(OpenAlarms(), None, CodeResolver(), clock, fleet.find)
        return PlotFollower(Monitor({}, clock, fleet, desk), settings, clock)

    def choose(self, *names: str) -> None:
        self.harness.settings.set("plots", names)
        self.paint()

    def report(self, key: str = "1", **status: Any) -> float:
        """A snapshot ten seconds later, and the frame after it; its time."""
        self.harness.clock.advance(10)
        self.harness.snapshot(key, **status)
        self.follower.show("1")
        self.paint()
        return self.harness.clock.now_ms() / 1000

    def paint(self) -> None:
        """Widgets that were taken away go, too."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        assert not self.stack.grab().isNull()

    @property
    def titles(self) -> list[str]:
        return [row._spec.title for row in self.board.plot_rows]

    def row(self, title: str) -> PlotRow:
        return self.board.plot_rows[self.titles.index(title)]

    def line(self, title: str) -> list[float]:
        """The values of the corners of a curve as pyqtgraph was handed them, each once."""
        y = self.row(title).canvas._curves[0].getData()[1]
        values = np.empty(0) if y is None else y[np.isfinite(y)]
        return list(dict.fromkeys(values.round(3).tolist()))


@pytest.fixture
def bench(harness: Harness) -> Bench:
    return Bench(harness)


def test_built_in_plots_are_all_without_a_choice(bench: Bench) -> None:
    bench.report(speed=1, rpm=700)
    assert bench.titles == ["Voltage", "Speed"]


def test_added_plot_stands_below_the_others_and_is_painted_from_the_next_report(
    bench: Bench,
) -> None:
    bench.report(speed=1, rpm=700, external_power_voltage=12)
    bench.choose("rpm", "hdop")
    assert bench.titles == ["Voltage", "Speed", "Engine speed", "HDOP"]
    assert bench.line("Engine speed") == []
    bench.report(speed=2, rpm=800, hdop=1.5)
    bench.report(speed=3, rpm=900)
    assert bench.line("Engine speed") == [800, 900]
    assert bench.line("HDOP") == [1.5]
    assert bench.line("Speed") == [1, 2, 3]
    assert bench.line("Voltage") == [12]
    tops = [row.canvas.geometry().top() for row in bench.board.plot_rows]
    assert tops == sorted(tops)
    assert all(row.canvas.isVisible() for row in bench.board.plot_rows)
    assert bench.row("HDOP").legend.items[0].value == "1.5"
    assert bench.row("Engine speed").legend.items[0].value == "900 1/min"


def test_scaled_values_are_painted_in_the_unit_that_is_shown(bench: Bench) -> None:
    bench.choose("mileage")
    bench.report(mileage=1_234_500)
    bench.report(mileage=1_234_700)
    assert bench.line("Odometer") == [1234.5, 1234.7]


def test_plots_come_and_go_while_others_keep_their_lines(bench: Bench) -> None:
    bench.choose("rpm", "hdop")
    for rpm in (700, 800):
        bench.report(rpm=rpm, hdop=2, speed=5)
    bench.choose("hdop")
    # The ring is converted with the next report, but what is shown is right before.
    assert (bench.titles[2:], bench.line("HDOP")) == (["HDOP"], [2])
    bench.choose("altitude", "hdop")
    assert (bench.line("HDOP"), bench.line("Altitude")) == ([2], [])
    bench.report(altitude=300, hdop=3, speed=6)
    assert (bench.line("HDOP"), bench.line("Altitude")) == ([2, 3], [300])
    bench.choose()
    bench.report(speed=7)
    assert (bench.titles, bench.line("Speed")) == (["Voltage", "Speed"], [5, 6, 7])
    for _ in range(5):
        bench.choose("rpm", "hdop", "altitude", "fuel")
        bench.choose()
    assert bench.board.rows.count() == 1 + 2 * 2 + 2
    assert len(bench.board.findChildren(CurveCanvas)) == 2


def test_added_curves_have_colours_of_their_own(bench: Bench) -> None:
    bench.choose("rpm", "hdop")
    pens = [pen for row in bench.board.plot_rows for pen in row.canvas.pen_colors()]
    assert pens == list(current_theme().curves[: len(pens)])
    assert len(set(pens)) == 5


def test_held_window_keeps_its_lines_when_a_plot_is_added(bench: Bench) -> None:
    for speed in (1, 2, 3):
        bench.report(speed=speed, rpm=700)
    bench.stack.pause()
    bench.choose("rpm")
    for _ in range(3):
        bench.report(speed=4, rpm=900)
    bench.stack._navigator.shown.keep()
    bench.paint()
    assert bench.line("Speed")[:3] == [1, 2, 3]
    bench.stack.back_to_live()
    bench.paint()
    assert bench.line("Engine speed") == [900]


def test_battery_alone_has_a_scale_of_its_own(bench: Bench) -> None:
    bench.choose("battery_voltage")
    bench.report(external_power_voltage=12, battery_voltage=4.1)
    bench.report(external_power_voltage=14, battery_voltage=4.0)
    assert bench.line("Battery voltage") == [4.1, 4.0]
    low, high = bench.row("Battery voltage").value_range or (0, 0)
    assert (low, high) != bench.row("Voltage").value_range
    assert high - low < 1
    table = bench.follower.table()
    assert table is not None
    assert table().splitlines()[0].count("Battery voltage") == 1


def test_saved_table_has_what_was_added(bench: Bench) -> None:
    bench.choose("rpm", "hdop")
    bench.report(speed=1, rpm=700, hdop=1.5)
    table = bench.follower.table()
    assert table is not None
    head, row = table().splitlines()[:2]
    place = head.split(",").index("HDOP")
    assert head.split(",")[place - 1] == "Engine speed (1/min)"
    assert row.split(",")[place - 1 : place + 1] == ["700", "1.5"]


def test_fields_are_sampled_before_there_are_plots_and_after_a_restart(harness: Harness) -> None:
    harness.settings.set("plots", ("rpm",))
    bench = Bench.__new__(Bench)
    bench.harness = harness
    follower = bench.follow(harness.restarted())
    for rpm in (700, 800):
        harness.clock.advance(10)
        harness.snapshot(rpm=rpm)
    follower.show("1")
    bench.stack = harness.show(follower.load(), 800, 500)
    bench.follower, bench.board = follower, bench.stack._board
    follower.tick()
    bench.paint()
    assert bench.line("Engine speed") == [700, 800]


def test_choice_that_a_later_version_made_is_no_trouble(bench: Bench) -> None:
    bench.choose("of the future", "address", "rpm", *["hdop"] * 9)
    bench.report(rpm=700, hdop=1)
    assert bench.titles[2:] == ["Engine speed", "HDOP"]


def test_long_numbers_have_room_beside_their_axis(bench: Bench) -> None:
    narrow = bench.board.horizontal_bounds()[0]
    bench.choose("mileage")
    bench.follower.show("1")
    bench.report(speed=1)
    # A single frame is enough.
    bench.harness.clock.advance(10)
    bench.harness.snapshot(mileage=123_456_900)
    bench.stack.refresh(bench.harness.clock.now_ms() / 1000)
    metrics = QFontMetricsF(bench.board.font())
    wide = bench.row("Odometer").label_width(metrics)
    assert wide > metrics.horizontalAdvance("000.00")
    assert bench.row("Odometer").canvas.backdrop.area.left() >= wide + 6
    assert bench.row("Speed").canvas.backdrop.area.left() == bench.board.horizontal_bounds()[0]
    bench.choose()
    bench.report(speed=1)
    assert bench.board.horizontal_bounds()[0] == narrow


def test_number_that_has_no_room_never_looks_like_another_one(qtbot: QtBot) -> None:
    def axis(low: float) -> QImage:
        canvas = CurveCanvas([])
        qtbot.addWidget(canvas)
        canvas.resize(200, 100)
        canvas.show()
        view = View(start=0, end=100, now=100, left=42, right=190)
        canvas.set_frame(view, (low, low + 4))
        return image_of(canvas).copy(0, 0, 42, 100)

    # They differ in the first digit alone, which stands where there is no room.
    assert axis(12_345_678) != axis(92_345_678)
