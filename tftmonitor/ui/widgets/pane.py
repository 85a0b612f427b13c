"""What the window can dock: a widget that is ticked, themed and told of the end."""

from PySide6.QtWidgets import QWidget

from tftmonitor.ui.theme.theme import THEME


class Pane(QWidget):
    """A part of the window. Whoever docks it calls the hooks; each may stay as it is here.

    ``tick`` once a second while the pane is seen, ``apply_theme`` at each change of the colours,
    ``finish`` before the window closes, or may be closed from outside.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        THEME.changed.connect(self.apply_theme)

    def tick(self) -> None:
        """A second has gone by: ages run on."""

    def apply_theme(self) -> None:
        """Other colours hold; Qt's palette and the style sheet have them already."""
        self.update()

    def finish(self) -> None:
        """Store what is not stored yet, at once."""
