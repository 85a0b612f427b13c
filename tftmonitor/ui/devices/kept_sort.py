"""The column by which the list is sorted, kept in the settings."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView

from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.devices.table.model import DeviceTableModel

_ORDERS = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)


class KeptSort:
    """Follows the header once it has restored what the last run left."""

    def __init__(
        self, model: DeviceTableModel, header: QHeaderView, settings: SettingsStore
    ) -> None:
        self._model = model
        self._settings = settings
        values = settings.values
        keys = [column.key for column in model.columns]
        if values.sort_column in keys:
            order = _ORDERS[values.sort_descending]
            header.setSortIndicator(keys.index(values.sort_column), order)
        header.sortIndicatorChanged.connect(self._store)

    def _store(self, section: int, order: Qt.SortOrder) -> None:
        key = self._model.columns[section].key if section >= 0 else ""
        self._settings.update(
            sort_column=key, sort_descending=order is Qt.SortOrder.DescendingOrder
        )
