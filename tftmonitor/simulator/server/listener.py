"""The listening port of one channel, which can be shut, held half-open and opened again."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import ClassVar

from typing_extensions import override
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from tftmonitor.protocol.channels import Channel

# The vendor's devices channel lives under this path; its messages channel names none.
PATHS = {Channel.DEVICES: "/websocket", Channel.MESSAGES: ""}
# Long enough for a client in the same computer to answer a close frame.
_CLOSE_TIMEOUT_S = 1.0
# Attempts to bind the old port again, in case that somebody took it meanwhile.
_REOPEN_ATTEMPTS = 50
_REOPEN_PAUSE_S = 0.1
_SERVICE_RESTART = 1012


class HeldConnection(ServerConnection):
    """A connection that goes deaf and dumb, not even answering pings, while its gate is held."""

    listener: ClassVar["Listener"]

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.held_data: list[bytes] = []
        self.held_eof = False
        self.listener.connections.add(self)
        super().connection_made(transport)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.listener.connections.discard(self)
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        if self.listener.is_held:
            self.held_data.append(data)
        else:
            super().data_received(data)

    @override
    def eof_received(self) -> bool | None:  # type: ignore[override]
        if self.listener.is_held:
            self.held_eof = True
            return True  # keeps our half of the connection open
        super().eof_received()
        return None

    def release(self) -> None:
        """Hear what came while the gate was held."""
        data, self.held_data = self.held_data, []
        for part in data:
            super().data_received(part)
        if self.held_eof:
            super().eof_received()
            self.transport.close()


class Listener:
    """One channel's port: ``open``, ``shut``, ``hold``, ``release``. Used by the server."""

    def __init__(
        self,
        channel: Channel,
        host: str,
        port: int,
        handler: Callable[[ServerConnection], Awaitable[None]],
    ) -> None:
        self.channel = channel
        self.port = port
        self.connections: set[HeldConnection] = set()
        # What the stage sets: words that refuse every sign-in, the pause before each frame,
        # and whether texts go out as JSON texts within JSON.
        self.refusal = ""
        self.delay_s = 0.0
        self.wraps = False
        self._was_open = False
        self._host = host
        self._handler = handler
        self._free = asyncio.Event()
        self._free.set()
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"ws://{self._host}:{self.port}{PATHS[self.channel]}"

    @property
    def is_open(self) -> bool:
        """True while connections are accepted."""
        return self._server is not None

    @property
    def is_held(self) -> bool:
        """True while nothing is sent, read or answered."""
        return not self._free.is_set()

    async def open(self) -> None:
        """Listen; a port of 0 becomes the free port that was found and stays so."""
        if self._server is not None:
            return
        for attempt in range(_REOPEN_ATTEMPTS):
            try:
                self._server = await self._listen()
                break
            except OSError:
                if attempt + 1 == _REOPEN_ATTEMPTS or not self._was_open:
                    raise
                await asyncio.sleep(_REOPEN_PAUSE_S)
        assert self._server is not None
        self.port = self._server.sockets[0].getsockname()[1]
        self._was_open = True

    async def shut(self, *, abrupt: bool) -> None:
        """Stop listening and end every connection: without a word, or with a close frame."""
        server, self._server = self._server, None
        self.release()
        if abrupt:
            self.abort()
        if server is not None:
            server.close(code=_SERVICE_RESTART)
            self._abort_half_open()
            await server.wait_closed()

    def abort(self) -> None:
        """End every connection without a close frame and keep listening."""
        for connection in list(self.connections):
            connection.transport.abort()

    def hold(self) -> None:
        """Leave every connection half-open."""
        self._free.clear()

    def release(self) -> None:
        """End ``hold``: what was held back goes its way."""
        if self._free.is_set():
            return
        self._free.set()
        for connection in list(self.connections):
            connection.release()

    async def free(self) -> None:
        """Return once the gate is not held."""
        await self._free.wait()

    def _abort_half_open(self) -> None:
        """A peer that never finishes its handshake must not delay the end."""
        for connection in list(self.connections):
            if not connection.request_rcvd.done():
                connection.transport.abort()

    async def _listen(self) -> Server:
        class BoundConnection(HeldConnection):
            listener = self

        return await serve(
            self._handler,
            self._host,
            self.port,
            create_connection=BoundConnection,
            process_request=self._refuse_other_paths,
            compression=None,
            ping_interval=None,
            close_timeout=_CLOSE_TIMEOUT_S,
        )

    def _refuse_other_paths(
        self, connection: ServerConnection, request: Request
    ) -> Response | None:
        path = PATHS[self.channel]
        if path and request.path != path:
            return connection.respond(HTTPStatus.NOT_FOUND, f"only {path} is served\n")
        return None
