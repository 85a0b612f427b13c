import math
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fleet.cadence import UsualIntervals
from tftmonitor.model.fleet.series import SampleRing
from tftmonitor.ui.plots.numbers import arrays, ranges, readings, spans, steps, ticks
from tftmonitor.ui.plots.pane import PlotStack
from tftmonitor.ui.plots.time_scale import PlotMark, View
from tftmonitor.ui.plots.time_window import TimeWindow
from tftmonitor.ui.theme.theme import DARK, LIGHT, install_theme

NOW = 1_795_000_000.0
NAN = math.nan
EVERY_10_S = UsualIntervals(10)
NAMES = [field.name for field in SERIES.channels]
BITS = {lane.key: 1 << lane.bit for lane in SERIES.lanes}


def array(*values: float) -> arrays.Floats:
    return np.array(values, np.float64)


def add(
    ring: SampleRing, time_s: float, volts: float = 12.0, speed: float = 0.0, **flags: bool
) -> None:
    values = {"external_power_voltage": volts, "battery_voltage": 4.1, "speed": speed}
    known = sum(BITS[name] for name in flags)
    states = sum(BITS[name] for name, on in flags.items() if on)
    ring.add(time_s, tuple(values.get(name, math.nan) for name in NAMES), states, known)


def csv_of(stack: PlotStack) -> str:
    table = stack.seen_table()
    assert table is not None
    return table.text()


def filled(count: int = 60, every: float = 10.0) -> SampleRing:
    """Samples every ten seconds, the last one at NOW - 5; volts count up from 12.00."""
    ring = SampleRing(len(NAMES))
    for number in range(count):
        time_s = NOW - 5 - (count - 1 - number) * every
        add(ring, time_s, 12 + number / 100, number, acc=number % 20 < 10)
    return ring


# Numbers


def test_steps_hold_each_value_until_the_next_sample() -> None:
    x, y = steps.step_points(array(0, 10, 20), array(1, 2, 3), 30)
    assert x.tolist() == [0, 10, 10, 20, 20]
    assert y.tolist() == [1, 1, 2, 2, 3]


def test_steps_end_at_the_last_sample() -> None:
    x, _ = steps.step_points(array(5), array(1), 30)
    assert x.tolist() == [5]
    assert steps.step_points(arrays.EMPTY, arrays.EMPTY, 30)[0].tolist() == []


def test_steps_break_at_a_long_gap_where_the_value_was_last_known() -> None:
    x, y = steps.step_points(array(0, 10, 50, 60), array(1, 2, 3, 4), 30)
    np.testing.assert_equal(y, [1, 1, 2, NAN, 3, 3, 4])
    assert x.tolist() == [0, 10, 10, 10, 50, 60, 60]


def test_steps_do_not_break_at_a_gap_of_just_the_limit() -> None:
    _, y = steps.step_points(array(0, 30), array(1, 2), 30)
    assert y.tolist() == [1, 1, 2]


def test_steps_break_while_a_value_is_unknown() -> None:
    x, y = steps.step_points(array(0, 10, 20), array(1, NAN, 3), 30)
    np.testing.assert_equal(y, [1, 1, NAN, NAN, 3])
    assert x.tolist() == [0, 10, 10, 20, 20]


def test_envelope_leaves_few_points_alone() -> None:
    x, y = steps.step_points(array(0, 10, 20), array(1, 2, 3), 30)
    assert steps.envelope(x, y, 0, 20, 10)[0] is x


def test_envelope_is_first_lowest_highest_and_last_of_each_column() -> None:
    x, y = np.arange(0, 100, 1.0), np.tile(array(6, 1, 9, 5, 5, 5, 5, 5, 5, 7), 10)
    out_x, out_y = steps.envelope(x, y, 0, 100, 10)
    assert out_y.tolist() == [6, 1, 9, 7] * 10
    assert out_x.tolist() == [at for n in range(0, 100, 10) for at in (n, n + 4.5, n + 4.5, n + 9)]


def test_value_that_was_held_is_a_level_line_and_no_ramp() -> None:
    # An hour of reports each second at 62 km/h, twenty minutes of silence, and a stop.
    times = np.append(np.arange(0, 3_600, 1.0), np.arange(4_800, 6_000, 1.0))
    speeds = np.where(times < 4_800, 62.0, 0.0)
    x, y = steps.step_points(times, speeds, 3_000)
    out_x, out_y = steps.envelope(x, y, 0, 6_000, 100)
    assert len(out_x) < len(x)
    assert np.interp(4_200, out_x, out_y) == 62.0
    assert np.interp(4_799, out_x, out_y) == 62.0
    assert np.interp(4_860, out_x, out_y) == 0.0


