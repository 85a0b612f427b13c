"""Plots over a ring that the test fills, and what reaches the painter."""

import math
from datetime import UTC, tzinfo
from typing import Any

import numpy as np
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fleet.cadence import UsualIntervals
from tftmonitor.model.fleet.series import SampleRing
from tftmonitor.ui.plots.pane import PlotStack
from tftmonitor.ui.plots.row import PlotRow

NOW = 1_795_000_000.0
NAN = float("nan")
NAMES = [field.name for field in SERIES.channels]
BITS = {lane.key: 1 << lane.bit for lane in SERIES.lanes}


class PlotRig:
    """A shown stack of plots, live at ``NOW``, of a unit that usually reports each ten seconds."""

    def __init__(self, qtbot: QtBot, size: tuple[int, int] = (800, 500)) -> None:
        self.stack = PlotStack()
        qtbot.addWidget(self.stack)
        self.stack.resize(*size)
        self.stack.show()
        self.ring = SampleRing(len(NAMES))
        self.zone: tzinfo = UTC

    def add(
        self,
        time_s: float,
        volts: float = 12.0,
        speed: float = 0.0,
        battery: float = 4.1,
        **flags: bool,
    ) -> None:
        """One sample of the ring; flags that are not named are unknown."""
        values = {"external_power_voltage": volts, "battery_voltage": battery, "speed": speed}
        known = sum(BITS[name] for name in flags)
        states = sum(BITS[name] for name, on in flags.items() if on)
        self.ring.add(time_s, [values.get(name, math.nan) for name in NAMES], states, known)

    def show(self, now_s: float = NOW) -> None:
        """Bring the plots up to this time, and paint."""
        self.stack.set_device("VAN", self.ring, self.zone, UsualIntervals(10))
        self.stack.refresh(now_s)
        QApplication.processEvents()

    def hold(self, start_s: float, end_s: float) -> None:
        """Look at a stretch of the past."""
        navigator = self.stack._navigator
        navigator.hold()
        navigator.window.span, navigator.window.end = end_s - start_s, end_s
        navigator.changed.emit()
        QApplication.processEvents()

    def row(self, field: str) -> PlotRow:
        """The plot of a field."""
        channel = NAMES.index(field)
        rows = self.stack._board.plot_rows
        return next(row for row in rows if channel in row._channels)

    def line(self, field: str) -> tuple[Any, Any]:
        """The corners of its curve as pyqtgraph was handed them."""
        row = self.row(field)
        x, y = row.canvas._curves[row._channels.index(NAMES.index(field))].getData()
        return (np.empty(0), np.empty(0)) if x is None else (x, y)

    def x_of(self, time_s: float) -> float:
        """The pixel of a time, in the widgets of the rows."""
        return self.stack._navigator.view.x_of(time_s)


def image_of(widget: QWidget) -> QImage:
    """The widget as it is painted."""
    QApplication.processEvents()
    return widget.grab().toImage()


def count_in_row(image: QImage, y: int, color: str) -> int:
    """How many pixels of a row of the picture have just this colour."""
    wanted = QColor(color).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()))
