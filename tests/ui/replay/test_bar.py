"""The bar of a replay: what it shows, and what it tells."""

from datetime import UTC

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QListView, QVBoxLayout, QWidget
from typing_extensions import override

from tests.ui.harness import Harness
from tftmonitor.base.clock import HOUR_MS, MINUTE_MS
from tftmonitor.monitor.replay.stretch import Stretch
from tftmonitor.ui.replay.bar import ReplayBar
from tftmonitor.ui.replay.mark import ReplayMark
from tftmonitor.ui.replay.space_key import SpaceKey
from tftmonitor.ui.replay.track import ReplayTrack
from tftmonitor.ui.theme.theme import LIGHT, install_theme

# 2026-11-20 22:00:00 UTC.
START_MS = 1_795_212_000_000
GAP = (START_MS + 20 * MINUTE_MS, START_MS + 25 * MINUTE_MS)
STRETCH = Stretch(START_MS, START_MS + HOUR_MS, [], [GAP], [], [])


@pytest.fixture
def bar(harness: Harness) -> ReplayBar:
    return harness.show(ReplayBar(STRETCH, harness.settings), 1_366, 48)


def test_bar_says_replay_and_the_moment_with_its_zone(bar: ReplayBar) -> None:
    bar.show_moment(START_MS + 12 * MINUTE_MS + 7_000)
    assert bar.word.text() == "REPLAY"
    assert bar.time.text() == "2026-11-20 22:12:07 UTC"
    assert bar.title == "REPLAY 2026-11-20 22:12"
    assert bar.track.moment_ms == START_MS + 12 * MINUTE_MS + 7_000


def test_bar_follows_the_zone(bar: ReplayBar, harness: Harness) -> None:
    bar.show_moment(START_MS)
    harness.settings.set("zone", "local")
    assert bar.time.text() != ""
    harness.settings.set("zone", "utc")
    assert bar.time.text() == "2026-11-20 22:00:00 UTC"


def test_state_is_shown_without_telling_a_choice(bar: ReplayBar) -> None:
    chosen = QSignalSpy(bar.speed_chosen)
    bar.show_state("playing", 60, is_playing=True)
    assert (bar.play.text(), bar.state.text()) == ("Pause", "playing")
    assert bar.speed.currentText() == "60x"
    bar.show_state("paused", 60, is_playing=False)
    assert bar.play.text() == "Play"
    assert chosen.count() == 0


def test_each_button_tells_its_wish(bar: ReplayBar) -> None:
    spies = {
        name: QSignalSpy(getattr(bar, name))
        for name in (
            "play_toggled",
            "step_requested",
            "speed_chosen",
            "skip_toggled",
            "sound_toggled",
            "close_requested",
        )
    }
    for button in (bar.play, bar.step, bar.back, bar.close_button, bar.skip, bar.sound):
        button.click()
    bar.speed.setCurrentIndex(bar.speed.findData(600))
    told = {name: [spy.at(n) for n in range(spy.count())] for name, spy in spies.items()}
    assert told == {
        "play_toggled": [[]],
        "step_requested": [[1], [-1]],
        "speed_chosen": [[600]],
        "skip_toggled": [[False]],
        "sound_toggled": [[True]],
        "close_requested": [[]],
    }


def test_sound_is_off_and_gaps_are_skipped_unless_asked(bar: ReplayBar) -> None:
    assert bar.skip.isChecked()
    assert not bar.sound.isChecked()


def place_of(track: ReplayTrack, at_ms: int) -> QPoint:
    return QPoint(round(track._x_of(at_ms)), 12)


def test_moment_is_chosen_where_the_mouse_lets_go(bar: ReplayBar) -> None:
    chosen, track = QSignalSpy(bar.moment_chosen), bar.track
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(track, left, pos=place_of(track, START_MS + 10 * MINUTE_MS))
    QTest.mouseMove(track, place_of(track, START_MS + 30 * MINUTE_MS))
    # In the hand it stays there, and its time is told.
    track.show_moment(START_MS)
    assert bar.title == "REPLAY 2026-11-20 22:30" or bar.title == "REPLAY 2026-11-20 22:29"
    assert chosen.count() == 0
    QTest.mouseRelease(track, left, pos=place_of(track, START_MS + 30 * MINUTE_MS))
    assert chosen.count() == 1
    assert abs(chosen.at(0)[0] - (START_MS + 30 * MINUTE_MS)) < MINUTE_MS


