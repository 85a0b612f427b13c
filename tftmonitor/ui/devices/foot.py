"""The line under the device list: how many devices it shows, and whether its order is held."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from tftmonitor.model.fields.formatting import format_number
from tftmonitor.ui.tables.held_button import HeldButton
from tftmonitor.ui.theme.theme import tabular
from tftmonitor.ui.widgets.elided_label import ElidedLabel
from tftmonitor.ui.widgets.labels import mute


class ListFoot(QWidget):
    """``sort_requested`` asks for the order that the list would have if it were not held."""

    sort_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = QLabel()
        self._count.setFont(tabular(self.font()))
        self._left_out = ElidedLabel()
        mute(self._left_out)
        self.sort_button = HeldButton()
        self.sort_button.clicked.connect(self.sort_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._count)
        row.addWidget(self._left_out, 1)
        row.addWidget(self.sort_button)

    def show_counts(self, shown: int, every: int) -> None:
        """Say how many devices there are, and how many of them are shown."""
        total = f"{format_number(every, 0)} {'device' if every == 1 else 'devices'}"
        self._count.setText(total if shown == every else f"{format_number(shown, 0)} of {total}")

    def show_left_out(self, count: int) -> None:
        """Say how many columns have no room."""
        columns = "1 column" if count == 1 else f"{count} columns"
        if count:
            self._left_out.set_texts(f"·  {columns} more in a wider list", f"·  +{columns}")
        else:
            self._left_out.set_texts("")

    def show_held(self, held: bool) -> None:
        """Offer to sort now, when rows stand where they would not if nobody were in the list."""
        self.sort_button.show_held(held)
