"""A row of words of which one is chosen: what a list shows."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from tftmonitor.ui.theme.theme import THEME, current_theme

_STYLE = """
QToolButton {{ padding: 2px 1px; border: 1px solid {border}; border-radius: 9px; color: {text};
  background: {window}; }}
QToolButton:hover, QToolButton:focus {{ border-color: {text}; }}
QToolButton:checked {{ background: {selection}; color: {selection_ink}; border-color: {accent}; }}
"""


class FilterChips(QWidget):
    """Exclusive chips, keyboard included; ``chosen`` tells the place of the one picked."""

    chosen = Signal(int)

    def __init__(self, words: Sequence[str], spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for place, word in enumerate(words):
            chip = QToolButton()
            chip.setText(word)
            chip.setCheckable(True)
            chip.setAccessibleName(spoken.format(word.lower()))
            self._group.addButton(chip, place)
            row.addWidget(chip)
        row.addStretch()
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self.chosen)
        THEME.changed.connect(self._apply_theme)
        self._apply_theme()

    @property
    def current(self) -> int:
        """The place of the chosen chip."""
        return self._group.checkedId()

    def choose(self, place: int) -> None:
        """Choose a chip without telling anybody."""
        self._group.button(place).setChecked(True)

    def button(self, place: int) -> QToolButton:
        """The chip itself."""
        button = self._group.button(place)
        assert isinstance(button, QToolButton)
        return button

    def _apply_theme(self) -> None:
        theme = current_theme()
        self.setStyleSheet(
            _STYLE.format(
                border=theme.border,
                text=theme.text,
                window=theme.window,
                selection=theme.selection,
                selection_ink=theme.selection_ink,
                accent=theme.accent,
            )
        )
