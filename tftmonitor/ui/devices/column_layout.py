"""How wide the columns of the device list are, and in what order they stand."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QTableView
from typing_extensions import override

from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.devices.table.columns import (
    AlarmColumn,
    Column,
    NameColumn,
    StateColumn,
    two_lines,
)
from tftmonitor.ui.devices.table.delegate import PADDING, SIGN_GAP
from tftmonitor.ui.devices.table.model import DeviceTableModel
from tftmonitor.ui.tables.header_state import HeaderState
from tftmonitor.ui.theme.icons import SIGN_SIZE

# In digits: less does not tell devices apart, more is only white.
_NAME_BOUNDS = (9, 22)
# State, alarm and name tell devices apart in the narrowest list.
_LEAST_COLUMNS = 3


class ColumnLayout(QObject):
    """Usual widths until the user drags an edge; names have what the other columns leave.

    The order is not kept here but as the setting ``columns``, with the choice of columns. The usual
    columns leave out the last of them in a list that is too narrow for all; who has chosen
    columns or widths scrolls. ``left_out_changed`` carries how many have no room.
    """

    left_out_changed = Signal(int)

    def __init__(self, model: DeviceTableModel, view: QTableView, settings: SettingsStore) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._header = view.horizontalHeader()
        self._settings = settings
        self._left_out = 0
        self._state = HeaderState(
            "devices", self._header, self._keys, self._use_usual_widths, settings, with_order=False
        )
        view.viewport().installEventFilter(self)
        settings.on_change(self._fit, "columns")
        self.restore()

    def restore(self) -> None:
        """Give all columns the width that the user chose, else their usual one."""
        self._state.restore()
        self._fit()

    def reset(self) -> None:
        """Forget the widths that the user chose."""
        self._state.reset()
        self._fit()

    def straighten(self) -> None:
        """Show the columns in the model's order."""
        for place in range(self._header.count()):
            self._header.moveSection(self._header.visualIndex(place), place)

    def keys(self) -> list[str]:
        """The columns in the order on the screen."""
        keys = self._keys()
        return [keys[self._header.logicalIndex(place)] for place in range(len(keys))]

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._fit()
        return False

    def _keys(self) -> list[str]:
        return [column.key for column in self._model.columns]

    def _use_usual_widths(self) -> None:
        for place, column in enumerate(self._model.columns):
            self._view.setColumnWidth(place, self._usual_width(column))

    def _usual_width(self, column: Column) -> int:
        metrics = self._view.fontMetrics()
        width = metrics.horizontalAdvance(column.widest)
        if isinstance(column, StateColumn | AlarmColumn):
            width += SIGN_SIZE + SIGN_GAP
        lines = two_lines(column.title, column.unit).split("\n")
        heading = max(self._header.fontMetrics().horizontalAdvance(line) for line in lines)
        return max(width, heading) + 2 * PADDING + 2

    def _fit(self) -> None:
        with self._state.arranging():
            self._leave_out()
            self._fit_name()

    def _leave_out(self) -> None:
        """Hide the last columns that have no room, and show again what has."""
        places = [self._header.logicalIndex(place) for place in range(len(self._keys()))]
        room, left_out = self._view.viewport().width(), 0
        is_usual = not (self._settings.values.columns or self._state.is_chosen)
        for number, place in enumerate(places):
            self._view.setColumnHidden(place, False)
            room -= self._least_width(place)
            if is_usual and room < 0 and number >= _LEAST_COLUMNS:
                self._view.setColumnHidden(place, True)
                left_out += 1
        if left_out != self._left_out:
            self._left_out = left_out
            self.left_out_changed.emit(left_out)

    def _least_width(self, place: int) -> int:
        is_name = self._model.columns[place].key == NameColumn.key
        return self._name_bounds()[0] if is_name else self._view.columnWidth(place)

    def _name_bounds(self) -> tuple[int, int]:
        least, most = (self._view.fontMetrics().horizontalAdvance("0" * n) for n in _NAME_BOUNDS)
        return least, most

    def _fit_name(self) -> None:
        keys = self._keys()
        if self._state.is_chosen or NameColumn.key not in keys:
            return
        view, name = self._view, keys.index(NameColumn.key)
        # A hidden column has no width.
        others = sum(view.columnWidth(place) for place in range(len(keys)) if place != name)
        least, most = self._name_bounds()
        view.setColumnWidth(name, min(max(view.viewport().width() - others, least), most))
