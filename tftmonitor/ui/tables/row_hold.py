"""Whether somebody is in the rows of a table, so that none of them may move under the pointer."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication
from typing_extensions import override

_ENTERS = frozenset({QEvent.Type.Enter, QEvent.Type.MouseMove})
_LEAVES = frozenset({QEvent.Type.Leave, QEvent.Type.Hide})
_USES = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress})
_COMES_BACK = frozenset({Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason})
_NOT_THE_USERS = _COMES_BACK | {Qt.FocusReason.OtherFocusReason, Qt.FocusReason.NoFocusReason}


class RowHold(QObject):
    """Follows pointer and keyboard of one view; ``released`` when neither is in it any longer.

    Every table whose rows come, go or change places by themselves has one and asks ``is_held``
    before it lets them.
    """

    released = Signal()

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._pointer_inside = False
        self._is_used = False
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def is_held(self) -> bool:
        """True while the pointer, the keyboard or a menu of the view is in its rows.

        The focus that a window hands out by itself is nobody's keyboard.
        """
        uses_keyboard = self._view.hasFocus() and self._is_used
        return self._pointer_inside or uses_keyboard or self._has_menu()

    def use(self) -> None:
        """The keyboard was sent into the rows by a command of the user's."""
        self._is_used = True

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _USES:
            self._is_used = True
        elif isinstance(event, QFocusEvent):
            self._follow_focus(event)
        elif watched is not self._view:
            self._follow_pointer(kind)
        return False

    def _follow_pointer(self, kind: QEvent.Type) -> None:
        if kind in _ENTERS:
            self._pointer_inside = True
        elif kind in _LEAVES and self._pointer_inside:
            self._pointer_inside = False
            self._tell()

    def _follow_focus(self, event: QFocusEvent) -> None:
        if event.gotFocus():
            self._is_used = self._is_used or event.reason() not in _NOT_THE_USERS
        elif event.lostFocus() and self._is_used:
            # Whoever comes back to the window finds the keyboard where it was.
            self._is_used = event.reason() in _COMES_BACK
            self._tell()

    def _tell(self) -> None:
        if not self.is_held():
            self.released.emit()

    def _has_menu(self) -> bool:
        popup = QApplication.activePopupWidget()
        return popup is not None and popup.parentWidget() is self._view


@contextmanager
def chosen_in_sight(view: QAbstractItemView) -> Iterator[None]:
    """Let rows move; the chosen one, seen before, is seen afterwards."""
    was_seen = _is_seen(view)
    yield
    if was_seen and view.currentIndex().isValid() and not _is_seen(view):
        view.scrollTo(view.currentIndex())


def _is_seen(view: QAbstractItemView) -> bool:
    current = view.currentIndex()
    box = view.visualRect(current)
    return current.isValid() and box.isValid() and view.viewport().rect().intersects(box)