def test_envelope_shows_no_value_that_no_sample_has() -> None:
    chance = np.random.default_rng(2)
    times = np.cumsum(chance.uniform(0.1, 40, 5_000))
    values = np.where(chance.random(5_000) < 0.02, chance.uniform(9, 15, 5_000), 12.6)
    x, y = steps.step_points(times, values, 1e9)
    out_x, out_y = steps.envelope(x, y, times[0], times[-1], 300)
    assert set(out_y.tolist()) <= set(values.tolist())
    assert (np.diff(out_x) >= 0).all()
    assert ranges.value_span(out_y) == ranges.value_span(values)


def test_envelope_keeps_a_break_and_never_passes_the_last_sample() -> None:
    times = np.concatenate((np.arange(0, 30, 0.1), np.arange(60, 91, 0.1)))
    x, y = steps.step_points(times, np.sin(times), 5)
    out_x, out_y = steps.envelope(x, y, 0, 100, 50)
    assert len(out_x) < len(x)
    assert out_x[-1] <= times[-1]
    breaks = out_x[np.isnan(out_y)]
    assert len(breaks) == 1
    # Within a column of where it is.
    assert 28 < breaks[0] < 32


def test_envelope_keeps_a_break_that_begins_with_its_column() -> None:
    x = np.arange(0, 100, 0.5)
    y = np.where((x >= 50) & (x < 55), NAN, 1.0)
    out_x, out_y = steps.envelope(x, y, 0, 100, 10)
    assert set(out_x[np.isnan(out_y)]) == {50.0}


def test_lone_points_are_those_that_no_line_shows() -> None:
    x, y = steps.lone_points(array(0, 1, 2, 3, 4), array(1, NAN, 3, 4, NAN))
    assert (x.tolist(), y.tolist()) == ([0], [1])


def test_visible_takes_neighbours_whose_lines_reach_in() -> None:
    times = array(0, 10, 20, 30, 40)
    assert steps.visible(times, 15, 25, 30) == slice(1, 4)
    assert steps.visible(times, 15, 25, 5) == slice(2, 4)
    assert steps.visible(times, 50, 60, 30) == slice(5, 5)


def test_range_stays_while_it_serves() -> None:
    first = ranges.range_with_hysteresis(None, 12.0, 14.0, 0.5, False)
    assert first[0] < 12.0 < 14.0 < first[1]
    assert ranges.range_with_hysteresis(first, 12.2, 13.8, 0.5, False) == first
    assert ranges.range_with_hysteresis(first, 12.0, 15.5, 0.5, False)[1] > 15.5
    narrow = ranges.range_with_hysteresis(first, 13.0, 13.1, 0.5, False)
    assert narrow[1] - narrow[0] < first[1] - first[0]


def test_range_has_a_least_span_and_may_start_from_zero() -> None:
    low, high = ranges.range_with_hysteresis(None, 12.0, 12.0, 0.5, False)
    assert high - low >= 0.5
    assert low < 12.0 < high
    low, high = ranges.range_with_hysteresis(None, 3.0, 4.0, 10.0, True)
    assert low == 0
    assert high >= 10


def test_runs_follow_the_steps() -> None:
    on = np.array([True, True, False, True, True, True])
    times = array(0, 10, 20, 30, 100, 110)
    assert spans.runs(times, on, 30).tolist() == [[0, 20], [30, 30], [100, 110]]
    assert spans.runs(array(1), np.array([True]), 30).tolist() == [[1, 1]]
    assert not len(spans.runs(arrays.EMPTY, np.empty(0, np.bool_), 30))


def test_reading_is_the_previous_sample_and_not_the_nearest() -> None:
    times, values = array(0, 10, 20, 100), array(1, 2, NAN, 4)
    assert readings.reading_at(times, values, 9.9, 30) == readings.Reading(1, 0, True)
    assert readings.reading_at(times, values, 10, 30) == readings.Reading(2, 10, True)
    assert readings.reading_at(times, values, 60, 30) == readings.Reading(None, 20, False)
    assert readings.reading_at(times, values, 101, 30) == readings.Reading(4, 100, False)
    assert readings.reading_at(times, values, -1, 30) is None


