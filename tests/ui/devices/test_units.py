"""Other units in the device list: headings, cells and widths, at once."""

from PySide6.QtCore import Qt

from tests.ui.devices.device_list import DeviceList
from tests.ui.harness import Harness


def test_headings_and_cells_change_at_once(harness: Harness) -> None:
    devices = DeviceList(harness)
    devices.pane.model.add_column("cooling_fluid_temp")
    harness.send(
        "snapshot",
        "a",
        status={
            "date": harness.clock.now_ms(),
            "speed": 100.0,
            "cooling_fluid_temp": 90,
            "acc": True,
        },
    )
    devices.pane.refresh(*devices.fleet.changes.drain())
    model = devices.pane.model
    keys = [column.key for column in model.columns]

    def heading(key: str) -> str:
        text = model.headerData(keys.index(key), Qt.Orientation.Horizontal)
        return " ".join(str(text).split())

    def cell(key: str) -> str:
        return str(model.index(0, keys.index(key)).data())

    assert (heading("speed"), heading("cooling_fluid_temp")) == ("Speed km/h", "Coolant °C")
    assert (cell("speed"), cell("cooling_fluid_temp")) == ("100.0", "90")
    devices.settings.set("speed_unit", "mph")
    devices.settings.set("temperature_unit", "°F")
    assert (heading("speed"), heading("cooling_fluid_temp")) == ("Speed mph", "Coolant °F")
    assert (cell("speed"), cell("cooling_fluid_temp")) == ("62.1", "194")
