"""The end that the desktop announces: logging out, shutting down, its screen going away."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QSessionManager

from tftmonitor.ui.platform.event_loop import DISPLAY_LOST, Application


class SessionEnd(QObject):
    """``save`` stores what is not stored yet when the session may end, ``end`` begins the end.

    Qt would close the windows, which hide in the tray and so refuse the end. ``lost`` is called
    when the screen is gone.
    """

    def __init__(
        self,
        app: QGuiApplication,
        save: Callable[[], object],
        end: Callable[[], object],
        lost: Callable[[], object],
    ) -> None:
        super().__init__(app)
        self._app = app
        self._save = save
        self._end = end
        self._lost = lost
        app.commitDataRequest.connect(self._on_request)
        app.saveStateRequest.connect(self._on_request)
        if isinstance(app, Application):
            app.quit_asked = self._on_quit
        DISPLAY_LOST.add(lost)

    def stop(self) -> None:
        """The program ends by itself."""
        # Another window may have begun already, whose business it is now.
        if isinstance(self._app, Application) and self._app.quit_asked == self._on_quit:
            self._app.quit_asked = None
        self._app.commitDataRequest.disconnect(self._on_request)
        self._app.saveStateRequest.disconnect(self._on_request)
        DISPLAY_LOST.remove(self._lost)
        self.deleteLater()

    def _on_quit(self) -> None:
        self._save()
        self._end()

    def _on_request(self, _manager: QSessionManager) -> None:
        # Nobody is asked and nothing is refused; who logs out may still change their mind, so the
        # program goes on until it is told to end.
        self._save()
