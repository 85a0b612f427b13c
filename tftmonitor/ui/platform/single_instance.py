"""One window a profile: a second start raises the first, and commands ask it."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from shiboken6 import isValid

from tftmonitor.base.local_socket import (
    SilentWindowError,
    is_own_place,
    is_own_socket,
    socket_names,
)

_log = logging.getLogger(__name__)

_CONNECT_LIMIT_MS = 500
# A window that starts draws for a second before it answers; one that works does at once.
ANSWER_LIMIT_MS = 5_000
_RAISE = b"raise"
_RAISED = b"raised"
_POLL_MS = 50
_UNCONNECTED = QLocalSocket.LocalSocketState.UnconnectedState
# A request is one line; who sends more without an end gets no answer.
_LONGEST_LINE = 1 << 20

Reply = Callable[[bytes], None]


class SingleInstance(QObject):
    """Listens for other processes on the same profile.

    ``raised`` is emitted for each later start, ``asked`` for each other line that comes in: with
    the line (bytes), and what sends one back (``Reply``).
    """

    raised = Signal()
    asked = Signal(object, object)

    def __init__(self, profile: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profile = profile
        self._names = socket_names(profile)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        self._sockets: list[QLocalSocket] = []

    def raise_other(self) -> bool:
        """True when another window of this profile runs and comes forward.

        Raises SilentWindowError when something holds the name and does not say that it does.
        """
        return any(_is_raised(name) for name in self._names if is_own_socket(name, self._profile))

    def listen(self) -> None:
        """Be the one that others find."""
        # A killed program leaves its socket behind: nobody answered there, or we were not here. Qt
        # replaces it by itself only where it renames one that it made beside.
        for name in filter(is_own_place, self._names):
            if self._server.listen(name):
                return
            QLocalServer.removeServer(name)
            if self._server.listen(name):
                return
        _log.warning("no other process finds this window: %s", self._server.errorString())

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _on_connection(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            socket.setReadBufferSize(_LONGEST_LINE)
            # No slot may hold the socket: it would be deleted in its own end.
            self._sockets.append(socket)
            socket.readyRead.connect(self._read_all)
            socket.disconnected.connect(self._forget)
        self._read_all()  # what came before it was looked at

    def _read_all(self) -> None:
        for socket in tuple(self._sockets):
            self._read(socket)

    def _forget(self) -> None:
        gone = [s for s in self._sockets if s.state() is _UNCONNECTED]
        for socket in gone:
            self._sockets.remove(socket)
            socket.deleteLater()

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        line = bytes(socket.readLine().data()).strip()
        if line == _RAISE:
            self.raised.emit()
            _reply(socket, _RAISED)
        else:
            self.asked.emit(line, partial(_reply, socket))


def _is_raised(name: str) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_CONNECT_LIMIT_MS):
        # A queue that is full is one of somebody who takes nothing out of it.
        if socket.error() is QLocalSocket.LocalSocketError.SocketTimeoutError:
            raise SilentWindowError
        return False
    socket.write(_RAISE + b"\n")
    waited = QElapsedTimer()
    waited.start()
    while not socket.canReadLine():
        if waited.hasExpired(ANSWER_LIMIT_MS):
            raise SilentWindowError
        if socket.state() is _UNCONNECTED:
            return False  # it has just ended
        QCoreApplication.processEvents()  # so that it can also be one of this process
        socket.waitForReadyRead(_POLL_MS)
    if bytes(socket.readLine().data()).strip() != _RAISED:
        raise SilentWindowError
    return True


def _reply(socket: QLocalSocket, line: bytes) -> None:
    if isValid(socket):  # who asked may have gone meanwhile
        socket.write(line + b"\n")
        socket.flush()
