"""The search of a page that fills the window, where Ctrl+F goes while the list is not seen."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

_NAME: Final = "page_search"


def mark_page_search(search: QLineEdit) -> None:
    """Make this line the one that the page's search goes to."""
    search.setObjectName(_NAME)


def focus_page_search(page: QWidget) -> bool:
    """Put the keyboard into the search of this page; False where it has none that can be seen."""
    search = page.findChild(QLineEdit, _NAME)
    if not isinstance(search, QLineEdit) or not search.isVisibleTo(page):
        return False
    search.setFocus(Qt.FocusReason.ShortcutFocusReason)
    search.selectAll()
    return True
