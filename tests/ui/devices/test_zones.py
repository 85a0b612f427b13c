"""Times in the list in the zone of each device, said with each."""

from PySide6.QtCore import Qt

from tests.ui.devices.device_list import DeviceList

COLUMNS = ("@name", "date", "@received", "speed")
_TIP = Qt.ItemDataRole.ToolTipRole


def test_each_time_is_in_the_zone_of_its_device(devices: DeviceList) -> None:
    devices.pane.model.set_columns(COLUMNS)
    devices.report("a", age_s=0, lat=40.71, lng=-74.0, speed=5.0)
    devices.report("b", age_s=0, lat=52.5, lng=13.4, speed=5.0)
    model, header = devices.pane.model, devices.pane.view.horizontalHeader()
    before = [str(model.index(row, column).data()) for row in range(2) for column in (1, 2)]
    assert len(set(before)) == 1
    devices.pane.columns.restore_widths()
    width = header.sectionSize(1)
    assert "times of" not in model.index(0, 1).data(_TIP)
    devices.settings.set("zone", "device")
    here, there = ([str(model.index(row, column).data()) for column in (1, 2)] for row in range(2))
    assert all(text.endswith(" EST") for text in here)
    assert all(text.endswith(" CET") for text in there)
    assert here[0][11:13] != there[0][11:13]
    assert header.sectionSize(1) > width
    assert model.index(0, 3).data() == "5.0"
    assert model.index(0, 1).data(_TIP).count("times of America/New_York") == 1
    assert "times of" not in model.index(0, 0).data(_TIP)
    devices.settings.set("zone", "utc")
    assert [str(model.index(0, column).data()) for column in (1, 2)] == before[:2]
