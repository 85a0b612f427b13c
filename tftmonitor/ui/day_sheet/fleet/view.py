"""The same sums of all devices, of a day or of some days; read one device after the other."""

import asyncio
import queue
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTableView, QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.base.files import write_whole
from tftmonitor.history.journal import JournalError
from tftmonitor.history.samples.stored import HistoryError
from tftmonitor.monitor.days.day_record import Wanted
from tftmonitor.monitor.days.source import ReadingStopped
from tftmonitor.monitor.days.sums import DaySums
from tftmonitor.ui.day_sheet.alarms_of_day import count_alarms
from tftmonitor.ui.day_sheet.asking import Asking, answer
from tftmonitor.ui.day_sheet.day_head import DayBox
from tftmonitor.ui.day_sheet.files.tables import fleet_csv
from tftmonitor.ui.day_sheet.fleet.model import COLUMNS, FleetModel, FleetRow
from tftmonitor.ui.day_sheet.sources import DaySources
from tftmonitor.ui.day_sheet.wording import NO_HISTORY
from tftmonitor.ui.tables.header_state import HeaderState
from tftmonitor.ui.tables.row_hold import RowHold, chosen_in_sight
from tftmonitor.ui.tables.row_menu import Commands, RowMenu
from tftmonitor.ui.tables.row_table import style_table
from tftmonitor.ui.widgets.elided_label import ElidedLabel
from tftmonitor.ui.widgets.labels import plain_label
from tftmonitor.ui.widgets.save_dialog import SaveDialog

MOST_DAYS: Final = 31
"""A longer stretch would hold too much of one device in memory."""
_LOOK_S: Final = 0.2
_PAD: Final = 6
_SAMPLES: Final = (
    "Delivery van 12 north",
    "1234",
    "12345 km",
    "12345 km *",
    "123 km/h",
    *("123 h 59 min",) * 5,
    "28.88 V",
    "28.88 V",
    "1234",
)


