"""Keeps a window on a screen that is there, with its frame, whatever screens come and go."""

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QObject, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from tftmonitor.ui.widgets.single_shot import single_shot

# A window manager needs a moment for a frame, and a desktop for its panels.
_SETTLED_MS = 300
# Of a frame that nobody has seen yet: a title bar, and edges.
_USUAL_FRAME = QMargins(8, 40, 8, 8)
# A first window takes this share of the screen, and all of it from that share on.
_FIRST_SHARE, _NEARLY_ALL = 5 / 6, 0.9
_MOST = QSize(2000, 1200)
# Its screen is of some size that nobody looks at.
_WITHOUT_SCREEN = "offscreen"
_BY_DESKTOP = (
    Qt.WindowState.WindowMaximized
    | Qt.WindowState.WindowFullScreen
    | Qt.WindowState.WindowMinimized
)


def fitted(frame: QRect, rooms: Sequence[QRect]) -> QRect:
    """The frame moved, and where it has to be shrunk, into one of the rooms: the one that shows
    most of it, else the first.
    """
    if not rooms:
        return frame
    room = max(rooms, key=lambda each: _area(each.intersected(frame)))
    width, height = min(frame.width(), room.width()), min(frame.height(), room.height())
    left = max(room.left(), min(frame.left(), room.left() + room.width() - width))
    top = max(room.top(), min(frame.top(), room.top() + room.height() - height))
    return QRect(left, top, width, height)


def first_size(usual: QSize, room: QSize) -> QSize:
    """Of a window that was never open, on a screen with this room: five sixths of it, but no less
    than usual, and all of it where hardly more would be left over.
    """
    return QSize(
        _first(usual.width(), room.width(), _MOST.width()),
        _first(usual.height(), room.height(), _MOST.height()),
    )


def usual_size(usual: QSize) -> QSize:
    """``first_size`` on the screen that a window opens on; the usual one where there is none."""
    screens = QGuiApplication.screens()
    if not screens or QGuiApplication.platformName() == _WITHOUT_SCREEN:
        return usual
    # The first one is the primary screen.
    room = screens[0].availableGeometry().marginsRemoved(_USUAL_FRAME)
    return first_size(usual, room.size())


def fit_window(window: QWidget) -> None:
    """Bring this window on a screen, unless the desktop places it."""
    if window.windowState() & _BY_DESKTOP or QGuiApplication.platformName() == _WITHOUT_SCREEN:
        return
    margins = _frame_of(window)
    frame = window.geometry().marginsAdded(margins)
    wanted = fitted(frame, [screen.availableGeometry() for screen in QGuiApplication.screens()])
    if wanted != frame:
        window.setGeometry(wanted.marginsRemoved(margins))


class ScreenFit(QObject):
    """Fits ``window``, and those that float beside it, whenever the screens change."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._timer = single_shot(self, self.fit, _SETTLED_MS)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self._follow)
        application.screenRemoved.connect(self._timer.start)
        for screen in QGuiApplication.screens():
            self._follow(screen)

    def start(self) -> None:
        """Fit now, and once more when the window has its frame."""
        self.fit()
        self._timer.start()

    def fit(self) -> None:
        """Fit at once."""
        fit_window(self._window)
        for child in self._window.findChildren(
            QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
        ):
            if child.isWindow() and child.isVisible():
                fit_window(child)

    def _follow(self, screen: QScreen) -> None:
        screen.availableGeometryChanged.connect(self._timer.start)
        self._timer.start()


def _frame_of(window: QWidget) -> QMargins:
    inside, outside = window.geometry(), window.frameGeometry()
    if not window.isVisible():
        return _USUAL_FRAME
    return QMargins(
        inside.left() - outside.left(),
        inside.top() - outside.top(),
        outside.right() - inside.right(),
        outside.bottom() - inside.bottom(),
    )


def _first(usual: int, room: int, most: int) -> int:
    wanted = max(usual, min(most, round(room * _FIRST_SHARE)))
    return room if wanted > room * _NEARLY_ALL else wanted


def _area(room: QRect) -> int:
    return max(0, room.width()) * max(0, room.height())
