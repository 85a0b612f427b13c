"""The server's end of one signed-in client: an outbox, and the loop that writes it out."""

import asyncio
from collections import deque
from collections.abc import Iterable

import msgspec
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed, InvalidState

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.outgoing import Outgoing
from tftmonitor.simulator.server.frame_log import FrameLog
from tftmonitor.simulator.server.listener import Listener

# About 100 kB of snapshots: one write, well below a millisecond.
_CHUNK = 64
# A client that lags further behind than this is dropped, as any server would.
_OUTBOX_LIMIT = 100_000
# Below this, a flood goes on.
_LOW_WATER = 256


class Client:
    """One signed-in connection; ``enqueue`` queues, ``run`` writes until the socket ends."""

    def __init__(
        self, connection: ServerConnection, listener: Listener, number: int, log: FrameLog | None
    ) -> None:
        self.number = number
        self.channel: Channel = listener.channel
        self._connection = connection
        self._listener = listener
        self._log = log
        self._outbox: deque[Outgoing] = deque()
        self._not_empty = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()

    def enqueue(self, batch: Iterable[Outgoing]) -> None:
        """Queue frames of this client's channel, without waiting."""
        self._outbox.extend(batch)
        if len(self._outbox) > _OUTBOX_LIMIT:
            self._connection.transport.abort()
            self._outbox.clear()
        if self._outbox:
            self._not_empty.set()
        if len(self._outbox) > _LOW_WATER:
            self._writable.clear()

    async def wait_writable(self) -> None:
        """Return once most of the outbox has gone to the socket."""
        await self._writable.wait()

    async def run(self) -> None:
        """Write what is queued until the connection ends."""
        try:
            while True:
                await self._not_empty.wait()
                await self._listener.wait_resumed()
                if self._listener.delay_s:
                    await asyncio.sleep(self._listener.delay_s)
                self._write(1 if self._listener.delay_s else _CHUNK)
                await self._connection.drain()
        except (ConnectionClosed, InvalidState, OSError):
            return
        finally:
            self._writable.set()

    def _write(self, limit: int) -> None:
        count = min(limit, len(self._outbox))
        chunk = [self._outbox.popleft() for _ in range(count)]
        if self._listener.wraps:
            chunk = [_wrapped(outgoing) for outgoing in chunk]
        protocol = self._connection.protocol
        for outgoing in chunk:
            if outgoing.binary:
                protocol.send_binary(outgoing.data)
            else:
                protocol.send_text(outgoing.data)
        self._connection.transport.write(b"".join(protocol.data_to_send()))
        if self._log is not None and chunk:
            self._log.write(self.number, chunk)
        if not self._outbox:
            self._not_empty.clear()
        if len(self._outbox) <= _LOW_WATER:
            self._writable.set()


def _wrapped(outgoing: Outgoing) -> Outgoing:
    """The text once more as a JSON text, as the fault ``wrap`` wants it."""
    if outgoing.binary:
        return outgoing
    return Outgoing(outgoing.channel, msgspec.json.encode(outgoing.data.decode()))
