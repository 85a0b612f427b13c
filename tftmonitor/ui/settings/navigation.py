"""The left side of the settings: a search, and the sections to go to."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QVBoxLayout, QWidget

from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.theme.theme import THEME
from tftmonitor.ui.widgets.page_search import mark_page_search

_WIDTH = 190
_ROW_AIR = 9


class SettingsNavigation(QWidget):
    """``chosen`` carries the place of a section, ``searched`` the words that are looked for."""

    chosen = Signal(int)
    searched = Signal(str)

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search settings")
        self.search.setAccessibleName("Search settings")
        self.search.setClearButtonEnabled(True)
        mark_page_search(self.search)
        self._icon = self.search.addAction(
            action_icon("search"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.sections = QListWidget()
        self.sections.setAccessibleName("Sections")
        self.sections.addItems(list(titles))
        height = self.fontMetrics().height() + _ROW_AIR
        for place in range(self.sections.count()):
            self.sections.item(place).setSizeHint(QSize(0, height))
        self.sections.setCurrentRow(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.sections, 1)
        self.search.textChanged.connect(self.searched)
        self.sections.currentRowChanged.connect(self.chosen)
        self.sections.itemClicked.connect(lambda item: self.chosen.emit(self.sections.row(item)))
        THEME.changed.connect(self._apply_theme)

    def show_found(self, found: Sequence[bool]) -> None:
        """Which sections have something of what is looked for."""
        for place, is_found in enumerate(found):
            item = self.sections.item(place)
            if item is not None:
                item.setHidden(not is_found)

    def _apply_theme(self) -> None:
        self._icon.setIcon(action_icon("search"))
