"""Leaving a connection on purpose: whatever the server sent before its goodbye arrives."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.integration.certificates import Authority
from tests.integration.recorded_link import (
    ACCOUNT,
    SNAPSHOT,
    RecordedLink,
    eventually,
    run,
    serving,
)
from tests.integration.test_link_monitor import make_monitor
from tftmonitor.base import backoff
from tftmonitor.link import client, reconnect
from tftmonitor.link.network import Network
from tftmonitor.protocol.link_status import LinkState

# More than any socket holds while one side looks away.
CHUNK = 400
FIRST = (SNAPSHOT % 0).encode()


class Flood:
    """Sends as long as it is let, a connection a list: the frames that were on their way."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.sent: list[list[bytes]] = []
        self.url = ""
        self._context = context

    async def serve(self, connection: ServerConnection) -> None:
        await connection.recv()
        sent: list[bytes] = []
        self.sent.append(sent)
        with contextlib.suppress(ConnectionClosed):
            while True:
                for _ in range(CHUNK):
                    frame = (SNAPSHOT % len(sent)).encode()
                    await connection.send(frame, text=True)
                    sent.append(frame)
                await asyncio.sleep(0.001)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Flood"]:
        async with serve(
            self.serve, "127.0.0.1", 0, compression=None, ping_interval=None, ssl=self._context
        ) as server:
            scheme = "wss" if self._context else "ws"
            self.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield self


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)


def test_renewing_takes_in_what_was_sent_before() -> None:
    renewing_takes_in(None, Network())


def test_renewing_over_tls_takes_in_what_was_sent_before(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    renewing_takes_in(authority.server(), Network("none", authority.file))


def renewing_takes_in(context: ssl.SSLContext | None, network: Network) -> None:
    async def main() -> None:
        async with (
            Flood(context).running() as flood,
            RecordedLink(flood.url, network=network) as recorded,
        ):
            await eventually(lambda: len(recorded.pushes) > CHUNK)
            recorded.link.renew()
            # Each connection begins with the same frame.
            await eventually(lambda: len(flood.sent) == 2 and recorded.frames.count(FIRST) == 2)
            place = recorded.frames.index(FIRST, 1)
            assert recorded.frames[:place] == flood.sent[0]
            assert LinkState.WAITING not in recorded.states

    run(main)


def test_end_of_a_session_takes_in_what_was_sent_before() -> None:
    async def main() -> None:
        async with Flood().running() as flood, RecordedLink(flood.url) as recorded:
            await eventually(lambda: len(recorded.pushes) > CHUNK)
            await recorded.link.leave()
            assert recorded.frames == flood.sent[0]
            assert recorded.state is LinkState.OFF
            assert recorded.task is not None
            await recorded.task

    run(main)


def test_sign_out_takes_in_what_was_sent_before() -> None:
    async def main() -> None:
        async with Flood().running() as flood:
            monitor = make_monitor(flood.url)
            await monitor.sign_in(ACCOUNT)
            await eventually(lambda: monitor.counters.messages > CHUNK)
            await monitor.sign_out()
            assert monitor.counters.messages == len(flood.sent[0])

    run(main)


def test_leaving_twice_or_before_there_is_a_connection_waits_for_nothing() -> None:
    async def main() -> None:
        async with RecordedLink("ws://127.0.0.1:1") as recorded:
            await recorded.until(LinkState.WAITING)
            await recorded.link.leave()
        async with Flood().running() as flood, RecordedLink(flood.url) as recorded:
            await eventually(lambda: len(recorded.pushes) > CHUNK)
            recorded.link.renew()
            await recorded.link.leave()
            assert recorded.frames == flood.sent[0]

    run(main)


@pytest.mark.parametrize("is_leaving", [False, True])
def test_peer_that_answers_no_goodbye_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, is_leaving: bool
) -> None:
    monkeypatch.setattr(client, "CLOSE_TIMEOUT_S", 0.2)
    monkeypatch.setattr(reconnect, "LEAVE_TIMEOUT_S", 1.0)
    connections, over = 0, asyncio.Event()

    async def deaf(connection: ServerConnection) -> None:
        nonlocal connections
        connections += 1
        await connection.recv()
        await connection.send(SNAPSHOT % 1)
        connection.transport.pause_reading()
        await over.wait()
        connection.transport.abort()

    async def main() -> None:
        async with serving(deaf) as url, RecordedLink(url) as recorded:
            await recorded.until(LinkState.LIVE)
            if is_leaving:
                await recorded.link.leave()
                assert recorded.state is LinkState.OFF
            else:
                recorded.link.renew()
                await eventually(lambda: connections == 2)
                await recorded.until(LinkState.LIVE)
            over.set()

    run(main)
