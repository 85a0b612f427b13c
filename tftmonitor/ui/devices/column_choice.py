"""The user's choice of columns: made in a menu or by dragging, kept in the settings."""

from PySide6.QtCore import QObject, QPoint, Signal

from tftmonitor.model.fields.field import FieldTable
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.devices.column_menu import ColumnMenu
from tftmonitor.ui.devices.table.columns import default_keys
from tftmonitor.ui.devices.table.model import DeviceTableModel
from tftmonitor.ui.devices.view import DeviceView


class ColumnChoice(QObject):
    """``sort_lost`` when the column that the list was sorted by is gone."""

    sort_lost = Signal()

    def __init__(
        self, model: DeviceTableModel, view: DeviceView, settings: SettingsStore, table: FieldTable
    ) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._settings = settings
        self._defaults = default_keys(table)
        self._is_straightening = False
        header = view.horizontalHeader()
        header.sectionMoved.connect(self._keep)
        header.customContextMenuRequested.connect(
            lambda place: self.choose(header.viewport().mapToGlobal(place))
        )

    def choose(self, position: QPoint) -> ColumnMenu:
        """Pop the menu of all columns up."""
        columns = self._model.every_column.values()
        chooser = ColumnMenu(columns, self._view.column_keys(), self._view)
        chooser.toggled.connect(self._toggle)
        chooser.defaults_requested.connect(self._use_defaults)
        chooser.popup(position)
        return chooser

    def _toggle(self, key: str, shown: bool) -> None:
        if shown:
            self._model.add_column(key)
            self._view.fit_columns(len(self._model.columns) - 1)
        else:
            sorted_by = self._model.order.column
            self._model.remove_column(key)
            if sorted_by is not None and sorted_by.key == key:
                self.sort_lost.emit()
        self._keep()

    def _use_defaults(self) -> None:
        self._is_straightening = True
        self._model.set_columns(self._defaults)
        self._view.straighten_columns()
        self._view.fit_columns()
        self.sort_lost.emit()
        self._is_straightening = False
        self._keep()

    def _keep(self) -> None:
        if self._is_straightening:
            return
        keys = self._view.column_keys()
        self._settings.set("columns", [] if keys == self._defaults else keys)
