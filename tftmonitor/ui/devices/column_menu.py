"""The menu that chooses the columns of the device list."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget
from typing_extensions import override

from tftmonitor.ui.devices.table.columns import OWN_GROUP, Column, NameColumn

_TOGGLES = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})


class StayingMenu(QMenu):
    """Stays open while boxes are ticked, because one column seldom comes alone."""

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not _toggle(self.activeAction()):
            super().mouseReleaseEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _TOGGLES or not _toggle(self.activeAction()):
            super().keyPressEvent(event)


def _toggle(action: QAction | None) -> bool:
    if action is None or not action.isCheckable() or not action.isEnabled():
        return False
    action.trigger()
    return True


class ColumnMenu(StayingMenu):
    """Every column by group, ticked when shown; ``popup`` it, it deletes itself."""

    toggled = Signal(str, bool)
    defaults_requested = Signal()

    def __init__(self, columns: Iterable[Column], shown: Iterable[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setToolTipsVisible(True)
        ticked = set(shown)
        menus: dict[str, QMenu] = {OWN_GROUP: self}
        for column in columns:
            menu = menus.get(column.group)
            if menu is None:
                if len(menus) == 1:
                    self.addSeparator()
                menu = menus[column.group] = StayingMenu(_plain(column.group), self)
                menu.setToolTipsVisible(True)
                self.addMenu(menu)
            self._add(menu, column, column.key in ticked)
        self.addSeparator()
        self.addAction("Default columns", self.defaults_requested.emit)

    def _add(self, menu: QMenu, column: Column, shown: bool) -> None:
        action = QAction(_plain(column.heading), menu)
        action.setCheckable(True)
        action.setChecked(shown)
        action.setData(column.key)
        action.setToolTip(column.help)
        # A list without names is none.
        action.setEnabled(not isinstance(column, NameColumn))
        action.toggled.connect(lambda on, key=column.key: self.toggled.emit(key, on))
        menu.addAction(action)


def _plain(text: str) -> str:
    """Without mnemonics: "&" in a label is meant."""
    return text.replace("&", "&&")
