"""What is painted of a widget: the ground, the ink on it, and whether the keyboard is seen."""

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QTabBar, QWidget

from tftmonitor.ui.theme.theme import contrast

# Of the text alone, without the frame of the control.
_FRAME = 3


def pixels_of(image: QImage) -> np.ndarray:
    """The colours as an array of shape (height, width, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1, 4)
    # A copy: the memory is the picture's own.
    return raw[:, : plain.width(), 2::-1].copy()


def best_contrast(pixels: np.ndarray) -> float:
    """Of the colour that most of it has, and the colour that stands out most from it."""
    flat = pixels.reshape(-1, 3)
    colors, counts = np.unique(flat, axis=0, return_counts=True)
    ground = _name(colors[int(np.argmax(counts))])
    return max(contrast(_name(color), ground) for color in colors)


def texts_of(widget: QWidget) -> list[tuple[QWidget, str]]:
    """Everything in it that shows a text and can be seen."""
    found: list[tuple[QWidget, str]] = []
    for child in widget.findChildren(QWidget):
        if not child.isVisible() or child.visibleRegion().isEmpty():
            continue
        text = _text(child)
        if text.strip():
            found.append((child, text))
    return found


def poor_texts(widget: QWidget, least: float) -> list[str]:
    """Texts whose painted contrast is below that, with it."""
    pixels = pixels_of(widget.grab().toImage())
    poor = []
    for child, text in texts_of(widget):
        box = QRect(child.mapTo(widget, QPoint(0, 0)), child.size())
        box &= child.visibleRegion().boundingRect().translated(box.topLeft())
        box.adjust(_FRAME, _FRAME, -_FRAME, -_FRAME)
        part = pixels[box.top() : box.bottom() + 1, box.left() : box.right() + 1]
        if part.size and (found := best_contrast(part)) < least:
            poor.append(f"{text!r}: {found:.1f}")
    return poor


def _text(child: QWidget) -> str:
    if isinstance(child, (QLabel, QAbstractButton)):
        return child.text()
    if isinstance(child, QLineEdit):
        return child.text() or child.placeholderText()
    if isinstance(child, QComboBox):
        return child.currentText()
    return child.tabText(child.currentIndex()) if isinstance(child, QTabBar) else ""


def _name(color: np.ndarray) -> str:
    red, green, blue = (int(part) for part in color)
    return f"#{red:02x}{green:02x}{blue:02x}"
