"""Who is signed in on which channel, and the way to all of them."""

import asyncio
from collections.abc import Iterable, Sequence

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.outgoing import Outgoing
from tftmonitor.simulator.server.client import Client


class Broadcaster:
    """The signed-in clients. Used by the server and the stage."""

    def __init__(self) -> None:
        self._clients: dict[Channel, set[Client]] = {channel: set() for channel in Channel}
        self._joined = asyncio.Event()
        self._numbers = 0

    def __bool__(self) -> bool:
        return any(self._clients.values())

    def next_number(self) -> int:
        """A number for a new client."""
        self._numbers += 1
        return self._numbers

    def join(self, client: Client) -> None:
        """Count the client in; it gets what is sent from now on."""
        self._clients[client.channel].add(client)
        self._joined.set()

    def leave(self, client: Client) -> None:
        """Count the client out."""
        self._clients[client.channel].discard(client)

    def count(self, channel: Channel) -> int:
        """How many are signed in."""
        return len(self._clients[channel])

    def send(self, batch: Sequence[Outgoing]) -> None:
        """Queue frames to everybody on their channels, without waiting."""
        for channel, clients in self._clients.items():
            if clients:
                mine = [outgoing for outgoing in batch if outgoing.channel is channel]
                for client in clients:
                    client.offer(mine)

    async def room(self, channels: Iterable[Channel]) -> None:
        """Return once every client there has written most of what it was offered."""
        for channel in channels:
            for client in tuple(self._clients[channel]):
                await client.room()

    async def everybody(self, channels: Iterable[Channel]) -> None:
        """Return once somebody is signed in on each of these channels."""
        wanted = tuple(channels)
        while not all(self._clients[channel] for channel in wanted):
            self._joined.clear()
            await self._joined.wait()
