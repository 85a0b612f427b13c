"""The device list as people use it: pointer, keys, search, chips, columns, menus."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tftmonitor.base.clock import ManualClock
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.field import FieldSpec, FieldTable, Group, Number, Unit
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.protocol.messages import SnapshotData
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.devices.pane import DevicesPane
from tftmonitor.ui.devices.table.delegate import PADDING, DeviceDelegate
from tftmonitor.ui.theme.theme import DARK, LIGHT, install_theme

pytestmark = [
    pytest.mark.qt_log_level_fail("WARNING"),
    # Qt's own words about the offscreen platform.
    pytest.mark.qt_log_ignore("This plugin does not support"),
]

FIX: dict[str, Any] = {"lat": 47.0, "lng": 9.0, "latlng_valid": 1}
Make = Callable[..., "Desk"]


class Desk:
    """A shown pane, with all that feeds it."""

    def __init__(self, qtbot: QtBot, profile: Path, table: FieldTable, columns: list[str]) -> None:
        self.clock = ManualClock()
        self.fleet = Fleet()
        self.alarms: dict[str, tuple[Severity | None, int]] = {}
        self.settings = SettingsStore(profile)
        self.settings.set("columns", columns)
        self.pane = DevicesPane(
            self.fleet,
            self.clock,
            self.settings,
            lambda key: self.alarms.get(key, (None, 0)),
            table=table,
        )
        self.tester = QAbstractItemModelTester(
            self.pane.model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        self.selected: list[str] = []
        self.opened: list[str] = []
        self.pane.device_selected.connect(self.selected.append)
        self.pane.device_opened.connect(self.opened.append)
        qtbot.addWidget(self.pane)
        self.pane.resize(600, 400)
        self.pane.show()
        qtbot.waitExposed(self.pane)
        self.pane.bar.search.setFocus()

    def report(self, *names: str, age_s: float = 1, **status: Any) -> None:
        for name in names:
            when = self.clock.now_ms() - round(age_s * 1_000)
            data = SnapshotData(imei=name, model="T1")
            self.fleet.apply(data, DeviceStatus(date=when, **status), b"", self.clock.now_ms())
        self.pane.refresh(*self.fleet.changes.take())

    def names(self) -> list[str]:
        model = self.pane.model
        return [model.device_at(row).key for row in range(model.rowCount())]

    def current(self) -> str | None:
        index = self.pane.view.currentIndex()
        return self.pane.model.device_at(index.row()).key if index.isValid() else None

    def point(self, *, inside: bool) -> None:
        """The pointer comes or goes."""
        place = QPoint(5, 5).toPointF()
        event = QEnterEvent(place, place, place) if inside else QEvent(QEvent.Type.Leave)
        QApplication.sendEvent(self.pane.view.viewport(), event)

    def sort_by(self, key: str, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        place = [column.key for column in self.pane.model.columns].index(key)
        self.pane.view.horizontalHeader().setSortIndicator(place, order)


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Make:
    def build(table: FieldTable = STATUS_FIELDS, columns: tuple[str, ...] = ()) -> Desk:
        return Desk(qtbot, tmp_path, table, list(columns))

    return build


@pytest.fixture
def desk(make: Make) -> Desk:
    return make()


# rows never move under the user


def test_no_row_moves_while_the_pointer_is_in_the_list(desk: Desk) -> None:
    desk.report("a", speed=10.0)
    desk.report("b", speed=20.0)
    desk.sort_by("speed")
    desk.point(inside=True)
    desk.report("a", speed=90.0, age_s=0)
    desk.pane.tick()
    assert desk.names() == ["a", "b"]
    desk.point(inside=False)
    desk.pane.tick()
    assert desk.names() == ["b", "a"]


def test_no_row_moves_while_the_keyboard_is_in_the_list(desk: Desk) -> None:
    desk.report("a", "b")
    desk.pane.view.setFocus(Qt.FocusReason.TabFocusReason)
    desk.alarms["b"] = (Severity.CRITICAL, 1)
    desk.pane.alarms_changed(["b"])
    desk.pane.tick()
    assert desk.names() == ["a", "b"]
    desk.pane.bar.search.setFocus()
    desk.pane.tick()
    assert desk.names() == ["b", "a"]


def test_focus_that_the_window_hands_out_holds_nothing_until_a_key_is_pressed(desk: Desk) -> None:
    desk.report("b", "c")
    desk.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)
    desk.report("a")
    desk.pane.tick()
    assert desk.names() == ["a", "b", "c"]
    QTest.keyClick(desk.pane.view, Qt.Key.Key_Down)
    desk.alarms["c"] = (Severity.CRITICAL, 1)
    desk.pane.alarms_changed(["c"])
    desk.pane.tick()
    assert desk.names() == ["a", "b", "c"]


def test_held_order_is_told_and_can_be_made_now_without_moving_the_table(desk: Desk) -> None:
    desk.report("a", "b")
    desk.point(inside=True)
    desk.alarms["b"] = (Severity.CRITICAL, 1)
    desk.pane.alarms_changed(["b"])
    before = desk.pane.view.geometry()
    desk.pane.tick()
    assert desk.pane.foot.sort_button.isVisible()
    assert desk.pane.view.geometry() == before
    QTest.mouseClick(desk.pane.foot.sort_button, Qt.MouseButton.LeftButton)
    assert desk.names() == ["b", "a"]
    assert not desk.pane.foot.sort_button.isVisible()


def test_click_on_a_header_sorts_at_once_and_the_third_gives_the_order_back(desk: Desk) -> None:
    desk.report("a", speed=10.0)
    desk.report("b", speed=30.0)
    desk.report("c", speed=20.0)
    desk.point(inside=True)
    header = desk.pane.view.horizontalHeader()
    place = [column.key for column in desk.pane.model.columns].index("speed")
    at = QPoint(header.sectionViewportPosition(place) + 20, header.height() // 2)
    seen = []
    for _click in range(3):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        seen.append(desk.names())
    assert seen == [["b", "c", "a"], ["a", "c", "b"], ["a", "b", "c"]]
    assert header.sortIndicatorSection() == -1


# selection


def test_selection_follows_the_device_through_sort_filter_and_search(desk: Desk) -> None:
    desk.report("a", speed=0.0, **FIX)
    desk.report("b", speed=50.0, **FIX)
    desk.pane.select("a")
    desk.sort_by("speed", Qt.SortOrder.DescendingOrder)
    assert desk.names() == ["b", "a"]
    assert desk.current() == "a"
    desk.pane.set_filter("moving")
    assert desk.current() is None
    assert desk.pane.selected_key() == "a"
    desk.pane.set_filter("all")
    assert desk.current() == "a"
    desk.pane.bar.search.setText("b")
    desk.pane.bar.search.clear()
    assert desk.current() == "a"
    assert desk.selected == ["a"]
    rows = desk.pane.view.selectionModel().selectedRows()
    assert [desk.pane.model.device_at(index.row()).key for index in rows] == ["a"]


def test_device_that_leaves_the_filter_hands_its_selection_to_nobody(desk: Desk) -> None:
    desk.report("a", "b", "c", speed=50.0, **FIX)
    desk.pane.set_filter("moving")
    desk.pane.select("b")
    desk.report("b", speed=0.0, age_s=0, **FIX)
    desk.pane.tick()
    assert desk.names() == ["a", "c"]
    assert desk.current() is None
    assert desk.selected == ["b"]
    desk.report("b", speed=60.0, age_s=0, **FIX)
    desk.pane.tick()
    assert desk.current() == "b"
    assert desk.selected == ["b"]


def test_selecting_a_hidden_device_shows_it(desk: Desk) -> None:
    desk.report("a", "b")
    desk.pane.bar.search.setText("a")
    desk.pane.set_filter("starred")
    desk.pane.select("b")
    assert desk.current() == "b"
    assert desk.pane.bar.search.text() == ""


def test_device_not_yet_known_is_selected_when_it_reports(desk: Desk) -> None:
    desk.pane.select("later")
    desk.report("a")
    assert desk.selected == []
    desk.report("later")
    assert desk.selected == ["later"]
    assert desk.current() == "later"


# keys


def test_typing_in_the_list_searches_and_escape_clears(desk: Desk) -> None:
    desk.report("a", "b")
    desk.pane.view.setFocus()
    QTest.keyClick(desk.pane.view, Qt.Key.Key_B)
    assert desk.pane.bar.search.text() == "b"
    assert desk.pane.bar.search.hasFocus()
    assert desk.names() == ["b"]
    QTest.keyClick(desk.pane.bar.search, Qt.Key.Key_Escape)
    assert desk.names() == ["a", "b"]
    assert desk.pane.view.hasFocus()


def test_down_leads_from_the_search_into_the_list_and_enter_opens(desk: Desk) -> None:
    desk.report("a", "b")
    desk.pane.focus_search()
    QTest.keyClick(desk.pane.bar.search, Qt.Key.Key_Down)
    assert desk.selected == ["a"]
    QTest.keyClick(desk.pane.view, Qt.Key.Key_Down)
    QTest.keyClick(desk.pane.view, Qt.Key.Key_Return)
    assert desk.opened == ["b"]
    assert desk.selected == ["a", "b"]


def test_enter_in_the_search_opens_the_first_match(desk: Desk) -> None:
    desk.report("a", "b")
    desk.pane.bar.search.setText("b")
    QTest.keyClick(desk.pane.bar.search, Qt.Key.Key_Return)
    assert desk.opened == ["b"]


def test_double_click_opens(desk: Desk) -> None:
    desk.report("a", "b")
    view = desk.pane.view
    at = view.visualRect(desk.pane.model.index(1, 2)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert desk.opened == ["b"]


def test_space_stars_and_keeps_the_row_where_it_is(desk: Desk) -> None:
    desk.report("a", "b")
    desk.pane.select("b")
    desk.pane.view.setFocus()
    QTest.keyClick(desk.pane.view, Qt.Key.Key_Space)
    assert SettingsStore(desk.settings.path.parent).values.starred == ("b",)
    assert desk.names() == ["a", "b"]
    desk.pane.bar.search.setFocus()
    desk.pane.tick()
    assert desk.names() == ["b", "a"]
    desk.pane.toggle_star()
    assert desk.settings.values.starred == ()


def test_what_is_typed_in_the_list_is_no_shortcut_of_the_window(desk: Desk) -> None:
    fired = []
    shortcut = QShortcut(QKeySequence("L"), desk.pane)
    shortcut.activated.connect(lambda: fired.append("L"))
    QTest.keyClick(desk.pane.view, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(desk.pane.chips.findChildren(QPushButton)[0], Qt.Key.Key_L)
    assert fired == ["L"]
    fired.clear()
    desk.report("lorry")
    desk.pane.view.setFocus()
    QTest.keyClick(desk.pane.view, Qt.Key.Key_L)
    assert fired == []
    assert desk.pane.bar.search.text() == "l"


# words in place of rows


def test_empty_list_says_why_and_the_button_clears(desk: Desk) -> None:
    note = desk.pane.empty_note
    assert note.text == "No device has reported yet."
    desk.pane.set_empty_text("Not connected.")
    assert note.text == "Not connected."
    assert not note.button.isVisible()
    desk.report("a")
    assert not note.isVisible()
    desk.pane.bar.search.setText("<b>xyz")
    assert note.text == "No devices match “<b>xyz”."
    assert note.findChildren(QLabel)[0].textFormat() is Qt.TextFormat.PlainText
    QTest.mouseClick(note.button, Qt.MouseButton.LeftButton)
    assert desk.names() == ["a"]
    desk.pane.set_filter("overdue")
    assert note.text == "No devices match Overdue."
    assert note.button.text() == "Clear filter"
    desk.pane.bar.search.setText("x")
    assert note.text == "No devices match “x” in Overdue."
    QTest.mouseClick(note.button, Qt.MouseButton.LeftButton)
    assert desk.names() == ["a"]


def test_chips_count_live_and_rare_ones_come_when_needed(desk: Desk) -> None:
    chips = {chip.property("chip"): chip for chip in desk.pane.chips.findChildren(QPushButton)}
    assert not chips["no_fix"].isVisible()
    desk.report("a", speed=50.0, **FIX)
    desk.report("b", speed=0.0)
    desk.pane.tick()
    assert chips["all"].text() == "All 2"
    assert chips["moving"].text() == "Moving 1"
    assert chips["no_fix"].isVisible()


# columns


class WiderStatus(DeviceStatus):
    """The status with one field more."""

    sparkle: Annotated[Number, FieldSpec("Sparkle", unit=Unit.KPA, group=Group.SENSORS)] = 0.0


def columns_shown(desk: Desk) -> list[str]:
    return desk.pane.columns.shown_keys


def actions_of(menu: QMenu) -> dict[Any, Any]:
    menus = [menu, *(inner for inner in menu.findChildren(QMenu) if inner is not menu)]
    return {action.data(): action for inner in menus for action in inner.actions() if action.data()}


def test_chooser_offers_every_field_of_the_table_also_a_new_one(make: Make) -> None:
    table = FieldTable(WiderStatus)
    desk = make(table)
    desk.fleet.apply(SnapshotData(imei="a"), WiderStatus(sparkle=7.0), b"", 0)
    desk.pane.refresh(*desk.fleet.changes.take())
    chooser = desk.pane.columns.choose(QPoint(10, 10))
    actions = actions_of(chooser)
    assert {field.name for field in table} <= set(actions)
    assert {"@imei", "@device_key", "@id", "@model", "@received"} <= set(actions)
    assert actions["sparkle"].text() == "Sparkle kPa"
    actions["sparkle"].trigger()
    assert columns_shown(desk)[-1] == "sparkle"
    assert desk.pane.model.cells(0)[-1].text == "7"
    kept = list(SettingsStore(desk.settings.path.parent).values.columns)
    assert kept[-1] == "sparkle"
    chooser.close()


def test_chooser_stays_open_and_goes_back_to_the_defaults(desk: Desk) -> None:
    desk.report("a", speed=5.0)
    before = columns_shown(desk)
    desk.sort_by("@age")
    desk.pane.view.horizontalHeader().moveSection(0, 3)
    chooser = desk.pane.columns.choose(QPoint(10, 10))
    action = actions_of(chooser)["@age"]
    at = chooser.actionGeometry(action).center()
    QTest.mouseMove(chooser, at)
    chooser.setActiveAction(action)
    QTest.mouseClick(chooser, Qt.MouseButton.LeftButton, pos=at)
    assert chooser.isVisible()
    assert "@age" not in columns_shown(desk)
    assert desk.pane.model.order.column is None
    next(a for a in chooser.actions() if a.text() == "Default columns").trigger()
    assert columns_shown(desk) == before
    assert desk.settings.values.columns == ()
    chooser.close()


def test_dragged_order_is_kept_and_restored(make: Make, desk: Desk) -> None:
    desk.pane.view.horizontalHeader().moveSection(3, 0)
    kept = list(SettingsStore(desk.settings.path.parent).values.columns)
    assert kept[:2] == ["@age", "@state"]
    assert columns_shown(make(columns=tuple(kept))) == kept


def test_names_cannot_be_hidden(desk: Desk) -> None:
    chooser = desk.pane.columns.choose(QPoint(10, 10))
    assert not actions_of(chooser)["@name"].isEnabled()
    chooser.close()


# the rest


def test_row_menu_copies_and_finds_alarms(desk: Desk) -> None:
    desk.report("350")
    found: list[str] = []
    desk.pane.alarms_requested.connect(found.append)
    desk.pane.select("350")
    desk.pane.view.row_menu_requested.emit(QPoint(20, 20))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert desk.pane.view.is_held()
    for action in menu.actions():
        if action.text() in {"Copy IMEI", "Find alarms", "Star", "Open"}:
            action.trigger()
    assert QGuiApplication.clipboard().text() == "350"
    assert found == ["350"]
    assert desk.opened == ["350"]
    assert desk.settings.values.starred == ("350",)
    menu.close()


def test_hidden_pane_rests_and_catches_up_when_shown(desk: Desk) -> None:
    desk.pane.hide()
    desk.report("a", "b")
    desk.pane.tick()
    assert desk.names() == []
    desk.pane.show()
    assert desk.names() == ["a", "b"]


def test_hatch_and_themes_repaint_what_is_there(desk: Desk, qapp: QApplication) -> None:
    desk.report("a", "b", speed=50.0, acc=1, external_power_voltage=12.6, **FIX)
    desk.alarms["a"] = (Severity.HIGH, 2)
    desk.pane.alarms_changed(["a"])
    desk.pane.select("a")
    desk.pane.toggle_star()
    pictures = []
    for theme in (LIGHT, DARK):
        install_theme(qapp, theme)
        for down in (False, True):
            desk.pane.set_link_down(down)
            pictures.append(desk.pane.view.grab().toImage())
    install_theme(qapp, LIGHT)
    assert all(a != b for a, b in pairwise(pictures))


def test_no_default_cell_or_heading_is_cut(desk: Desk) -> None:
    desk.report(
        "1000000900000009", speed=129.9, acc=1, external_power_voltage=28.11,
        battery_voltage=4.0, battery_voltage_percent=99.0, **FIX,
    )  # fmt: skip
    desk.alarms["1000000900000009"] = (Severity.HIGH, 12)
    desk.pane.alarms_changed(["1000000900000009"])
    view = desk.pane.view
    metrics = view.horizontalHeader().fontMetrics()
    for place, column in enumerate(desk.pane.model.columns):
        heading = desk.pane.model.headerData(place, Qt.Orientation.Horizontal)
        width = max(metrics.horizontalAdvance(line) for line in heading.split("\n"))
        # A long name gives way to the numbers, which would mislead when cut.
        assert view.columnWidth(place) >= view.sizeHintForColumn(place) or column.key == "@name"
        assert view.columnWidth(place) >= width + 2 * PADDING


def test_name_takes_what_the_other_columns_leave(desk: Desk) -> None:
    desk.report("1000000900000009")
    desk.report("van", **FIX)
    view = desk.pane.view
    place = [column.key for column in desk.pane.model.columns].index("@name")
    others = sum(
        view.columnWidth(other) for other in range(len(desk.pane.model.columns)) if other != place
    )
    desk.pane.resize(others + 120, 400)
    narrow = view.columnWidth(place)
    desk.pane.resize(others + 170, 400)
    assert view.columnWidth(place) == narrow + 50
    assert others + view.columnWidth(place) <= view.viewport().width()


def test_cut_number_of_a_device_keeps_its_last_digits(desk: Desk) -> None:
    delegate = desk.pane.view.itemDelegate()
    assert isinstance(delegate, DeviceDelegate)
    assert delegate._fit("1000000900000009", 80).endswith("0009")
    assert delegate._fit("van of the workshop", 80).startswith("van")


def test_everything_has_a_name_for_screen_readers_and_takes_the_keyboard(desk: Desk) -> None:
    desk.report("a")
    pane = desk.pane
    named: list[QWidget] = [pane.view, pane.bar.search, pane.bar.columns_button]
    named += pane.chips.findChildren(QPushButton)
    assert all(widget.accessibleName() for widget in named)
    assert all(widget.focusPolicy() & Qt.FocusPolicy.TabFocus for widget in named)
