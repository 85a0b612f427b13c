"""The server of a soak, a process: both channels, a fleet, alarms by name, and what goes wrong.

Each line of standard input is an order: ``drop``, ``goodbye``, ``stall S``, ``down S``,
``refuse N`` or ``burst N``. Each alarm and each end of a connection is a line of the log.
"""

import asyncio
import itertools
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.soak.ledger import name_of
from tests.soak.soak_clock import FastClock

_TICK_S = 0.1
_ALARMS_EVERY_S = 1.0


class SoakServer:
    """Sends ``per_s`` snapshots and about one alarm a second to whoever is signed in."""

    def __init__(self, clock: FastClock, devices: int, per_s: float, log: Path) -> None:
        self._clock = clock
        self._devices, self._per_s = devices, per_s
        self._log = log.open("a", encoding="utf-8", buffering=1)
        self._names = itertools.count()
        self._rows = itertools.cycle(range(devices))
        self._numbers = itertools.count()
        self._peers: dict[str, dict[int, ServerConnection]] = {"devices": {}, "messages": {}}
        self._stalled_until_s = 0.0
        self._down = asyncio.Lock()
        self._refusals = 0
        self._listening: dict[str, Server] = {}
        self._ports: dict[str, int] = {"devices": 0, "messages": 0}

    async def open(self) -> None:
        """Listen on both ports, the same as before."""
        for channel, port in self._ports.items():
            handler = self._handler(channel)
            server = await serve(handler, "127.0.0.1", port, compression=None, ping_interval=None)
            self._listening[channel] = server
            self._ports[channel] = server.sockets[0].getsockname()[1]

    def addresses(self) -> list[str]:
        """Where the channels are."""
        return [f"ws://127.0.0.1:{port}/" for port in self._ports.values()]

    def _handler(self, channel: str) -> Callable[[ServerConnection], Any]:
        async def handle(connection: ServerConnection) -> None:
            number = next(self._numbers)
            try:
                while (await connection.recv()) == "ping":
                    pass
                if self._refusals > 0:
                    self._refusals -= 1
                    await connection.send('{"error": 1, "msg": "server busy, try again"}')
                    return
                self._peers[channel][number] = connection
                async for _text in connection:
                    pass
            except ConnectionClosed:
                pass
            finally:
                self._peers[channel].pop(number, None)
                self._note(connection=number, at_s=time.time())

        return handle

    async def run(self) -> None:
        """Send for ever."""
        owed, next_alarm_s = 0.0, time.time() + 2
        while True:
            await asyncio.sleep(_TICK_S)
            if time.time() < self._stalled_until_s:
                continue
            owed += self._per_s * _TICK_S
            while owed >= 1:
                owed -= 1
                await self._send("devices", self._snapshot(next(self._rows)))
            if time.time() >= next_alarm_s:
                next_alarm_s = time.time() + _ALARMS_EVERY_S
                await self.alarms(1)

    async def alarms(self, count: int) -> None:
        """So many alarms, each of its own name."""
        for _ in range(count):
            name = name_of(next(self._names))
            imei = self._imei(next(self._rows))
            now_ms = self._clock.now_ms()
            push = {
                "type": "messagePass",
                "from_id": 1,
                "from_name": "Alarm",
                "message": name,
                "alarm_msg": {"imei": imei, "date": now_ms},
                "date": now_ms,
            }
            for number in await self._send("messages", push):
                self._note(name=name, at_s=time.time(), connection=number)

    async def obey(self, order: str) -> None:
        """What goes wrong now."""
        kind, _, amount = order.partition(" ")
        size = float(amount or 0)
        if kind == "drop":
            self._abort()
        elif kind == "goodbye":
            peers = [each for some in self._peers.values() for each in some.values()]
            await asyncio.gather(*(each.close(1012, "restart") for each in peers))
        elif kind == "stall":
            self._stalled_until_s = time.time() + size
        elif kind == "down":
            # Another one while it is down begins when this one is over.
            async with self._down:
                self._abort()
                for server in self._listening.values():
                    server.close(close_connections=False)
                await asyncio.sleep(size)
                await self.open()
        elif kind == "refuse":
            self._refusals = round(size)
            self._abort()
        elif kind == "burst":
            await self.alarms(round(size))

    def _abort(self) -> None:
        for some in self._peers.values():
            for number, connection in list(some.items()):
                self._note(connection=number, at_s=time.time())
                connection.transport.abort()

    async def _send(self, channel: str, push: dict[str, Any]) -> list[int]:
        """The connections that it was written to."""
        text, written = json.dumps(push), []
        for number, connection in list(self._peers[channel].items()):
            try:
                await connection.send(text)
            except ConnectionClosed:
                continue
            written.append(number)
        return written

    def _snapshot(self, row: int) -> dict[str, Any]:
        now_ms = self._clock.now_ms()
        status = {
            "date": now_ms,
            "location_date": now_ms,
            "lat": 50 + row / 1000,
            "lng": 8 + (now_ms // 10_000 % 100) / 1000,
            "speed": row % 90,
            "latlng_valid": 1,
            "acc": 1,
            "external_power_voltage": 12 + row % 20 / 10,
            "cur_event": 0,
        }
        data = {"imei": self._imei(row), "model": "TLW2-12B", "status": status}
        return {"event": "snapshot", "data": data, "error": 0}

    def _imei(self, row: int) -> str:
        return str(860_000_000_000_000 + row)

    def _note(self, **facts: Any) -> None:
        self._log.write(json.dumps(facts) + "\n")


async def main() -> None:
    start_s, speed, devices, per_s, log = sys.argv[1:]
    clock = FastClock(float(start_s), float(speed))
    server = SoakServer(clock, int(devices), float(per_s), Path(log))
    await server.open()
    print(*server.addresses(), flush=True)
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:

        def obey(order: str) -> None:
            tasks.create_task(server.obey(order))

        def read() -> None:
            for line in sys.stdin:
                loop.call_soon_threadsafe(obey, line.strip())
            loop.call_soon_threadsafe(over.set)

        threading.Thread(target=read, daemon=True).start()
        sending = tasks.create_task(server.run())
        await over.wait()
        sending.cancel()


if __name__ == "__main__":
    asyncio.run(main())
