"""The context menu that every table has: what can be done with the row, and copying it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QMenu

from tftmonitor.ui.tables.row_text import copy_chosen_rows
from tftmonitor.ui.theme.icons import action_icon

Commands = Sequence[tuple[str, Callable[[], object]]]


def nothing_more(_index: QModelIndex) -> Commands:
    """For tables whose rows can only be copied."""
    return ()


class RowMenu:
    """Opens at the pointed row, or at the current one by the menu key.

    ``commands`` gives texts and acts for a row, the usual one first.
    """

    def __init__(
        self,
        view: QAbstractItemView,
        commands: Callable[[QModelIndex], Commands] = nothing_more,
    ) -> None:
        self._view = view
        self._commands = commands
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._pop_up)

    def menu_of(self, index: QModelIndex) -> QMenu:
        """The menu of a row; it deletes itself."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        commands = self._commands(index)
        for text, act in commands:
            menu.addAction(text, act)
        if commands:
            menu.setDefaultAction(menu.actions()[0])
            menu.addSeparator()
        menu.addAction(action_icon("copy"), "Copy", lambda: copy_chosen_rows(self._view))
        return menu

    def _pop_up(self, place: QPoint) -> None:
        index = self._view.indexAt(place)
        if not index.isValid():
            index = self._view.currentIndex()
        if index.isValid():
            self.menu_of(index).popup(self._view.viewport().mapToGlobal(place))