def test_last_known_looks_behind_unknown_values() -> None:
    times = np.arange(200.0)
    values = np.full(200, NAN)
    assert readings.last_known(times, values) is None
    values[3] = 7
    assert readings.last_known(times, values) == (3, 7)
    values[190] = 8
    assert readings.last_known(times, values) == (190, 8)


def test_value_ticks_are_round() -> None:
    assert [tick.label for tick in ticks.value_ticks(11.8, 14.6, 4)] == ["12", "13", "14"]
    assert [tick.label for tick in ticks.value_ticks(-0.5, 0.5, 2)] == ["-0.5", "0.0", "0.5"]


def test_time_ticks_are_round_in_the_zone() -> None:
    zone = timezone(timedelta(hours=5, minutes=45))
    midnight = NOW - (NOW + zone.utcoffset(None).total_seconds()) % 86_400
    labels = [tick.label for tick in ticks.time_ticks(midnight - 1800, midnight + 900, 4, zone)]
    assert labels[:2] == ["23:30", "23:45"]
    assert labels[2][2] == "-"
    assert [t.label for t in ticks.time_ticks(NOW - NOW % 60, NOW - NOW % 60 + 20, 2, UTC)][1][
        -2:
    ] == "10"


def test_labels_that_touch_are_left_out() -> None:
    spans = [(-5, 5), (10, 20), (18, 28), (30, 40), (95, 105)]
    assert ticks.without_overlaps(spans, 0, 100) == [False, True, False, True, False]


def test_window_moves_in_steps_and_never_cuts_now_off() -> None:
    window = TimeWindow()
    ends = set()
    for second in range(60):
        window.follow(NOW + second)
        assert window.end >= NOW + second
        ends.add(window.end)
    assert len(ends) <= 6


def test_zoom_keeps_the_moment_under_the_pointer() -> None:
    window = TimeWindow()
    window.follow(NOW)
    at = window.start + 300
    window.zoom(0.5, at)
    assert not window.live
    assert window.span == 450
    assert (at - window.start) / window.span == pytest.approx(300 / 900)
    window.zoom(1e-9, at)
    assert window.span == 10


def test_window_never_pans_into_the_future() -> None:
    window = TimeWindow()
    window.follow(NOW)
    end = window.end
    window.pan(-100)
    window.pan(1000)
    assert window.end == end


def test_open_blind_interval_ends_now() -> None:
    blind = np.array([(-9, 10), (60, math.inf), (200, 300)])
    view = View(start=0, end=100, now=80, blind=blind, right=100)
    assert view.blind_spans == [(0, 10), (60, 80)]


def test_bars_that_share_a_pixel_are_one_and_none_is_lost() -> None:
    view = View(start=0, end=100, now=100, right=100)
    flapping = np.array([(n / 10, n / 10 + 0.05) for n in range(1_000)])
    assert view.bars(flapping, 100) == [(0.0, 100.0)]
    apart = np.array([(n, n + 0.5) for n in range(0, 96, 8)])
    assert np.allclose(view.bars(apart, 100), [(n, n + 1) for n in range(0, 96, 8)])
    assert view.bars(np.array([(10, 60), (20, 30), (61.5, 70)]), 65) == [(10, 60), (61.5, 65)]
    assert view.bars(np.array([(-5, -1), (101, 110)]), 100) == []


# The widget


