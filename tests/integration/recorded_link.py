"""A link whose every word is noted, and the servers that it is put to."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, Self

from websockets.asyncio.server import ServerConnection, serve

from tftmonitor.base.clock import SystemClock
from tftmonitor.link.network import Network
from tftmonitor.link.reconnect import Link
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.protocol.messages import Push
from tftmonitor.simulator.feeds.live import RateFeed
from tftmonitor.simulator.feeds.replay import ReplayFeed
from tftmonitor.simulator.fleet.world import World
from tftmonitor.simulator.server.server import SimulatorServer

START_MS = 1_795_000_000_123
ACCOUNT = Credential.from_password("demo", "secret")
LIMIT_S = 8.0
SNAPSHOT = '{"event":"snapshot","data":{"imei":"1","status":{"speed":%d}},"error":0}'


class RecordedLink:
    """One link and all that it reported."""

    def __init__(
        self, url: str, channel: Channel = Channel.DEVICES, network: Network | None = None
    ) -> None:
        self.network = network or Network()
        self.statuses: list[LinkStatus] = []
        self.pushes: list[Push] = []
        self.frames: list[bytes] = []
        self.link = Link(
            channel,
            url,
            ACCOUNT,
            self.receive,
            self.statuses.append,
            SystemClock(),
            lambda: self.network,
        )
        self.task: asyncio.Task[None] | None = None

    def receive(self, push: Push, frame: bytes, received_ms: int) -> None:
        assert abs(received_ms - SystemClock().now_ms()) < 5_000
        self.pushes.append(push)
        self.frames.append(frame)

    @property
    def state(self) -> LinkState:
        return self.link.status.state

    @property
    def states(self) -> list[LinkState]:
        return [status.state for status in self.statuses]

    async def until(self, *states: LinkState) -> LinkStatus:
        await eventually(lambda: self.state in states)
        return self.link.status

    async def __aenter__(self) -> Self:
        self.task = asyncio.create_task(self.link.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.task is not None
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run it and see that it leaves no task behind."""

    async def checked() -> None:
        async with asyncio.timeout(20):
            await main()
        for _ in range(5):  # what a server begins for a connection that is gone already
            await asyncio.sleep(0)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left

    asyncio.run(checked(), debug=False)


def simulator(**options: Any) -> SimulatorServer:
    world = World(4, 1, START_MS, routine=False)
    return SimulatorServer(world, options.pop("feed", None) or RateFeed(world, 200.0), **options)


def silent(**options: Any) -> SimulatorServer:
    return simulator(feed=ReplayFeed([]), initial=False, **options)


class RawServer:
    """Answers each connection with given bytes; keeps all that it was sent."""

    def __init__(self, answer: bytes, *, hangs_up: bool = True) -> None:
        self.got: list[bytes] = []
        self.port = 0
        self.answer = answer
        self._hangs_up = hangs_up
        self._tasks: list[asyncio.Task[Any]] = []
        self._server: asyncio.Server | None = None

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.append(asyncio.create_task(self.serve(reader, writer)))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(self.got)
        self.got.append(b"")
        try:
            with contextlib.suppress(OSError):
                self.got[number] += await reader.read(65_536)
                writer.write(self.answer)
                await writer.drain()
                if self._hangs_up:
                    writer.write_eof()
                while more := await reader.read(65_536):
                    self.got[number] += more
        finally:
            writer.close()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._begin, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def serving(handler: Callable[[ServerConnection], Awaitable[None]]) -> AsyncIterator[str]:
    async with serve(handler, "127.0.0.1", 0, compression=None, close_timeout=0.2) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
