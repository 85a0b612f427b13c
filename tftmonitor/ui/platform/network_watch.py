"""Tells when the computer's own network comes back, so that nobody waits out a delay."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation


class NetworkWatch(QObject):
    """Calls ``came_back`` when the system says that it is connected again.

    Where the system does not tell (no backend), the usual delays are all there is.
    """

    def __init__(self, came_back: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._came_back = came_back
        self._was_up = True
        if QNetworkInformation.loadDefaultBackend():
            QNetworkInformation.instance().reachabilityChanged.connect(self.note)

    def note(self, reachability: QNetworkInformation.Reachability) -> None:
        """The system's word on how far the network reaches."""
        is_up = reachability in {
            QNetworkInformation.Reachability.Online,
            QNetworkInformation.Reachability.Site,
            QNetworkInformation.Reachability.Local,
        }
        if is_up and not self._was_up:
            self._came_back()
        self._was_up = is_up
