"""The device list: search, filter chips, table and columns; the window makes it a dock."""

from collections.abc import Iterable
from contextlib import nullcontext

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from tftmonitor.base.clock import Clock
from tftmonitor.model.fields.field import FieldTable
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fields.units import CHOICES
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.devices.column_choice import ColumnChoice
from tftmonitor.ui.devices.empty_note import EmptyNote
from tftmonitor.ui.devices.filter_chips import DeviceFilterChips
from tftmonitor.ui.devices.foot import ListFoot
from tftmonitor.ui.devices.kept_sort import KeptSort
from tftmonitor.ui.devices.row_menu import DeviceRowMenu
from tftmonitor.ui.devices.search_bar import SearchBar
from tftmonitor.ui.devices.selection import DeviceSelection
from tftmonitor.ui.devices.table.facts import AlarmOf, DeviceFacts
from tftmonitor.ui.devices.table.filters import ALL, BY_NAME
from tftmonitor.ui.devices.table.model import DeviceTableModel
from tftmonitor.ui.devices.view import DeviceView
from tftmonitor.ui.tables.row_hold import chosen_in_sight
from tftmonitor.ui.widgets.pane import Pane
from tftmonitor.ui.widgets.single_shot import single_shot

# A flood of alarms is counted once, and still at once for the eye.
_COUNT_AFTER_MS = 50