class FleetView(QWidget):
    """``sheet_requested`` carries a device and a day."""

    sheet_requested = Signal(str, object)

    def __init__(
        self, sources: DaySources, report: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._sources, self._report = sources, report
        self._asking = Asking()
        self._devices: Sequence[str] = ()
        self.first, self.last = DayBox("First day"), DayBox("Last day")
        for box in (self.first, self.last):
            box.show_day(sources.today(""))
        self.first.day_chosen.connect(self._note_first)
        self.last.day_chosen.connect(self._note_last)
        self.read = QPushButton("Read")
        self.read.setAccessibleName("Read the days of all devices")
        self.read.clicked.connect(lambda _on: self.begin())
        self.stop = QPushButton("Stop")
        self.stop.clicked.connect(lambda _on: self._give_up())
        self.stop.setEnabled(False)
        self.state = ElidedLabel()
        self.save = QPushButton("Save as table…")
        self.save.setAccessibleName("Save the sums of all devices as a table")
        self._dialog = SaveDialog(self, "Save the sums of all devices", "CSV tables (*.csv)", "csv")
        self.save.clicked.connect(lambda _on: self._dialog.ask(self._stem(), self.write))
        self.model = FleetModel(self)
        self._is_behind = False
        self.view = self._make_table()
        self.hold = RowHold(self.view)
        self.hold.released.connect(self._arrange)
        self.message = plain_label(centred=True)
        self._lay_out()
        self._show_rows()

    def show_devices(self, keys: Sequence[str]) -> None:
        """Whom there is to read, in order of their names."""
        self._devices = tuple(keys)

    def begin(self) -> None:
        """Read all of them anew."""
        stop = self._asking.begin()
        self.model.clear()
        if not self._sources.reading.exists:
            self._say(f"{NO_HISTORY}\n{self._sources.recording_note()}".strip())
        elif not self._devices:
            self._say("No device is known yet.")
        else:
            self._sources.start("days of all devices", self._read(self._devices, stop))

    def write(self, file: Path) -> None:
        """Write what is shown, in its order."""
        labels = {row.sums.device: row.name for row in self.model.rows}
        sums = [row.sums for row in self.model.rows]
        content = fleet_csv(sums, labels, self.model.counts())
        self._sources.start("days to a file", self._write(file, content))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_rows()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._give_up()

    async def _read(self, devices: Sequence[str], stop: threading.Event) -> None:
        sources = self._sources
        now_ms = sources.clock.now_ms()
        first, last = self.first.day, self.last.day
        wanted = [Wanted(key, first, last, sources.zone(key), now_ms) for key in devices]
        found: queue.SimpleQueue[DaySums] = queue.SimpleQueue()

        def work(stop: threading.Event) -> None:
            for sums in sources.reading.sums(wanted, stop):
                found.put(sums)

        self.stop.setEnabled(True)
        alarms, problem = await self._count(wanted)
        reading = asyncio.ensure_future(answer(work, stop))
        try:
            while not reading.done():
                self._note(len(self.model.rows), len(devices))
                await asyncio.wait((reading,), timeout=_LOOK_S)
                if not stop.is_set():
                    self._take(found, alarms)
            await reading
        except ReadingStopped:
            return
        except HistoryError as error:
            problem = str(error)
        finally:
            reading.cancel()
        if not stop.is_set():
            self.stop.setEnabled(False)
            self.state.setText(f"{len(self.model.rows):,} devices. {problem}".strip())

    async def _count(self, wanted: Sequence[Wanted]) -> tuple[Counter[str] | None, str]:
        begin = min(each.edges_ms[0] for each in wanted)
        end = max(each.edges_ms[1] for each in wanted)
        try:
            return await count_alarms(self._sources.read_journal, begin, end), ""
        except JournalError as error:
            return None, str(error)

    def _take(self, found: queue.SimpleQueue[DaySums], alarms: Counter[str] | None) -> None:
        rows = []
        while not found.empty():
            sums = found.get()
            count = None if alarms is None else alarms[sums.device]
            rows.append(FleetRow(self._sources.label(sums.device), sums, count))
        self.model.append(rows)
        self._is_behind = True
        self._arrange()
        self._show_rows()

    def _arrange(self) -> None:
        """Put what came in its place, where an order was chosen and nobody is in the rows."""
        header = self.view.horizontalHeader()
        column = header.sortIndicatorSection()
        if self._is_behind and column >= 0 and not self.hold.is_held():
            with chosen_in_sight(self.view):
                self.model.sort(column, header.sortIndicatorOrder())
            self._is_behind = False

    async def _write(self, file: Path, content: bytes) -> None:
        try:
            await asyncio.to_thread(write_whole, file, content)
        except OSError as error:
            self._report(f"{file.name} could not be written: {error.strerror}.")
        else:
            self._report(f"Saved {file.name}.")

    def _give_up(self) -> None:
        self._asking.give_up()
        if self.stop.isEnabled():
            self.stop.setEnabled(False)
            self.state.setText(f"Stopped after {len(self.model.rows):,} devices.")

    def _note(self, done: int, of_all: int) -> None:
        self.state.setText(f"Reading… {done:,} of {of_all:,} devices.")

    def _note_first(self, day: date) -> None:
        """Keep the days in order, and not too many."""
        if self.last.day < day or self.last.day - day >= timedelta(days=MOST_DAYS):
            self.last.show_day(day)

    def _note_last(self, day: date) -> None:
        if self.first.day > day or day - self.first.day >= timedelta(days=MOST_DAYS):
            self.first.show_day(day)

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.state.setText("")
        self._show_rows()

    def _show_rows(self) -> None:
        has_rows = bool(self.model.rows)
        if not has_rows and not self.message.text():
            self.message.setText(
                f"Choose up to {MOST_DAYS} days and press Read: of each device a second or so is "
                "read for each day."
            )
        self.view.setVisible(has_rows)
        self.message.setVisible(not has_rows)
        self.save.setEnabled(has_rows)

    def _commands(self, index: QModelIndex) -> Commands:
        sums = self.model.rows[index.row()].sums
        return (("Day sheet", lambda: self.sheet_requested.emit(sums.device, sums.last_day)),)

    def _stem(self) -> str:
        return f"days-{self.first.day.isoformat()}-{self.last.day.isoformat()}"

    def _make_table(self) -> QTableView:
        view = QTableView()
        view.setAccessibleName("Days of all devices")
        view.setModel(self.model)
        metrics = style_table(view)
        header = view.horizontalHeader()
        header.setMinimumSectionSize(metrics.horizontalAdvance("MM"))
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)

        def use_usual_widths() -> None:
            for column, sample in enumerate(_SAMPLES):
                # Beside a heading stands the sign of the order.
                head = f"{COLUMNS[column].title} WW"
                widest = max(map(metrics.horizontalAdvance, (sample, head)))
                view.setColumnWidth(column, widest + 2 * _PAD)

        keys = [column.title.lower() for column in COLUMNS]
        settings = self._sources.settings
        state = HeaderState("fleet_days", header, lambda: keys, use_usual_widths, settings)
        state.offer_reset()
        state.restore()
        self.menu = RowMenu(view, self._commands)
        view.activated.connect(lambda index: self._commands(index)[0][1]())
        return view

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(5)
        until = plain_label("to")
        until.setWordWrap(False)
        for widget in (self.first, until, self.last, self.read, self.stop):
            line.addWidget(widget)
        line.addWidget(self.state, 1)
        line.addWidget(self.save)
        for button in (self.read, self.stop, self.save):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addLayout(line)
        column.addWidget(self.view, 1)
        column.addWidget(self.message, 1)
        self.setFocusProxy(self.read)
