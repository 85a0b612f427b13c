"""Labels that show every text as plain, and the areas and columns that they stand in."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget


def plain_label(text: str = "", *, muted: bool = False, centred: bool = False) -> QLabel:
    """A label that shows every text as plain, and wraps."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(True)
    # Else a long word of the feed would widen the whole pane.
    label.setMinimumWidth(1)
    if muted or centred:
        mute(label)
    if centred:
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setContentsMargins(24, 24, 24, 24)
    return label


def heading(text: str) -> QLabel:
    """The bold line above a part of a tab."""
    label = plain_label(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def mute(label: QWidget) -> None:
    """Ink of the second rank, which follows the theme: the placeholder's."""
    label.setForegroundRole(label.palette().ColorRole.PlaceholderText)


def scrolled(content: QWidget) -> QScrollArea:
    """The content in a frameless area that scrolls down only."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    content.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area


def column_of(holder: QWidget, spacing: int = 8) -> QVBoxLayout:
    """A vertical layout with the margins of a tab."""
    column = QVBoxLayout(holder)
    column.setContentsMargins(10, 10, 10, 8)
    column.setSpacing(spacing)
    return column
