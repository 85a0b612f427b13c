"""The bare window: PySide6, a table, and one pyqtgraph plot, idle; and the time of its paint."""

import asyncio
import os
import sys
import time

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import pyqtgraph
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QHBoxLayout, QTableWidget, QWidget
from typing_extensions import override


class FirstPaint(QObject):
    """Notes when the window was painted first."""

    def __init__(self) -> None:
        super().__init__()
        self.at_s = 0.0

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and not self.at_s:
            self.at_s = time.time()
        return False


def build() -> QWidget:
    """A window as any tutorial has it."""
    window = QWidget()
    layout = QHBoxLayout(window)
    layout.addWidget(QTableWidget(100, 8))
    plot = pyqtgraph.PlotWidget()
    plot.plot([0.0, 1.0], [0.0, 1.0])
    layout.addWidget(plot)
    window.resize(1600, 900)
    return window


def start_only(started_s: float) -> None:
    """Print how long the first paint took, in ms."""
    app = QApplication(sys.argv[:1])
    painted = FirstPaint()
    window = build()
    window.installEventFilter(painted)
    window.show()
    while not painted.at_s:
        app.processEvents()
    print((painted.at_s - started_s) * 1000, flush=True)
    os._exit(0)


async def main(window: QWidget) -> None:
    from tests.bench.bench_subject import Subject, probe

    window.show()
    subject = Subject(lambda: 0, {})
    timer = probe(subject.delays, window)

    async def switch(on: bool) -> None:
        timer.start() if on else timer.stop()

    subject.add("probe", switch)
    await subject.serve()


if __name__ == "__main__":
    if sys.argv[1] == "start":
        start_only(float(sys.argv[2]))
    import qasync

    application = QApplication(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main(build()))
