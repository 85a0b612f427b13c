"""A pane is its package and one row: it is shown, ticked, themed and told of the end."""

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tftmonitor.base.clock import ManualClock
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fleet.changes import Changes
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.bars.banner import Banner
from tftmonitor.ui.bars.notice_row import NoticeRow
from tftmonitor.ui.theme.theme import DARK, LIGHT, install_theme
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.window.dock_spec import DockSpec, PageSpec
from tftmonitor.ui.window.frame_clock import FrameClock
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
        self.page = ThrowAwayPane()
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
            [PageSpec("room", "A room", lambda: self.page)],
        )

    def _build(self) -> ThrowAwayPane:
        self.built.append(ThrowAwayPane())
        return self.built[-1]


def test_nothing_moves_and_nothing_is_covered_when_something_is_said(place: Place) -> None:
    window = place.shell.window
    before = window.docks["shown"].geometry(), window.center.geometry()
    place.shell.warn("Notifications do not work: no session bus.")
    QApplication.processEvents()
    assert (window.docks["shown"].geometry(), window.center.geometry()) == before
    note = place.shell.note
    assert note.text.text().startswith("Notifications")
    assert note.mapTo(window, QPoint(0, 0)).y() > window.docks["shown"].geometry().bottom()


def test_page_takes_the_place_of_the_docks_and_gives_it_back(place: Place) -> None:
    window = place.shell.window
    window.resizeDocks([window.docks["shown"]], [333], Qt.Orientation.Horizontal)
    QApplication.processEvents()
    place.shell.show_pane("room")
    assert place.page.isVisible()
    assert not window.docks["shown"].isVisible()
    QTest.keyClick(place.page, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert not place.page.isVisible()
    assert window.docks["shown"].width() == 333


def test_pane_that_is_called_for_comes_forward_out_of_a_page(place: Place) -> None:
    place.shell.show_pane("room")
    place.shell.show_pane("shown")
    assert place.shown.isVisible()
    assert not place.page.isVisible()


def test_each_workspace_keeps_what_was_moved_in_it(place: Place) -> None:
    window = place.shell.window
    window.docks["shown"].hide()
    window.show_workspace("install")
    assert not window.docks["other"].isVisible()
    window.docks["later"].show()
    window.show_workspace("watch")
    assert not window.docks["shown"].isVisible()
    assert window.docks["other"].isVisible()
    window.show_workspace("install")
    assert window.docks["later"].isVisible()
    window.reset_layout()
    assert not window.docks["later"].isVisible()


def test_workspaces_are_there_again_at_the_next_start(place: Place, qtbot: QtBot) -> None:
    window = place.shell.window
    window.docks["shown"].hide()
    window.show_workspace("install")
    place.shell.show_pane("room")
    saved = msgspec.structs.replace(Settings(), **window.layout_settings())
    again = Place([])
    assert again.shell.window.restore(saved) == ""
    again.shell.window.show()
    qtbot.waitExposed(again.shell.window)
    assert again.shell.window.workspace.name == "install"
    assert not again.other.isVisible()
    again.shell.window.show_workspace("watch")
    assert not again.shown.isVisible()
    assert again.other.isVisible()
    again.shell.window.close_for_good()


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
