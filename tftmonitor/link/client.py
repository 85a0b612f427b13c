"""One connection of one channel: used once, from the handshake to the end."""

import asyncio
import ipaddress
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from tftmonitor.link.paced_connection import PacedConnection
from tftmonitor.protocol.channels import PING_INTERVAL_S, PING_TEXT
from tftmonitor.protocol.frame_cutter import LARGEST_FRAME

OPEN_TIMEOUT_S = 20.0
# Detects a half-open socket; the documented text ping only keeps the server content.
KEEP_ALIVE_S = 20.0
KEEP_ALIVE_TIMEOUT_S = 20.0
CLOSE_TIMEOUT_S = 2.0


async def run_connection(
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
        **options,
    ) as connection:
        assert isinstance(connection, PacedConnection)
        opened(connection)
        await connection.send(begin())
        pinger = asyncio.create_task(_ping(connection), name=f"text ping to {url}")
        try:
            await connection.listen(receive)
        finally:
            pinger.cancel()
            # Its error, if any, is that of the connection, which listening has raised.
            await asyncio.gather(pinger, return_exceptions=True)


def _is_this_computer(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _ping(connection: ClientConnection) -> None:
    while True:
        await asyncio.sleep(PING_INTERVAL_S)
        await connection.send(PING_TEXT)
