"""The journal's page: what happened to alarms and who did what, a page at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.base.files import write_whole
from tftmonitor.history.journal import JournalError
from tftmonitor.history.journal_query import ALL, JournalFilter
from tftmonitor.history.rows import JournalEntry
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alarms.journal.bar import JournalBar
from tftmonitor.ui.alarms.journal.export import journal_csv
from tftmonitor.ui.alarms.journal.model import ENTRY_ROLE, JournalColumn, JournalModel
from tftmonitor.ui.tables.header_state import HeaderState
from tftmonitor.ui.tables.held_button import HeldButton
from tftmonitor.ui.tables.row_hold import RowHold
from tftmonitor.ui.tables.row_menu import Commands, RowMenu
from tftmonitor.ui.tables.row_table import style_table
from tftmonitor.ui.widgets.elided_label import ElidedLabel
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.widgets.save_dialog import SaveDialog
from tftmonitor.ui.widgets.single_shot import single_shot

PAGE = 200
SAVED_AT_ONCE = 2_000
MOST_SAVED = 1_000_000
_PAD = 6
# A flood of changes costs one reading of the disk.
_RELOAD_MS = 500
_SAMPLES = {
    JournalColumn.TIME: "23:59:59 (time doubtful)",
    JournalColumn.EVENT: "suppression expired",
    JournalColumn.SEVERITY: "WW critical",
    JournalColumn.DEVICE: "864035051234567",
    JournalColumn.NAME: "Alarm of unknown form: DOOR_FORCED",
}

Start = Callable[[str, Coroutine[Any, Any, Any]], None]


class ReadJournal(Protocol):
    """A page of the journal, newest first; raises JournalError."""

    def __call__(
        self, limit: int, before: JournalEntry | None = None, wanted: JournalFilter = ALL
    ) -> Awaitable[list[JournalEntry]]:
        """Up to ``limit`` entries that are wanted, older than ``before``."""
        ...


class JournalPage(Pane):
    """Reads when it is shown; ``note_change`` reads anew while the newest page is looked at."""

    device_requested = Signal(str)
    plots_requested = Signal(str, float)
    # The alarm.
    evidence_requested = Signal(object)

    def __init__(
        self,
        read: ReadJournal,
        start: Start,
        clock: Clock,
        settings: SettingsStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._start = start
        self._busy = False
        self._wanted = ALL
        self._pages = 0
        self._export = SaveDialog(self, "Save the journal as a table", "CSV tables (*.csv)", "csv")
        self.model = JournalModel(clock, settings, self)
        self._timer = single_shot(self, self.reload, _RELOAD_MS)
        self.view = self._make_view(settings)
        self._state_label = ElidedLabel()
        self.held_button = HeldButton()
        self.held_button.clicked.connect(self.reload)
        self.bar = JournalBar(clock)
        self.bar.changed.connect(self._narrow)
        self._save = QPushButton("Save…")
        self._save.setAccessibleName("Save what is wanted of the journal as a table")
        self._save.clicked.connect(lambda: self._export.ask("alarm-journal", self.save))
        self._older = QPushButton("Older")
        self._older.setAccessibleName("Older entries")
        self._older.clicked.connect(self._read_older)
        self._newer = QPushButton("Newest")
        self._newer.setAccessibleName("Newest entries")
        self._newer.clicked.connect(self.reload)
        row = QHBoxLayout()
        row.addWidget(self.bar, 3)
        row.addWidget(self._state_label, 1)
        row.addWidget(self.held_button)
        for button in (self._newer, self._older, self._save):
            button.setAutoDefault(False)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.view, 1)

    @override
    def tick(self) -> None:
        """A second went by: times get their date at midnight."""
        self.model.tick()

    def reload(self) -> None:
        """Read the newest page."""
        self._begin(None)

    def note_change(self) -> None:
        """Something was journalled; nothing moves under somebody who reads older entries."""
        at_top = self.view.verticalScrollBar().value() == 0
        if not self.isVisible() or self._pages > 1 or not at_top:
            return
        if self.hold.is_held():
            self.held_button.show_held(True)
        elif not self._timer.isActive():
            self._timer.start()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()

    def _make_view(self, settings: SettingsStore) -> QTableView:
        view = QTableView()
        view.setAccessibleName("Alarm journal")
        view.setModel(self.model)
        self.hold = RowHold(view)
        self.hold.released.connect(self._catch_up)
        metrics = style_table(view)
        header = view.horizontalHeader()
        header.setSectionResizeMode(JournalColumn.DETAILS, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(metrics.horizontalAdvance("MM"))

        def use_usual_widths() -> None:
            for column, sample in _SAMPLES.items():
                view.setColumnWidth(column, metrics.horizontalAdvance(sample) + 2 * _PAD)

        keys = [column.name.lower() for column in JournalColumn]
        state = HeaderState("journal", header, lambda: keys, use_usual_widths, settings)
        state.offer_reset()
        state.restore()
        self.menu = RowMenu(view, self._commands)
        view.activated.connect(lambda index: self._open(index.data(ENTRY_ROLE)))
        return view

    def _commands(self, index: QModelIndex) -> Commands:
        entry = index.data(ENTRY_ROLE)
        if not isinstance(entry, JournalEntry) or not entry.device:
            return ()
        shown = (
            ("Show device", lambda: self._open(entry)),
            ("Show in the plots", lambda: self._show_in_plots(entry)),
        )
        if entry.alarm is None:
            return shown
        return (*shown, ("Save evidence…", lambda: self.evidence_requested.emit(entry.alarm)))

    def _show_in_plots(self, entry: JournalEntry) -> None:
        self.plots_requested.emit(entry.device, entry.event_ms / SECOND_MS)

    def _open(self, entry: JournalEntry) -> None:
        if entry.device:
            self.device_requested.emit(entry.device)

    def _catch_up(self) -> None:
        if not self.held_button.isHidden():
            self.note_change()

    def _read_older(self) -> None:
        self._begin(self.model.last)

    def _begin(self, before: JournalEntry | None) -> None:
        if self._busy:
            return
        self._busy = True
        if before is None:
            self._wanted = self.bar.wanted()
        self._state_label.setText("Searching…" if self._wanted != ALL else "Reading…")
        self._start("journal page", self._read_page(before))

    def _narrow(self) -> None:
        """Another filter: read anew, after the page that is being read."""
        if self._busy:
            self._timer.start()
        else:
            self.reload()

    def save(self, file: Path) -> None:
        """Write all that the filter lets through, not only what is shown; in the background."""
        self._start("journal to a file", self._write(file, self.bar.wanted()))

    async def _write(self, file: Path, wanted: JournalFilter) -> None:
        entries: list[JournalEntry] = []
        try:
            while len(entries) < MOST_SAVED:
                last = entries[-1] if entries else None
                page = await self._read(SAVED_AT_ONCE, last, wanted)
                entries += page
                if len(page) < SAVED_AT_ONCE:
                    break
            await asyncio.to_thread(lambda: write_whole(file, journal_csv(entries)))
        except JournalError as error:
            self._state_label.setText(str(error))
        except OSError as error:
            self._state_label.setText(f"{file.name} could not be written: {error.strerror}.")
        else:
            self._state_label.setText(f"Saved {len(entries):,} entries to {file.name}.")

    async def _read_page(self, before: JournalEntry | None) -> None:
        try:
            entries = await self._read(PAGE, before, self._wanted)
        except JournalError as error:
            self._state_label.setText(str(error))
            return
        finally:
            self._busy = False
        if before is None:
            self.held_button.show_held(False)
            self.model.show_first(entries)
            self._pages = 1
        else:
            self.model.append(entries)
            self._pages += 1
        self._older.setEnabled(len(entries) == PAGE)
        count = self.model.rowCount()
        nothing = "Nothing matches." if self._wanted != ALL else "No entries yet."
        more = "the newest " if len(entries) == PAGE else ""
        self._state_label.setText(f"{more}{count} entries" if count else nothing)
