"""The table of rules, or what stands in its place while there is none."""

from PySide6.QtWidgets import QStackedWidget, QWidget

from tftmonitor.ui.widgets.labels import plain_label

_EMPTY = "No rules. Alarms sent by the devices are shown anyway."


class RuleList(QStackedWidget):
    """Holds the view."""

    def __init__(self, view: QWidget) -> None:
        super().__init__()
        self.addWidget(view)
        self.addWidget(plain_label(_EMPTY, centred=True))

    def show_empty(self, empty: bool) -> None:
        """Say that there are no rules, or show them."""
        self.setCurrentIndex(1 if empty else 0)
