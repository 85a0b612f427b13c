"""Both channels on loopback: whoever signs in gets the frames of a case."""

import asyncio
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tftmonitor.protocol.channels import PING_TEXT, Channel
from tftmonitor.simulator.server.sign_in import check_sign_in, refusal_frame

# A client that lost its link comes back within seconds, on a busy computer later.
_PATIENCE_S = 30.0


class CaseServer:
    """Serves one client at a time on each channel; pings are not answered, as by the simulator."""

    def __init__(self) -> None:
        self.urls: dict[Channel, str] = {}
        self._servers: list[Server] = []
        self._clients: dict[Channel, ServerConnection] = {}
        self._signed_in = {channel: asyncio.Event() for channel in Channel}

    async def __aenter__(self) -> Self:
        for channel in Channel:
            handler = partial(self._serve, channel)
            server = await serve(
                handler,
                "127.0.0.1",
                0,
                compression=None,
                max_size=None,
                ping_interval=None,
                close_timeout=0.2,
            )
            self._servers.append(server)
            self.urls[channel] = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/websocket"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in self._servers:
            server.close()
        for server in self._servers:
            await server.wait_closed()

    async def wait_signed_in(self) -> None:
        """Return once a client is there on both channels."""
        async with asyncio.timeout(_PATIENCE_S):
            for event in self._signed_in.values():
                await event.wait()

    async def wait_signed_out(self) -> None:
        """Return once nobody is there any more."""
        async with asyncio.timeout(_PATIENCE_S):
            while any(event.is_set() for event in self._signed_in.values()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def send(self, channel: Channel, data: bytes) -> None:
        """One text frame; what a link loses is lost, as with any server."""
        async with asyncio.timeout(_PATIENCE_S):
            await self._signed_in[channel].wait()
        with suppress(ConnectionClosed, OSError):
            await self._clients[channel].send(data, text=True)

    async def _serve(self, channel: Channel, connection: ServerConnection) -> None:
        with suppress(ConnectionClosed, OSError):
            text: str | bytes = PING_TEXT
            while text == PING_TEXT:
                text = await connection.recv()
            if refusal := check_sign_in(channel, text, None).refusal:
                await connection.send(refusal_frame(channel, refusal), text=True)
                return
            self._clients[channel] = connection
            self._signed_in[channel].set()
            try:
                async for _text in connection:
                    pass
            finally:
                if self._clients.get(channel) is connection:
                    self._signed_in[channel].clear()
