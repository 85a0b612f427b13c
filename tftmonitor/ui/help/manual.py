"""The manual: a search and the list of pages at the left, the page beside them."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.text_search import folded
from tftmonitor.ui.help.guide_browser import GuideBrowser
from tftmonitor.ui.help.guide_pages import GuidePage, guide_pages
from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.widgets.address_panel import AddressPanel
from tftmonitor.ui.widgets.labels import plain_label
from tftmonitor.ui.widgets.page_search import mark_page_search
from tftmonitor.ui.widgets.pane import Pane

_LIST_WIDTH = 230
_WIDEST = 860
_ROW_AIR = 9


class ManualPage(Pane):
    """Reads nothing but the files that are shipped; ``show_keys`` opens the sheet of keys."""

    def __init__(self, show_keys: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages: list[GuidePage] = guide_pages()
        self._seen: list[str] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search the manual (Ctrl+F)")
        self.search.setAccessibleName("Search the manual")
        self.search.setClearButtonEnabled(True)
        mark_page_search(self.search)
        self._icon = self.search.addAction(
            action_icon("search"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.list = QListWidget()
        self.list.setAccessibleName("Pages of the manual")
        height = self.fontMetrics().height() + _ROW_AIR
        for page in self.pages:
            item = QListWidgetItem(page.title, self.list)
            item.setSizeHint(QSize(0, height))
        self.nothing = plain_label("No page has all of these words.", muted=True)
        self.nothing.hide()
        keys = QPushButton("Sheet of keys (?)")
        keys.setAutoDefault(False)
        keys.clicked.connect(show_keys)
        self.browser = GuideBrowser()
        self.browser.setMaximumWidth(_WIDEST)
        self.address = AddressPanel()
        self.address.setMaximumWidth(_WIDEST)
        self._lay_out(keys)
        self.setFocusProxy(self.browser)
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self.browser.find_next)
        self.list.currentRowChanged.connect(self._show_row)
        self.browser.page_requested.connect(self.show_page)
        self.browser.address_requested.connect(self.address.show_address)
        self.browser.back_requested.connect(self.go_back)
        self.address.closed.connect(self.browser.setFocus)
        self.list.setCurrentRow(0)

    def show_page(self, name: str, heading: str = "") -> None:
        """Show the page of this name, from this heading on, where there is one."""
        row = next((row for row, page in enumerate(self.pages) if page.name == name), None)
        if row is None:
            return
        self.search.clear()
        self.list.setCurrentRow(row)
        if heading:
            self.browser.show_page(self.pages[row], [], heading)

    def go_back(self) -> None:
        """Show the page that was shown before this one."""
        if len(self._seen) > 1:
            self._seen.pop()
            self.show_page(self._seen.pop())

    @override
    def apply_theme(self) -> None:
        super().apply_theme()
        self._icon.setIcon(action_icon("search"))

    def _lay_out(self, keys: QWidget) -> None:
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        left.addWidget(self.nothing)
        left.addWidget(keys)
        for widget in (self.search, self.list, self.nothing, keys):
            widget.setFixedWidth(_LIST_WIDTH)
        right = QVBoxLayout()
        right.addWidget(self.browser, 1)
        right.addWidget(self.address)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(left)
        row.addLayout(right, 1)
        row.addStretch(0)

    def _show_row(self, row: int) -> None:
        if row >= 0:
            page = self.pages[row]
            if self._seen[-1:] != [page.name]:
                self._seen.append(page.name)
            self.address.hide()
            self.browser.show_page(page, self._words())

    def _find(self) -> None:
        words = self._words()
        found = [page.has(words) for page in self.pages]
        for row, is_found in enumerate(found):
            self.list.item(row).setHidden(not is_found)
        self.nothing.setVisible(not any(found))
        if any(found) and not found[self.list.currentRow()]:
            self.list.setCurrentRow(found.index(True))
        elif words:
            self.browser.show_page(self.pages[self.list.currentRow()], words)
        else:
            self.browser.mark([])

    def _words(self) -> list[str]:
        return folded(self.search.text()).split()
