"""One connection of one channel: used once, from the handshake to the end."""

import asyncio
import ipaddress
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from typing_extensions import override
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tftmonitor.protocol.channels import PING_INTERVAL_S, PING_TEXT

OPEN_TIMEOUT_S = 20.0
# Detects a half-open socket; the documented text ping only keeps the server content.
KEEP_ALIVE_S = 20.0
KEEP_ALIVE_TIMEOUT_S = 20.0
CLOSE_TIMEOUT_S = 2.0
# Larger than any frame that the codec takes, so that an oversized one is reported and not
# the end of the connection; beyond this the server is not to be trusted.
LARGEST_FRAME = 16_777_216
# A wake-up costs more than a message: let the socket fill and drain it once in this time.
DRAIN_S = 0.02
# A read of this size says that the socket held more than a drain's worth: go on reading.
_BUSY_READ = 65_536
_QUEUE_HIGH, _QUEUE_LOW = 4_096, 1_024
# The longest stretch of work between two looks at the event loop.
SLICE_S = 0.004


class PacedConnection(ClientConnection):
    """A connection that stops reading for a moment after each small read."""

    _paused_reading: asyncio.TimerHandle | None = None

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if len(data) < _BUSY_READ and self._paused_reading is None:
            self.transport.pause_reading()
            self._paused_reading = self.loop.call_later(DRAIN_S, self._resume_reading)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._paused_reading is not None:
            self._paused_reading.cancel()
            self._paused_reading = None
        super().connection_lost(exc)

    def _resume_reading(self) -> None:
        self._paused_reading = None
        # A reader that cannot keep up has paused it too, and resumes it by itself.
        if not self.transport.is_closing() and not self.recv_messages.paused:
            self.transport.resume_reading()


async def converse(
    url: str,
    begin: Callable[[], str],
    receive: Callable[[bytes], bool],
    opened: Callable[[ClientConnection], None],
) -> None:
    """Connect, send what ``begin`` returns, and hand each frame to ``receive``.

    Returns when ``receive`` says False; raises what ended the connection otherwise
    (OSError, TimeoutError, or the websockets library's own errors).
    """
    options: dict[str, Any] = {"create_connection": PacedConnection}
    if _is_this_computer(url):
        options["proxy"] = None  # else the one that the system is set to
    async with connect(
        url,
        compression=None,  # unpacking costs a third of the receiving rate
        open_timeout=OPEN_TIMEOUT_S,
        ping_interval=KEEP_ALIVE_S,
        ping_timeout=KEEP_ALIVE_TIMEOUT_S,
        close_timeout=CLOSE_TIMEOUT_S,
        max_size=LARGEST_FRAME,
        max_queue=(_QUEUE_HIGH, _QUEUE_LOW),
        **options,
    ) as connection:
        opened(connection)
        await connection.send(begin())
        pinger = asyncio.create_task(_ping(connection), name=f"text ping to {url}")
        try:
            await _read(connection, receive)
        finally:
            pinger.cancel()
            await asyncio.gather(pinger, return_exceptions=True)


def _is_this_computer(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _read(connection: ClientConnection, receive: Callable[[bytes], bool]) -> None:
    clock = time.monotonic
    slice_end = clock() + SLICE_S
    while receive(await connection.recv(decode=False)):
        if clock() >= slice_end:
            await asyncio.sleep(0)
            slice_end = clock() + SLICE_S


async def _ping(connection: ClientConnection) -> None:
    while True:
        await asyncio.sleep(PING_INTERVAL_S)
        try:
            await connection.send(PING_TEXT)
        except ConnectionClosed:
            return
