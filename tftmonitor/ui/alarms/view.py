"""The view of a list of alarms: rows, folding, keys; it decides nothing about alarms."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QTableView, QWidget
from typing_extensions import override

from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alarms.rows import AlarmRow
from tftmonitor.ui.alarms.table_model import AlarmColumn, AlarmTableModel
from tftmonitor.ui.tables.header_state import HeaderState
from tftmonitor.ui.tables.row_hold import RowHold
from tftmonitor.ui.tables.row_table import style_table

_PAD = 6
# Below this width only what tells alarms apart. The two layouts have widths of their own.
_NARROW_WIDTH = 620
_WIDE, _NARROW = "alarms", "alarms-narrow"
_ONLY_WIDE = (
    AlarmColumn.STATE,
    AlarmColumn.TIME,
    AlarmColumn.COUNT,
    AlarmColumn.SOURCES,
    AlarmColumn.POSITION,
)
# These give way, one after the other, before the name of the alarm has less room than this
# takes; the line beside the buttons has them of the chosen alarm.
_GIVE_WAY = (
    AlarmColumn.SOURCES,
    AlarmColumn.COUNT,
    AlarmColumn.STATE,
    AlarmColumn.POSITION,
)
# Of a time that is not doubtful: enough where the others have no room else.
_TIGHT_TIME = "LATE 23:59:59"
_USUAL_NAME = "External power disconnected"
# Places of long names are shown whole where the name of the alarm has room to spare.
_LONG_PLACE = "12 km NW of Neumarkt in der Oberpfalz"
_ICON_WIDTH = 30
# The rest of the width belongs to the alarm's name.
_NARROW_DEVICE = 0.32
# Columns by the widest text that is usual in them.
_SAMPLES = {
    AlarmColumn.SEVERITY: "WW critical",
    AlarmColumn.DEVICE: "▾ 864035051234567",
    AlarmColumn.STATE: "ended, not acknowledged",
    AlarmColumn.TIME: "23:59:59 (time doubtful)",
    AlarmColumn.AGE: "23 h 59 min",
    AlarmColumn.COUNT: "Count",
    AlarmColumn.SOURCES: "snapshot + message",
    AlarmColumn.POSITION: "12 km NW of Hilpoltstein",
}


class AlarmView(QTableView):
    """Whole rows are selected, several at once. ``fold_requested`` carries a row's key."""

    fold_requested = Signal(object)
    opened = Signal(object)
    current_changed = Signal()

    def __init__(
        self, model: AlarmTableModel, settings: SettingsStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._alarms = model
        self._narrow = False
        self._left_out: frozenset[AlarmColumn] = frozenset()
        self._widths: dict[AlarmColumn, int] = {}
        self.setModel(model)
        self.hold = RowHold(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        metrics = style_table(self)
        header = self.horizontalHeader()
        header.setSectionResizeMode(AlarmColumn.NAME, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(metrics.horizontalAdvance("MM"))
        keys = [column.name.lower() for column in AlarmColumn]
        self._state = HeaderState(_WIDE, header, lambda: keys, self._use_usual_widths, settings)
        self._state.offer_reset()
        self._state.restore()
        self.doubleClicked.connect(self._open)
        self.selectionModel().selectionChanged.connect(lambda *_: self.current_changed.emit())

    def selected_rows(self) -> list[AlarmRow]:
        """What is selected, top first."""
        # By stretches: thousands may be selected, and Qt would make an index for each cell.
        chosen = self.selectionModel().selection()
        parts = [chosen.at(number) for number in range(chosen.count())]
        stretches = sorted((part.top(), part.bottom()) for part in parts)
        rows = self._alarms.rows
        return [row for top, bottom in stretches for row in rows[top : bottom + 1]]

    def selected_alarms(self) -> list[Alarm]:
        """The alarms that the selected rows stand for, each once."""
        return alarms_of(self.selected_rows())

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
        narrow = self.width() < _NARROW_WIDTH
        if narrow != self._narrow:
            self._narrow = narrow
            self._alarms.set_compact(narrow)
            self._state.switch(_NARROW if narrow else _WIDE)
        elif self._to_leave_out() != self._left_out or self._fitting_widths() != self._widths:
            self._state.restore()
        super().resizeEvent(event)

    def _usual_width(self, sample: str) -> int:
        font = self.font()
        font.setBold(True)
        return QFontMetrics(font).horizontalAdvance(sample) + 2 * _PAD

    def _to_leave_out(self) -> frozenset[AlarmColumn]:
        """The columns that have no room at the present width."""
        if self._narrow:
            return frozenset(_ONLY_WIDE)
        usual = self._usual_widths()
        missing = self._missing(usual)
        left_out: set[AlarmColumn] = set()
        if missing > 0:
            # With the first of them the time becomes tight too.
            missing -= usual[AlarmColumn.TIME] - self._usual_width(_TIGHT_TIME)
            left_out.add(_GIVE_WAY[0])
            missing -= usual[_GIVE_WAY[0]]
        for column in _GIVE_WAY[1:]:
            if missing <= 0:
                break
            left_out.add(column)
            missing -= usual[column]
        return frozenset(left_out)

    def _usual_widths(self) -> dict[AlarmColumn, int]:
        return {column: self._usual_width(sample) for column, sample in _SAMPLES.items()}

    def _missing(self, widths: Mapping[AlarmColumn, int]) -> int:
        """Pixels that are missing for these columns and a usual name; below 0: to spare."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return sum(widths.values()) + self._usual_width(_USUAL_NAME) + bar - self.width()

    def _fitting_widths(self) -> dict[AlarmColumn, int]:
        """Of the columns that are shown. A place takes what the names can spare."""
        widths = self._usual_widths()
        if self._left_out:
            widths[AlarmColumn.TIME] = self._usual_width(_TIGHT_TIME)
        shown = {column: width for column, width in widths.items() if column not in self._left_out}
        if AlarmColumn.POSITION in shown:
            usual, most = shown[AlarmColumn.POSITION], self._usual_width(_LONG_PLACE)
            spare = max(0, -self._missing(shown))
            shown[AlarmColumn.POSITION] = min(most, usual + spare)
        return shown

    def _use_usual_widths(self) -> None:
        self._left_out = self._to_leave_out()
        for column in _ONLY_WIDE:
            self.setColumnHidden(column, column in self._left_out)
        self._widths = self._fitting_widths()
        for column, width in self._widths.items():
            self.setColumnWidth(column, width)
        if self._narrow:
            device = min(self.columnWidth(AlarmColumn.DEVICE), round(_NARROW_DEVICE * self.width()))
            self.setColumnWidth(AlarmColumn.SEVERITY, _ICON_WIDTH)
            self.setColumnWidth(AlarmColumn.DEVICE, device)

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


def alarms_of(rows: Iterable[AlarmRow]) -> list[Alarm]:
    """The alarms that these rows stand for, each once."""
    return list({alarm.id: alarm for row in rows for alarm in row.alarms}.values())
