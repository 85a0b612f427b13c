"""While time goes on: the crosshair stays with the data, a held window keeps what it shows."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.plots.rig import NOW, PlotRig
from tftmonitor.model.fleet.series import BLOCK, CAPACITY, KEEP_S, SampleRing
from tftmonitor.ui.plots.shown_samples import ShownSamples


@pytest.fixture
def rig(qtbot: QtBot) -> PlotRig:
    made = PlotRig(qtbot)
    for number in range(90):
        made.add(NOW - 895 + 10 * number, speed=float(number))
    made.show()
    return made


def go_on(rig: PlotRig, seconds: int) -> None:
    for second in range(0, seconds, 10):
        rig.add(NOW + second + 5, speed=90 + second / 10)
    rig.show(NOW + seconds)


def test_crosshair_under_the_pointer_reads_what_moves_there(rig: PlotRig) -> None:
    view = rig.stack._navigator.view
    x = round(rig.x_of(view.start + 300))
    QTest.mouseMove(rig.stack._board, rig.row("speed").canvas.geometry().center())
    rig.stack._board.hovered.emit(x)
    assert "Speed  30.0 km/h" in rig.stack.readout_text
    go_on(rig, 120)
    assert "Speed  42.0 km/h" in rig.stack.readout_text
    cursor = rig.row("speed").canvas.foreground.view.cursor
    assert cursor is not None
    assert round(rig.x_of(cursor)) == x


def test_crosshair_on_a_sample_leaves_the_window_with_it(rig: PlotRig) -> None:
    navigator = rig.stack._navigator
    navigator.set_cursor(NOW - 595)
    go_on(rig, 200)
    assert "Speed  30.0 km/h" in rig.stack.readout_text
    go_on(rig, 400)
    assert rig.stack.readout_text == ""
    assert rig.row("speed").canvas.foreground.view.cursor is None
    assert rig.stack._board.lane_strip.view.cursor is None


def test_crosshair_stays_under_the_pointer_that_drags(rig: PlotRig) -> None:
    board, none = rig.stack._board, Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    for kind, x in ((QEvent.Type.MouseButtonPress, 300.0), (QEvent.Type.MouseMove, 400.0)):
        place = QPointF(x, 100)
        event = QMouseEvent(kind, place, board.mapToGlobal(place), left, left, none)
        QApplication.sendEvent(board, event)
    cursor = rig.stack._navigator.view.cursor
    assert cursor is not None
    assert rig.x_of(cursor) == pytest.approx(400)


def test_held_window_keeps_what_it_shows_when_the_ring_lets_go(rig: PlotRig) -> None:
    rig.hold(NOW - 800, NOW - 200)
    before = [part.tolist() for part in rig.line("speed")]
    table = rig.stack.seen_table()
    assert table is not None
    for number in range(8 * 360):
        rig.add(NOW + 5 + 10 * number)
        if number % 60 == 0:
            rig.show(NOW + 10 * number)
    assert rig.ring.oldest_s is not None
    assert rig.ring.oldest_s > NOW
    rig.show(NOW + 8 * 3_600)
    assert [part.tolist() for part in rig.line("speed")] == before
    later = rig.stack.seen_table()
    assert later is not None
    assert later.text() == table.text()
    # Back in the live window they are let go.
    rig.stack.back_to_live()
    rig.hold(NOW - 800, NOW - 200)
    assert rig.row("speed").canvas.foreground.text.startswith("Nothing is kept of this window")


def test_held_window_keeps_its_samples_while_it_is_hidden(rig: PlotRig) -> None:
    rig.hold(NOW - 800, NOW - 200)
    before = [part.tolist() for part in rig.line("speed")]
    rig.stack.hide()
    for number in range(14 * 360):
        rig.add(NOW + 5 + 10 * number)
        rig.stack.refresh(NOW + 10 * number)
    rig.stack.show()
    rig.show(NOW + 14 * 3_600)
    assert [part.tolist() for part in rig.line("speed")] == before
    # And what came while it was held can be looked at too, from the first to the last.
    rig.hold(NOW + 3_600, NOW + 4_200)
    assert rig.row("speed").canvas.foreground.text == ""


def test_stored_report_that_comes_late_hides_nothing_of_what_is_kept() -> None:
    ring = SampleRing(1)
    for number in range(2 * BLOCK):
        ring.add(float(number), [number], 0, 0)
    shown = ShownSamples(ring)
    shown.hold()
    for number in range(2 * BLOCK):
        ring.add(KEEP_S + 2 * BLOCK + number, [0], 0, 0)
    shown.keep()
    ring.add(10.5, [1], 0, 0)
    samples = shown.read()
    assert samples is not None
    assert samples.times[:14].tolist() == [*(float(n) for n in range(11)), 10.5, 11, 12]
    assert shown.read() is samples


def test_what_is_kept_is_bounded() -> None:
    ring = SampleRing(1, capacity=4 * BLOCK)
    shown = ShownSamples(ring)
    shown.hold()
    for number in range(2 * CAPACITY + 9 * BLOCK):
        ring.add(float(number), [number], 0, 0)
        if number % BLOCK == 0:
            shown.keep()
    samples = shown.read()
    assert samples is not None
    assert samples.times[0] == 0
    assert len(samples.times) <= 2 * CAPACITY + 4 * BLOCK
