"""The device list on the shared harness: reports by a frame, alarms by hand."""

from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from tests.ui.harness import Harness, checked
from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.field import FieldTable
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.ui.devices.pane import DevicesPane
from tftmonitor.ui.devices.table.facts import AlarmMark, DeviceFacts
from tftmonitor.ui.devices.table.model import DeviceTableModel

FIX: dict[str, Any] = {"lat": 47.0, "lng": 9.0, "latlng_valid": 1}
ALL_ROWS = range(1_000)


class DeviceSource:
    """Devices that report, and the alarms that they have open."""

    def __init__(self, harness: Harness) -> None:
        self.clock = harness.clock
        self.fleet = harness.fleet
        self.alarms: dict[str, tuple[Severity | None, int]] = {}
        self._harness = harness

    def alarm_of(self, key: str) -> AlarmMark:
        return AlarmMark(*self.alarms.get(key, (None, 0)))

    def report(self, *names: str, age_s: float = 1, **status: Any) -> None:
        """Snapshots that the devices made this long ago."""
        date = self.clock.now_ms() - round(age_s * SECOND_MS)
        for name in names:
            self._harness.snapshot(name, date=date, **status)


class ListModel(DeviceSource):
    """The model alone, built by ``build`` over what has reported until then."""

    def __init__(
        self, harness: Harness, columns: tuple[str, ...], starred: tuple[str, ...]
    ) -> None:
        super().__init__(harness)
        self._columns = columns
        self._starred = starred

    def build(self, table: FieldTable = STATUS_FIELDS) -> DeviceTableModel:
        facts = DeviceFacts(self.fleet, self.clock, self.alarm_of, self._starred, table)
        self.model = checked(DeviceTableModel(facts, self._columns))
        self.fleet.changes.drain()
        return self.model

    def refresh(self, visible: range = ALL_ROWS) -> None:
        self.model.refresh(self.fleet.changes.drain()[0], visible)

    def names(self) -> list[str]:
        return [self.model.device_at(row).key for row in range(self.model.rowCount())]

    def text(self, row: int, column: str) -> str:
        place = [c.key for c in self.model.columns].index(column)
        return str(self.model.data(self.model.index(row, place)))


class DeviceList(DeviceSource):
    """A shown pane that hears of each report at once."""

    def __init__(self, harness: Harness, table: FieldTable = STATUS_FIELDS) -> None:
        super().__init__(harness)
        self.settings = harness.restarted()
        self.pane = DevicesPane(self.fleet, self.clock, self.settings, self.alarm_of, table=table)
        checked(self.pane.model)
        self.selected: list[str] = []
        self.opened: list[str] = []
        self.pane.device_selected.connect(self.selected.append)
        self.pane.device_opened.connect(self.opened.append)
        harness.show(self.pane, 600, 400)
        harness.qtbot.waitExposed(self.pane)
        self.pane.bar.search.setFocus()

    @override
    def report(self, *names: str, age_s: float = 1, **status: Any) -> None:
        super().report(*names, age_s=age_s, **status)
        self.pane.refresh(*self.fleet.changes.drain())

    def names(self) -> list[str]:
        model = self.pane.model
        return [model.device_at(row).key for row in range(model.rowCount())]

    def current(self) -> str | None:
        index = self.pane.view.currentIndex()
        return self.pane.model.device_at(index.row()).key if index.isValid() else None

    def point(self, *, inside: bool) -> None:
        """The pointer comes or goes."""
        place = QPoint(5, 5).toPointF()
        event = QEnterEvent(place, place, place) if inside else QEvent(QEvent.Type.Leave)
        QApplication.sendEvent(self.pane.view.viewport(), event)

    def section_of(self, key: str) -> int:
        return [column.key for column in self.pane.model.columns].index(key)

    def sort_by(self, key: str, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.pane.view.horizontalHeader().setSortIndicator(self.section_of(key), order)
