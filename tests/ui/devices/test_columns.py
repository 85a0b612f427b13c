"""The columns of the device list as people choose, move and widen them."""

from typing import Annotated, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu

from tests.ui.devices.device_list import DeviceList
from tests.ui.harness import Harness
from tftmonitor.model.fields.field import FieldSpec, FieldTable, Group, Number, Unit
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.protocol.messages import SnapshotData

pytestmark = [
    pytest.mark.qt_log_level_fail("WARNING"),
    # What Qt says about the offscreen platform.
    pytest.mark.qt_log_ignore("This plugin does not support"),
]


class WiderStatus(DeviceStatus):
    """The status with one field more."""

    sparkle: Annotated[Number, FieldSpec("Sparkle", unit=Unit.KPA, group=Group.SENSORS)] = 0.0


def shown(devices: DeviceList) -> list[str]:
    return devices.pane.columns.shown_keys


def widths(devices: DeviceList) -> dict[str, int]:
    view = devices.pane.view
    return {
        column.key: view.columnWidth(place)
        for place, column in enumerate(devices.pane.model.columns)
    }


def actions_of(menu: QMenu) -> dict[Any, Any]:
    menus = [menu, *(inner for inner in menu.findChildren(QMenu) if inner is not menu)]
    return {action.data(): action for inner in menus for action in inner.actions() if action.data()}


def test_chooser_offers_every_field_of_the_table_also_a_new_one(harness: Harness) -> None:
    table = FieldTable(WiderStatus)
    devices = DeviceList(harness, table)
    devices.fleet.apply(SnapshotData(imei="a"), WiderStatus(sparkle=7.0), b"", 0)
    devices.pane.refresh(*devices.fleet.changes.drain())
    chooser = devices.pane.columns.choose(QPoint(10, 10))
    actions = actions_of(chooser)
    assert {field.name for field in table} <= set(actions)
    assert {"@imei", "@device_key", "@id", "@model", "@received"} <= set(actions)
    assert actions["sparkle"].text() == "Sparkle bar"
    actions["sparkle"].trigger()
    assert shown(devices)[-1] == "sparkle"
    assert devices.pane.model.cells(0)[-1].text == "0.07"
    assert harness.restarted().values.columns[-1] == "sparkle"
    chooser.close()


def test_chooser_stays_open_and_goes_back_to_the_defaults(devices: DeviceList) -> None:
    devices.report("a", speed=5.0)
    before = shown(devices)
    devices.sort_by("@age")
    devices.pane.view.horizontalHeader().moveSection(0, 3)
    chooser = devices.pane.columns.choose(QPoint(10, 10))
    action = actions_of(chooser)["@age"]
    at = chooser.actionGeometry(action).center()
    QTest.mouseMove(chooser, at)
    chooser.setActiveAction(action)
    QTest.mouseClick(chooser, Qt.MouseButton.LeftButton, pos=at)
    assert chooser.isVisible()
    assert "@age" not in shown(devices)
    assert devices.pane.model.order.column is None
    next(a for a in chooser.actions() if a.text() == "Default columns").trigger()
    assert shown(devices) == before
    assert devices.settings.values.columns == ()
    chooser.close()


def test_dragged_order_is_kept_and_restored(devices: DeviceList, harness: Harness) -> None:
    devices.pane.view.horizontalHeader().moveSection(3, 0)
    stored = list(harness.restarted().values.columns)
    assert stored[:2] == ["@age", "@state"]
    assert shown(DeviceList(harness)) == stored


def test_dragged_width_is_kept_and_restored(devices: DeviceList, harness: Harness) -> None:
    before = widths(devices)
    devices.pane.view.horizontalHeader().resizeSection(devices.section_of("speed"), 123)
    devices.pane.hide()
    again = DeviceList(harness)
    assert widths(again) == before | {"speed": 123}
    again.pane.resize(900, 400)  # names have the width that is left only until a drag
    assert widths(again) == before | {"speed": 123}


def test_widths_that_nobody_dragged_are_not_kept(devices: DeviceList, harness: Harness) -> None:
    devices.pane.resize(900, 400)
    chooser = devices.pane.columns.choose(QPoint(10, 10))
    actions_of(chooser)["rpm"].trigger()
    actions_of(chooser)["speed"].trigger()
    chooser.close()
    devices.pane.hide()
    assert harness.restarted().values.column_widths == {}


def test_hidden_column_comes_back_with_its_width(devices: DeviceList) -> None:
    devices.pane.view.horizontalHeader().resizeSection(devices.section_of("speed"), 123)
    chooser = devices.pane.columns.choose(QPoint(10, 10))
    for _ in range(2):
        actions_of(chooser)["speed"].trigger()
    chooser.close()
    assert shown(devices)[-1] == "speed"
    assert widths(devices)["speed"] == 123


def test_default_columns_have_their_usual_widths_again(
    devices: DeviceList, harness: Harness
) -> None:
    before = widths(devices)
    devices.pane.view.horizontalHeader().resizeSection(devices.section_of("speed"), 123)
    chooser = devices.pane.columns.choose(QPoint(10, 10))
    next(a for a in chooser.actions() if a.text() == "Default columns").trigger()
    chooser.close()
    assert widths(devices) == before
    devices.pane.hide()
    assert harness.restarted().values.column_widths == {}


def test_columns_follow_the_settings(devices: DeviceList) -> None:
    devices.pane.view.horizontalHeader().moveSection(3, 0)
    devices.sort_by("@age")
    devices.settings.set("columns", ["@name", "no_such_column", "rpm"])
    assert shown(devices) == ["@name", "rpm"]
    assert devices.pane.model.order.column is None
    assert devices.settings.values.columns == ("@name", "no_such_column", "rpm")


def test_names_cannot_be_hidden(devices: DeviceList) -> None:
    chooser = devices.pane.columns.choose(QPoint(10, 10))
    assert not actions_of(chooser)["@name"].isEnabled()
    chooser.close()


def seen_columns(devices: DeviceList) -> list[str]:
    view = devices.pane.view
    places = enumerate(devices.pane.model.columns)
    return [column.key for place, column in places if not view.isColumnHidden(place)]


def test_usual_columns_without_room_are_left_out_and_counted(devices: DeviceList) -> None:
    devices.pane.resize(330, 400)
    assert seen_columns(devices) == ["@state", "@alarm", "@name", "@age"]
    assert not devices.pane.view.horizontalScrollBar().maximum()
    labels = [label.text() for label in devices.pane.foot.findChildren(QLabel)]
    assert any("4 columns more" in text for text in labels)
    devices.report("a", "b", speed=5.0)
    for order in (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder):
        devices.sort_by("@name", order)
    devices.pane.hide()  # what was changed would be kept now
    devices.pane.show()
    assert devices.settings.values.column_widths == {}
    devices.pane.resize(900, 400)
    assert seen_columns(devices) == shown(devices)


def test_columns_that_somebody_chose_are_never_left_out(devices: DeviceList) -> None:
    devices.pane.resize(330, 400)
    chooser = devices.pane.columns.choose(QPoint(10, 10))
    actions_of(chooser)["rpm"].trigger()
    chooser.close()
    assert seen_columns(devices) == shown(devices)
    assert shown(devices)[-1] == "rpm"
