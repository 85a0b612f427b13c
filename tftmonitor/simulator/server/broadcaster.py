"""The signed-in clients by channel, and sending to all of them."""

import asyncio
from collections.abc import Iterable, Sequence

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.outgoing import Outgoing
from tftmonitor.simulator.server.client import Client


class Broadcaster:
    """The signed-in clients of a server. Used by ``SimulatorServer`` and ``FaultRunner``."""

    def __init__(self) -> None:
        self._clients: dict[Channel, set[Client]] = {channel: set() for channel in Channel}
        self._joined = asyncio.Event()
        self._last_number = 0

    def __bool__(self) -> bool:
        return any(self._clients.values())

    def next_number(self) -> int:
        """A number for a new client."""
        self._last_number += 1
        return self._last_number

    def add(self, client: Client) -> None:
        """Send to this client from now on."""
        self._clients[client.channel].add(client)
        self._joined.set()

    def remove(self, client: Client) -> None:
        """Send nothing more to this client."""
        self._clients[client.channel].discard(client)

    def count(self, channel: Channel) -> int:
        """How many clients are signed in."""
        return len(self._clients[channel])

    def send(self, batch: Sequence[Outgoing]) -> None:
        """Queue each frame for every client of its channel, without waiting."""
        for channel, clients in self._clients.items():
            if clients:
                frames = [outgoing for outgoing in batch if outgoing.channel is channel]
                for client in clients:
                    client.enqueue(frames)

    async def wait_writable(self, channels: Iterable[Channel]) -> None:
        """Return once every client of these channels has written most of its outbox."""
        for channel in channels:
            for client in tuple(self._clients[channel]):
                await client.wait_writable()

    async def wait_signed_in(self, channels: Iterable[Channel]) -> None:
        """Return once a client is signed in on each of these channels."""
        required = tuple(channels)
        while not all(self._clients[channel] for channel in required):
            self._joined.clear()
            await self._joined.wait()