class DevicesPane(Pane):
    """Selection follows the device, whatever becomes of its row.

    ``refresh`` at the pace of frames and ``tick`` once a second keep it current; while it is
    hidden it only collects, and catches up when it is shown. It follows zone, columns and theme
    by itself.
    """

    device_selected = Signal(str)
    device_opened = Signal(str)
    alarms_requested, map_requested, day_requested = Signal(str), Signal(str), Signal(str)

    def __init__(
        self,
        fleet: Fleet,
        clock: Clock,
        settings: SettingsStore,
        alarm_of: AlarmOf,
        parent: QWidget | None = None,
        *,
        table: FieldTable = STATUS_FIELDS,
    ) -> None:
        super().__init__(parent)
        self._fleet = fleet
        self._settings = settings
        self._missed: set[int] = set()
        self._empty_text = "No device has reported yet."
        facts = DeviceFacts(fleet, clock, alarm_of, settings.values.starred, table)
        self.model = DeviceTableModel(facts, settings.values.columns, lambda: settings.values, self)
        self.bar = SearchBar()
        self.chips = DeviceFilterChips()
        self.view = DeviceView(self.model)
        self.selection = DeviceSelection(fleet, self.model, self.view)
        self.columns = ColumnChoice(self.model, self.view, settings, table)
        self.empty_note = EmptyNote(self.view.viewport())
        self.foot = ListFoot()
        self._count_due = single_shot(self, self._show_numbers)
        self._lay_out()
        self._connect()
        self._sort_kept = KeptSort(self.model, self.view.horizontalHeader(), settings)
        self._show_numbers()

    # what happens

    def refresh(self, rows: set[int], added: bool) -> None:
        """Fleet rows have moved; ``added`` when some of them are new."""
        if not self.isVisible():
            self._missed |= rows
            return
        self.model.refresh(rows, self.view.visible_rows())
        self.selection.settle()
        if added:
            self._show_numbers()

    @override
    def tick(self) -> None:
        """A second has passed: ages, states, counts, and the order where it may change."""
        if not self.isVisible():
            return
        # What nobody chose takes nobody away from the top, where the alarms come.
        with nullcontext() if self.selection.is_offered else chosen_in_sight(self.view):
            waiting = self.model.tick(self.view.visible_rows(), hold=self.view.hold.is_held())
            self.selection.settle()
        self.foot.show_held(waiting)
        self._show_numbers()

    def alarms_changed(self, keys: Iterable[str]) -> None:
        """The open alarms of these devices are others now."""
        self.model.alarms_changed(keys, self.view.visible_rows())
        # The chips have to be laid out again each time.
        if not self._count_due.isActive():
            self._count_due.start(_COUNT_AFTER_MS)

    def set_link_down(self, down: bool) -> None:
        """Hatch the table while we cannot know; ages run on."""
        self.view.set_hatched(down)

    def set_empty_text(self, text: str) -> None:
        """What to say while there is no device."""
        self._empty_text = text
        self._show_numbers()

    @override
    def apply_theme(self) -> None:
        """Another theme was put on; the parts follow it by themselves."""
        self.view.viewport().update()

    def selected_key(self) -> str | None:
        """The key of the selected device, also while a filter hides it."""
        return self.selection.key

    def select(self, key: str) -> None:
        """Select a device and show it, clearing what hides it; one not yet listed is awaited."""
        self._catch_up()
        device = self._fleet.find(key)
        if device is not None and self.model.place_of(device.key) < 0:
            self.clear_filters()
        if device is None or self.model.place_of(device.key) < 0:
            # The list hears of a new device a frame later than the fleet.
            self.selection.awaited = key
            return
        self.selection.show(device.key)

    def set_filter(self, name: str) -> None:
        """Choose a chip by its name in ``FILTERS``: all, alarm, overdue, moving ..."""
        self.chips.choose(name)

    def clear_filters(self) -> None:
        """Show every device again."""
        self.bar.search.clear()
        self.chips.choose(ALL.name)

    def focus_search(self) -> None:
        """Type what to look for."""
        self.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.search.selectAll()

    def toggle_star(self) -> None:
        """Put a star on the selected device, or take it off."""
        device = self.selection.device
        if device is None:
            return
        starred = not self._is_starred(device)
        visible = self.view.visible_rows()
        self._settings.set("starred", self.model.set_star(device, visible, starred=starred))
        self._show_numbers()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()
        self.tick()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addWidget(self.chips)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.foot)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        view = self.view
        self.bar.searched.connect(self._filter)
        self.bar.entered.connect(self._open_first)
        self.bar.left.connect(self._leave_search)
        self.bar.columns_requested.connect(self.columns.choose)
        self.chips.chosen.connect(self._filter)
        self.empty_note.clear_requested.connect(self.clear_filters)
        self.foot.sort_requested.connect(self._arrange)
        self.selection.selected.connect(self.device_selected)
        self.columns.sort_lost.connect(self._lose_sort)
        self.columns.left_out_changed.connect(self.foot.show_left_out)
        view.opened.connect(self._open)
        view.star_toggled.connect(self.toggle_star)
        view.typed.connect(self.bar.type)
        view.cleared.connect(self.bar.search.clear)
        view.row_menu_requested.connect(self._row_menu)
        view.horizontalHeader().sortIndicatorChanged.connect(self._sort)
        self._settings.on_change(self._follow_units, "zone", *CHOICES)

    def _follow_units(self) -> None:
        self.model.refresh_units()
        self.columns.restore_widths()

    def _catch_up(self) -> None:
        rows, self._missed = self._missed, set()
        if rows:
            self.model.refresh(rows, range(0))
            self.selection.settle()
            self._show_numbers()

    def _is_starred(self, device: Device) -> bool:
        return bool(self.model.facts.starred[device.row])

    def _open(self) -> None:
        if self.selection.key is not None and self.selection.is_shown:
            self.device_opened.emit(self.selection.key)

    def _open_first(self) -> None:
        self.selection.start()
        self._open()

    def _leave_search(self, clear: bool) -> None:
        if clear:
            self.bar.search.clear()
        else:
            self.selection.start()
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _filter(self) -> None:
        self.model.set_filter(BY_NAME[self.chips.chosen_name], self.bar.search.text())
        self.selection.settle()
        if self.selection.is_shown:
            self.view.scrollTo(self.view.currentIndex())
        else:
            self.view.scrollToTop()
        self.foot.show_held(False)
        self._show_numbers()

    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        key = self.model.columns[section].key if section >= 0 else None
        self.model.set_sort(key, descending=order is Qt.SortOrder.DescendingOrder)
        self.selection.settle()
        self.foot.show_held(False)

    def _lose_sort(self) -> None:
        self.view.show_default_order()
        # The header may have forgotten the column already, and then emits nothing.
        self._sort(-1, Qt.SortOrder.AscendingOrder)

    def _arrange(self) -> None:
        self.model.arrange()
        self.selection.settle()
        self.foot.show_held(False)

    def _row_menu(self, position: QPoint) -> None:
        device = self.selection.device
        if device is None or not self.selection.is_shown:
            return
        DeviceRowMenu(
            device,
            starred=self._is_starred(device),
            open_it=self._open,
            star_it=self.toggle_star,
            show_alarms=lambda: self.alarms_requested.emit(device.key),
            show_on_map=lambda: self.map_requested.emit(device.key),
            show_day=lambda: self.day_requested.emit(device.key),
            parent=self.view,
        ).popup(position)

    def _show_numbers(self) -> None:
        self._count_due.stop()
        self.chips.set_counts(self.model.counts())
        shown, every = self.model.rowCount(), len(self._fleet)
        self.foot.show_counts(shown, every)
        if not every:
            self.empty_note.show_empty(self._empty_text)
        elif not shown:
            chip = self.model.order.filter
            label = "" if chip is ALL else chip.label
            self.empty_note.show_no_match(self.bar.search.text().strip(), label)
        else:
            self.empty_note.hide()
