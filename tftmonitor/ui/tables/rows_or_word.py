"""A table, or a word in its place while it has no rows."""

from PySide6.QtWidgets import QStackedWidget, QWidget

from tftmonitor.ui.widgets.labels import plain_label


class RowsOrWord(QStackedWidget):
    """Holds the view; ``word`` says what may be done about it."""

    def __init__(self, view: QWidget, word: str) -> None:
        super().__init__()
        self.addWidget(view)
        self.addWidget(plain_label(word, centred=True))

    def show_empty(self, empty: bool) -> None:
        """Say that there are no rows, or show them."""
        self.setCurrentIndex(1 if empty else 0)
