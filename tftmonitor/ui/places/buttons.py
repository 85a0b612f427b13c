"""The buttons above the table of places."""

from PySide6.QtWidgets import QPushButton, QWidget

from tftmonitor.ui.tables.row_menu import Commands
from tftmonitor.ui.widgets.flow_layout import FlowLayout


class PlacesButtons(QWidget):
    """Adding and importing are always of use, the others as ``allow`` says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.circle = QPushButton("Add circle")
        self.polygon = QPushButton("Add polygon")
        self.edit = QPushButton("Edit")
        self.delete = QPushButton("Delete")
        self.bring = QPushButton("Import…")
        self.bring.setToolTip("GeoJSON, KML or GPX; files can be dropped here, too")
        self.give = QPushButton("Export…")
        row = FlowLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self.circle, self.polygon, self.edit, self.delete, self.bring, self.give):
            button.setAutoDefault(False)
            row.addWidget(button)

    def commands(self) -> Commands:
        """Those of a row, for its menu."""
        return [(button.text(), button.click) for button in (self.edit, self.delete)]

    def allow(self, *, has_place: bool, has_any: bool) -> None:
        """Enable what can be done with the current place, and with all of them."""
        self.edit.setEnabled(has_place)
        self.delete.setEnabled(has_place)
        self.give.setEnabled(has_any)