class Lines:
    """Counts what reaches pyqtgraph, and keeps the last line of each curve."""

    def __init__(self, stack: PlotStack, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        self.last: dict[tuple[int, int], tuple[Any, Any]] = {}
        for place, row in enumerate(stack._board.plot_rows):
            for number, curve in enumerate(row.canvas._curves):
                monkeypatch.setattr(curve, "setData", self._wrap(curve.setData, (place, number)))

    def _wrap(self, original: Any, key: tuple[int, int]) -> Any:
        def counted(x: Any, y: Any) -> None:
            self.calls += 1
            self.last[key] = (x, y)
            original(x, y)

        return counted


@pytest.fixture
def stack(qtbot: QtBot, qapp: QApplication) -> Iterator[PlotStack]:
    install_theme(qapp, LIGHT)
    stack = PlotStack()
    qtbot.addWidget(stack)
    stack.resize(800, 500)
    stack.show()
    qapp.processEvents()
    yield stack
    install_theme(qapp, LIGHT)


@pytest.fixture
def ring(stack: PlotStack, qapp: QApplication) -> SampleRing:
    ring = filled()
    stack.set_device("VAN-12", ring, UTC, EVERY_10_S)
    stack.refresh(NOW)
    qapp.processEvents()
    return ring


@pytest.fixture
def lines(stack: PlotStack, ring: SampleRing, monkeypatch: pytest.MonkeyPatch) -> Lines:
    return Lines(stack, monkeypatch)


def wheel(stack: PlotStack, x: float, notches: float) -> None:
    board = stack._board
    place = QPointF(x, board.height() / 2)
    delta = QPoint(0, round(notches * 120))
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place,
        board.mapToGlobal(place),
        QPoint(),
        delta,
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(board, event)


def drag(stack: PlotStack, kind: QEvent.Type, x: float) -> None:
    board = stack._board
    place = QPointF(x, board.height() / 2)
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind is QEvent.Type.MouseMove else left
    modifiers = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, place, board.mapToGlobal(place), button, left, modifiers)
    QApplication.sendEvent(board, event)


def x_of(stack: PlotStack, time_s: float) -> float:
    return stack._navigator.view.x_of(time_s)


def test_line_ends_at_the_last_sample(stack: PlotStack, ring: SampleRing, lines: Lines) -> None:
    add(ring, NOW, 12.5)
    stack.refresh(NOW + 20)
    assert lines.calls == 3
    for x, _ in lines.last.values():
        assert x[-1] == NOW
    assert stack.window_s[1] >= NOW + 20


def test_nothing_new_means_no_line_is_set(stack: PlotStack, lines: Lines) -> None:
    stack.refresh(NOW + 0.1)
    stack.refresh(NOW + 0.2)
    assert lines.calls == 0


def test_hidden_plots_set_no_line_and_catch_up_once(
    stack: PlotStack, ring: SampleRing, lines: Lines, qapp: QApplication
) -> None:
    stack.hide()
    for second in range(5):
        add(ring, NOW + second, 13.0)
        stack.refresh(NOW + second)
    assert lines.calls == 0
    stack.show()
    assert lines.calls == 3
    assert lines.last[0, 0][0][-1] == NOW + 4


def test_zoom_leaves_live_and_counts_what_comes(
    stack: PlotStack, ring: SampleRing, qtbot: QtBot
) -> None:
    modes = [stack.is_live]
    wheel(stack, x_of(stack, NOW - 300), 3)
    modes.append(stack.is_live)
    assert modes == [True, False]
    held = stack.window_s
    assert held[1] - held[0] < 900
    for second in range(14):
        add(ring, NOW + second)
    stack.refresh(NOW + 14)
    assert stack.window_s == held
    assert stack._board.pill.text() == "+14 samples, back to live (L)"
    assert stack._board.pill.isVisible()


def test_back_to_live_shows_what_came(
    stack: PlotStack, ring: SampleRing, lines: Lines, qtbot: QtBot
) -> None:
    stack.pause()
    assert stack._board.pill.text() == "Back to live (L)"
    add(ring, NOW + 30, 12.5)
    stack.refresh(NOW + 30)
    assert stack._board.pill.text() == "+1 sample, back to live (L)"
    modes = [stack.is_live]
    QTest.mouseClick(stack._board.pill, Qt.MouseButton.LeftButton)
    modes.append(stack.is_live)
    assert modes == [False, True]
    assert stack.window_s[1] >= NOW + 30
    assert lines.last[0, 0][0][-1] == NOW + 30
    assert not stack._board.pill.isVisible()


def test_drag_pans_into_the_past(stack: PlotStack, ring: SampleRing) -> None:
    before = stack.window_s
    for kind, x in (
        (QEvent.Type.MouseButtonPress, 300),
        (QEvent.Type.MouseMove, 350),
        (QEvent.Type.MouseMove, 400),
        (QEvent.Type.MouseButtonRelease, 400),
        (QEvent.Type.MouseMove, 500),
    ):
        drag(stack, kind, x)
    assert not stack.is_live
    moved = before[0] - stack.window_s[0]
    assert moved == pytest.approx(100 / stack._navigator.view.width * 900)


def test_window_buttons_keep_the_mode(stack: PlotStack, ring: SampleRing, qtbot: QtBot) -> None:
    buttons = stack._header._buttons
    buttons[3600.0].click()
    assert stack.is_live
    assert stack.window_s[1] - stack.window_s[0] == 3600
    wheel(stack, 300, 1)
    assert not any(button.isChecked() for button in buttons.values())


