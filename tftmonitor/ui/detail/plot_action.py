"""Gives the field of the chosen row a plot of its own, and takes it away again."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from tftmonitor.model.fields.field import FieldTable
from tftmonitor.model.fields.plot import MOST_ADDED, SeriesLayout
from tftmonitor.settings.store import SettingsStore

_ADD = "Show as plot"
_REMOVE = "Take plot away"


class PlotAction(QAction):
    """Says for the field of ``show_field`` what pressing would do, or why nothing can be done.

    What is chosen stands in the setting ``plots``, in the order in which it was added.
    """

    def __init__(self, settings: SettingsStore, table: FieldTable, parent: QObject) -> None:
        super().__init__(_ADD, parent)
        self._settings = settings
        self._layout = SeriesLayout(table)
        self._name: str | None = None
        self.triggered.connect(self._toggle)
        stop = settings.on_change(self._follow, "plots")
        # The settings may live longer than the pane.
        self.destroyed.connect(stop)
        self._follow()

    def show_field(self, name: str | None) -> None:
        """Be about this field of the table; None while no field of it is chosen."""
        self._name = name
        self._follow()

    def button(self) -> QPushButton:
        """A button that does the same."""
        button = QPushButton()
        button.setAutoDefault(False)

        def follow() -> None:
            button.setText(self.text())
            button.setToolTip(self.toolTip())
            button.setEnabled(self.isEnabled())

        self.changed.connect(follow)
        button.clicked.connect(self.trigger)
        follow()
        return button

    @property
    def is_added(self) -> bool:
        """Whether the field has a plot of its own that was added here."""
        return self._name in self._added

    @property
    def _added(self) -> list[str]:
        return [plot.key for plot in self._layout.adding(self._settings.values.plots).added]

    def _follow(self) -> None:
        added = self._added
        why_not = self._why_not(added)
        self.setText(_REMOVE if self.is_added else _ADD)
        self.setToolTip(why_not or "The plots stand on the tab Overview")
        self.setEnabled(not why_not)

    def _why_not(self, added: list[str]) -> str:
        field = self._layout.table.by_name.get(self._name or "")
        if field is None:
            return "Choose a field with a number"
        if field.name in added:
            return ""
        if field.name in self._layout.alone:
            return f"{field.spec.label} has a plot of its own"
        if not self._layout.can_add(field):
            return f"{field.spec.label} is no number"
        if len(added) >= MOST_ADDED:
            return f"At most {MOST_ADDED} plots can be added"
        return ""

    def _toggle(self) -> None:
        kept = [name for name in self._settings.values.plots if name != self._name]
        if self._name is not None and self._name not in self._added:
            kept.append(self._name)
        self._settings.set("plots", tuple(kept))
