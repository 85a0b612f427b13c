"""The demo: a simulator on loopback ports, in a thread with a loop of its own."""

import asyncio
import contextlib
import threading
from concurrent.futures import Future

from tftmonitor.base.clock import SECOND_MS, SystemClock
from tftmonitor.protocol.channels import Channel

DEMO_USER = "demo"
DEMO_PASSWORD = "demo"  # noqa: S105 - the built-in simulator takes any
# As much as the plots show, so that the first picture is of a drive and not of a dot.
_PAST_S = 900.0
_START_LIMIT_S = 10.0
_STOP_LIMIT_S = 5.0


class DemoServer:
    """Starts and stops the simulator; the program reaches it as it would the real server."""

    def __init__(self, devices: int, seed: int = 7) -> None:
        self._devices = devices
        self._seed = seed
        self._ready: Future[tuple[dict[Channel, str], dict[str, str]]] = Future()
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="demo server", daemon=True)

    def start(self) -> tuple[dict[Channel, str], dict[str, str]]:
        """Listen; returns the address of each channel and the local names by IMEI.

        Raises OSError when no port can be had.
        """
        self._thread.start()
        return self._ready.result(_START_LIMIT_S)

    def stop(self) -> None:
        """End the server and wait for its thread; nothing where none runs."""
        if not self._thread.is_alive():
            return
        if self._loop is not None and self._stop is not None:
            # Its loop may have come to its own end meanwhile, and is closed then.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STOP_LIMIT_S)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _serve(self) -> None:
        # The window begins without the simulator, and mostly stays without it.
        from tftmonitor.simulator.feeds.backlog import BacklogFeed
        from tftmonitor.simulator.fleet.world import World
        from tftmonitor.simulator.server.server import SimulatorServer

        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        start_ms = SystemClock().now_ms() - round(_PAST_S * SECOND_MS)
        world = World(self._devices, self._seed, start_ms, odd=True, opens_after_s=_PAST_S)
        server = SimulatorServer(world, BacklogFeed(world, _PAST_S))
        async with server:
            urls = {Channel.DEVICES: server.device_url, Channel.MESSAGES: server.message_url}
            self._ready.set_result((urls, dict(world.names())))
            await self._stop.wait()
