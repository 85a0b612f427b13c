"""What stands in the place of messages that there are not."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from tftmonitor.ui.widgets.labels import plain_label


class EmptyInbox(QWidget):
    """A sentence, and a button where a filter hides all that there is."""

    def __init__(self) -> None:
        super().__init__()
        self._text = plain_label(centred=True)
        self.clear = QPushButton("Clear filter")
        column = QVBoxLayout(self)
        column.addStretch()
        column.addWidget(self._text)
        column.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()

    def show_text(self, text: str, *, can_clear: bool) -> None:
        """Say why there is nothing."""
        self._text.setText(text)
        self.clear.setVisible(can_clear)
