"""The pages of the help: the words of the window, and About."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from tftmonitor.base.text_search import folded
from tftmonitor.ui.help.about_text import about_text, environment_text
from tftmonitor.ui.help.words import WORDS
from tftmonitor.ui.tables.plain_rows import PlainRows
from tftmonitor.ui.tables.row_menu import RowMenu
from tftmonitor.ui.tables.row_table import style_table
from tftmonitor.ui.tables.row_text import copy_text
from tftmonitor.ui.widgets.page_search import mark_page_search
from tftmonitor.ui.widgets.pane import Pane

_WORD_WIDTH = 240
_WIDEST = 980


class WordsPage(Pane):
    """A list of words with a search."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a word or a sign")
        self.search.setAccessibleName("Find a word or a sign")
        self.search.setClearButtonEnabled(True)
        mark_page_search(self.search)
        self.search.setMaximumWidth(_WIDEST)
        self.model = PlainRows(("Word or sign", "What it means"), frozenset(), self)
        self.view = QTableView()
        self.view.setAccessibleName("Words and signs")
        self.view.setModel(self.model)
        self.view.setMaximumWidth(_WIDEST)
        style_table(self.view)
        self.menu = RowMenu(self.view)
        self.view.setWordWrap(True)
        self.view.setColumnWidth(0, _WORD_WIDTH)
        self.view.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        rows = self.view.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setFocusProxy(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.view, 1)
        self.search.textChanged.connect(self.show_found)
        self.show_found("")

    def show_found(self, text: str) -> None:
        """Show the rows that have these words."""
        words = folded(text).split()
        rows = [(each.word, each.meaning) for each in WORDS]
        self.model.show_rows(
            [row for row in rows if all(word in folded(" ".join(row)) for word in words)]
        )


class AboutPage(Pane):
    """Version and licences, and what to copy for a question."""

    def __init__(
        self, profile: Path, open_folder: Callable[[Path], bool], figures: Callable[[], str]
    ) -> None:
        super().__init__()
        self._profile, self._open_folder, self._figures = profile, open_folder, figures
        self.text = QPlainTextEdit(about_text())
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Version and licences")
        self.text.setMaximumWidth(_WIDEST)
        self.copy = QPushButton("Copy diagnostics")
        self.folder = QPushButton("Open the folder of the log")
        line = QHBoxLayout()
        for button in (self.copy, self.folder):
            button.setAutoDefault(False)
            line.addWidget(button)
        line.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text, 1)
        column.addLayout(line)
        self.copy.clicked.connect(self.copy_diagnostics)
        self.folder.clicked.connect(self.open_log_folder)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def copy_diagnostics(self) -> None:
        """Put on the clipboard what a question about the program needs."""
        copy_text(f"{environment_text(self._profile)}\n{self._figures()}")

    def open_log_folder(self) -> None:
        """Show the folder in the desktop's own program."""
        self._open_folder(self._profile)
