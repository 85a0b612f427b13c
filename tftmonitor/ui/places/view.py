"""The table of places as a view."""

from typing import Final

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from tftmonitor.ui.places.table_model import DEVICES, KIND, NAME, RULES, SIZE, PlacesModel
from tftmonitor.ui.tables.kept_view import KeptView

_COUNT_SAMPLE: Final = "10,000"
_WIDEST_NAME: Final = 260
_AIR: Final = 10


class PlacesView(KeptView):
    """How many are within changes all the time, and its column has room for that."""

    def __init__(self, model: PlacesModel, parent: QWidget | None = None) -> None:
        super().__init__(model, named=NAME, wide=RULES, lively=DEVICES, parent=parent)
        self.setAccessibleName("Places")
        self.setWordWrap(False)

    @override
    def _measure(self) -> None:
        for column in (NAME, KIND, SIZE):
            self.resizeColumnToContents(column)
            self.setColumnWidth(column, self.columnWidth(column) + _AIR)
        self.setColumnWidth(NAME, min(self.columnWidth(NAME), _WIDEST_NAME))
        self._give_room(DEVICES, self.fontMetrics().horizontalAdvance(_COUNT_SAMPLE) + 16)
