"""The places as a table: name and colour, kind, size, who is within, and which rules use them."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, Qt
from typing_extensions import override

from tftmonitor.model.fields.formatting import clip
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.store import Places
from tftmonitor.model.rules.rule import Rule
from tftmonitor.ui.places.occupancy import Occupancy
from tftmonitor.ui.places.swatch import swatch
from tftmonitor.ui.tables.kept_rows import KeptRows
from tftmonitor.ui.tables.rows_model import LEFT, RIGHT, Index
from tftmonitor.ui.widgets.tooltip import plain_tip

_ROLE = Qt.ItemDataRole
NAME, KIND, SIZE, DEVICES, RULES = range(5)
_TITLES: Final = ("Place", "Kind", "Size", "Devices", "Rules")
_TIPS: Final = {
    DEVICES: "within it now, by their last position",
    RULES: "that wait for it, or sleep in it",
}


class PlacesModel(KeptRows[Place]):
    """Shows a store of places; it only reads."""

    def __init__(self, places: Places, occupancy: Occupancy, parent: QObject | None = None) -> None:
        super().__init__(_TITLES, lambda place: place.key, DEVICES, parent, tips=_TIPS)
        self._places = places
        self._occupancy = occupancy
        self._rules: dict[str, str] = {}

    def show_places(self) -> None:
        """The store changed."""
        self._occupancy.refresh(self._places.items)
        self.set_rows(self._places.items)

    def show_rules(self, rules: Sequence[Rule]) -> None:
        """These rules are there now."""
        titles: dict[str, list[str]] = {}
        for rule in rules:
            for key in dict.fromkeys(ref.key for ref in rule.places):
                titles.setdefault(key, []).append(rule.title)
        self._rules = {key: ", ".join(of) for key, of in titles.items()}
        self.refresh()

    @override
    def tick(self) -> None:
        """Time went on: devices may have come and gone."""
        self._occupancy.refresh(self._rows)
        super().tick()

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == _ROLE.TextAlignmentRole:
            return RIGHT if section == DEVICES else LEFT
        return super().headerData(section, orientation, role)

    @override
    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place, column = self._rows[index.row()], index.column()
        if role == _ROLE.DisplayRole:
            return self._text(place, index.row(), column)
        if role == _ROLE.DecorationRole and column == NAME:
            return swatch(place.colour)
        if role == _ROLE.TextAlignmentRole:
            return RIGHT if column == DEVICES else LEFT
        if role == _ROLE.ToolTipRole:
            return plain_tip(self._tip(place, column)) or None
        return None

    def _text(self, place: Place, row: int, column: int) -> str:
        if column == DEVICES:
            return self._lively_texts[row]
        texts = {NAME: place.name, KIND: place.kind_text, SIZE: place.size_text}
        return texts.get(column, clip(self._rules.get(place.key, "")))

    def _tip(self, place: Place, column: int) -> str:
        if column == DEVICES:
            return self._occupancy.names(place.key)
        return self._rules.get(place.key, "") if column == RULES else place.name

    @override
    def _lively_text(self, row: Place) -> str:
        return f"{self._occupancy.count(row.key):,}"
