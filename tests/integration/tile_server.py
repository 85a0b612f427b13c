"""A server of tiles on this computer that answers as it is told, and notes what it was asked."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from ssl import SSLContext

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
TEMPLATE_PATH = "/{z}/{x}/{y}.png?key=hush"


@dataclass
class Answer:
    """What is answered; ``held`` keeps it back until it is set."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    held: asyncio.Event | None = None


class TileServer:
    def __init__(self, body: bytes) -> None:
        self.usual = Answer(body=body)
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self.at_once = self.most_at_once = 0
        self.url = ""

    @property
    def template(self) -> str:
        return self.url + TEMPLATE_PATH

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        self.headers.append(dict(request.headers))
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            found = self.answers.get(request.path, self.usual)
            if found.held is not None:
                await found.held.wait()
            return web.Response(status=found.status, body=found.body, headers=found.headers)
        finally:
            self.at_once -= 1


@contextlib.asynccontextmanager
async def tile_server(
    body: bytes, context: SSLContext | None = None, port: int = 0
) -> AsyncIterator[TileServer]:
    server = TileServer(body)
    async with serving(server.answer, context, port) as server.url:
        yield server


@contextlib.asynccontextmanager
async def serving(
    handler: Handler, context: SSLContext | None = None, port: int = 0
) -> AsyncIterator[str]:
    """Something that answers on this computer; its address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=context).start()
    scheme = "http" if context is None else "https"
    try:
        yield f"{scheme}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
