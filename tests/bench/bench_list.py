"""I: sort, filter, typing and scrolling in the list, beside numpy's argsort and a repaint."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench.bench_table import Row, median, ratio

if TYPE_CHECKING:
    from tftmonitor.ui.devices.pane import DevicesPane

_SIZES = (10_000, 100_000)
_TURNS = 7


def measure(rounds: int) -> list[Row]:
    """In this process; the pane alone, shown, with its real model."""
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication(sys.argv[:1])
    rows = [row for size in _SIZES for row in _measure(size, rounds)]
    app.processEvents()
    return rows


def _measure(size: int, rounds: int) -> list[Row]:
    from PySide6.QtCore import Qt

    pane = make_pane(size)
    header, search = pane.view.horizontalHeader(), pane.bar.search
    keys = [column.key for column in pane.model.columns]
    orders = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)
    letters = iter("1234567890" * 1000)

    def sort(turn: int) -> None:
        column = ("speed", "external_power_voltage")[turn // 2 % 2]
        header.setSortIndicator(keys.index(column), orders[turn % 2])

    def choose(turn: int) -> None:
        pane.set_filter(("all", "moving", "ignition")[turn % 3])

    def type_letter(turn: int) -> None:
        search.setText(search.text() + next(letters) if turn % 4 else "")

    def scroll(turn: int) -> None:
        bar = pane.view.verticalScrollBar()
        bar.setValue((bar.value() + 40) % max(1, bar.maximum()))

    acts: dict[str, Callable[[int], None]] = {
        "sort by another column": sort,
        "filter by a chip": choose,
        "a letter in the search": type_letter,
        "scroll a page": scroll,
    }
    bare_act = _bare(pane, size)
    rows = []
    for name, act in acts.items():
        ours, bare = [], []
        for _ in range(rounds):
            bare.append(_time(bare_act))
            ours.append(_time(act))
        share = ratio(ours, bare)
        rows.append(
            Row(
                "I",
                f"{name}, {size:,} rows",
                "ms",
                median(ours),
                median(bare),
                None,
                share,
                "2.0 or less",
                share <= 2.0,
            )
        )
        search.clear()
        pane.set_filter("all")
    pane.close()
    return rows


def _time(act: Callable[[int], None]) -> float:
    from PySide6.QtWidgets import QApplication

    times = []
    for turn in range(_TURNS):
        start_s = time.perf_counter()
        act(turn)
        QApplication.processEvents()
        times.append((time.perf_counter() - start_s) * 1000)
    return median(times)


def _bare(pane: "DevicesPane", size: int) -> Callable[[int], None]:
    """What no list can do without: one argsort, and painting what is seen."""
    import numpy as np

    keys = np.random.default_rng(1).random((_TURNS, size))
    viewport = pane.view.viewport()

    def act(turn: int) -> None:
        np.argsort(keys[turn], kind="stable")
        viewport.repaint()

    return act


def make_pane(size: int, alarms: int = 0) -> "DevicesPane":
    """The list of a fleet of this size, shown, with so many open alarms."""
    from tests.bench.bench_frames import FrameBuffer
    from tftmonitor.base.clock import SystemClock
    from tftmonitor.model.alarms.codes import Severity
    from tftmonitor.model.fleet.fleet import Fleet
    from tftmonitor.protocol.channels import Channel
    from tftmonitor.protocol.codec import decode
    from tftmonitor.protocol.messages import Snapshot
    from tftmonitor.settings.store import SettingsStore
    from tftmonitor.ui.devices.pane import DevicesPane
    from tftmonitor.ui.devices.table.facts import AlarmMark

    clock, fleet = SystemClock(), Fleet()
    for frame in FrameBuffer(size).payloads():
        push = decode(Channel.DEVICES, frame)
        assert isinstance(push, Snapshot)
        fleet.apply(push.data, push.status, frame, clock.now_ms())
    settings = SettingsStore(Path(tempfile.mkdtemp(prefix="bench-")))
    alarmed = {device.key for device in fleet.devices[:alarms]}
    critical, none = AlarmMark(Severity.CRITICAL, 1), AlarmMark(None, 0)
    pane = DevicesPane(fleet, clock, settings, lambda key: critical if key in alarmed else none)
    pane.resize(900, 900)
    pane.show()
    pane.refresh(set(range(size)), True)
    return pane
