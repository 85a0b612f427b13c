"""The map under mouse and keys: choosing, clusters, following, filters, and what is painted."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from tests.ui.harness import Harness
from tests.ui.map.rig import BERLIN, HAMBURG, POTSDAM, MapBench
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.map.colours import LIGHT
from tftmonitor.ui.map.devices.positions import MOST_NEW, AlarmMark
from tftmonitor.ui.map.menus import browser_address
from tftmonitor.ui.map.pane import MapPane
from tftmonitor.ui.theme.theme import LIGHT as LIGHT_THEME

# A menu that pops up takes the keyboard, which the offscreen platform has none of.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def nearly(color: QColor, wanted: str) -> bool:
    other = QColor(wanted)
    apart = (
        color.red() - other.red(),
        color.green() - other.green(),
        color.blue() - other.blue(),
    )
    return max(map(abs, apart)) < 24


def test_until_the_user_moves_it_all_devices_are_in_sight(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.report("b", HAMBURG)
    assert bench.canvas.rect().contains(bench.point(BERLIN))
    assert bench.canvas.rect().contains(bench.point(HAMBURG))
    bench.key(Qt.Key.Key_Right)
    view = bench.canvas.view
    bench.report("c", (40.0, -3.0))
    assert bench.canvas.view == view
    bench.pane.camera.show_all()
    assert bench.canvas.rect().contains(bench.point((40.0, -3.0)))


def test_what_is_painted_tells_the_state(bench: MapBench) -> None:
    bench.report("moving", BERLIN, azimuth=0.0)
    bench.report("parked", POTSDAM, speed=0.0, acc=False)
    bench.look_at((52.46, 13.2), 9.0)
    assert nearly(bench.color_at(BERLIN), LIGHT.moving)
    assert nearly(bench.color_at(POTSDAM), LIGHT.parked)
    bench.alarms["parked"] = AlarmMark(4, False)
    bench.pane.alarms_changed(["parked"])
    assert nearly(bench.color_at(POTSDAM, (-11, 0)), LIGHT_THEME.critical.fill)
    bench.pane.set_link_down(True)
    assert not nearly(bench.color_at(BERLIN), LIGHT.moving)


def test_a_click_chooses_and_the_choice_of_others_is_marked(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.report("b", HAMBURG)
    bench.look_at(BERLIN, 6.0)
    bench.click(BERLIN)
    assert bench.chosen == ["a"]
    before = bench.color_at(HAMBURG, (15, 0))
    bench.pane.show_device("b")
    assert bench.pane.devices.selected == 1
    assert bench.color_at(HAMBURG, (15, 0)) != before
    # A click beside everything changes nothing.
    bench.click((51.0, 12.0))
    assert bench.chosen == ["a"]


def test_a_cluster_opens_by_a_click_and_on_one_spot_as_a_list(bench: MapBench) -> None:
    for number in range(5):
        bench.report(f"near-{number}", (52.52 + number * 0.002, 13.405))
    for number in range(100):
        bench.report(f"spot-{number}", HAMBURG)
    bench.alarms["spot-7"] = AlarmMark(3, False)
    bench.pane.alarms_changed(["spot-7"])
    bench.look_at(BERLIN, 7.0)
    bench.canvas.arrange()
    assert sorted(bench.pane.devices.clusters.counts.tolist()) == [5, 100]
    bench.click((52.524, 13.405))
    assert bench.canvas.view.zoom > 11
    bench.canvas.arrange()
    assert bench.pane.devices.clusters.counts.size == 0
    bench.look_at(HAMBURG, 12.0)
    bench.canvas.arrange()
    cluster = 0
    menu = bench.pane.menus.list_rows(bench.pane.devices.rows_of(cluster).tolist(), QPoint(9, 9))
    texts = [action.text() for action in menu.actions()]
    assert texts[0].startswith("spot-7: ")
    assert texts[-1] == "and 76 more, in the list"
    menu.actions()[0].trigger()
    assert bench.chosen == ["spot-7"]
    menu.close()


def test_the_chosen_one_is_never_swallowed_by_a_cluster(bench: MapBench) -> None:
    for number in range(9):
        bench.report(f"d{number}", HAMBURG)
    bench.pane.show_device("d4")
    bench.canvas.arrange()
    assert bench.pane.devices.singles.tolist() == [4]
    assert bench.pane.devices.clusters.counts.tolist() == [8]


def test_centre_follow_and_what_ends_it(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.pane.show_device("a")
    bench.key(Qt.Key.Key_M)
    assert bench.canvas.view.middle == pytest.approx(BERLIN)
    bench.key(Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert bench.pane.tools.follow.isChecked()
    bench.clock.advance(60)
    bench.report("a", (52.53, 13.42))
    assert bench.canvas.view.middle == pytest.approx((52.53, 13.42))
    QTest.mousePress(bench.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.mouseMove(bench.canvas, QPoint(260, 230))
    QTest.mouseMove(bench.canvas, QPoint(280, 240))
    QTest.mouseRelease(bench.canvas, Qt.MouseButton.LeftButton, pos=QPoint(280, 240))
    assert not bench.pane.tools.follow.isChecked()
    view = bench.canvas.view
    assert view.middle != pytest.approx((52.53, 13.42))
    bench.clock.advance(60)
    bench.report("a", (52.54, 13.43))
    assert bench.canvas.view == view
    # Another one that is chosen is not followed by itself.
    bench.pane.camera.set_following(on=True)
    bench.report("b", HAMBURG)
    bench.pane.show_device("b")
    assert not bench.pane.tools.follow.isChecked()


def test_keys_alone(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.report("b", HAMBURG)
    zoom = bench.canvas.view.zoom
    bench.key(Qt.Key.Key_Plus)
    assert bench.canvas.view.zoom == pytest.approx(zoom + 1)
    bench.key(Qt.Key.Key_Minus)
    assert bench.canvas.view.zoom == pytest.approx(zoom)
    middle = bench.canvas.view.middle
    bench.key(Qt.Key.Key_Left)
    bench.key(Qt.Key.Key_Up)
    assert bench.canvas.view.middle[0] > middle[0]
    assert bench.canvas.view.middle[1] < middle[1]
    bench.key(Qt.Key.Key_Right)
    bench.key(Qt.Key.Key_Down)
    assert bench.canvas.view.middle == pytest.approx(middle)
    bench.key(Qt.Key.Key_Tab)
    assert bench.canvas.focused == 1
    assert "b: Moving" in bench.canvas.accessibleDescription()
    bench.key(Qt.Key.Key_Tab)
    bench.key(Qt.Key.Key_Return)
    assert bench.chosen == ["a"]
    bench.key(Qt.Key.Key_Tab)
    assert bench.canvas.focused is None


def test_the_filter_of_the_list_holds_on_the_map(bench: MapBench) -> None:
    rows = [bench.report("a", BERLIN), bench.report("b", HAMBURG)]
    bench.pane.set_shown(bench.pane.positions.x[:0].astype(int), "Overdue")
    bench.canvas.arrange()
    assert len(bench.pane.devices.singles) == 0
    assert bench.canvas.furniture.note == "0 shown: Overdue"
    bench.pane.set_shown(np.array(rows[:1]), "Moving")
    bench.canvas.arrange()
    assert bench.pane.devices.singles.tolist() == [0]
    bench.pane.set_shown(None)
    bench.canvas.arrange()
    assert sorted(bench.pane.devices.singles.tolist()) == rows
    assert bench.canvas.furniture.note == ""


def test_hidden_it_paints_nothing_and_catches_up_when_shown(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.picture()
    bench.pane.hide()
    paints = bench.canvas.paints
    for _ in range(5):
        bench.clock.advance(60)
        bench.report("a", HAMBURG)
    bench.report("b", POTSDAM)
    bench.pane.set_link_down(True)
    bench.pane.alarms_changed(["a"])
    assert bench.canvas.paints == paints
    assert bench.pane.positions.count == 1
    bench.pane.show()
    assert bench.pane.positions.count == 2


def test_the_view_outlives_a_run(bench: MapBench, harness: Harness) -> None:
    bench.report("a", BERLIN)
    bench.pane.finish()
    assert bench.harness.settings.values.map_view == ()
    bench.look_at(HAMBURG, 9.5)
    bench.pane.finish()
    again = SettingsStore(harness.settings.path.parent)
    other = MapPane(harness.fleet, harness.clock, again, lambda _key: AlarmMark(0, False))
    harness.show(other, 600, 400)
    assert other.canvas.view.middle == pytest.approx(HAMBURG, abs=1e-4)
    assert other.canvas.view.zoom == 9.5


def test_the_menu_of_a_place_and_the_list_of_what_is_left_out(bench: MapBench) -> None:
    row = bench.report("R&D", BERLIN)
    bench.report("null", (0.0, 0.0))
    menu = bench.pane.menus.open_place(bench.point(BERLIN), row)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts[:2] == ["Show R&&D", "Follow R&&D"]
    assert "Copy 52.520000, 13.405000" in texts
    assert "Open in the browser" in texts
    menu.close()
    beside = bench.pane.menus.open_place(QPoint(5, 5), -1)
    assert isinstance(beside, QMenu)
    assert not any(action.text().startswith("Show") for action in beside.actions())
    beside.close()
    listed = bench.pane.menus.list_left_out(
        bench.pane.positions.left_out_rows().tolist(), QPoint(5, 5)
    )
    assert [a.text() for a in listed.actions()] == ["null: reports 0, 0, which stands for no fix"]
    listed.close()


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("https://maps.example/?q={lat},{lon}", "https://maps.example/?q=1.500000,-2.250000"),
        ("file:///etc/passwd?{lat}", ""),
        ("https://maps.example/", ""),
        ("https://maps.example/{lat}/{0}/{lon!r}", "https://maps.example/1.500000/{0}/{lon!r}"),
        ("", ""),
    ],
)
def test_the_address_of_a_place_in_the_browser(template: str, address: str) -> None:
    assert browser_address(template, 1.5, -2.25) == address


def test_a_wheel_keeps_the_place_under_the_pointer(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.look_at(HAMBURG, 6.0)
    before = bench.point(BERLIN)
    event = QWheelEvent(
        QPointF(before),
        QPointF(bench.canvas.mapToGlobal(before)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    bench.canvas.wheelEvent(event)
    assert bench.canvas.view.zoom == 6.5
    assert (bench.point(BERLIN) - before).manhattanLength() <= 1


def test_where_the_ground_is_coarse_it_says_so_and_leads_to_a_source(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    coarse, wanted = bench.pane.tools.coarse, []
    bench.pane.streets_requested.connect(lambda: wanted.append(1))
    bench.look_at(BERLIN, 8.0)
    assert coarse.isHidden()
    bench.look_at(BERLIN, 13.0)
    assert not coarse.isHidden()
    coarse.click()
    assert wanted == [1]
    bench.harness.settings.set("streets", "file")
    assert coarse.isHidden()


def test_names_stay_where_they_are_while_nothing_moves(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.look_at(BERLIN, 9.0)
    bench.canvas.grab()
    placed = bench.canvas.names._of_devices
    assert list(placed) == [0]
    for _ in range(3):
        bench.clock.advance(2)
        bench.canvas.note_change()
        bench.canvas.grab()
    assert bench.canvas.names._of_devices is placed
    bench.clock.advance(600)
    bench.report("a", POTSDAM)
    bench.canvas.grab()
    assert bench.canvas.names._of_devices is not placed


def test_the_same_filter_said_again_paints_nothing_anew(bench: MapBench) -> None:
    rows = np.array([bench.report("a", BERLIN), bench.report("b", HAMBURG)])
    for shown, words in ((None, ""), (rows[:1], "Moving")):
        bench.pane.set_shown(shown, words)
        bench.canvas.arrange()
        bench.pane.set_shown(shown, words)
        assert bench.canvas._is_arranged
    # One that came in the meantime is hidden with the next word of the list.
    bench.report("c", POTSDAM)
    bench.pane.set_shown(rows[:1], "Moving")
    bench.canvas.arrange()
    assert bench.pane.devices.singles.tolist() == [0]


def test_a_large_fleet_is_read_in_parts_and_shown_whole(bench: MapBench) -> None:
    pane, count = bench.pane, 2 * MOST_NEW + 10
    pane.hide()
    for number in range(count):
        bench.report(f"unit-{number}", (52.0 + number / 1e4, 13.0))
    assert pane.positions.count == 0
    pane.show()
    assert pane.positions.count == MOST_NEW
    assert not pane.tools.left_out.isVisible()
    bench.harness.qtbot.waitUntil(lambda: not pane.feed.is_behind)
    assert pane.positions.count == count
    assert not np.isnan(pane.positions.x).any()
    # Those that move are read in parts too, and none is left.
    bench.clock.advance(60)
    before = pane.positions.latitude.copy()
    for number in range(0, count, 2):
        now_ms = bench.clock.now_ms()
        status = {"lat": 52.001 + number / 1e4, "lng": 13.0, "date": now_ms, "speed": 20.0}
        bench.harness.send("snapshot", f"unit-{number}", status=status)
    pane.refresh(*bench.harness.fleet.changes.drain())
    assert pane.feed.is_behind
    bench.harness.qtbot.waitUntil(lambda: not pane.feed.is_behind)
    moved = pane.positions.latitude - before
    assert moved[::2] == pytest.approx(0.001)
    assert not moved[1::2].any()


def test_places_that_somebody_asks_for_are_all_in_sight(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.pane.camera.set_following(on=True)
    bench.pane.camera.look_at([HAMBURG, (48.1, 11.6)])
    assert bench.canvas.rect().contains(bench.point(HAMBURG))
    assert bench.canvas.rect().contains(bench.point((48.1, 11.6)))
    assert not bench.pane.camera.is_following
    view = bench.canvas.view
    bench.report("a", POTSDAM)
    assert bench.canvas.view == view


def test_only_what_looks_different_in_sight_is_painted(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.report("far", (40.0, -3.0))
    bench.look_at(BERLIN, 9.0)
    canvas = bench.canvas

    def paints_after(what: Callable[[], object]) -> int:
        # Names find their places a second after what moved: not waited for here.
        QTest.qWait(5)
        canvas._name_again()
        QTest.qWait(5)
        canvas._names_due.stop()
        before = canvas.paints
        what()
        bench.harness.qtbot.waitUntil(lambda: not canvas._look_due.isActive())
        QTest.qWait(5)
        canvas._names_due.stop()
        return canvas.paints - before

    assert paints_after(lambda: bench.report("a", BERLIN)) == 0
    assert paints_after(lambda: bench.report("far", (40.0001, -3.0))) == 0
    assert paints_after(lambda: bench.report("a", (BERLIN[0] + 0.001, BERLIN[1]))) > 0
    assert paints_after(lambda: bench.report("new", POTSDAM)) > 0
    bench.alarms["far"] = AlarmMark(4, False)
    assert paints_after(lambda: bench.pane.alarms_changed(["far"])) == 0
    bench.alarms["a"] = AlarmMark(4, False)
    assert paints_after(lambda: bench.pane.alarms_changed(["a"])) > 0
    assert paints_after(bench.pane.tick) == 0
    # Whoever has said nothing for long looks different by it, in the next tick.
    assert paints_after(lambda: bench.wait(3_600)) > 0


def test_a_device_that_comes_right_after_others_gets_its_name(bench: MapBench) -> None:
    bench.report("a", BERLIN)
    bench.look_at(BERLIN, 9.0)
    QTest.qWait(1)
    row = bench.report("new", POTSDAM)
    bench.clock.advance(2)
    names = bench.canvas.names
    bench.harness.qtbot.waitUntil(lambda: row in names._of_devices)
