"""Rows that turn out to be one device: the list shows it once, and goes on with it."""

from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.ui.devices.device_list import DeviceList
from tests.ui.harness import Harness
from tftmonitor.ui.devices.table.facts import DeviceFacts
from tftmonitor.ui.devices.table.model import DeviceTableModel

pytestmark = [
    pytest.mark.qt_log_level_fail("WARNING"),
    pytest.mark.qt_log_ignore("This plugin does not support"),
]


def feed(devices: DeviceList, harness: Harness, **ids: Any) -> None:
    status = {"date": harness.clock.now_ms(), "speed": 10.0, "lat": 47.0, "lng": 9.0}
    data = {**ids, "model": "T1", "status": status}
    harness.feed({"event": "snapshot", "data": data, "error": 0})
    devices.pane.refresh(*devices.fleet.changes.drain())


@pytest.fixture
def two_rows(devices: DeviceList, harness: Harness) -> DeviceList:
    feed(devices, harness, device_key="K")
    feed(devices, harness, imei="A")
    feed(devices, harness, imei="B")
    assert devices.names() == ["K", "A", "B"]
    return devices


def test_joined_row_goes_at_once_and_is_not_counted(two_rows: DeviceList, harness: Harness) -> None:
    two_rows.point(inside=True)
    feed(two_rows, harness, imei="A", device_key="K")
    assert sorted(two_rows.names()) == ["B", "K"]
    assert two_rows.pane.model.counts()["all"] == 2
    assert two_rows.pane.model.counts()["no_data"] == 0
    two_rows.point(inside=False)
    two_rows.pane.tick()
    assert two_rows.names() == ["B", "K"]
    two_rows.pane.bar.search.setText("A")
    two_rows.pane.set_filter("moving")
    assert two_rows.names() == ["K"]


def test_selection_goes_on_with_the_device(two_rows: DeviceList, harness: Harness) -> None:
    two_rows.pane.select("A")
    assert two_rows.selected[-1] == "A"
    feed(two_rows, harness, imei="A", device_key="K")
    assert two_rows.current() == two_rows.pane.selected_key() == two_rows.selected[-1] == "K"
    two_rows.pane.select("B")
    two_rows.pane.select("A")
    assert two_rows.current() == "K"


def test_star_on_either_row_is_on_the_device(two_rows: DeviceList, harness: Harness) -> None:
    two_rows.pane.select("A")
    two_rows.pane.toggle_star()
    assert list(two_rows.settings.values.starred) == ["A"]
    feed(two_rows, harness, imei="A", device_key="K")
    assert two_rows.names()[0] == "K"
    assert two_rows.pane.model.counts()["starred"] == 1
    again = DeviceFacts(
        two_rows.fleet,
        two_rows.clock,
        two_rows.alarm_of,
        two_rows.settings.values.starred,
        two_rows.pane.model.facts.table,
    )
    assert again.starred[0]
    two_rows.pane.toggle_star()
    assert list(two_rows.settings.values.starred) == []


def test_list_that_is_made_later_shows_no_joined_row(
    two_rows: DeviceList, harness: Harness
) -> None:
    feed(two_rows, harness, imei="A", device_key="K")
    facts = DeviceFacts(
        two_rows.fleet, two_rows.clock, two_rows.alarm_of, (), two_rows.pane.model.facts.table
    )
    model = DeviceTableModel(facts)
    assert sorted(model.device_at(row).key for row in range(model.rowCount())) == ["B", "K"]


def test_tip_says_that_two_units_answer_to_one_imei(devices: DeviceList, harness: Harness) -> None:
    feed(devices, harness, imei="A", device_key="K1")
    feed(devices, harness, imei="A", device_key="K2")
    place = devices.section_of("@name")
    model = devices.pane.model
    for row in range(2):
        tip = model.data(model.index(row, place), Qt.ItemDataRole.ToolTipRole)
        assert "two units answer to this IMEI (A)" in tip
