"""The device list as people use it: pointer, keys, search, chips, columns, menus."""

from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.devices.device_list import FIX, DeviceList, DeviceSource
from tests.ui.harness import Harness
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.devices.table.delegate import PADDING, DeviceDelegate
from tftmonitor.ui.theme.theme import DARK, LIGHT, install_theme

pytestmark = [
    pytest.mark.qt_log_level_fail("WARNING"),
    # What Qt says about the offscreen platform.
    pytest.mark.qt_log_ignore("This plugin does not support"),
]

# rows never move under the user


def test_no_row_moves_while_the_pointer_is_in_the_list(devices: DeviceList) -> None:
    devices.report("a", speed=10.0)
    devices.report("b", speed=20.0)
    devices.sort_by("speed")
    devices.point(inside=True)
    devices.report("a", speed=90.0, age_s=0)
    devices.pane.tick()
    assert devices.names() == ["a", "b"]
    devices.point(inside=False)
    devices.pane.tick()
    assert devices.names() == ["b", "a"]


def test_no_row_moves_while_the_keyboard_is_in_the_list(devices: DeviceList) -> None:
    devices.report("a", "b")
    devices.pane.view.setFocus(Qt.FocusReason.TabFocusReason)
    devices.alarms["b"] = (Severity.CRITICAL, 1)
    devices.pane.alarms_changed(["b"])
    devices.pane.tick()
    assert devices.names() == ["a", "b"]
    devices.pane.bar.search.setFocus()
    devices.pane.tick()
    assert devices.names() == ["b", "a"]


def test_focus_that_the_window_hands_out_holds_nothing_until_a_key_is_pressed(
    devices: DeviceList,
) -> None:
    devices.report("b", "c")
    devices.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)
    devices.report("a")
    devices.pane.tick()
    assert devices.names() == ["a", "b", "c"]
    QTest.keyClick(devices.pane.view, Qt.Key.Key_Down)
    devices.alarms["c"] = (Severity.CRITICAL, 1)
    devices.pane.alarms_changed(["c"])
    devices.pane.tick()
    assert devices.names() == ["a", "b", "c"]


def test_held_order_is_shown_and_can_be_made_now_without_moving_the_table(
    devices: DeviceList,
) -> None:
    devices.report("a", "b")
    devices.point(inside=True)
    devices.alarms["b"] = (Severity.CRITICAL, 1)
    devices.pane.alarms_changed(["b"])
    before = devices.pane.view.geometry()
    devices.pane.tick()
    assert devices.pane.foot.sort_button.isVisible()
    assert devices.pane.view.geometry() == before
    QTest.mouseClick(devices.pane.foot.sort_button, Qt.MouseButton.LeftButton)
    assert devices.names() == ["b", "a"]
    assert not devices.pane.foot.sort_button.isVisible()


