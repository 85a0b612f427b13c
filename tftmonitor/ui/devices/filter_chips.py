"""The row of filter chips over the device list, each with its live count."""

from PySide6.QtWidgets import QWidget

from tftmonitor.model.fields.formatting import format_number
from tftmonitor.ui.devices.table.filters import BY_NAME, FILTERS
from tftmonitor.ui.theme.theme import tabular
from tftmonitor.ui.widgets.filter_chips import FilterChips


class DeviceFilterChips(FilterChips):
    """A chip for each of ``FILTERS``; a rare one only while it would show something."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__({chip.name: chip.label for chip in FILTERS}, parent=parent)
        self._counts: dict[str, int] = {}
        for chip in FILTERS:
            button = self.chip(chip.name)
            button.setToolTip(chip.help)
            button.setFont(tabular(self.font()))
            button.setVisible(not chip.rare)

    def set_counts(self, counts: dict[str, int]) -> None:
        """Write how many devices each chip would show."""
        for name, count in counts.items():
            if self._counts.get(name) == count:
                continue
            button, chip = self.chip(name), BY_NAME[name]
            button.setText(f"{chip.label} {format_number(count, 0)}")
            button.setAccessibleName(f"{chip.label}, {count} devices")
            button.setVisible(not chip.rare or count > 0 or button.isChecked())
        self._counts = counts
