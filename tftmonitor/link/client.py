"""One connection of one channel: used once, from the handshake to the end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from typing_extensions import override
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidProxy
from websockets.proxy import Proxy, parse_proxy
from websockets.uri import parse_uri

from tftmonitor.link.attempt import Attempt
from tftmonitor.link.network import Network
from tftmonitor.link.paced_connection import PacedConnection
from tftmonitor.link.proxies import proxy_for
from tftmonitor.link.resolver import resolve
from tftmonitor.link.tls import tls_context
from tftmonitor.protocol.channels import PING_INTERVAL_S, PING_TEXT
from tftmonitor.protocol.frame_cutter import LARGEST_FRAME

OPEN_TIMEOUT_S = 20.0
# Detects a half-open socket; the documented text ping only keeps the server content. Together
# with the time limit of what is sent (PacedConnection) it stays below 45 seconds.
KEEP_ALIVE_S = 20.0
KEEP_ALIVE_TIMEOUT_S = 15.0
CLOSE_TIMEOUT_S = 2.0
# Of a host with several addresses, one that does not answer leaves this much to the next.
_NEXT_ADDRESS_S = 6.0


class _Direct(connect):
    """Connects to what it is given and nowhere else: the sign-in would follow."""

    @override
    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def run_connection(
    attempt: Attempt,
    network: Network,
    begin: Callable[[], str],
    receive: Callable[[bytes], bool],
    opened: Callable[[PacedConnection], None],
) -> None:
    """Connect, send what ``begin`` returns, and hand each frame to ``receive``.

    Returns when ``receive`` says False; raises what ended the connection otherwise
    (OSError, TimeoutError, CaFileError, or the websockets library's own errors).
    """
    async with asyncio.timeout(OPEN_TIMEOUT_S):
        connection = await _open(attempt, network)
    try:
        opened(connection)
        await connection.send(begin())
        pinger = asyncio.create_task(_ping(connection), name="text ping")
        try:
            await connection.listen(receive)
        finally:
            pinger.cancel()
            # Its error, if any, is that of the connection, which listening has raised.
            await asyncio.gather(pinger, return_exceptions=True)
    finally:
        await _end(connection)


async def _open(attempt: Attempt, network: Network) -> PacedConnection:
    url = attempt.url
    server = parse_uri(url)
    attempt.proxy = proxy_for(url, network.proxy)
    host, port = server.host, server.port
    if attempt.proxy is not None:
        proxy = _parsed(attempt.proxy)
        host, port = proxy.host, proxy.port
    addresses = await resolve(host, port)
    attempt.is_resolved = True
    options: dict[str, Any] = {}
    if server.secure:
        options["ssl"] = tls_context(network.ca_file)
    if attempt.proxy is not None and attempt.proxy.startswith("https:"):
        options["proxy_ssl"] = tls_context(network.ca_file)
        options["proxy_server_hostname"] = host
    for address in addresses[:-1]:
        # The reason of the last one is told.
        with suppress(OSError):
            async with asyncio.timeout(_NEXT_ADDRESS_S):
                return await _connect(attempt, address, options)
    return await _connect(attempt, addresses[-1], options)


async def _connect(attempt: Attempt, address: str, options: dict[str, Any]) -> PacedConnection:
    options = dict(options)
    if attempt.proxy is None:
        options["host"] = address

    def create(*arguments: Any, **named: Any) -> PacedConnection:
        attempt.connection = PacedConnection(*arguments, **named)
        return attempt.connection

    connection = await _Direct(
        attempt.url,
        proxy=None if attempt.proxy is None else _at_address(attempt.proxy, address),
        create_connection=create,  # type: ignore[arg-type]  # any callable will do
        compression=None,  # unpacking costs a third of the receiving rate
        open_timeout=None,  # the whole attempt has one
        ping_interval=KEEP_ALIVE_S,
        ping_timeout=KEEP_ALIVE_TIMEOUT_S,
        close_timeout=CLOSE_TIMEOUT_S,
        max_size=LARGEST_FRAME,
        **options,
    )
    assert isinstance(connection, PacedConnection)
    return connection


def _parsed(address: str) -> Proxy:
    try:
        return parse_proxy(address)
    except ValueError:  # an impossible port or a bracket too few
        raise InvalidProxy("", "no address") from None


def _at_address(proxy: str, address: str) -> str:
    """The proxy's address with its host's name resolved."""
    parts = urlsplit(proxy)
    user, at, _ = parts.netloc.rpartition("@")
    host = f"[{address}]" if ":" in address else address
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{user}{at}{host}{port}").geturl()


async def _end(connection: PacedConnection) -> None:
    """Say goodbye, and end whether or not the peer reads it."""
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await connection.close()
    finally:
        connection.transport.abort()
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await connection.wait_closed()


async def _ping(connection: ClientConnection) -> None:
    while True:
        await asyncio.sleep(PING_INTERVAL_S)
        await connection.send(PING_TEXT)
