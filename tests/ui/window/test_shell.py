"""A pane is its package and one row: it is shown, ticked, themed and told of the end."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tftmonitor.base.clock import ManualClock
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fleet.changes import Changes
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.theme.theme import DARK, LIGHT, install_theme
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.window.banner import Banner
from tftmonitor.ui.window.dock_spec import DockSpec
from tftmonitor.ui.window.frame_clock import FrameClock
from tftmonitor.ui.window.notice_row import NoticeRow
from tftmonitor.ui.window.shell import Shell

NOW_MS = 1_795_003_200_000
_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea


class ThrowAwayPane(Pane):
    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    @override
    def tick(self) -> None:
        self.calls.append("tick")

    @override
    def apply_theme(self) -> None:
        self.calls.append("theme")

    @override
    def finish(self) -> None:
        self.calls.append("finish")


class Place:
    """A shell with one pane that is shown and one that is built when it is."""

    def __init__(self, bars: list[QWidget]) -> None:
        self.shown = ThrowAwayPane()
        self.other = ThrowAwayPane()
        self.built: list[ThrowAwayPane] = []
        self.shell = Shell(
            FrameClock(Changes()),
            bars,
            QLabel("center"),
            QLabel("welcome"),
            [
                DockSpec("shown", "Shown", lambda: self.shown, _RIGHT, 200),
                DockSpec("other", "Other", lambda: self.other, _LEFT, 200),
                DockSpec("later", "Later", self._build, _RIGHT, 200, shown=False),
            ],
        )

    def _build(self) -> ThrowAwayPane:
        self.built.append(ThrowAwayPane())
        return self.built[-1]


def test_note_keeps_off_what_lies_below_the_center(qtbot: QtBot) -> None:
    alarms = DockSpec("alarms", "Alarms", QLabel, Qt.DockWidgetArea.BottomDockWidgetArea, 160)
    shell = Shell(FrameClock(Changes()), [], QLabel("center"), QLabel("welcome"), [alarms])
    window = shell.window
    window.show()
    qtbot.waitExposed(window)
    shell.show_note("Notifications do not work: no session bus.")
    dock = window.docks["alarms"]

    def note_bottom() -> int:
        QApplication.processEvents()
        return shell.note.geometry().bottom()

    qtbot.waitUntil(lambda: note_bottom() < dock.y())
    # Also when the dock grows meanwhile, and down to the edge where there is none.
    window.resizeDocks([dock], [300], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: dock.height() > 250)
    assert note_bottom() < dock.y()
    dock.hide()
    qtbot.waitUntil(lambda: note_bottom() > window.height() - 20)
    window.close_for_good()


@pytest.fixture
def place(qtbot: QtBot) -> Iterator[Place]:
    place = Place([QLabel("bar")])
    window = place.shell.window
    window.show()
    qtbot.waitExposed(window)
    yield place
    window.close_for_good()


def test_pane_of_a_row_is_shown_ticked_themed_and_finished(
    place: Place, qapp: QApplication
) -> None:
    assert place.shown.isVisible()
    assert place.shell.window.docks["shown"].windowTitle() == "Shown"
    place.shell.frame_clock.tick()
    install_theme(qapp, DARK)
    install_theme(qapp, LIGHT)
    place.shell.stop()
    assert place.shown.calls == ["tick", "theme", "theme", "finish"]


def test_pane_that_is_not_shown_is_built_when_it_is_and_then_ticked(place: Place) -> None:
    place.shell.frame_clock.tick()
    assert place.built == []
    place.shell.show_pane("later")
    place.shell.frame_clock.tick()
    place.shell.stop()
    assert [pane.calls for pane in place.built] == [["tick", "finish"]]


def test_hidden_pane_is_not_ticked(place: Place) -> None:
    place.shell.window.docks["shown"].hide()
    place.shell.frame_clock.tick()
    assert place.shown.calls == []


def test_pane_whose_tick_fails_keeps_no_other_from_its_own(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("broken pane")

    monkeypatch.setattr(place.shown, "tick", fail)
    place.shell.frame_clock.tick()
    assert place.shown.isVisible()
    assert place.other.calls == ["tick"]
    assert "broken pane" in caplog.text


def test_nothing_below_moves_when_an_alarm_comes_or_a_link_is_lost(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    banner, strip = Banner(ManualClock(NOW_MS), settings), QLabel("link lost")
    strip.hide()
    row = NoticeRow(banner, strip)
    row.set_calm_text("No alarm is waiting.")
    place = Place([row])
    window = place.shell.window
    window.show()
    qtbot.waitExposed(window)

    def top() -> int:
        QApplication.processEvents()
        return place.shown.mapTo(window, QPoint(0, 0)).y()

    calm = top()
    assert row.calm.isVisible()
    alarm = Alarm(
        1, "sos", "SOS", Severity.CRITICAL, NOW_MS, NOW_MS, (Source.SNAPSHOT,), (Source.SNAPSHOT,)
    )
    banner.show_alarms([alarm])
    assert (top(), banner.isVisible(), row.calm.isVisible()) == (calm, True, False)
    assert banner.height() == row.height()
    strip.show()
    assert (top(), strip.isVisible()) == (calm, True)
    banner.show_alarms([])
    strip.hide()
    assert (top(), row.calm.isVisible()) == (calm, True)
    window.close_for_good()
