"""The width of the names in the device list: what the other columns leave."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTableView

# In digits: less does not tell devices apart, more is only white.
_BOUNDS = (9, 22)


class NameWidth(QObject):
    """Fits one column until the user drags any column's edge."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view
        self._is_chosen = False
        view.horizontalHeader().sectionResized.connect(self._note)

    def fit(self, place: int) -> None:
        """Share the width of the view; -1 for no such column."""
        if self._is_chosen or place < 0:
            return
        view = self._view
        count = view.horizontalHeader().count()
        others = sum(view.columnWidth(other) for other in range(count) if other != place)
        least, most = (view.fontMetrics().horizontalAdvance("0" * n) for n in _BOUNDS)
        view.setColumnWidth(place, min(max(view.viewport().width() - others, least), most))

    def _note(self) -> None:
        # A button is also down while the edge between two docks is dragged.
        pressed = QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton
        self._is_chosen = self._is_chosen or bool(
            pressed and self._view.horizontalHeader().underMouse()
        )
