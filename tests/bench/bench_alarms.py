"""The list of 10,000 devices with 1,000 open alarms, beside the same list without any."""

import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench.bench_list import make_pane
from tests.bench.bench_table import Row, median, ratio

_DEVICES, _ALARMS, _DIRTY, _CHANGED = 10_000, 1_000, 500, 100
_TURNS = 10


def measure(rounds: int) -> list[Row]:
    """In this process; both panes shown, turn by turn."""
    from PySide6.QtWidgets import QApplication

    from tftmonitor.ui.devices.pane import DevicesPane

    app = QApplication.instance() or QApplication(sys.argv[:1])
    panes = (make_pane(_DEVICES), make_pane(_DEVICES, _ALARMS))
    keys = [device.key for device in panes[0]._fleet.devices[:_CHANGED]]
    rows: set[int] = set()
    acts: dict[str, Callable[[DevicesPane], None]] = {
        "500 devices changed": lambda pane: pane.refresh(rows, False),
        "a second passed": lambda pane: pane.tick(),
        "alarms of 100 devices changed": lambda pane: pane.alarms_changed(keys),
    }
    spent: dict[str, tuple[list[float], list[float]]] = {what: ([], []) for what in acts}
    for turn in range(_TURNS * rounds):
        rows.clear()
        rows.update((turn * 37 + number * 19) % _DEVICES for number in range(_DIRTY))
        for what, act in acts.items():
            for pane, times in zip(panes, spent[what], strict=True):
                start_s = time.perf_counter()
                act(pane)
                app.processEvents()
                times.append((time.perf_counter() - start_s) * 1000)
    return [_row(what, *times) for what, times in spent.items()]


def _row(what: str, bare: list[float], ours: list[float]) -> Row:
    what = f"list of 10,000, 1,000 open alarms beside none: {what}"
    return Row("L", what, "ms", median(ours), median(bare), None, ratio(ours, bare))
