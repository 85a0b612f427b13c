"""The column "Place": words computed here, old ones muted, an order by names of towns."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.devices.device_list import DeviceList
from tests.ui.harness import Harness
from tftmonitor.base.clock import HOUR_MS, SECOND_MS

BERLIN, POTSDAM, NEAR_POTSDAM, SEA = (
    (52.52, 13.4),
    (52.3989, 13.0657),
    (52.43, 13.11),
    (0.5, -30.0),
)
_ROLE = Qt.ItemDataRole


def report(harness: Harness, key: str, place: tuple[float, float], **more: object) -> None:
    now_ms = harness.clock.now_ms()
    status = {"date": now_ms, "location_date": now_ms, "lat": place[0], "lng": place[1]}
    harness.send("snapshot", key, status={**status, "latlng_valid": True, **more})


@pytest.fixture
def devices(harness: Harness) -> DeviceList:
    found = DeviceList(harness)
    found.pane.model.add_column("@place")
    return found


def cell(devices: DeviceList, row: int, role: int = _ROLE.DisplayRole) -> str:
    model = devices.pane.model
    place = [column.key for column in model.columns].index("@place")
    return str(model.index(row, place).data(role))


def refresh(devices: DeviceList) -> None:
    devices.pane.refresh(*devices.fleet.changes.drain())


def test_it_says_where_each_device_is(harness: Harness, devices: DeviceList) -> None:
    for key, place in (("a", POTSDAM), ("b", NEAR_POTSDAM), ("c", SEA), ("d", (0.0, 0.0))):
        report(harness, key, place)
    refresh(devices)
    texts = [cell(devices, row) for row in range(4)]
    assert texts == ["in Potsdam", "5 km NE of Potsdam", "no town within 150 km", "—"]
    tip = cell(devices, 1, _ROLE.ToolTipRole)
    assert "computed here" in tip
    assert "52.430000, 13.110000" in tip
    assert "no place reported" in cell(devices, 3, _ROLE.ToolTipRole)
    devices.settings.set("distance_unit", "mi")
    assert cell(devices, 1) == "3 mi NE of Potsdam"


def test_the_place_of_a_last_fix_is_muted_and_tells_its_age(
    harness: Harness, devices: DeviceList
) -> None:
    report(harness, "a", POTSDAM)
    refresh(devices)
    assert not devices.pane.model.cells(0)[-1].muted
    fix_ms = harness.clock.now_ms()
    harness.clock.advance(3 * HOUR_MS / SECOND_MS)
    report(harness, "a", POTSDAM, location_date=fix_ms, latlng_valid=False)
    refresh(devices)
    assert devices.pane.model.cells(0)[-1].muted
    assert cell(devices, 0) == "in Potsdam"
    assert "where it was 3 h 0 min ago" in cell(devices, 0, _ROLE.ToolTipRole)


def test_the_list_is_ordered_by_the_names_of_towns(harness: Harness, devices: DeviceList) -> None:
    for key, place in (("a", POTSDAM), ("b", (0.0, 0.0)), ("c", BERLIN), ("d", SEA)):
        report(harness, key, place)
    refresh(devices)
    model = devices.pane.model
    model.set_sort("@place")
    assert [model.device_at(row).key for row in range(4)][:2] == ["c", "a"]
    report(harness, "a", (48.137, 11.575))
    report(harness, "c", POTSDAM)
    report(harness, "e", BERLIN)
    refresh(devices)
    model.arrange()
    order = [model.device_at(row).key for row in range(5)]
    assert order[:3] == ["e", "a", "c"]
    assert set(order[3:]) == {"b", "d"}
