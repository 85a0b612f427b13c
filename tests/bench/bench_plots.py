"""H: a frame of the two live plots with their lanes, beside pyqtgraph's floor for two curves."""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

from tests.bench.bench_table import Row, median, ratio

_SAMPLES = 3_600
_FRAMES = 60
_SIZE = (1600, 900)


def measure(rounds: int) -> list[Row]:
    """In this process, frame by frame in turn."""
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication(sys.argv[:1])
    floor, ours = _Floor(), _Ours()
    bare, program, hidden = [], [], []
    for _ in range(rounds):
        bare.append(_time(floor.frame))
        program.append(_time(ours.frame))
        ours.stack.hide()
        hidden.append(_time(ours.frame))
        ours.stack.show()
        app.processEvents()
    share = ratio(program, bare)
    return [
        Row(
            "H",
            "a frame of two live plots and lanes, an hour at 1 Hz",
            "ms",
            median(program),
            median(bare),
            None,
            share,
            "2.0 or less",
            share <= 2.0,
        ),
        Row(
            "H",
            "the same, hidden",
            "ms",
            median(hidden),
            None,
            None,
            None,
            "0",
            median(hidden) < 0.02,
        ),
    ]


def _time(frame: Callable[[int], None]) -> float:
    """ms a frame, the middle one, painting included."""
    from PySide6.QtWidgets import QApplication

    times = []
    for number in range(_FRAMES):
        start_s = time.perf_counter()
        frame(number)
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        times.append((time.perf_counter() - start_s) * 1000)
    return median(times)


class _Floor:
    """Two plots, their ranges still, one curve each: nothing else."""

    def __init__(self) -> None:
        import numpy as np
        import pyqtgraph

        self._window = pyqtgraph.GraphicsLayoutWidget()
        self._window.resize(*_SIZE)
        self._times = np.arange(-_SAMPLES, 0, dtype=np.float64)
        self._values = np.random.default_rng(1).normal(50, 10, _SAMPLES + _FRAMES * 1000)
        self._curves = []
        for row in range(2):
            plot = self._window.addPlot(row=row, col=0)
            plot.setXRange(-_SAMPLES, 0, padding=0)
            plot.setYRange(0, 100, padding=0)
            self._curves.append(plot.plot(pen=pyqtgraph.mkPen("k", width=1)))
        self._window.show()
        self._first = 0

    def frame(self, _number: int) -> None:
        """One new sample in each curve."""
        self._first = (self._first + 1) % (_FRAMES * 1000)
        for curve in self._curves:
            curve.setData(self._times, self._values[self._first : self._first + _SAMPLES])


class _Ours:
    """The pane as the program makes it, over a ring with an hour in it."""

    def __init__(self) -> None:
        from tftmonitor.model.fields.plot import SERIES
        from tftmonitor.model.fleet.cadence import UsualIntervals
        from tftmonitor.model.fleet.series import SampleRing
        from tftmonitor.ui.plots.pane import PlotStack

        self.stack = PlotStack()
        self.stack.resize(*_SIZE)
        self._ring = SampleRing(len(SERIES.channels))
        self._now_s = 1_795_000_000.0
        for _ in range(_SAMPLES):
            self._add()
        self.stack.set_window(_SAMPLES)
        self.stack.show()
        self.stack.set_device("VAN-1", self._ring, UTC, UsualIntervals(200.0))
        self.stack.refresh(self._now_s)

    def frame(self, _number: int) -> None:
        """One new sample, and the refresh that the frame clock calls."""
        self._add()
        self.stack.refresh(self._now_s)

    def _add(self) -> None:
        from tftmonitor.model.fields.plot import SERIES

        self._now_s += 1.0
        turn = self._now_s % 600
        values = [12.0 + turn / 300, *(turn / 6 for _ in SERIES.channels[1:])]
        self._ring.add(self._now_s, values, int(turn > 300), 0xFFFF)
