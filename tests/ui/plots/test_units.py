"""Other units in the plots: title, axis, curve, legend and the saved table, at once."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.ui.plots.test_file_export import Bench
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.units import follow_units
from tftmonitor.ui.plots.follower import PlotFollower


def test_speed_in_miles(qtbot: QtBot, tmp_path: Path) -> None:
    bench = Bench(qtbot, tmp_path)
    settings = SettingsStore(tmp_path)
    follow_units(settings)
    bench.plots = PlotFollower(bench.monitor, settings, bench.clock)
    bench.load(qtbot)
    for _ in range(3):
        bench.report(100)
    bench.plots.show("VAN/1")
    stack = bench.plots.stack
    assert stack is not None
    row = next(row for row in stack._board.plot_rows if row._spec.key == "speed")
    assert row.legend._title.text() == "Speed, km/h"
    before = row.value_range
    settings.set("speed_unit", "mph")
    assert row.legend._title.text() == "Speed, mph"
    assert row.legend.items[0].value == "62.1 mph"
    _, y = row.canvas._curves[0].getData()
    assert np.nanmax(y) == pytest.approx(62.137, abs=0.01)
    assert before is not None
    assert row.value_range is not None
    assert row.value_range[1] < before[1]
    table = stack.seen_table()
    assert table is not None
    lines = table.text().splitlines()
    assert "Speed (mph)" in lines[0]
    assert "62.1" in lines[1]
