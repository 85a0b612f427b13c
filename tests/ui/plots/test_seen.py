"""What is seen of samples: the newest and the lone ones, ranges over nothing else, words."""

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.plots.rig import NAN, NOW, PlotRig, count_in_row, image_of
from tftmonitor.ui.theme.theme import LIGHT, install_theme


@pytest.fixture
def rig(qtbot: QtBot, qapp: QApplication) -> PlotRig:
    install_theme(qapp, LIGHT)
    return PlotRig(qtbot)


def lane_pixels(rig: PlotRig) -> int:
    """How wide the bar of the first lane is, above its hairline and beside its title."""
    return count_in_row(image_of(rig.stack._board.lane_strip), 2, LIGHT.lane)


def test_newest_sample_of_a_state_is_seen(rig: PlotRig) -> None:
    for number in range(10):
        rig.add(NOW - 105 + 10 * number, acc=False)
    rig.show()
    assert lane_pixels(rig) == 0
    rig.add(NOW - 5, acc=True)
    rig.show()
    assert lane_pixels(rig) >= 3


def test_sample_of_a_state_between_two_gaps_is_seen(rig: PlotRig) -> None:
    for time_s, on in ((NOW - 700, False), (NOW - 400, True), (NOW - 100, False)):
        rig.add(time_s, acc=on)
    rig.show()
    assert lane_pixels(rig) >= 3
    strip = image_of(rig.stack._board.lane_strip)
    x = round(rig.x_of(NOW - 400))
    assert strip.pixel(x, 2) == QColor(LIGHT.lane).rgb()


def test_newest_state_at_the_very_edge_of_a_window_is_seen(rig: PlotRig) -> None:
    rig.add(NOW - 10, acc=False)
    rig.add(NOW, acc=True)
    rig.show()
    rig.hold(NOW - 600, NOW)
    assert lane_pixels(rig) >= 3


def test_newest_and_lone_samples_of_a_curve_are_seen(rig: PlotRig) -> None:
    rig.add(NOW - 400, speed=50)
    rig.add(NOW - 5, speed=50)
    rig.show()
    row = rig.row("speed")
    image, scenery = image_of(row.canvas), row.canvas.foreground
    color = QColor(row.canvas.pen_colors()[0]).rgb()
    y = round(scenery.y_of(50))
    for time_s in (NOW - 400, NOW - 5):
        x = round(rig.x_of(time_s))
        near = [(a, b) for a in range(x - 4, x + 5) for b in range(y - 4, y + 5)]
        assert sum(image.pixel(a, b) == color for a, b in near) >= 4


def test_axis_ranges_over_the_values_that_are_seen_and_no_others(rig: PlotRig) -> None:
    # A stay at 12.6 V between a start at 9 V and a charge at 15 V.
    for number in range(120):
        volts = 9.0 if number < 40 else 12.6 if number < 80 else 15.0
        rig.add(NOW - 1_200 + 10 * number, volts, battery=NAN)
    rig.show()
    wide = rig.row("external_power_voltage").value_range
    assert wide is not None
    assert wide[0] < 9
    # The window ends between two samples and begins where one ends, so it has neighbours.
    rig.hold(NOW - 800, NOW - 405)
    seen = rig.row("external_power_voltage").value_range
    assert seen is not None
    assert seen[0] > 12
    assert seen[1] < 13.2
    # Half a step further the start is in the window, if only by the line that reaches in.
    rig.hold(NOW - 805, NOW - 405)
    seen = rig.row("external_power_voltage").value_range
    assert seen is not None
    assert seen[0] < 9


def test_dip_that_is_scrolled_out_of_a_held_window_leaves_the_axis(rig: PlotRig) -> None:
    for number in range(120):
        rig.add(NOW - 1_200 + 10 * number, 11.5 if number == 20 else 12.3 + number % 2 * 1.5)
    rig.row("external_power_voltage").legend.items[-1].click()
    rig.show()
    rig.hold(NOW - 1_100, NOW - 500)
    rig.hold(NOW - 900, NOW - 300)
    seen = rig.row("external_power_voltage").value_range
    assert seen is not None
    assert seen[0] > 11.8


def test_window_without_values_says_so_and_has_no_axis(rig: PlotRig) -> None:
    for number in range(60):
        rig.add(NOW - 595 + 10 * number, speed=NAN if 20 <= number < 40 else 30.0)
    rig.show()
    words = rig.row("speed").canvas.foreground
    assert words.text == ""
    rig.hold(NOW - 390, NOW - 210)
    assert words.text == "Unknown in this window"
    assert rig.row("speed").value_range is None
    rig.hold(NOW - 3_600, NOW - 1_800)
    assert words.text.startswith("Nothing is kept of this window; memory begins at ")
    rig.hold(NOW - 180, NOW - 60)
    assert words.text == ""
    rig.stack.back_to_live()
    rig.show(NOW + 3_600)
    assert words.text == "Nothing in this window; the last sample is 1 h 0 min old"


def test_each_of_two_voltages_shows_its_differences(rig: PlotRig) -> None:
    for number in range(60):
        is_low = number % 20 < 10
        volts, battery = (12.9, 3.9) if is_low else (14.1, 4.1)
        rig.add(NOW - 600 + 10 * number, volts=volts, battery=battery)
    rig.show()
    row = rig.row("external_power_voltage")
    height = row.canvas.foreground.area.height()
    for field in ("external_power_voltage", "battery_voltage"):
        _, y = rig.line(field)
        low, high = (row.canvas.foreground.y_of(float(v)) for v in (y.min(), y.max()))
        assert low - high > 0.3 * height
    assert row.value_range is not None
    assert row.right_range is not None
    assert row.value_range[0] > row.right_range[1]
    image = image_of(row.canvas)
    right = round(row.canvas.foreground.area.right())
    ink = QColor(row.canvas.pen_colors()[1])
    columns = range(right + 6, image.width())
    seen = [image.pixelColor(x, y) for x in columns for y in range(image.height())]
    # Its labels are in the colour of the curve, as far as thin strokes have it.
    assert min(abs(c.red() - ink.red()) + abs(c.blue() - ink.blue()) for c in seen) < 60


def test_a_voltage_that_is_alone_has_the_left_scale(rig: PlotRig) -> None:
    for number in range(10):
        rig.add(NOW - 100 + 10 * number, volts=NAN)
    rig.show()
    row = rig.row("battery_voltage")
    assert row.right_range is None
    assert row.value_range is not None
    assert row.value_range[0] < 4.1 < row.value_range[1]
    _, y = rig.line("battery_voltage")
    assert y.max() == pytest.approx(4.1)
