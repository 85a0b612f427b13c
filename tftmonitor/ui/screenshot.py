"""A picture of a window, painted by Qt itself: works without a display."""

from pathlib import Path

from PySide6.QtWidgets import QWidget


def paint_and_save(window: QWidget, file: Path | None) -> bool:
    """Paint the whole window and write it as PNG where a file is given; False on failure."""
    picture = window.grab()
    if picture.isNull():
        return False
    if file is None:
        return True
    file.parent.mkdir(parents=True, exist_ok=True)
    return picture.save(str(file))
