"""Serves both push channels on loopback ports: sign-in, the feed, and scripted faults."""

import asyncio
from collections.abc import Coroutine, Iterable
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.protocol.channels import PING_TEXT, Channel
from tftmonitor.simulator.feeds.live import WorldFeed
from tftmonitor.simulator.fleet.world import World
from tftmonitor.simulator.outgoing import Feed
from tftmonitor.simulator.server.broadcaster import Broadcaster
from tftmonitor.simulator.server.client import Client
from tftmonitor.simulator.server.fault_runner import FaultRunner
from tftmonitor.simulator.server.faults import Fault
from tftmonitor.simulator.server.frame_log import FrameLog
from tftmonitor.simulator.server.listener import Listener
from tftmonitor.simulator.server.sign_in import check_sign_in, refusal_frame

if TYPE_CHECKING:
    from tftmonitor.simulator.server.http_interface import HttpInterface

# Initial snapshots per step (2 ms of work), and the pause between steps.
_INITIAL_CHUNK = 50
_INITIAL_PAUSE_S = 0.005
# WebSocket close code of a refused sign-in.
_POLICY_VIOLATION = 1008


class SimulatorServer:
    """Both channels on ``host``; an async context manager, or ``start()`` and ``stop()``.

    With ``http_port`` (0 for a free one) the HTTP interface as well.

    It runs on the loop that starts it and leaves no task, socket or file behind. The feed is
    the world's own unless another is given; the world is then only used for faults.
    """

    def __init__(
        self,
        world: World,
        feed: Feed | None = None,
        *,
        host: str = "127.0.0.1",
        device_port: int = 0,
        message_port: int = 0,
        http_port: int | None = None,
        users: dict[str, str] | None = None,
        initial: bool = True,
        faults: Iterable[Fault] = (),
        log: Path | None = None,
    ) -> None:
        self._world = world
        self._feed = feed or WorldFeed(world)
        self._host = host
        self._ports = {Channel.DEVICES: device_port, Channel.MESSAGES: message_port}
        self._users = users
        self._initial = initial
        self.http = None if http_port is None else _http_interface(host, http_port, users, world)
        self._faults = tuple(faults)
        self._log_path = log
        self._log: FrameLog | None = None
        self._listeners: dict[Channel, Listener] = {}
        self._broadcaster = Broadcaster()
        self._tasks: list[asyncio.Task[None]] = []
        self._started_s = 0.0
        self.ended = asyncio.Event()

    @property
    def device_url(self) -> str:
        """Address of the devices channel, once started."""
        return self._listeners[Channel.DEVICES].url

    @property
    def message_url(self) -> str:
        """Address of the messages channel, once started."""
        return self._listeners[Channel.MESSAGES].url

    def names(self) -> dict[str, str]:
        """The local name of each device, by ``imei``."""
        return self._world.names()

    def signed_in(self, channel: Channel) -> int:
        """How many clients are signed in."""
        return self._broadcaster.count(channel)

    async def start(self) -> None:
        """Open both ports, start the feed and the script of faults."""
        if self._log_path is not None:
            self._log = FrameLog(self._log_path)
        self._started_s = asyncio.get_running_loop().time()
        try:
            for channel, port in self._ports.items():
                listener = Listener(channel, self._host, port, self._serve)
                await listener.open()
                self._listeners[channel] = listener
            if self.http is not None:
                await self.http.open()
        except OSError:
            await self.stop()
            raise
        runner = self._fault_runner()
        self._start_task(self._run_feed())
        for fault in self._faults:
            self._start_task(runner.schedule(fault))

    async def stop(self) -> None:
        """Close every connection, port and file and await every task."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(
            *(listener.close(abrupt=False) for listener in self._listeners.values())
        )
        if self.http is not None:
            await self.http.close()
        if self._log is not None:
            self._log.close()
            self._log = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def perform(self, fault: Fault) -> None:
        """Perform the fault now, whatever its ``at_s``; returns when it is over."""
        await self._fault_runner().perform(fault)

    def _fault_runner(self) -> FaultRunner:
        return FaultRunner(
            self._listeners,
            self._broadcaster,
            self._world.roster,
            self._now_ms,
            self._set_http_fault,
        )

    def _set_http_fault(self, fault: str) -> None:
        if self.http is not None:
            self.http.fault = fault

    def _now_ms(self) -> int:
        elapsed_s = asyncio.get_running_loop().time() - self._started_s
        # A feed can have advanced the world further than this server has run.
        return max(self._world.now_ms, self._world.start_ms + int(elapsed_s * SECOND_MS))

    def _start_task(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work, name="simulator"))

    async def _run_feed(self) -> None:
        feed, broadcaster = self._feed, self._broadcaster
        await broadcaster.wait_signed_in(feed.required_channels)
        loop = asyncio.get_running_loop()
        started_s = loop.time() if feed.required_channels else self._started_s
        while (due_s := feed.next_s()) is not None:
            await asyncio.sleep(max(0.0, started_s + due_s - loop.time()))
            elapsed_s = loop.time() - started_s
            if broadcaster:
                broadcaster.send(feed.drain(elapsed_s))
            else:
                feed.skip(elapsed_s)
            if feed.waits_for_clients:
                await broadcaster.wait_writable(Channel)
        await broadcaster.wait_writable(Channel)
        self.ended.set()

    async def _serve(self, connection: ServerConnection) -> None:
        listener = next(each for each in self._listeners.values() if connection in each.connections)
        try:
            if await self._authenticate(connection, listener):
                await self._run_client(connection, listener)
        except (ConnectionClosed, OSError):
            return

    async def _authenticate(self, connection: ServerConnection, listener: Listener) -> bool:
        text: str | bytes = PING_TEXT
        while text == PING_TEXT:
            text = await connection.recv()
        refusal = listener.refusal or check_sign_in(listener.channel, text, self._users).refusal
        if refusal:
            await connection.send(refusal_frame(listener.channel, refusal), text=True)
            await connection.close(_POLICY_VIOLATION, refusal[:100])
        return not refusal

    async def _run_client(self, connection: ServerConnection, listener: Listener) -> None:
        client = Client(connection, listener, self._broadcaster.next_number(), self._log)
        tasks = [asyncio.create_task(client.run(), name=f"simulator client {client.number}")]
        if self._initial and listener.channel is Channel.DEVICES:
            initial = self._send_initial(client)
            tasks.append(asyncio.create_task(initial, name=f"simulator fill {client.number}"))
        self._broadcaster.add(client)
        try:
            async for _text in connection:
                pass  # "ping" at any time, never answered
        finally:
            self._broadcaster.remove(client)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _send_initial(self, client: Client) -> None:
        frames = self._feed.initial()
        while chunk := list(islice(frames, _INITIAL_CHUNK)):
            client.enqueue(chunk)
            await asyncio.sleep(_INITIAL_PAUSE_S)


def _http_interface(
    host: str, port: int, users: dict[str, str] | None, world: World
) -> "HttpInterface":
    # The demo does without, and its start is to be short.
    from tftmonitor.simulator.server.http_interface import HttpInterface

    return HttpInterface(host, port, users, world.listed)
