"""Reports when the computer's own network comes back, so that nobody waits out a delay."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation

_Reachability = QNetworkInformation.Reachability
# "Local" and "Site" count: the servers may be in the computer's own network. "Unknown" does not,
# or each start of a backend would look like a return.
_UP = {_Reachability.Online, _Reachability.Site, _Reachability.Local}


class NetworkWatch(QObject):
    """Calls ``on_return`` when the system says that it is connected again.

    Where the system does not say (no backend), the usual delays are all there is.
    """

    def __init__(self, on_return: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_return = on_return
        self._was_up = True
        if QNetworkInformation.loadDefaultBackend():
            QNetworkInformation.instance().reachabilityChanged.connect(self.update_reachability)

    def update_reachability(self, reachability: QNetworkInformation.Reachability) -> None:
        """Compare how far the network reaches now with what it was before."""
        is_up = reachability in _UP
        if is_up and not self._was_up:
            self._on_return()
        self._was_up = is_up
