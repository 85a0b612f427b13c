"""The pane of alarms: open, acknowledged, shelved, journal; the window makes it a dock."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.alarms.commands import AlarmCommands
from tftmonitor.ui.alarms.held_alarms import HeldAlarms
from tftmonitor.ui.alarms.journal.page import JournalPage
from tftmonitor.ui.alarms.rows import AlarmRow, OpenRows, RowKey, flood_keys, single
from tftmonitor.ui.alarms.table_model import AlarmTableModel
from tftmonitor.ui.alarms.tabs import ACKNOWLEDGED, JOURNAL, OPEN, SHELVED, AlarmTabs
from tftmonitor.ui.alarms.view import AlarmView, alarms_of
from tftmonitor.ui.tables.held_button import HeldButton
from tftmonitor.ui.tables.row_hold import chosen_in_sight
from tftmonitor.ui.theme.theme import THEME
from tftmonitor.ui.widgets.elided_label import ElidedLabel
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.widgets.single_shot import single_shot

# A flood is drawn once, and still at once for the eye.
_REFRESH_MS = 50
_NARROW = 700
_LEAST_HEIGHT = 36
_EMPTY = {
    ACKNOWLEDGED: "No acknowledged alarm is still active.",
    SHELVED: "Nothing is shelved or out of service.",
}


class AlarmsPane(Pane):
    """Shows the open alarms and acts through the service.

    ``apply_changes`` draws a little later; a hidden pane catches up when shown. It follows zone
    and theme by itself. ``device_requested`` carries the device of an alarm that was opened,
    ``map_requested`` that of one to be shown on the map.
    ``chosen_changed``: other alarms are chosen. Reading the journal runs in ``scope``; else see
    ``close_tasks``.
    """

    device_requested, map_requested = Signal(str), Signal(str)
    chosen_changed = Signal()

    def __init__(
        self,
        service: AlarmService,
        alarms: OpenAlarms,
        clock: Clock,
        settings: SettingsStore,
        *,
        scope: TaskScope | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._alarms = alarms
        self._clock = clock
        self._settings = settings
        self._empty_text = "No alarms"
        self._unfolded: set[RowKey] = set()
        self._held_back = 0
        self._open_rows = OpenRows(alarms)
        self._scope = scope or TaskScope(lambda _name, error: self._show_error(error))
        self.model = AlarmTableModel(clock, settings, self)
        self.view = AlarmView(self.model, settings)
        self.journal = JournalPage(service.read_journal, self._scope.start, clock, settings)
        self.commands = AlarmCommands(service, alarms, self.view, clock, settings, self)
        self._timer = single_shot(self, self.refresh, _REFRESH_MS)
        self._make_parts()
        self._lay_out()
        self._connect()
        self.refresh()

    def apply_changes(self, changes: Sequence[AlarmChange]) -> None:
        """Alarms changed: the first step of the alarm outputs."""
        if changes and not self._timer.isActive():
            self._timer.start()

    def refresh(self) -> None:
        """Show the open alarms as they are now; while somebody is in the table, in their places."""
        self._refresh(hold=self.view.hold.is_held())

    def arrange(self) -> None:
        """Show them all, in the order that they have, whoever is in the table."""
        self._refresh(hold=False)

    def _refresh(self, *, hold: bool) -> None:
        self._timer.stop()
        self._count_tabs()
        if not self.isVisible():
            return
        tab = self.tabs.currentIndex()
        if tab == JOURNAL:
            self.journal.note_change()
        else:
            with chosen_in_sight(self.view):
                self._held_back = self._holding.show(self._rows(tab), hold=hold)
        self._show_state()

    @override
    def tick(self) -> None:
        """Once a second: ages run on."""
        if self.view.isVisible():
            self.model.tick()
            # A menu that is closed tells nobody that the rows may move again.
            if not self.held_button.isHidden():
                self.refresh()
        if self.journal.isVisible():
            self.journal.tick()

    def set_empty_text(self, text: str) -> None:
        """What an empty list of open alarms says, as "No alarms. Messages channel live 11 s"."""
        self._empty_text = text
        self._show_empty()

    def selected_ids(self) -> list[int]:
        """The alarms that are selected in the table, top first; none while nobody sees it.

        Behind another tab, on another page or closed it must not decide what a key does.
        """
        if not self.view.isVisible() or self.view.visibleRegion().isEmpty():
            return []
        return [alarm.id for alarm in self.view.selected_alarms()]

    def select_alarm(self, number: int) -> bool:
        """Show and select an open alarm wherever it is; False when it is closed."""
        alarm = self._alarms.get(number)
        if alarm is None:
            return False
        self.tabs.setCurrentIndex(SHELVED if alarm.suppressed else OPEN)
        self._unfolded.update(flood_keys(self._alarms, number))
        self._held_back = self._holding.show(self._rows(self.tabs.currentIndex()), hold=False)
        self._show_state()
        self.view.select_place(self.model.place_of(number))
        return True

    def start_shelving(self, numbers: Sequence[int]) -> None:
        """The sheet for these alarms; it names them."""
        self.commands.shelve_these(numbers)

    async def close_tasks(self) -> None:
        """End the reading of the journal; for the end of the program."""
        await self._scope.close()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.arrange()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._top.setDirection(way)
        self.commands.bar.fit_into(event.size().width())
        self._count_tabs()
        super().resizeEvent(event)

    def _make_parts(self) -> None:
        self.tabs = AlarmTabs()
        self.view.setAccessibleName("Alarms")
        self.held_button = HeldButton()
        # The buttons beside it keep the height; its width is that of the tabs until it comes.
        policy = self.held_button.sizePolicy()
        policy.setRetainSizeWhenHidden(False)
        self.held_button.setSizePolicy(policy)
        self._holding = HeldAlarms(self.model, self.held_button, self._alarms, self._clock)
        self._facts = ElidedLabel()
        self._facts.setContentsMargins(10, 0, 10, 0)
        self._nothing = QLabel()
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._pages = QStackedWidget()
        # A sheet above it must not make the whole window higher.
        self._pages.setMinimumHeight(_LEAST_HEIGHT)
        for page in (self.view, self._nothing, self.journal):
            self._pages.addWidget(page)

    def _lay_out(self) -> None:
        # Narrow first: a pane whose parts begin side by side never becomes narrow.
        self._top = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._top.setSpacing(4)
        tabs = QHBoxLayout()
        tabs.addWidget(self.tabs)
        tabs.addWidget(self.held_button)
        tabs.addStretch()
        self._top.addLayout(tabs)
        self._top.addWidget(self._facts, 1)
        self._top.addWidget(self.commands.bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 4)
        column.setSpacing(4)
        column.addLayout(self._top)
        column.addWidget(self.commands.sheet)
        column.addWidget(self.commands.note)
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._change_tab)
        self.view.fold_requested.connect(self._fold)
        self.view.opened.connect(self._open)
        self.view.current_changed.connect(self._show_selection)
        self.view.customContextMenuRequested.connect(self._pop_up)
        self.view.hold.released.connect(self.refresh)
        self.held_button.clicked.connect(self.arrange)
        self.journal.device_requested.connect(self.device_requested)
        self.commands.device_requested.connect(self.device_requested)
        self.commands.map_requested.connect(self.map_requested)
        THEME.changed.connect(self.model.refresh_texts)
        self._settings.on_change(self._show_selection, "zone")

    def _rows(self, tab: int) -> list[AlarmRow]:
        if tab == OPEN:
            return self._open_rows.rows(self._unfolded)
        alarms = self._alarms.acknowledged() if tab == ACKNOWLEDGED else self._alarms.shelved()
        return [single(alarm) for alarm in alarms]

    def _count_tabs(self) -> None:
        total = self._alarms.total
        counts = (total.count, total.count - total.waiting, len(self._alarms.shelved()), 0)
        self.tabs.show_counts(counts, narrow=self.width() < _NARROW)

    def _change_tab(self) -> None:
        self.view.clearSelection()
        self.commands.leave_sheets()
        self.arrange()

    def _show_state(self) -> None:
        self._show_empty()
        self._show_selection()

    def _show_empty(self) -> None:
        tab = self.tabs.currentIndex()
        if tab == JOURNAL:
            self._pages.setCurrentWidget(self.journal)
            return
        empty = self.model.rowCount() == 0
        self._nothing.setText(_EMPTY.get(tab, self._empty_text))
        self._pages.setCurrentWidget(self._nothing if empty else self.view)

    def _show_selection(self) -> None:
        tab = self.tabs.currentIndex()
        listed = tab != JOURNAL
        rows = self.view.selected_rows() if listed else []
        self.commands.bar.setVisible(listed)
        alarms = alarms_of(rows)
        waiting = self._alarms.total.waiting - self._held_back if tab == OPEN else 0
        self.commands.bar.all.offer(waiting, lambda: alarms_of(self.model.rows))
        self.commands.bar.allow(alarms, shelf=tab == SHELVED)
        self._facts.setVisible(listed and self.model.rowCount() > 0)
        if len(rows) == 1:
            self._facts.setText(self.model.facts_line(rows[0]))
        else:
            self._facts.setText(f"{len(alarms)} alarms selected" if alarms else "")
        self.chosen_changed.emit()

    def _fold(self, key: RowKey) -> None:
        self._unfolded.symmetric_difference_update({key})
        self.arrange()

    def _open(self, row: AlarmRow) -> None:
        if row.alarm.device:
            self.device_requested.emit(row.alarm.device)

    def _pop_up(self, place: QPoint) -> None:
        if self.view.selected_rows():
            self.commands.bar.pop_up(self.view.viewport().mapToGlobal(place))

    def _show_error(self, error: BaseException) -> None:
        self._facts.setText(str(error))
