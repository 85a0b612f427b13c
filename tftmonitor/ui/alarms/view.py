"""The view of a list of alarms: rows, folding, keys; it decides nothing about alarms."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.ui.alarms.rows import AlarmRow
from tftmonitor.ui.alarms.table_model import AlarmColumn, AlarmTableModel
from tftmonitor.ui.widgets.row_table import style_table

_PAD = 6
# Below this width only what tells alarms apart.
_NARROW = 620
_ONLY_WIDE = (
    AlarmColumn.STATE,
    AlarmColumn.TIME,
    AlarmColumn.COUNT,
    AlarmColumn.WITNESSES,
    AlarmColumn.POSITION,
)
_ICON_WIDTH = 30
# The rest of the width belongs to the alarm's name.
_NARROW_DEVICE = 0.32
# Columns by the widest text that is usual in them.
_SAMPLES = {
    AlarmColumn.SEVERITY: "WW critical",
    AlarmColumn.DEVICE: "▾ 864035051234567",
    AlarmColumn.STATE: "out of service until 23:59:59",
    AlarmColumn.TIME: "LATE 12-31 23:59",
    AlarmColumn.AGE: "23 h 59 min",
    AlarmColumn.COUNT: "Count",
    AlarmColumn.WITNESSES: "snapshot + message",
    AlarmColumn.POSITION: "-52.1234, -104.1234",
}


class AlarmView(QTableView):
    """Whole rows are selected, several at once. ``fold_requested`` carries a row's key."""

    fold_requested = Signal(object)
    opened = Signal(object)
    current_changed = Signal()

    def __init__(self, model: AlarmTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alarms = model
        self._narrow = False
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        metrics = style_table(self)
        header = self.horizontalHeader()
        font = self.font()
        font.setBold(True)
        bold = QFontMetrics(font)
        for column, sample in _SAMPLES.items():
            self.setColumnWidth(column, bold.horizontalAdvance(sample) + 2 * _PAD)
        self._widths = {column: self.columnWidth(column) for column in _SAMPLES}
        header.setSectionResizeMode(AlarmColumn.NAME, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(metrics.horizontalAdvance("MM"))
        self.doubleClicked.connect(self._open)
        self.selectionModel().selectionChanged.connect(lambda *_: self.current_changed.emit())

    def selected_rows(self) -> list[AlarmRow]:
        """What is selected, top first."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = [self._alarms.row(self._alarms.index(place, 0)) for place in places]
        return [row for row in rows if row is not None]

    def selected_alarms(self) -> list[Alarm]:
        """The alarms that the selected rows stand for, each once."""
        found = {alarm.id: alarm for row in self.selected_rows() for alarm in row.alarms}
        return list(found.values())

    def select_place(self, place: int) -> None:
        """Select one row and bring it into sight."""
        index = self._alarms.index(place, AlarmColumn.NAME)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._alarms.row(self.currentIndex())
        if row is not None and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.currentIndex())
        elif row is not None and event.key() in _fold_keys(row):
            self.fold_requested.emit(row.key)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        super().mousePressEvent(event)
        row = self._alarms.row(index)
        left = event.button() is Qt.MouseButton.LeftButton
        if left and row is not None and row.head and index.column() <= AlarmColumn.DEVICE:
            self.fold_requested.emit(row.key)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        # The whole width: without that of a scroll bar, which comes and goes with it.
        narrow = self.width() < _NARROW
        for column in _ONLY_WIDE:
            self.setColumnHidden(column, narrow)
        if narrow != self._narrow:
            self._narrow = narrow
            self._alarms.set_compact(narrow)
            wide = self._widths
            device = min(wide[AlarmColumn.DEVICE], round(_NARROW_DEVICE * self.width()))
            severity = _ICON_WIDTH if narrow else wide[AlarmColumn.SEVERITY]
            self.setColumnWidth(AlarmColumn.SEVERITY, severity)
            self.setColumnWidth(AlarmColumn.DEVICE, device if narrow else wide[AlarmColumn.DEVICE])
        super().resizeEvent(event)

    def _open(self, index: QModelIndex) -> None:
        row = self._alarms.row(index)
        if row is None:
            return
        if row.head and row.depth == 0:
            self.fold_requested.emit(row.key)
        else:
            self.opened.emit(row)


def _fold_keys(row: AlarmRow) -> tuple[Qt.Key, ...]:
    """The keys that fold or unfold a row, as in a tree; none for a single alarm."""
    if not row.head:
        return ()
    return (Qt.Key.Key_Space, Qt.Key.Key_Left if row.unfolded else Qt.Key.Key_Right)
