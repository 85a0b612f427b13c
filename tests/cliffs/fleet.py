"""The list of devices: renamed, sorted by a text while it lives."""

from functools import partial

from PySide6.QtCore import Qt

from tests.cliffs.situation import Act, Situation, new_harness
from tests.ui.harness import Harness
from tftmonitor.ui.devices.pane import DevicesPane
from tftmonitor.ui.devices.table.facts import AlarmMark

_CHANGED = 100


def _listed(devices: int) -> tuple[Harness, DevicesPane]:
    harness = new_harness()
    harness.settings.set("columns", ["@state", "@name", "speed", "address"])
    for number in range(devices):
        harness.snapshot(f"{number:015d}", speed=number % 90, address=f"Street {number}")
    pane = DevicesPane(
        harness.fleet, harness.clock, harness.settings, lambda _key: AlarmMark(None, 0)
    )
    harness.show(pane, 900, 900)
    pane.refresh(*harness.fleet.changes.drain())
    return harness, pane


def _rename(devices: int) -> Act:
    harness, pane = _listed(devices)
    names = {device.key: f"VAN {device.row}" for device in harness.fleet}
    harness.settings.set("names", names)
    pane.refresh(*harness.fleet.changes.drain())

    def rename(turn: int) -> None:
        # What the rest of it costs, settings on disk, is that of the settings.
        harness.fleet.set_names({**names, f"{turn:015d}": f"LORRY {turn}"})
        pane.refresh(*harness.fleet.changes.drain())

    return rename


def _sorted(column: str, devices: int) -> Act:
    harness, pane = _listed(devices)
    keys = [column.key for column in pane.model.columns]
    pane.view.horizontalHeader().setSortIndicator(keys.index(column), Qt.SortOrder.AscendingOrder)

    def beat(turn: int) -> None:
        harness.clock.advance(1)
        for number in range(_CHANGED):
            device = (number * 7 + turn) % devices
            address = f"Street {(number + turn * 977) % 1_000_003} {turn}"
            harness.snapshot(f"{device:015d}", speed=(number + turn) % 90, address=address)
        pane.refresh(*harness.fleet.changes.drain())
        pane.tick()

    return beat


SITUATIONS = (
    Situation(
        "one device renamed", "devices", (1_000, 10_000, 100_000), 10_000, _rename, (100, 1_000)
    ),
    *(
        Situation(
            f"list sorted by {column}, 100 change",
            "devices",
            (1_000, 10_000, 100_000),
            10_000,
            partial(_sorted, column),
            (100, 1_000),
        )
        for column in ("@name", "@state", "speed", "address")
    ),
)