def test_other_buttons_of_the_mouse_choose_nothing(bar: ReplayBar) -> None:
    chosen = QSignalSpy(bar.moment_chosen)
    QTest.mouseClick(bar.track, Qt.MouseButton.RightButton, pos=QPoint(50, 12))
    QTest.mouseMove(bar.track, QPoint(90, 12))
    assert chosen.count() == 0


def test_keys_move_by_seconds_and_minutes(bar: ReplayBar) -> None:
    chosen = QSignalSpy(bar.moment_chosen)
    bar.show_moment(START_MS + MINUTE_MS)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_End, Qt.Key.Key_End, Qt.Key.Key_A):
        QTest.keyClick(bar.track, key)
    assert [chosen.at(n)[0] - START_MS for n in range(chosen.count())] == [
        MINUTE_MS + 10_000,
        MINUTE_MS + 310_000,
        HOUR_MS,
    ]


def test_gap_is_hatched_and_what_was_played_is_filled(bar: ReplayBar) -> None:
    bar.show_moment(START_MS + 10 * MINUTE_MS)
    bar.track.setFocus()
    picture = bar.track.grab().toImage()
    ink, ground = QColor(LIGHT.replay_ink), QColor(LIGHT.replay)

    def colours(from_ms: int, to_ms: int) -> set[str]:
        first, last = (round(bar.track._x_of(at)) for at in (from_ms, to_ms))
        return {picture.pixelColor(x, 13).name() for x in range(first, last)}

    assert colours(START_MS + MINUTE_MS, START_MS + 8 * MINUTE_MS) == {ink.name()}
    assert ground.name() in colours(START_MS + 30 * MINUTE_MS, START_MS + 40 * MINUTE_MS)
    assert len(colours(GAP[0] + 30_000, GAP[1] - 30_000)) > 1


def test_days_are_named_on_a_long_stretch(harness: Harness) -> None:
    track = harness.show(ReplayTrack(), 400, 48)
    for days in (1, 30, 300):
        track.show_stretch(START_MS, START_MS + days * 24 * HOUR_MS, (), UTC)
        assert not track.grab().isNull()


# The word in pictures


def test_mark_is_in_each_picture_of_its_widget(harness: Harness) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    install_theme(app, LIGHT)
    holder = harness.show(QWidget(), 400, 200)
    mark = ReplayMark(holder)
    mark.show_title("REPLAY 2026-11-20 22:12")
    picture = holder.grab().toImage()
    assert picture.pixelColor(mark.x() + 3, mark.y() + mark.height() // 2).name() == LIGHT.replay
    assert abs(mark.geometry().center().x() - 200) <= 1
    holder.resize(600, 200)
    assert abs(mark.geometry().center().x() - 300) <= 1
    right = ReplayMark(holder, 42)
    right.show_title("REPLAY 2026-11-20 22:12")
    assert right.text() == "REPLAY"
    holder.resize(700, 200)
    assert right.text() == "REPLAY 2026-11-20 22:12"
    holder.resize(600, 200)
    assert (right.y(), right.geometry().right()) == (42, 593)


# The key


class StarringView(QListView):
    """As the list of devices, it wants the key for itself."""

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)


def test_space_plays_wherever_the_keyboard_is_but_in_typing_and_on_buttons(
    harness: Harness,
) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    view, line, tick = StarringView(), QLineEdit(), QCheckBox("Tick")
    for widget in (view, line, tick):
        column.addWidget(widget)
    harness.show(window)
    key = SpaceKey(window)
    key.take_from(view)
    pressed = QSignalSpy(key.pressed)
    window.activateWindow()
    harness.qtbot.waitUntil(window.isActiveWindow)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert pressed.count() == 1
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Space)
    assert (pressed.count(), line.text()) == (1, " ")
    tick.setFocus()
    QTest.keyClick(tick, Qt.Key.Key_Space)
    assert (pressed.count(), tick.isChecked()) == (1, True)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_A)
    assert pressed.count() == 1
