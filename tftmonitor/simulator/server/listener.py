"""The listening port of one channel: it can be closed, stalled half-open and opened again."""

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
# Attempts to bind the old port again, in case that another program has it for a moment.
_REOPEN_ATTEMPTS = 50
_REOPEN_PAUSE_S = 0.1
_SERVICE_RESTART = 1012


class StallableConnection(ServerConnection):
    """A connection that reads, sends and answers nothing, not even pings, while it is stalled."""

    listener: ClassVar["Listener"]

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.pending_data: list[bytes] = []
        self.pending_eof = False
        self.listener.connections.add(self)
        super().connection_made(transport)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.listener.connections.discard(self)
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        if self.listener.is_stalled:
            self.pending_data.append(data)
        else:
            super().data_received(data)

    @override
    def eof_received(self) -> bool | None:  # type: ignore[override]
        if self.listener.is_stalled:
            self.pending_eof = True
            return True  # keeps our half of the connection open
        super().eof_received()
        return None

    def resume(self) -> None:
        """Process what arrived during the stall."""
        data, self.pending_data = self.pending_data, []
        for part in data:
            super().data_received(part)
        if self.pending_eof:
            super().eof_received()
            self.transport.close()


class Listener:
    """One channel's port. Used by ``SimulatorServer``; ``listener_faults`` set its attributes."""

    def __init__(
        self,
        channel: Channel,
        host: str,
        port: int,
        handler: Callable[[ServerConnection], Awaitable[None]],
    ) -> None:
        self.channel = channel
        self.port = port
        self.connections: set[StallableConnection] = set()
        # Set by faults: the reason why every sign-in is refused, the pause before each frame,
        # and whether texts go out as JSON texts within JSON.
        self.refusal = ""
        self.delay_s = 0.0
        self.wraps = False
        # What every handshake is answered with instead: status, headers, text.
        self.answer: tuple[HTTPStatus, dict[str, str], str] | None = None
        self._was_open = False
        self._host = host
        self._handler = handler
        self._running = asyncio.Event()
        self._running.set()
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
    def is_stalled(self) -> bool:
        """True while nothing is sent, read or answered."""
        return not self._running.is_set()

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

    async def close(self, *, abrupt: bool) -> None:
        """Stop listening and end every connection; ``abrupt`` sends no close frame."""
        server, self._server = self._server, None
        self.resume()
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

    def stall(self) -> None:
        """Leave every connection half-open."""
        self._running.clear()

    def resume(self) -> None:
        """End ``stall``; what arrived meanwhile is processed."""
        if self._running.is_set():
            return
        self._running.set()
        for connection in list(self.connections):
            connection.resume()

    async def wait_resumed(self) -> None:
        """Return once the connections are not stalled."""
        await self._running.wait()

    def _abort_half_open(self) -> None:
        """A peer that never finishes its handshake must not delay the end."""
        for connection in list(self.connections):
            if not connection.request_rcvd.done():
                connection.transport.abort()

    async def _listen(self) -> Server:
        class BoundConnection(StallableConnection):
            listener = self

        return await serve(
            self._handler,
            self._host,
            self.port,
            create_connection=BoundConnection,
            process_request=self._answer_in_http,
            compression=None,
            ping_interval=None,
            close_timeout=_CLOSE_TIMEOUT_S,
        )

    def _answer_in_http(self, connection: ServerConnection, request: Request) -> Response | None:
        if self.answer is not None:
            status, headers, text = self.answer
            response = connection.respond(status, text)
            for name, value in headers.items():
                response.headers.pop(name, None)
                response.headers[name] = value
            return response
        path = PATHS[self.channel]
        if path and request.path != path:
            return connection.respond(HTTPStatus.NOT_FOUND, f"only {path} is served\n")
        return None
