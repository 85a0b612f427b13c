"""Lists of names, read from a file and written into one."""

import asyncio
from pathlib import Path

from tests.cliffs.situation import Act, Situation, at_end, new_harness, watched
from tests.ui.harness import AtOnce
from tftmonitor.settings.names import names_to_csv
from tftmonitor.ui.settings.names_group import NamesGroup


def _exchange(devices: int, *, importing: bool) -> Act:
    harness, runner = new_harness(), asyncio.Runner()
    at_end(runner.close)
    group = harness.show(NamesGroup(harness.settings, harness.fleet, AtOnce()))
    file = Path(harness.settings.path.parent, "names.csv")
    names = {f"{10**14 + number}": f"VAN {number}" for number in range(devices)}

    def exchange(turn: int) -> float:
        if importing:
            changed = {ident: f"{name}/{turn}" for ident, name in names.items()}
            file.write_bytes(names_to_csv(changed))
            return watched(runner, group._import(file))
        return watched(runner, group._export(file))

    if not importing:
        harness.settings.set("names", names)
    return exchange


SITUATIONS = (
    Situation(
        "names imported, all of them others",
        "devices",
        (1_000, 10_000, 100_000),
        10_000,
        lambda devices: _exchange(devices, importing=True),
        (100, 1_000),
        turns=2,
    ),
    Situation(
        "names exported",
        "devices",
        (1_000, 10_000, 100_000),
        100_000,
        lambda devices: _exchange(devices, importing=False),
        (100, 1_000),
        turns=2,
    ),
)