def test_click_on_a_header_sorts_at_once_and_the_third_gives_the_order_back(
    devices: DeviceList,
) -> None:
    devices.report("a", speed=10.0)
    devices.report("b", speed=30.0)
    devices.report("c", speed=20.0)
    devices.point(inside=True)
    header = devices.pane.view.horizontalHeader()
    place = devices.section_of("speed")
    at = QPoint(header.sectionViewportPosition(place) + 20, header.height() // 2)
    seen = []
    for _click in range(3):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        seen.append(devices.names())
    assert seen == [["b", "c", "a"], ["a", "c", "b"], ["a", "b", "c"]]
    assert header.sortIndicatorSection() == -1


# selection


def test_selection_follows_the_device_through_sort_filter_and_search(devices: DeviceList) -> None:
    devices.report("a", speed=0.0, **FIX)
    devices.report("b", speed=50.0, **FIX)
    devices.pane.select("a")
    devices.sort_by("speed", Qt.SortOrder.DescendingOrder)
    assert devices.names() == ["b", "a"]
    assert devices.current() == "a"
    devices.pane.set_filter("moving")
    assert devices.current() is None
    assert devices.pane.selected_key() == "a"
    devices.pane.set_filter("all")
    assert devices.current() == "a"
    devices.pane.bar.search.setText("b")
    devices.pane.bar.search.clear()
    assert devices.current() == "a"
    assert devices.selected == ["a"]
    rows = devices.pane.view.selectionModel().selectedRows()
    assert [devices.pane.model.device_at(index.row()).key for index in rows] == ["a"]


def test_device_that_leaves_the_filter_hands_its_selection_to_nobody(devices: DeviceList) -> None:
    devices.report("a", "b", "c", speed=50.0, **FIX)
    devices.pane.set_filter("moving")
    devices.pane.select("b")
    devices.report("b", speed=0.0, age_s=0, **FIX)
    devices.pane.tick()
    assert devices.names() == ["a", "c"]
    assert devices.current() is None
    assert devices.selected == ["b"]
    devices.report("b", speed=60.0, age_s=0, **FIX)
    devices.pane.tick()
    assert devices.current() == "b"
    assert devices.selected == ["b"]


def test_selecting_a_hidden_device_shows_it(devices: DeviceList) -> None:
    devices.report("a", "b")
    devices.pane.bar.search.setText("a")
    devices.pane.set_filter("starred")
    devices.pane.select("b")
    assert devices.current() == "b"
    assert devices.pane.bar.search.text() == ""


def test_device_not_yet_known_is_selected_when_it_reports(devices: DeviceList) -> None:
    devices.pane.select("later")
    devices.report("a")
    assert devices.selected == []
    devices.report("later")
    assert devices.selected == ["later"]
    assert devices.current() == "later"


def test_device_that_is_not_listed_yet_is_selected_when_it_is(devices: DeviceList) -> None:
    devices.report("a")
    # Known to the fleet, and a frame later to the list.
    DeviceSource.report(devices, "later")
    devices.pane.select("later")
    assert devices.current() is None
    devices.pane.refresh(*devices.fleet.changes.drain())
    assert devices.current() == "later"


# keys


def test_typing_in_the_list_searches_and_escape_clears(devices: DeviceList) -> None:
    devices.report("a", "b")
    devices.pane.view.setFocus()
    QTest.keyClick(devices.pane.view, Qt.Key.Key_B)
    assert devices.pane.bar.search.text() == "b"
    assert devices.pane.bar.search.hasFocus()
    assert devices.names() == ["b"]
    QTest.keyClick(devices.pane.bar.search, Qt.Key.Key_Escape)
    assert devices.names() == ["a", "b"]
    assert devices.pane.view.hasFocus()


def test_down_leads_from_the_search_into_the_list_and_enter_opens(devices: DeviceList) -> None:
    devices.report("a", "b")
    devices.pane.focus_search()
    QTest.keyClick(devices.pane.bar.search, Qt.Key.Key_Down)
    assert devices.selected == ["a"]
    QTest.keyClick(devices.pane.view, Qt.Key.Key_Down)
    QTest.keyClick(devices.pane.view, Qt.Key.Key_Return)
    assert devices.opened == ["b"]
    assert devices.selected == ["a", "b"]


def test_enter_in_the_search_opens_the_first_match(devices: DeviceList) -> None:
    devices.report("a", "b")
    devices.pane.bar.search.setText("b")
    QTest.keyClick(devices.pane.bar.search, Qt.Key.Key_Return)
    assert devices.opened == ["b"]


def test_double_click_opens(devices: DeviceList) -> None:
    devices.report("a", "b")
    view = devices.pane.view
    at = view.visualRect(devices.pane.model.index(1, 2)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert devices.opened == ["b"]


def test_space_stars_and_keeps_the_row_where_it_is(devices: DeviceList) -> None:
    devices.report("a", "b")
    devices.pane.select("b")
    devices.pane.view.setFocus()
    QTest.keyClick(devices.pane.view, Qt.Key.Key_Space)
    assert SettingsStore(devices.settings.path.parent).values.starred == ("b",)
    assert devices.names() == ["a", "b"]
    devices.pane.bar.search.setFocus()
    devices.pane.tick()
    assert devices.names() == ["b", "a"]
    devices.pane.toggle_star()
    assert devices.settings.values.starred == ()


def test_what_is_typed_in_the_list_is_no_shortcut_of_the_window(devices: DeviceList) -> None:
    fired = []
    shortcut = QShortcut(QKeySequence("L"), devices.pane)
    shortcut.activated.connect(lambda: fired.append("L"))
    QTest.keyClick(devices.pane.view, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(devices.pane.chips.findChildren(QPushButton)[0], Qt.Key.Key_L)
    assert fired == ["L"]
    fired.clear()
    devices.report("lorry")
    devices.pane.view.setFocus()
    QTest.keyClick(devices.pane.view, Qt.Key.Key_L)
    assert fired == []
    assert devices.pane.bar.search.text() == "l"


# text in place of rows


def test_empty_list_says_why_and_the_button_clears(devices: DeviceList) -> None:
    note = devices.pane.empty_note
    assert note.text == "No device has reported yet."
    devices.pane.set_empty_text("Not connected.")
    assert note.text == "Not connected."
    assert not note.button.isVisible()
    devices.report("a")
    assert not note.isVisible()
    devices.pane.bar.search.setText("<b>xyz")
    assert note.text == "No devices match “<b>xyz”."
    assert note.findChildren(QLabel)[0].textFormat() is Qt.TextFormat.PlainText
    QTest.mouseClick(note.button, Qt.MouseButton.LeftButton)
    assert devices.names() == ["a"]
    devices.pane.set_filter("overdue")
    assert note.text == "No devices match Overdue."
    assert note.button.text() == "Clear filter"
    devices.pane.bar.search.setText("x")
    assert note.text == "No devices match “x” in Overdue."
    QTest.mouseClick(note.button, Qt.MouseButton.LeftButton)
    assert devices.names() == ["a"]


def test_chips_count_live_and_rare_ones_come_when_needed(devices: DeviceList) -> None:
    chips = {chip.property("chip"): chip for chip in devices.pane.chips.findChildren(QPushButton)}
    assert not chips["no_fix"].isVisible()
    devices.report("a", speed=50.0, **FIX)
    devices.report("b", speed=0.0)
    devices.pane.tick()
    assert chips["all"].text() == "All 2"
    assert chips["moving"].text() == "Moving 1"
    assert chips["no_fix"].isVisible()


# the rest


def test_row_menu_copies_and_shows_alarms(devices: DeviceList) -> None:
    devices.report("350")
    found: list[str] = []
    devices.pane.alarms_requested.connect(found.append)
    devices.pane.day_requested.connect(lambda key: found.append(f"day of {key}"))
    devices.pane.select("350")
    devices.pane.view.row_menu_requested.emit(QPoint(20, 20))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert devices.pane.view.hold.is_held()
    for action in menu.actions():
        if action.text() in {"Copy IMEI", "Show alarms", "Day sheet", "Add star", "Open"}:
            action.trigger()
    assert QGuiApplication.clipboard().text() == "350"
    assert found == ["350", "day of 350"]
    assert devices.opened == ["350"]
    assert devices.settings.values.starred == ("350",)
    menu.close()


def test_hidden_pane_rests_and_catches_up_when_shown(devices: DeviceList) -> None:
    devices.pane.hide()
    devices.report("a", "b")
    devices.pane.tick()
    assert devices.names() == []
    devices.pane.show()
    assert devices.names() == ["a", "b"]


def test_times_follow_the_zone(
    harness: Harness, computer_in_berlin: ZoneInfo, qtbot: QtBot
) -> None:
    harness.settings.set("columns", ["@name", "@received", "date"])
    devices = DeviceList(harness)
    devices.report("a", age_s=40 * 86_400)
    assert shown_row(devices) == ["a", "2026-11-20 22:01:00", "2026-10-11 22:01:00"]
    with qtbot.waitSignal(devices.pane.model.dataChanged):
        devices.settings.set("zone", "local")
    # The hour of the date shown, which was in summer, and not that of today.
    assert shown_row(devices) == ["a", "2026-11-20 23:01:00", "2026-10-12 00:01:00"]


def shown_row(devices: DeviceList) -> list[str]:
    return [cell.text for cell in devices.pane.model.cells(0)]


def test_hatch_and_themes_repaint_what_is_there(devices: DeviceList, qapp: QApplication) -> None:
    devices.report("a", "b", speed=50.0, acc=1, external_power_voltage=12.6, **FIX)
    devices.alarms["a"] = (Severity.HIGH, 2)
    devices.pane.alarms_changed(["a"])
    devices.pane.select("a")
    devices.pane.toggle_star()
    pictures = []
    for theme in (LIGHT, DARK):
        install_theme(qapp, theme)
        for down in (False, True):
            devices.pane.set_link_down(down)
            pictures.append(devices.pane.view.grab().toImage())
    install_theme(qapp, LIGHT)
    assert all(a != b for a, b in pairwise(pictures))


def test_no_default_cell_or_heading_is_cut(devices: DeviceList) -> None:
    devices.report(
        "1000000900000009", speed=129.9, acc=1, external_power_voltage=28.11,
        battery_voltage=4.0, battery_voltage_percent=99.0, **FIX,
    )  # fmt: skip
    devices.alarms["1000000900000009"] = (Severity.HIGH, 12)
    devices.pane.alarms_changed(["1000000900000009"])
    view = devices.pane.view
    metrics = view.horizontalHeader().fontMetrics()
    assert len(devices.pane.model.columns) > 5
    for place, column in enumerate(devices.pane.model.columns):
        heading = devices.pane.model.headerData(place, Qt.Orientation.Horizontal)
        width = max(metrics.horizontalAdvance(line) for line in heading.split("\n"))
        # A long name gives way to the numbers, which would mislead when cut.
        assert view.columnWidth(place) >= view.sizeHintForColumn(place) or column.key == "@name"
        assert view.columnWidth(place) >= width + 2 * PADDING


def test_name_takes_what_the_other_columns_leave(devices: DeviceList) -> None:
    devices.report("1000000900000009")
    devices.report("van", **FIX)
    view = devices.pane.view
    place = [column.key for column in devices.pane.model.columns].index("@name")
    others = sum(
        view.columnWidth(other)
        for other in range(len(devices.pane.model.columns))
        if other != place
    )
    devices.pane.resize(others + 120, 400)
    narrow = view.columnWidth(place)
    devices.pane.resize(others + 170, 400)
    assert view.columnWidth(place) == narrow + 50
    assert others + view.columnWidth(place) <= view.viewport().width()


def test_cut_number_of_a_device_keeps_its_last_digits(devices: DeviceList) -> None:
    delegate = devices.pane.view.itemDelegate()
    assert isinstance(delegate, DeviceDelegate)
    assert delegate._fit("1000000900000009", 80).endswith("0009")
    assert delegate._fit("van of the workshop", 80).startswith("van")


def test_everything_has_a_name_for_screen_readers_and_takes_the_keyboard(
    devices: DeviceList,
) -> None:
    devices.report("a")
    pane = devices.pane
    named: list[QWidget] = [pane.view, pane.bar.search, pane.bar.columns_button]
    named += pane.chips.findChildren(QPushButton)
    assert all(widget.accessibleName() for widget in named)
    assert all(widget.focusPolicy() & Qt.FocusPolicy.TabFocus for widget in named)


def test_both_spellings_of_a_letter_find_the_same_name(
    devices: DeviceList, harness: Harness
) -> None:
    devices.report("1", "2")
    harness.settings.set("names", {"1": "Mu\u0308ller", "2": "Meyer"})
    devices.pane.refresh(*devices.fleet.changes.drain())
    devices.pane.bar.search.setText("M\u00dcLL")
    assert devices.names() == ["1"]


def test_names_with_one_beginning_stay_apart_in_a_narrow_column(devices: DeviceList) -> None:
    delegate = devices.pane.view._delegate
    names = [f"Delivery van north {number}" for number in (1, 2)]
    fitted = [delegate._fit(name, 90) for name in names]
    assert fitted[0] != fitted[1]
    assert all("…" in text for text in fitted)


def test_device_that_nobody_chose_hides_no_alarm_that_comes_on_top(devices: DeviceList) -> None:
    names = [f"d{number:03}" for number in range(60)]
    devices.report(*names)
    view = devices.pane.view
    devices.pane.selection.offer()
    assert devices.pane.selected_key() == names[0]
    assert view.verticalScrollBar().value() == 0
    for name in names[20:50]:
        devices.alarms[name] = (Severity.CRITICAL, 1)
    devices.pane.alarms_changed(names[20:50])
    devices.pane.tick()
    assert devices.pane.selected_key() == names[0]
    assert view.verticalScrollBar().value() == 0
    # The user's own choice is followed.
    devices.pane.select(names[1])
    devices.pane.select(names[0])
    devices.alarms.clear()
    devices.pane.alarms_changed(names)
    devices.pane.tick()
    for name in names[20:50]:
        devices.alarms[name] = (Severity.CRITICAL, 1)
    devices.pane.alarms_changed(names[20:50])
    devices.pane.tick()
    assert view.verticalScrollBar().value() > 0
