"""Stores where the window and its docks are, a moment after each change."""

from PySide6.QtCore import QEvent, QObject
from typing_extensions import override

from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.widgets.single_shot import single_shot
from tftmonitor.ui.window.main_window import MainWindow

# Dragging an edge is many changes, and the file is written whole.
STORE_AFTER_MS = 500
_CHANGES = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.WindowStateChange,
    }
)


class LayoutKeeper(QObject):
    """Nobody has to end the program in order for its layout to be there again.

    ``start`` once the window is placed: what was before that is no wish of the user's.
    """

    def __init__(self, window: MainWindow, settings: SettingsStore) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._is_stopped = False
        self._timer = single_shot(self, self.flush, STORE_AFTER_MS)

    def start(self) -> None:
        """Follow the window and its docks from now on."""
        self._window.installEventFilter(self)
        for dock in self._window.docks.values():
            dock.installEventFilter(self)
            dock.dockLocationChanged.connect(self._timer.start)

    def stop(self) -> None:
        """Store nothing more."""
        self._timer.stop()
        self._is_stopped = True

    def flush(self) -> None:
        """Store it now; it is written only where it differs."""
        self._timer.stop()
        if not self._is_stopped:
            self._settings.update(**self._window.layout_settings())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _CHANGES and not self._is_stopped:
            self._timer.start()
        return False
