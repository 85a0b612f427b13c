"""The row of filter chips over the device list, each with its live count."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from tftmonitor.model.fields.formatting import format_number
from tftmonitor.ui.devices.table.filters import ALL, BY_NAME, FILTERS
from tftmonitor.ui.theme.theme import current_theme, tabular
from tftmonitor.ui.widgets.flow_layout import FlowLayout

_SHEET = """
QPushButton {{
    background: {base}; color: {text};
    border: 1px solid {border}; border-radius: 10px; padding: 2px 8px;
}}
QPushButton:hover {{ border-color: {muted_text}; }}
QPushButton:checked {{
    background: {selection}; color: {selection_ink}; border-color: {accent};
}}
QPushButton:focus {{ border: 2px solid {accent}; padding: 1px 7px; }}
"""


class DeviceFilterChips(QWidget):
    """One chip is always chosen."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Filters")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._group = QButtonGroup(self)
        self._chips: dict[str, QPushButton] = {}
        self._counts: dict[str, int] = {}
        layout = FlowLayout(self)
        for chip in FILTERS:
            button = QPushButton(chip.label)
            button.setCheckable(True)
            button.setToolTip(chip.help)
            button.setFont(tabular(self.font()))
            button.setProperty("chip", chip.name)
            self._group.addButton(button)
            self._chips[chip.name] = button
            layout.addWidget(button)
            button.setVisible(not chip.rare)
        self._chips[ALL.name].setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)
        self.apply_theme()

    def choose(self, name: str) -> None:
        """Press this chip; KeyError for none of that name."""
        self._chips[name].setChecked(True)

    @property
    def chosen_name(self) -> str:
        """The chip that is pressed."""
        return next(name for name, chip in self._chips.items() if chip.isChecked())

    def set_counts(self, counts: dict[str, int]) -> None:
        """Write how many devices each chip would show."""
        for name, count in counts.items():
            if self._counts.get(name) == count:
                continue
            button, chip = self._chips[name], BY_NAME[name]
            button.setText(f"{chip.label} {format_number(count, 0)}")
            button.setAccessibleName(f"{chip.label}, {count} devices")
            button.setVisible(not chip.rare or count > 0 or button.isChecked())
        self._counts = counts

    def apply_theme(self) -> None:
        """Take the colours of the theme."""
        theme = current_theme()
        names = theme.__dataclass_fields__
        self.setStyleSheet(_SHEET.format(**{name: getattr(theme, name) for name in names}))

    def _on_toggled(self, button: QPushButton, checked: bool) -> None:
        if checked:
            self.chosen.emit(button.property("chip"))
