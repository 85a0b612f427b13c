"""Which device is selected: it stays so whatever becomes of its row."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, Signal

from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.ui.devices.table.model import DeviceTableModel
from tftmonitor.ui.devices.view import DeviceView

_ROW = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class DeviceSelection(QObject):
    """``key`` is the selected device's, also while a filter hides it.

    ``settle`` after each change of the model: Qt forgets what has no row for a while.
    """

    selected = Signal(str)

    def __init__(self, fleet: Fleet, model: DeviceTableModel, view: DeviceView) -> None:
        super().__init__(view)
        self.key: str | None = None
        self.awaited: str | None = None
        # Selected by the program, for a user who has not chosen yet.
        self.is_offered = False
        self._fleet = fleet
        self._model = model
        self._view = view
        view.selectionModel().currentRowChanged.connect(self._on_current)

    @property
    def device(self) -> Device | None:
        """The selected device."""
        return self._fleet.find(self.key)

    @property
    def is_shown(self) -> bool:
        """True when the selected device has a row."""
        return self._view.currentIndex().isValid()

    def settle(self) -> None:
        """Make the row of the selected device current again, where it has one."""
        self._give_back()
        awaited = self._fleet.find(self.awaited)
        if awaited is not None and self._model.place_of(awaited.key) >= 0:
            self.show(awaited.key)

    def show(self, key: str) -> None:
        """Select the device's row and scroll there."""
        self._view.selectionModel().setCurrentIndex(self._index_of(key), _ROW)
        self._view.scrollTo(self._view.currentIndex())

    def offer(self) -> None:
        """Select the first device for a user who has chosen none; the list stays where it is."""
        if self._model.rowCount():
            self._move_to(self._model.index(0, 0))
            self.is_offered = True

    def start(self) -> None:
        """Select the first row when none is current."""
        if not self.is_shown and self._model.rowCount():
            self.show(self._model.device_at(0).key)

    def _give_back(self) -> None:
        index = self._index_of(self.key)
        if not index.isValid() or index.row() == self._view.currentIndex().row():
            return
        # Rows that move by themselves must not scroll the list.
        self._move_to(index)

    def _move_to(self, index: QModelIndex) -> None:
        self._view.setAutoScroll(False)
        self._view.selectionModel().setCurrentIndex(index, _ROW)
        self._view.setAutoScroll(True)

    def _index_of(self, key: str | None) -> QModelIndex:
        place = self._model.place_of(key)
        column = max(self._view.currentIndex().column(), 0)
        return self._model.index(place, column) if place >= 0 else QModelIndex()

    def _on_current(self, current: QModelIndex) -> None:
        if not current.isValid():
            return
        key = self._model.device_at(current.row()).key
        self.awaited = None
        if key != self.key:
            self.key = key
            self.is_offered = False
            self.selected.emit(key)
