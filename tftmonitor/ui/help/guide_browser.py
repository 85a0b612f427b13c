"""Shows one page of the manual. It reads files of the manual's folder, and nothing else."""

import re
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QByteArray, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget
from typing_extensions import override

from tftmonitor.base.paths import guide
from tftmonitor.ui.help.guide_pages import GuidePage, slug
from tftmonitor.ui.theme.theme import THEME, current_theme

_PICTURE: Final = re.compile(r"pictures/[a-z0-9-]+-light\.png")
_MARGIN = 12
_LINE_HEIGHT = 130
_MOST_MARKED = 300


class GuideBrowser(QTextBrowser):
    """``page_requested`` carries the target of a link within the manual, ``address_requested``
    that of any other; ``back_requested`` is Alt+Left or Backspace. It opens nothing by itself.
    """

    page_requested = Signal(str, str)
    address_requested = Signal(str)
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page: GuidePage | None = None
        self._words: list[str] = []
        self._width = 0
        # Else its coming and going would change the width for which pictures are made.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setOpenLinks(False)
        self.setAccessibleName("Page of the manual")
        self.document().setDocumentMargin(_MARGIN)
        self.anchorClicked.connect(self._follow)
        THEME.changed.connect(self._show_again)

    def show_page(self, page: GuidePage, words: list[str], heading: str = "") -> None:
        """Show the page from its top, or from this heading, with these words marked."""
        self.page, self._words = page, words
        self._fill()
        self.verticalScrollBar().setValue(0)
        if heading:
            self._go_to(heading)
        elif words:
            self.find_next()

    def mark(self, words: list[str]) -> None:
        """Mark these words on the page that is shown."""
        self._words = words
        self._mark()

    def find_next(self) -> None:
        """Go to the next place that has the first of the words; after the last to the first."""
        if self._words and not self.find(self._words[0]):
            self.moveCursor(QTextCursor.MoveOperation.Start)
            self.find(self._words[0])

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture of the manual in the colours of the window, no wider than the text."""
        wanted = name.toString() if isinstance(name, QUrl) else name
        is_image = kind == QTextDocument.ResourceType.ImageResource.value
        if not is_image or not _PICTURE.fullmatch(wanted):
            return QByteArray()
        if current_theme().dark:
            wanted = wanted.replace("-light", "-dark")
        image = QImage(str(guide(*wanted.split("/"))))
        ratio = self.devicePixelRatioF()
        room = round((self.viewport().width() - 2 * _MARGIN) * ratio)
        if image.width() > room > 0:
            image = image.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
            image.setDevicePixelRatio(ratio)
        return image

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        part = self._part()
        super().resizeEvent(event)
        if self.viewport().width() != self._width and self.page is not None:
            self._fill()
            self._scroll_to(part)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_back = event.key() == Qt.Key.Key_Left and (
            event.modifiers() & Qt.KeyboardModifier.AltModifier
        )
        if is_back or event.key() == Qt.Key.Key_Backspace:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def _show_again(self) -> None:
        """The same place of the page in other colours."""
        if self.page is not None:
            part = self._part()
            self._fill()
            self._scroll_to(part)

    def _part(self) -> float:
        bar = self.verticalScrollBar()
        return bar.value() / bar.maximum() if bar.maximum() else 0.0

    def _scroll_to(self, part: float) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(round(part * bar.maximum()))

    def _fill(self) -> None:
        assert self.page is not None
        self._width = self.viewport().width()
        self.document().setMarkdown(self.page.text)
        # Text that is read in sentences stands less tight than that of a table.
        loose = QTextBlockFormat()
        loose.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        for block in self._blocks():
            if not _has_picture(block):
                QTextCursor(block).mergeBlockFormat(loose)
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                lines = frame.format()
                lines.setBorderBrush(QColor(current_theme().border))
                frame.setFormat(lines)
        # It stands at the end of what was put in, which the next focus would scroll to.
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._mark()

    def _mark(self) -> None:
        marks: list[QTextEdit.ExtraSelection] = []
        theme = current_theme()
        for word in self._words:
            place = self.document().find(word)
            while not place.isNull() and len(marks) < _MOST_MARKED:
                mark = QTextEdit.ExtraSelection()
                mark.cursor = place
                mark.format.setBackground(QColor(theme.selection))
                mark.format.setForeground(QColor(theme.selection_ink))
                marks.append(mark)
                place = self.document().find(word, place)
        self.setExtraSelections(marks)

    def _go_to(self, heading: str) -> None:
        for block in self._blocks():
            if block.blockFormat().headingLevel() and slug(block.text()) == heading:
                self.setTextCursor(QTextCursor(block))
                top = self.document().documentLayout().blockBoundingRect(block).top()
                self.verticalScrollBar().setValue(round(top) - _MARGIN)
                return

    def _blocks(self) -> Iterator[QTextBlock]:
        block = self.document().begin()
        while block.isValid():
            yield block
            block = block.next()

    def _follow(self, url: QUrl) -> None:
        if url.isRelative():
            self.page_requested.emit(url.path(), url.fragment())
        else:
            self.address_requested.emit(url.toString())


def _has_picture(block: QTextBlock) -> bool:
    return "\N{OBJECT REPLACEMENT CHARACTER}" in block.text()
