"""The user's choice of columns: made in a menu or by dragging, kept in the settings."""

from PySide6.QtCore import QObject, QPoint, Signal

from tftmonitor.model.fields.field import FieldTable
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.devices.column_layout import ColumnLayout
from tftmonitor.ui.devices.column_menu import ColumnMenu
from tftmonitor.ui.devices.table.columns import default_keys
from tftmonitor.ui.devices.table.model import DeviceTableModel
from tftmonitor.ui.devices.view import DeviceView


class ColumnChoice(QObject):
    """``sort_lost`` when the column that the list was sorted by is gone.

    ``left_out_changed`` carries how many of the usual columns have no room.
    """

    sort_lost = Signal()
    left_out_changed = Signal(int)

    def __init__(
        self, model: DeviceTableModel, view: DeviceView, settings: SettingsStore, table: FieldTable
    ) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._settings = settings
        self._defaults = default_keys(table)
        self._is_arranging = False
        self._layout = ColumnLayout(model, view, settings)
        self._layout.left_out_changed.connect(self.left_out_changed)
        header = view.horizontalHeader()
        header.sectionMoved.connect(self._store)
        header.customContextMenuRequested.connect(
            lambda place: self.choose(header.viewport().mapToGlobal(place))
        )
        settings.on_change(self._follow_settings, "columns")

    @property
    def shown_keys(self) -> list[str]:
        """The columns in the order on the screen."""
        return self._layout.keys()

    def restore_widths(self) -> None:
        """Make the columns as wide as what they hold needs now."""
        self._layout.restore()

    def choose(self, position: QPoint) -> ColumnMenu:
        """Pop the menu of all columns up."""
        columns = self._model.every_column.values()
        chooser = ColumnMenu(columns, self.shown_keys, self._view)
        chooser.toggled.connect(self._toggle)
        chooser.defaults_requested.connect(self._use_defaults)
        chooser.popup(position)
        return chooser

    def _toggle(self, key: str, shown: bool) -> None:
        if shown:
            self._model.add_column(key)
            self._layout.restore()
        else:
            sorted_by = self._model.order.column
            self._model.remove_column(key)
            if sorted_by is not None and sorted_by.key == key:
                self.sort_lost.emit()
        self._store()

    def _use_defaults(self) -> None:
        self._show(self._defaults)
        self._layout.reset()
        self._store()

    def _follow_settings(self) -> None:
        """Somebody else chose columns."""
        wanted = self._model.known_keys(self._settings.values.columns) or self._defaults
        if wanted != self.shown_keys:
            self._show(wanted)

    def _show(self, keys: list[str]) -> None:
        self._is_arranging = True
        self._model.set_columns(keys)
        self._layout.straighten()
        self._layout.restore()
        self.sort_lost.emit()
        self._is_arranging = False

    def _store(self) -> None:
        if not self._is_arranging:
            keys = self.shown_keys
            self._settings.set("columns", [] if keys == self._defaults else keys)
