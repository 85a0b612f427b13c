"""What is written beside plots and lanes can be read, and tells apart what matters."""

import itertools

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tests.ui.plots.rig import NOW, PlotRig, image_of
from tftmonitor.ui.plots.numbers.ticks import value_ticks
from tftmonitor.ui.theme.theme import LIGHT


def test_titles_of_lanes_stand_beside_the_bars(qtbot: QtBot) -> None:
    rig = PlotRig(qtbot)
    for number in range(90):
        rig.add(NOW - 895 + 10 * number, acc=True, idle_status=True, is_wireless_charging=True)
    rig.show()
    strip = rig.stack._board.lane_strip
    image = image_of(strip)
    left, row = round(strip.view.left), strip.row_height() + 2
    lane, ink = QColor(LIGHT.lane).rgb(), QColor(LIGHT.text).rgb()
    assert len(strip.titles) == 3
    for number in range(3):
        rows = range(number * row + 1, number * row + row - 4)
        # The bar is one colour from the first to the last sample, and its title is left of it.
        first, last = round(rig.x_of(NOW - 895)) + 1, round(rig.x_of(NOW - 5)) - 1
        assert all(image.pixel(x, y) == lane for x in range(first, last) for y in rows)
        beside = [image.pixel(x, y) for x in range(left - 4) for y in rows]
        assert ink in beside
        assert lane not in beside
    # And the plots above begin where the bars do.
    assert rig.row("speed").canvas.backdrop.area.left() == left


def test_ticks_tell_a_running_engine_from_a_resting_one(qtbot: QtBot) -> None:
    rig = PlotRig(qtbot)
    for number in range(90):
        rig.add(NOW - 895 + 10 * number, 12.9 if number < 45 else 14.1, battery=4.1)
    rig.show()
    backdrop = rig.row("external_power_voltage").canvas.backdrop
    between = [tick.label for tick in backdrop.value_ticks(14) if 12.9 < tick.place < 14.1]
    assert between


@pytest.mark.parametrize("most", [1.0, 2.7, 5.0, 12.0])
@pytest.mark.parametrize(
    ("low", "high"), [(12.8, 14.2), (12.2, 14.8), (3.5, 15), (0, 130), (-40, 85), (0, 10)]
)
def test_an_axis_has_two_ticks_at_least(low: float, high: float, most: float) -> None:
    places = [tick.place for tick in value_ticks(low, high, most)]
    assert len(places) >= 2
    assert all(low - 1e-6 <= place <= high + 1e-6 for place in places)
    assert len({tick.label for tick in value_ticks(low, high, most)}) == len(places)


def test_labels_of_an_axis_never_lie_on_each_other_in_a_low_window(qtbot: QtBot) -> None:
    rig = PlotRig(qtbot, (440, 40))
    for number in range(90):
        rig.add(NOW - 895 + 10 * number, 12.9 if number < 45 else 14.1, battery=4.1)
    least = rig.stack.minimumSizeHint().height()
    rig.stack.resize(440, least)
    rig.show()
    canvas = rig.row("external_power_voltage").canvas
    line = canvas.fontMetrics().height()
    backdrop = canvas.backdrop
    ticks = sorted(tick.place for tick in backdrop.value_ticks(line))
    low, high = backdrop.low, backdrop.high
    pixels = [place / (high - low) * backdrop.area.height() for place in ticks]
    apart = [above - below for below, above in itertools.pairwise(pixels)]
    assert min(apart) >= line * 0.8
