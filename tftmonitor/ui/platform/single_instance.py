"""One window a profile: a second start raises the first."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_ANSWER_LIMIT_MS = 500
_RAISE = b"raise\n"


class SingleInstance(QObject):
    """Listens for later starts on the same profile; ``raised`` is emitted for each."""

    raised = Signal()

    def __init__(self, profile: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Names of sockets are short on some systems, paths of profiles are not.
        digest = hashlib.sha256(str(profile.resolve()).encode()).hexdigest()
        self._name = f"tftmonitor-{digest[:24]}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def raise_other(self) -> bool:
        """True when another window of this profile runs; it is asked to come forward."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_ANSWER_LIMIT_MS):
            return False
        socket.write(_RAISE)
        socket.waitForBytesWritten(_ANSWER_LIMIT_MS)
        socket.disconnectFromServer()
        return True

    def listen(self) -> None:
        """Be the one that later starts find."""
        # A killed program leaves its socket behind: nobody answered there, or we were not here. Qt
        # replaces it by itself only where it renames one that it made beside.
        if not self._server.listen(self._name):
            QLocalServer.removeServer(self._name)
            self._server.listen(self._name)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _on_connection(self) -> None:
        # What it sends does not matter: whoever connects wants the window.
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.raised.emit()
