"""The places as a table: name and colour, kind, size, who is within, and which rules use them."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from tftmonitor.model.fields.formatting import clip
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.store import Places
from tftmonitor.model.rules.rule import Rule
from tftmonitor.ui.places.occupancy import Occupancy
from tftmonitor.ui.places.swatch import swatch
from tftmonitor.ui.widgets.tooltip import plain_tip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROLE = Qt.ItemDataRole
NAME, KIND, SIZE, DEVICES, RULES = range(5)
_HEADERS: Final = ("Place", "Kind", "Size", "Devices", "Rules")
_TIPS: Final = {
    DEVICES: "within it now, by their last position",
    RULES: "that wait for it, or sleep in it",
}
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class PlacesModel(QAbstractTableModel):
    """Shows a store of places; it only reads."""

    def __init__(self, places: Places, occupancy: Occupancy, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self._occupancy = occupancy
        self._shown = places.items
        self._rules: dict[str, str] = {}
        self._counts: list[int] = []

    def place(self, row: int) -> Place:
        """The place of a row."""
        return self._shown[row]

    def row_of(self, key: str) -> int:
        """The row of a place, -1 where there is none."""
        return next((row for row, place in enumerate(self._shown) if place.key == key), -1)

    def show_places(self) -> None:
        """The store changed; only another number or order of places is a reset."""
        before, after = self._shown, self._places.items
        self._occupancy.refresh(after)
        if [place.key for place in before] == [place.key for place in after]:
            self._shown = after
            self._counts = self._counted()
            self.refresh()
            return
        self.beginResetModel()
        self._shown = after
        self._counts = self._counted()
        self.endResetModel()

    def show_rules(self, rules: Sequence[Rule]) -> None:
        """These rules are there now."""
        titles: dict[str, list[str]] = {}
        for rule in rules:
            for key in dict.fromkeys(ref.key for ref in rule.places):
                titles.setdefault(key, []).append(rule.title)
        self._rules = {key: ", ".join(of) for key, of in titles.items()}
        self.refresh()

    def tick(self) -> None:
        """Time went on: devices may have come and gone."""
        self._occupancy.refresh(self._shown)
        counts = self._counted()
        if counts != self._counts:
            self._counts = counts
            last = self.index(len(counts) - 1, DEVICES)
            self.dataChanged.emit(self.index(0, DEVICES), last, [_ROLE.DisplayRole])

    def refresh(self) -> None:
        """The texts are others now."""
        if self._shown:
            last = self.index(len(self._shown) - 1, RULES)
            self.dataChanged.emit(self.index(0, NAME), last)

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_HEADERS)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(_HEADERS):
            return None
        if role == _ROLE.DisplayRole:
            return _HEADERS[section]
        if role == _ROLE.TextAlignmentRole:
            return _RIGHT if section == DEVICES else _LEFT
        return _TIPS.get(section) if role == _ROLE.ToolTipRole else None

    @override
    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place, column = self._shown[index.row()], index.column()
        if role == _ROLE.DisplayRole:
            return self._text(place, index.row(), column)
        if role == _ROLE.DecorationRole and column == NAME:
            return swatch(place.colour)
        if role == _ROLE.TextAlignmentRole:
            return _RIGHT if column == DEVICES else _LEFT
        if role == _ROLE.ToolTipRole:
            return plain_tip(self._tip(place, column)) or None
        return None

    def _text(self, place: Place, row: int, column: int) -> str:
        if column == DEVICES:
            return f"{self._counts[row]:,}" if row < len(self._counts) else ""
        texts = {NAME: place.name, KIND: place.kind_text, SIZE: place.size_text}
        return texts.get(column, clip(self._rules.get(place.key, "")))

    def _tip(self, place: Place, column: int) -> str:
        if column == DEVICES:
            return self._occupancy.names(place.key)
        return self._rules.get(place.key, "") if column == RULES else place.name

    def _counted(self) -> list[int]:
        return [self._occupancy.count(place.key) for place in self._shown]
