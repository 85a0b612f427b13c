"""The naive design, as a tutorial has it: decode, model signal, plot update for each message."""

import asyncio
import json
import os
import sys
from typing import Any

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import pyqtgraph
import qasync
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QTableView, QWidget
from typing_extensions import override
from websockets.asyncio.client import connect

from tests.bench.bench_subject import Subject, probe
from tftmonitor.protocol.channels import Channel, Credential, sign_in_frame

_COLUMNS = ("imei", "speed", "acc", "external_power_voltage", "battery_voltage_percent", "date")
_KEPT = 360


class Model(QAbstractTableModel):
    """A dictionary a row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[dict[str, Any]] = []
        self.places: dict[str, int] = {}

    @override
    def rowCount(self, parent: Any = None) -> int:
        return len(self.rows)

    @override
    def columnCount(self, parent: Any = None) -> int:
        return len(_COLUMNS)

    @override
    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.rows[index.row()].get(_COLUMNS[index.column()])
        return None

    def take(self, imei: str, status: dict[str, Any]) -> None:
        row = self.places.get(imei)
        if row is None:
            row = self.places[imei] = len(self.rows)
            self.beginInsertRows(QModelIndex(), row, row)
            self.rows.append({"imei": imei, **status})
            self.endInsertRows()
        else:
            self.rows[row].update(status)
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(_COLUMNS) - 1))


class Naive:
    """The window and what it does with a message."""

    def __init__(self) -> None:
        self.received = 0
        self.model = Model()
        self._series: dict[str, list[tuple[float, float, float]]] = {}
        self.window = QWidget()
        layout = QHBoxLayout(self.window)
        view = QTableView()
        proxy = QSortFilterProxyModel(self.window)
        proxy.setSourceModel(self.model)
        view.setModel(proxy)
        view.setSortingEnabled(True)
        view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        layout.addWidget(view)
        plots = [pyqtgraph.PlotWidget() for _ in range(2)]
        self._curves = [plot.plot() for plot in plots]
        for plot in plots:
            layout.addWidget(plot)
        self._open = ""
        self.window.resize(1600, 900)
        self.window.show()

    def take(self, text: str | bytes) -> None:
        data = json.loads(text)["data"]
        imei, status = data["imei"], data["status"]
        self.model.take(imei, status)
        series = self._series.setdefault(imei, [])
        volts, speed = status.get("external_power_voltage") or 0, status.get("speed") or 0
        series.append((status["date"] / 1000, volts, speed))
        del series[:-_KEPT]
        self._open = self._open or imei
        if imei == self._open:
            times, *values = zip(*series, strict=True)
            for curve, column in zip(self._curves, values, strict=True):
                curve.setData(times, column)
        self.received += 1


async def main(url: str, name: str) -> None:
    naive = Naive()
    async with connect(url, max_queue=(4096, 1024), compression=None) as connection:
        await connection.send(sign_in_frame(Channel.DEVICES, Credential.from_password(name, "")))

        async def read() -> None:
            async for message in connection:
                naive.take(message)

        reader = asyncio.create_task(read())
        subject = Subject(lambda: naive.received, {})
        timer = probe(subject.delays, naive.window)

        async def switch(on: bool) -> None:
            timer.start() if on else timer.stop()

        subject.add("probe", switch)
        await subject.serve()
        reader.cancel()


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(main(sys.argv[1], sys.argv[2]))
