"""A table and the editor of one of its rows: side by side where there is room."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

# Pixels of the page, from which on both have room.
_WIDE: Final = 900


class EditorBeside(QHBoxLayout):
    """On a narrow ``page`` the editor, while it is open, stands in the place of the table.

    ``column`` goes above each other, the last of it is the table; ``shares`` is how table and
    editor share the width. Call ``arrange`` when the editor comes or goes and the page is resized.
    """

    def __init__(
        self, page: QWidget, column: Sequence[QWidget], editor: QWidget, shares: tuple[int, int]
    ) -> None:
        super().__init__()
        self._page, self._editor = page, editor
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(5)
        for widget in column[:-1]:
            left.addWidget(widget)
        left.addWidget(column[-1], 1)
        self.setSpacing(10)
        self.addWidget(self._left, shares[0])
        self.addWidget(editor, shares[1])

    @property
    def is_wide(self) -> bool:
        """True when both are seen."""
        return self._page.width() >= _WIDE

    def arrange(self) -> None:
        """Show the table, or let the editor have its place."""
        self._left.setVisible(self._editor.isHidden() or self.is_wide)
