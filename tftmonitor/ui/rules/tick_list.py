"""Names that can be ticked and searched, for whatever a rule is bound to."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from tftmonitor.base.text_search import folded
from tftmonitor.model.fields.formatting import clip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROLE = Qt.ItemDataRole


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
