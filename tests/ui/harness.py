"""What the tests of panes share: a clock that stands, a fleet fed by frames, settings on disk.

The fixture ``harness`` makes one a test. A subject's tests add their pane to it, in a class or in
fixtures of their own.
"""

import asyncio
import json
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from PySide6.QtCore import QAbstractItemModel, QModelIndex
from PySide6.QtGui import QCursor
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tftmonitor.base.clock import ManualClock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.long_texts import kept_frame
from tftmonitor.protocol.messages import Snapshot
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.units import follow_units

# 2026-11-20 22:01:00 UTC.
NOW_MS = 1_795_212_060_000

_W = TypeVar("_W", bound=QWidget)
_M = TypeVar("_M", bound=QAbstractItemModel)


class Harness:
    """Frames go through the codec into the fleet, and names from the settings, as always."""

    def __init__(self, qtbot: QtBot, settings: SettingsStore, now_ms: int = NOW_MS) -> None:
        self.qtbot = qtbot
        self.settings = settings
        self.clock = ManualClock(now_ms)
        self.fleet = Fleet()
        settings.on_change(lambda: self.fleet.set_names(settings.values.names), "names")

    def restarted(self) -> SettingsStore:
        """The settings as the next run of the program reads them from the profile."""
        again = SettingsStore(self.settings.path.parent)
        follow_units(again)
        return again

    def show(self, widget: _W, width: int = 560, height: int = 640) -> _W:
        """Show a widget in this size; it ends with the test."""
        self.qtbot.addWidget(widget)
        # Where the test before left it, it would be in the rows of this widget.
        QCursor.setPos(799, 799)
        widget.resize(width, height)
        widget.show()
        return widget

    def feed(self, frame: Mapping[str, Any]) -> Device:
        """Receive a frame of the devices channel now; the device that it is from."""
        raw = json.dumps(frame).encode()
        push, raw = decode(Channel.DEVICES, raw), kept_frame(raw)
        now_ms = self.clock.now_ms()
        if isinstance(push, Snapshot):
            device = self.fleet.apply(push.data, push.status, raw, now_ms).device
            device.problems = push.problems
            return device
        assert isinstance(push, Records), f"no event of a device: {push}"
        return self.fleet.keep_records(push, raw, now_ms)

    def send(self, kind: str, key: str = "1", **data: Any) -> Device:
        """Receive an event of this kind from the device of this IMEI."""
        return self.feed({"event": kind, "data": {"imei": key, "model": "T1", **data}, "error": 0})

    def snapshot(self, key: str = "1", **status: Any) -> Device:
        """Receive a snapshot, dated now where the status says nothing else."""
        return self.send("snapshot", key, status={"date": self.clock.now_ms(), **status})


class AtOnce(TaskScope):
    """Runs what is started to its end at once, for panes of tests that run no loop."""

    @override
    def start(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        asyncio.run(work)


def checked(model: _M) -> _M:
    """The model, watched from now on: what breaks Qt's contract for models ends the test."""
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    QAbstractItemModelTester(model, mode, model)
    return model


def shown_labels(widget: QWidget) -> list[str]:
    """The texts of all labels that can be seen in a widget."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]


def model_texts(view: QAbstractItemView, parent: QModelIndex | None = None) -> list[str]:
    """All rows of a view, those below others too, with " | " between the cells."""
    model, parent = view.model(), parent or QModelIndex()
    texts: list[str] = []
    for row in range(model.rowCount(parent)):
        cells = [
            str(model.data(model.index(row, column, parent)) or "")
            for column in range(model.columnCount(parent))
        ]
        texts.append(" | ".join(cells))
        texts += model_texts(view, model.index(row, 0, parent))
    return texts
