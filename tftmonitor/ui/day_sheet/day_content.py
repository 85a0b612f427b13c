"""The sheet of a day: bar, table and sums, in all of which one stretch is chosen."""

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QSplitter, QTableView, QVBoxLayout, QWidget

from tftmonitor.monitor.days.day_record import DayRecord
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.day_sheet.bar_legend import BarLegend
from tftmonitor.ui.day_sheet.day_bar import DayBar
from tftmonitor.ui.day_sheet.day_facts import DayFacts
from tftmonitor.ui.day_sheet.rows import NUMBERS, TITLES, WHERE, SheetRow
from tftmonitor.ui.day_sheet.sources import ShownDay
from tftmonitor.ui.tables.header_state import HeaderState
from tftmonitor.ui.tables.plain_rows import PlainRows
from tftmonitor.ui.tables.row_menu import Commands, RowMenu
from tftmonitor.ui.tables.row_table import style_table
from tftmonitor.ui.widgets.labels import plain_label

_SAMPLES: Final = {
    0: "No data",
    1: "before 11-17 22:30",
    2: "12:34, lasts",
    4: "23 h 59 min",
    5: "1234 km",
    6: "1234.5 km *",
    7: "123 km/h",
    8: "23 h 59 min",
}
_KEYS: Final = tuple(title.lower() for title in TITLES)
_PAD: Final = 6


class DayContent(QWidget):
    """``plots_requested`` carries begin and end of a stretch, ms since 1970; ``map_requested`` the
    same and a list of its places, latitude and longitude in degrees.
    """

    plots_requested, map_requested = Signal(object, object), Signal(object, object, object)

    def __init__(self, settings: SettingsStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: ShownDay | None = None
        self.bar, self.legend = DayBar(), BarLegend()
        self.bar.moment_chosen.connect(self._choose_moment)
        self.bar.stretch_chosen.connect(self._choose_stretch)
        self.note = plain_label()
        self.model = PlainRows(TITLES, NUMBERS, self)
        self.view = self._make_table(settings)
        self.facts = DayFacts()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.view)
        split.addWidget(self.facts)
        split.setStretchFactor(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.bar, self.legend, self.note):
            column.addWidget(part)
        column.addWidget(split, 1)
        self.setFocusProxy(self.view)

    def show_day(self, shown: ShownDay | None) -> None:
        """Show this day, with nothing chosen; nothing at all for None."""
        self._shown = shown
        record = None if shown is None else shown.record
        self.model.show_rows([] if shown is None else [row.cells for row in shown.rows])
        self.bar.show_day(record)
        self.legend.show_day(record)
        if shown is not None:
            self.bar.show_alarms(shown.alarms)
            self.facts.show_day(shown.record, shown.alarms)
            self.note.setText(_note_of(shown.record))
            self.note.setVisible(bool(self.note.text()))

    def _choose_moment(self, time_ms: int) -> None:
        """The row of the table that was going on then; the table tells the bar."""
        rows = self._shown.rows if self._shown is not None else ()
        for place, row in enumerate(rows):
            if row.row.start_ms <= time_ms < row.row.end_ms:
                self.view.selectRow(place)
                self.view.scrollTo(self.model.index(place, 0))
                return
        self.view.clearSelection()
        self._show_stretch(None)

    def _choose_stretch(self, begin_ms: int, end_ms: int) -> None:
        self.view.clearSelection()
        self._show_stretch((begin_ms, end_ms))

    def _show_chosen(self) -> None:
        chosen = self._chosen()
        self._show_stretch(None if chosen is None else (chosen.row.start_ms, chosen.row.end_ms))

    def _show_stretch(self, stretch: tuple[int, int] | None) -> None:
        self.bar.show_stretch(stretch)
        self.facts.show_stretch(stretch)

    def _chosen(self) -> SheetRow | None:
        rows = self.view.selectionModel().selectedRows()
        return self._shown.rows[rows[0].row()] if rows and self._shown is not None else None

    def _commands(self, index: QModelIndex) -> Commands:
        if self._shown is None:
            return ()
        row = self._shown.rows[index.row()].row
        ends = row.start_ms, row.end_ms
        places = [row.segment.place, row.segment.to_place]
        return (
            ("Show in the plots", lambda: self.plots_requested.emit(*ends)),
            ("Show on the map", lambda: self.map_requested.emit(*ends, places)),
        )

    def _open(self, index: QModelIndex) -> None:
        for _text, act in self._commands(index)[:1]:
            act()

    def _make_table(self, settings: SettingsStore) -> QTableView:
        view = QTableView()
        view.setAccessibleName("Trips and stops")
        view.setModel(self.model)
        metrics = style_table(view)
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        header = view.horizontalHeader()
        header.setSectionResizeMode(WHERE, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(metrics.horizontalAdvance("MM"))

        def use_usual_widths() -> None:
            for column, sample in _SAMPLES.items():
                widest = max(map(metrics.horizontalAdvance, (sample, TITLES[column])))
                view.setColumnWidth(column, widest + 2 * _PAD)

        state = HeaderState("day_sheet", header, lambda: _KEYS, use_usual_widths, settings)
        state.offer_reset()
        state.restore()
        self.menu = RowMenu(view, self._commands)
        view.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        view.activated.connect(self._open)
        return view


def _note_of(record: DayRecord) -> str:
    """What the bar cannot tell of this day."""
    sums = record.sums
    if sums.reports and not sums.placed:
        return (
            f"None of its {sums.reports:,} reports of this day has a place, so that trips and "
            "stops cannot be told. What else is known stands beside the table."
        )
    return ""
