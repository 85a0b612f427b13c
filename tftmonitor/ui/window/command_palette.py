"""One line to find every action and every device by typing: the palette, and the sheet of keys."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.text_search import folded
from tftmonitor.ui.theme.theme import current_theme
from tftmonitor.ui.window.palette_order import Entry, Uses, in_order

_WIDTH = 460
_ROWS = 12
_MOST_ROWS = 20
_TOP = 90
_AIR = 8
_EDGE = 8
# Nobody reads further, and each is an item of the list.
MOST_FOUND = 200
# What the panes themselves do with keys; the sheet of keys tells them too.
_PANE_KEYS = (
    ("Open the device (in the list)", "Enter"),
    ("Star the device (in the list)", "Space"),
    ("Pause or go on (in the plots)", "Space"),
    ("Crosshair to the next sample (in the plots)", "Left, Right"),
    ("Move in time (in the plots)", "Shift+Left, Shift+Right"),
    ("Longer or shorter (in the plots)", "-, +"),
)
_FURTHER = "… and more: type more letters"
_MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


class _RowDelegate(QStyledItemDelegate):
    """The text at the left, its key at the right."""

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(100, option.fontMetrics.height() + _AIR)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme = current_theme()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, QColor(theme.selection))
        text, _, key = str(index.data() or "").partition("\t")
        box = option.rect.adjusted(_EDGE, 0, -_EDGE, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.selection_ink if chosen else theme.muted_text))
        painter.drawText(box, int(middle | Qt.AlignmentFlag.AlignRight), key)
        room = box.width() - option.fontMetrics.horizontalAdvance(key) - _EDGE
        text = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.setPen(QColor(theme.selection_ink if chosen else theme.text))
        painter.drawText(box, int(middle | Qt.AlignmentFlag.AlignLeft), text)


class Palette(QFrame):
    """Opens over the window, takes the keyboard, and goes away with Esc or a choice.

    ``devices`` gives what each device is found by, and its key, which ``select`` is called with;
    ``more`` what else can be gone to: panes, rules, settings. It opens over the window that has
    the keyboard, which may be a floating dock.
    """

    def __init__(
        self,
        actions: Mapping[str, QAction],
        devices: Callable[[], Iterable[tuple[str, str]]],
        select: Callable[[str], None],
        parent: QWidget,
        more: Callable[[], Iterable[Entry]] = tuple,
        uses: Uses | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._window = parent
        self._actions = actions
        self._devices = devices
        self._select = select
        self._more = more
        self._uses = uses or Uses()
        self._entries: list[Entry] = []
        self._found_by: list[tuple[str, str]] = []
        self._folded = ""
        self.line = QLineEdit()
        self.line.setAccessibleName("Find an action or a device")
        self.list = QListWidget()
        self.list.setAccessibleName("Actions and devices")
        self.list.setItemDelegate(_RowDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        column.addWidget(self.list)
        self.line.textChanged.connect(self._filter)
        self.line.installEventFilter(self)
        self.list.itemActivated.connect(self._run)
        self.list.itemClicked.connect(self._run)
        self.hide()

    def open(self, *, keys_only: bool = False) -> None:
        """Show all actions and devices, or only what has a key."""
        self._entries = [
            Entry(action.text(), _key_text(action), action.trigger)
            for action in self._actions.values()
            if not keys_only or not action.shortcut().isEmpty()
        ]
        if not keys_only:
            self._entries += self._more()
        else:
            self._entries += [Entry(text, key, _nothing) for text, key in _PANE_KEYS]
        self._found_by = [] if keys_only else [*self._devices()]
        self._folded = ""
        what = "a key" if keys_only else "an action or a device"
        self.line.setPlaceholderText(f"Type to find {what}")
        self.line.clear()
        self._filter("")
        active = QApplication.activeWindow()
        host = active if active is not None and _belongs_to(active, self._window) else self._window
        if self.parentWidget() is not host:
            self.setParent(host)
        self._place()
        self.show()
        self.raise_()
        self.line.setFocus()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            key = event.key()
            if key == Qt.Key.Key_Escape:
                self._leave()
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._run(self.list.currentItem())
                return True
            if key in _MOVES:
                self.list.keyPressEvent(event)
                return True
        if event.type() is QEvent.Type.FocusOut and not self.list.hasFocus():
            self.hide()
        return super().eventFilter(watched, event)

    def _filter(self, text: str) -> None:
        words = folded(text).split()
        self.list.clear()
        found = itertools.islice(self._find(words), MOST_FOUND + 1)
        for number, entry in enumerate(found):
            if number == MOST_FOUND:
                self._add_item(_FURTHER, None)
                break
            shown = f"{entry.text}\t{entry.key}" if entry.key else entry.text
            self._add_item(shown, entry)
        if not self.list.count():
            self._add_item(f"Nothing found for “{text.strip()}”", None)
        self.list.setCurrentRow(0)

    def _find(self, words: list[str]) -> Iterator[Entry]:
        yield from in_order(self._entries, words, self._uses.counts())
        rows = self._find_devices(words)
        # Beginnings first, as far as anybody reads.
        first = [self._found_by[row] for row in itertools.islice(rows, MOST_FOUND + 1)]
        if words:
            first.sort(key=lambda found: not folded(found[0]).startswith(words[0]))
        for text, key in first:
            yield Entry(text, "", partial(self._select, key))

    def _find_devices(self, words: list[str]) -> Iterator[int]:
        """Where the devices that are found by all words stand in the list of them."""
        if not words:
            yield from range(len(self._found_by))
            return
        if not self._folded:
            # One text for all: looking through it for a word is a call, not one a device.
            lines = "\n".join(text.replace("\n", " ") for text, _ in self._found_by)
            self._folded = folded(f"\n{lines}\n")
        lines_folded, needle = self._folded, max(words, key=len)
        row, end = 0, 0
        while (at := lines_folded.find(needle, end)) >= 0:
            row += lines_folded.count("\n", end, at)
            end = lines_folded.index("\n", at)
            line = lines_folded[lines_folded.rindex("\n", 0, at) + 1 : end]
            if all(word in line for word in words):
                yield row - 1

    def _add_item(self, text: str, entry: Entry | None) -> None:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, entry)
        if entry is None:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.addItem(item)

    def _run(self, item: QListWidgetItem | None) -> None:
        self._leave()
        entry: Entry | None = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if entry is not None:
            if entry in self._entries:
                self._uses.note(entry.text)
            entry.run()

    def _leave(self) -> None:
        self.hide()
        host = self.parentWidget()
        (host if host is not None else self._window).setFocus()

    def _place(self) -> None:
        parent = self.parentWidget() or self._window
        width = min(_WIDTH, parent.width() - 40)
        row = self.list.sizeHintForRow(0) if self.list.count() else 20
        rows = max(_ROWS, min(self.list.count(), _MOST_ROWS))
        height = self.line.sizeHint().height() + rows * max(row, 18) + 34
        left = (parent.width() - width) // 2
        top = min(_TOP, parent.height() // 6)
        self.setGeometry(left, top, width, min(height, parent.height() - top - _AIR))


def _belongs_to(window: QWidget, owner: QWidget) -> bool:
    """True for the window itself and for what floats beside it."""
    place: QWidget | None = window
    while place is not None and place is not owner:
        place = place.parentWidget()
    return place is owner


def _nothing() -> None:
    """Told only: the pane that has the keyboard does it."""


def _key_text(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