def test_crosshair_reads_the_previous_sample(stack: PlotStack, ring: SampleRing) -> None:
    # There are samples at NOW - 15 (12.58 V) and NOW - 5 (12.59 V).
    stack._board.hovered.emit(x_of(stack, NOW - 5.5))
    text = stack.readout_text
    assert "External  12.58 V" in text
    assert "15 s ago" in text
    assert "Speed  58.0 km/h" in text
    stack._board.left.emit()
    assert stack.readout_text == ""


def test_crosshair_after_the_last_sample_gives_no_value(stack: PlotStack, ring: SampleRing) -> None:
    stack.refresh(NOW + 100)
    stack._board.hovered.emit(x_of(stack, NOW + 90))
    assert "no data since" in stack.readout_text
    assert " V" not in stack.readout_text


def test_mouse_over_a_plot_moves_the_crosshair(
    stack: PlotStack, ring: SampleRing, qtbot: QtBot
) -> None:
    canvas = stack._board.plot_rows[0].canvas
    below = stack._board.childAt(canvas.geometry().center())
    assert below is None, "the plots must let the mouse through to their ground"
    QTest.mouseMove(stack._board, canvas.geometry().center())
    assert "External  12.13 V" in stack.readout_text


def test_keys_move_crosshair_zoom_and_come_back(
    stack: PlotStack, ring: SampleRing, qtbot: QtBot
) -> None:
    board = stack._board
    QTest.keyClick(board, Qt.Key.Key_Left)
    assert "12.59 V" in stack.readout_text
    QTest.keyClick(board, Qt.Key.Key_Left)
    assert "12.58 V" in stack.readout_text
    QTest.keyClick(board, Qt.Key.Key_Right)
    assert "12.59 V" in stack.readout_text
    QTest.keyClick(board, Qt.Key.Key_Escape)
    assert stack.readout_text == ""
    QTest.keyClick(board, Qt.Key.Key_Plus)
    assert stack.window_s[1] - stack.window_s[0] == pytest.approx(630)
    QTest.keyClick(board, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    seen = [stack.is_live]
    for key in (Qt.Key.Key_L, Qt.Key.Key_Space, Qt.Key.Key_Space):
        QTest.keyClick(board, key)
        seen.append(stack.is_live)
    assert seen == [False, True, False, True]


def test_theme_change_recolours(stack: PlotStack, ring: SampleRing, qapp: QApplication) -> None:
    row = stack._board.plot_rows[0]
    assert row.canvas.pen_colors() == list(LIGHT.curves[:2])
    install_theme(qapp, DARK)
    qapp.processEvents()
    assert row.canvas.pen_colors() == list(DARK.curves[:2])
    corner = row.canvas.grab().toImage().pixelColor(2, 2)
    assert corner == QColor(DARK.base)


def test_legend_shows_the_newest_value_and_its_age(stack: PlotStack, ring: SampleRing) -> None:
    item = stack._board.plot_rows[0].legend.items[0]
    assert item.value == "12.59 V"
    stack.refresh(NOW + 3600)
    assert item.value == "12.59 V, 1 h 0 min old"
    assert item.accessibleName() == "External: 12.59 V, 1 h 0 min old"


def test_hidden_curve_leaves_plot_range_and_table(
    stack: PlotStack, ring: SampleRing, lines: Lines, qtbot: QtBot
) -> None:
    row = stack._board.plot_rows[0]
    low, high = row.right_range or (0, 0)
    assert low < 4.1 < high
    row.legend.items[1].click()
    assert len(lines.last[0, 1][0]) == 0
    assert row.right_range is None
    assert row.value_range is not None
    assert row.value_range[0] > 4.1
    assert "Battery" not in csv_of(stack)
    row.legend.items[0].click()
    assert row.canvas.foreground.text == "All curves of this plot are hidden"


def test_lane_of_an_input_appears_once_it_was_on(stack: PlotStack, ring: SampleRing) -> None:
    assert stack._board.lane_strip.titles == ["Ignition"]
    add(ring, NOW, input_2=False)
    stack.refresh(NOW)
    assert stack._board.lane_strip.titles == ["Ignition"]
    add(ring, NOW + 1, input_2=True)
    stack.refresh(NOW + 1)
    assert stack._board.lane_strip.titles == ["Ignition", "Input 2"]


def test_empty_states_are_text(stack: PlotStack, ring: SampleRing) -> None:
    words = [row.canvas.foreground for row in stack._board.plot_rows]
    assert [item.text for item in words] == ["", ""]
    stack.set_device("TRK-03", SampleRing(len(NAMES)), UTC, EVERY_10_S)
    assert words[0].text == "No samples of voltage from this device yet"
    stack.set_device("TRK-04", None, UTC, EVERY_10_S)
    assert words[1].text == "No samples of speed from this device yet"
    stack.set_device("VAN-12", ring, UTC, EVERY_10_S)
    stack.refresh(NOW + 7200)
    assert words[0].text == "Nothing in this window; the last sample is 2 h 0 min old"
    stack.set_device("", None, UTC, EVERY_10_S)
    assert stack._pages.currentWidget() is stack._message
    assert stack._message.text() == "No device selected"


def test_another_device_is_shown_live_and_the_same_one_as_it_was(
    stack: PlotStack, ring: SampleRing
) -> None:
    stack.pause()
    stack.set_device("VAN-12 renamed", ring, UTC, EVERY_10_S)
    assert not stack.is_live
    stack.set_device("TRK-03", filled(5), UTC, EVERY_10_S)
    assert stack.is_live


def test_marks_tell_their_texts_and_are_never_html(stack: PlotStack, ring: SampleRing) -> None:
    marks = [
        PlotMark(NOW - 100, Severity.CRITICAL, "SOS <b>now</b>"),
        PlotMark(NOW - 99, Severity.NOTICE, "Ignition"),
        PlotMark(NOW - 5000, Severity.HIGH, "too old to see"),
    ]
    stack.set_marks(marks)
    strip = stack._board.marks
    assert strip.text_at(x_of(stack, NOW - 100)) == "SOS <b>now</b>\nIgnition"
    assert strip.text_at(x_of(stack, NOW - 400)) == ""
    assert strip.accessibleDescription() == "2 alarms in this window"


def test_blind_interval_is_hatched(stack: PlotStack, ring: SampleRing, qapp: QApplication) -> None:
    canvas = stack._board.plot_rows[1].canvas
    qapp.processEvents()
    before = canvas.grab().toImage()
    stack.set_blind([(NOW - 400, NOW - 200)])
    qapp.processEvents()
    after = canvas.grab().toImage()
    hatched = {after.pixelColor(round(x_of(stack, NOW - 300)), y).name() for y in range(20, 60)}
    assert LIGHT.hatch in hatched
    x = round(x_of(stack, NOW - 120))
    assert all(before.pixel(x, y) == after.pixel(x, y) for y in range(canvas.height()))


def test_csv_is_what_is_seen(stack: PlotStack, ring: SampleRing) -> None:
    stack.set_window(300)
    rows = csv_of(stack).splitlines()
    head = "time (UTC),External voltage (V),Battery voltage (V),Speed (km/h),Ignition"
    assert rows[0] == head
    start, end = stack.window_s
    seen = [row for row in rows[1:] if not row.startswith("#")]
    assert len(seen) == sum(start <= time_s <= end for time_s in ring.samples().times)
    assert seen[-1].endswith("Z,12.59,4.10,59.0,0")
    assert [row.split(": ")[1] for row in rows[1 + len(seen) :]] == [
        "External voltage 12.29 V",
        "Battery voltage 4.10 V",
        "Speed 29.0 km/h",
        "Ignition 1",
    ]
    stack.set_device("", None, UTC, EVERY_10_S)
    assert stack.seen_table() is None


def test_picture_is_not_blank(stack: PlotStack, ring: SampleRing) -> None:
    picture = stack.grab_png()
    assert picture.width() >= 800
    colors = {picture.pixelColor(x, y).name() for x in range(0, 800, 2) for y in range(500)}
    assert LIGHT.curves[0] in colors


def test_every_control_can_be_reached_by_keys_and_has_a_name(
    stack: PlotStack, ring: SampleRing
) -> None:
    stack.pause()
    controls = [
        stack._board,
        stack._board.pill,
        *stack._header._buttons.values(),
        *stack._board.plot_rows[0].legend.items,
    ]
    for control in controls:
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
        accessible = QAccessible.queryAccessibleInterface(control)
        assert accessible is not None
        assert accessible.text(QAccessible.Text.Name)
