"""A row of chips of which one is chosen: what a list shows."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from tftmonitor.ui.theme.theme import THEME, current_theme
from tftmonitor.ui.widgets.flow_layout import FlowLayout

_STYLE = """
QPushButton {{
    background: {base}; color: {text};
    border: 1px solid {border}; border-radius: 10px; padding: 2px {padding}px;
}}
QPushButton:hover {{ border-color: {muted_text}; }}
QPushButton:checked {{
    background: {selection}; color: {selection_ink}; border-color: {accent};
}}
QPushButton:focus {{ border: 2px solid {accent}; padding: 1px {focus_padding}px; }}
"""
_COLOURS = ("base", "text", "border", "muted_text", "selection", "selection_ink", "accent")


class FilterChips(QWidget):
    """Chips by name, in lines that wrap; exactly one is chosen, at first the first.

    ``spoken`` is what screen readers say of a chip, with its label in place of ``{}``.
    ``chosen`` carries the name of another one, chosen by the user or by ``choose``.
    """

    chosen = Signal(str)

    def __init__(
        self,
        labels: Mapping[str, str],
        *,
        spoken: str = "",
        padding: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Filters")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._padding = padding
        self._group = QButtonGroup(self)
        self._chips: dict[str, QPushButton] = {}
        layout = FlowLayout(self)
        for name, label in labels.items():
            chip = QPushButton(label)
            chip.setCheckable(True)
            chip.setAutoDefault(False)
            chip.setProperty("chip", name)
            chip.setAccessibleName(spoken.format(label.lower()) if spoken else label)
            self._group.addButton(chip)
            self._chips[name] = chip
            layout.addWidget(chip)
        next(iter(self._chips.values())).setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)
        THEME.changed.connect(self.apply_theme)
        self.apply_theme()

    @property
    def chosen_name(self) -> str:
        """The name of the chip that is chosen."""
        return next(name for name, chip in self._chips.items() if chip.isChecked())

    def choose(self, name: str) -> None:
        """Choose this chip; KeyError for none of that name."""
        self._chips[name].setChecked(True)

    def chip(self, name: str) -> QPushButton:
        """The chip of this name; KeyError for none."""
        return self._chips[name]

    def apply_theme(self) -> None:
        """Draw in the colours of the theme that is on."""
        theme = current_theme()
        colours = {name: getattr(theme, name) for name in _COLOURS}
        style = _STYLE.format(padding=self._padding, focus_padding=self._padding - 1, **colours)
        # Styling costs more than all the rest.
        if style != self.styleSheet():
            self.setStyleSheet(style)

    def _on_toggled(self, chip: QPushButton, checked: bool) -> None:
        if checked:
            self.chosen.emit(chip.property("chip"))
