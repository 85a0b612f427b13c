"""For whom a rule holds: all, some models or some devices, ticked in a list."""

from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.text_search import folded
from tftmonitor.model.fields.formatting import clip
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.ui.tables.tick_delegate import TickDelegate

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROLE = Qt.ItemDataRole
ALL, MODELS, DEVICES = range(3)
_CHOICES: Final = ("All devices", "Selected models", "Selected devices")
_LIST_HEIGHT: Final = 110


class TickList(QAbstractListModel):
    """Keys with labels, of which some are ticked; a search hides, and never unticks."""

    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.chosen: set[str] = set()
        self._all: list[tuple[str, str]] = []
        self._shown: list[tuple[str, str]] = []

    def set_choices(self, choices: list[tuple[str, str]], chosen: set[str]) -> None:
        """Offer these, what is chosen first; what is not among them is offered as well."""
        known = {key for key, _label in choices}
        self.chosen = set(chosen)
        self.beginResetModel()
        gone = ((key, key) for key in sorted(chosen - known))
        # A sort keeps the order of equals. While somebody ticks, nothing moves.
        self._all = [*gone, *sorted(choices, key=lambda pair: pair[0] not in chosen)]
        self._shown = self._all
        self.endResetModel()

    def search(self, text: str) -> None:
        """Show only what holds this text."""
        wanted = folded(text.strip())
        self.beginResetModel()
        self._shown = [
            (key, label)
            for key, label in self._all
            if wanted in folded(label) or wanted in folded(key)
        ]
        self.endResetModel()

    @property
    def all_ticked(self) -> bool:
        """Whether each one that is shown is ticked."""
        return all(key in self.chosen for key, _label in self._shown)

    def tick_shown(self, on: bool) -> None:
        """Tick all that are shown, or none of them; what a search hides stays as it is."""
        keys = {key for key, _label in self._shown}
        self.chosen = self.chosen | keys if on else self.chosen - keys
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))
            self.ticked.emit()

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.isValid() else flags

    @override
    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        key, label = self._shown[index.row()]
        if role == _ROLE.DisplayRole:
            return clip(label)
        if role == _ROLE.CheckStateRole:
            return Qt.CheckState.Checked if key in self.chosen else Qt.CheckState.Unchecked
        return None

    @override
    def setData(self, index: Index, value: Any, role: int = _ROLE.EditRole) -> bool:
        if not index.isValid() or role != _ROLE.CheckStateRole:
            return False
        key = self._shown[index.row()][0]
        if Qt.CheckState(value) is Qt.CheckState.Checked:
            self.chosen.add(key)
        else:
            self.chosen.discard(key)
        self.dataChanged.emit(index, index)
        self.ticked.emit()
        return True


class RuleScope(QWidget):
    """A choice of three, and the list that belongs to it."""

    changed = Signal()

    def __init__(self, fleet: Fleet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fleet = fleet
        self._chosen: dict[int, set[str]] = {MODELS: set(), DEVICES: set()}
        self.choice = QComboBox()
        self.choice.addItems(_CHOICES)
        self.choice.setAccessibleName("Scope")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        self.search.setAccessibleName("Search models or devices")
        self.search.setClearButtonEnabled(True)
        self.tick_all = QPushButton()
        self.tick_all.setAutoDefault(False)
        self.list = TickList()
        self.view = QListView()
        self.view.setModel(self.list)
        self.view.setUniformItemSizes(True)
        self.view.setItemDelegate(TickDelegate(self.view))
        self.view.setAccessibleName("Models or devices")
        self.view.setFixedHeight(_LIST_HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        finding = QHBoxLayout()
        finding.setSpacing(5)
        finding.addWidget(self.search, 1)
        finding.addWidget(self.tick_all)
        column.addWidget(self.choice)
        column.addLayout(finding)
        column.addWidget(self.view)
        self.choice.currentIndexChanged.connect(self._switch)
        self.search.textChanged.connect(self.list.search)
        self.list.modelReset.connect(self._show_tick_all)
        self.list.ticked.connect(self._ticked)
        self.tick_all.clicked.connect(lambda: self.list.tick_shown(not self.list.all_ticked))
        self._switch()

    @property
    def models(self) -> tuple[str, ...]:
        """The models ticked, when models were chosen."""
        return self._of(MODELS)

    @property
    def devices(self) -> tuple[str, ...]:
        """The keys of the devices ticked, when devices were chosen."""
        return self._of(DEVICES)

    def show_scope(self, models: tuple[str, ...], devices: tuple[str, ...]) -> None:
        """Put a rule's scope into the inputs; one with both (made by hand) keeps its devices."""
        self._chosen = {MODELS: set(models), DEVICES: set(devices)}
        self.choice.blockSignals(True)
        self.choice.setCurrentIndex(DEVICES if devices else MODELS if models else ALL)
        self.choice.blockSignals(False)
        self._fill()

    def problem(self) -> str:
        """Why this is no scope; empty when it is one."""
        place = self.choice.currentIndex()
        if place == ALL or self._chosen[place]:
            return ""
        return f"Select at least one {'model' if place == MODELS else 'device'}."

    def words(self) -> str:
        """What the sentence of a rule says of its scope; empty when it holds for all."""
        place = self.choice.currentIndex()
        count = 0 if place == ALL else len(self._chosen[place])
        if not count:
            return ""
        noun = "model" if place == MODELS else "device"
        return f"{count} {noun}{'s' * (count != 1)}"

    def _of(self, place: int) -> tuple[str, ...]:
        if self.choice.currentIndex() != place:
            return ()
        return tuple(sorted(self._chosen[place]))

    def _switch(self) -> None:
        self._fill()
        self.changed.emit()

    def _fill(self) -> None:
        place = self.choice.currentIndex()
        for widget in (self.search, self.tick_all):
            widget.setVisible(place == DEVICES)
        self.view.setVisible(place != ALL)
        self.search.clear()
        if place == MODELS:
            models = sorted({device.model for device in self._fleet if device.model})
            self.list.set_choices([(model, model) for model in models], self._chosen[MODELS])
        elif place == DEVICES:
            devices = [(device.key, device.label) for device in self._fleet]
            devices.sort(key=lambda pair: folded(pair[1]))
            self.list.set_choices(devices, self._chosen[DEVICES])

    def _ticked(self) -> None:
        self._chosen[self.choice.currentIndex()] = set(self.list.chosen)
        self._show_tick_all()
        self.changed.emit()

    def _show_tick_all(self) -> None:
        count = self.list.rowCount()
        verb = "Untick" if count and self.list.all_ticked else "Tick"
        self.tick_all.setText(f"{verb} all {count}")
        self.tick_all.setToolTip("All devices that the search leaves in the list")
        self.tick_all.setAccessibleName(f"{self.tick_all.text()} devices in the list")
        self.tick_all.setEnabled(count > 0)
