"""Servers that mean harm, or are broken as if they did: each on real sockets."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.frames import Frame, Opcode

from tests.integration.recorded_link import (
    SNAPSHOT,
    RecordedLink,
    eventually,
    run,
    serving,
    simulator,
)
from tftmonitor.base import backoff
from tftmonitor.link import client, paced_connection, resolver
from tftmonitor.link.network import Network
from tftmonitor.protocol.link_status import LinkState
from tftmonitor.protocol.messages import InvalidPush
from tftmonitor.simulator.server.faults import parse_fault

UNREAD = "server does not read what is sent to it"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)


def test_time_to_notice_a_peer_that_does_not_read_stays_below_45_s() -> None:
    slowest_s = (
        client.KEEP_ALIVE_S
        + client.KEEP_ALIVE_TIMEOUT_S
        + max(client.CLOSE_TIMEOUT_S, paced_connection.SEND_TIMEOUT_S)
    )
    assert slowest_s < 45
    assert 2 * client.CLOSE_TIMEOUT_S < 5


def test_server_that_floods_pings_and_never_reads_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paced_connection, "SEND_TIMEOUT_S", 1.0)
    small_buffers(monkeypatch)
    unsent = 0

    async def main() -> None:
        nonlocal unsent
        async with simulator() as server, RecordedLink(server.device_url) as recorded:
            await recorded.until(LinkState.LIVE)
            flood = asyncio.create_task(server.perform(parse_fault("pings+60/devices")))
            while recorded.state is LinkState.LIVE:
                connection = recorded.link._connection
                if connection is not None:
                    unsent = max(unsent, connection.transport.get_write_buffer_size())
                await asyncio.sleep(0.01)
            assert 30_000 < unsent < 40_000  # the library's limit, and no more
            assert (await recorded.until(LinkState.WAITING)).reason == UNREAD
            flood.cancel()
            await asyncio.gather(flood, return_exceptions=True)
            await recorded.until(LinkState.LIVE)

    run(main)


def small_buffers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket that takes little, so that what is unsent stays below the limit in bytes."""
    made = paced_connection.PacedConnection.connection_made

    def connection_made(
        self: paced_connection.PacedConnection, transport: asyncio.Transport
    ) -> None:
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2_048)
        made(self, transport)

    monkeypatch.setattr(paced_connection.PacedConnection, "connection_made", connection_made)


@contextlib.asynccontextmanager
async def reading_little() -> AsyncIterator[str]:
    """A server that pings until the answers fill all buffers of the sockets, and reads none."""
    is_over = asyncio.Event()

    async def trickle(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send(SNAPSHOT % 1)
        transport = connection.transport
        transport.pause_reading()
        for _ in range(4_000):
            transport.write(b"\x89\x7d" + bytes(125))
            await asyncio.sleep(0)
        await is_over.wait()
        transport.abort()

    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
    async with serve(
        trickle, sock=listening, compression=None, ping_interval=None, close_timeout=0.2
    ):
        yield f"ws://127.0.0.1:{listening.getsockname()[1]}"
        is_over.set()


def test_what_cannot_be_sent_has_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced_connection, "SEND_TIMEOUT_S", 0.5)
    small_buffers(monkeypatch)

    async def main() -> None:
        async with reading_little() as url, RecordedLink(url) as recorded:
            await recorded.until(LinkState.LIVE)
            status = await recorded.until(LinkState.WAITING)
            assert status.reason == UNREAD

    run(main)


def test_ending_does_not_wait_for_a_peer_that_does_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paced_connection, "SEND_TIMEOUT_S", 60.0)
    small_buffers(monkeypatch)

    async def main() -> None:
        async with reading_little() as url, RecordedLink(url) as recorded:
            await recorded.until(LinkState.LIVE)
            connection = recorded.link._connection
            assert connection is not None
            await eventually(lambda: connection.paused)
            began_s = time.monotonic()
            assert recorded.task is not None
            recorded.task.cancel()
            await asyncio.gather(recorded.task, return_exceptions=True)
            assert time.monotonic() - began_s < 4.5
            assert recorded.state is LinkState.OFF

    run(main)


SIMULATOR = """
import asyncio, sys
from tftmonitor.simulator.feeds.live import RateFeed
from tftmonitor.simulator.fleet.world import World
from tftmonitor.simulator.server.faults import parse_fault
from tftmonitor.simulator.server.server import SimulatorServer
async def main():
    world = World(4, 1, 1_795_000_000_123, routine=False)
    server = SimulatorServer(world, RateFeed(world, 200.0))
    await server.start()
    print(server.device_url, flush=True)
    while not server.signed_in(next(iter(server._listeners))):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    print("broken", flush=True)
    await server.perform(parse_fault(sys.argv[1]))
asyncio.run(main())
"""


def words_of(program: str, url: str, profile: Path) -> list[str]:
    at = ["--user", "demo", "--device-url", url]
    if program == "window":
        return [*at, "--message-url", url, "--profile", str(profile)]
    return ["watch", *at, "--only", "devices"]


@pytest.mark.parametrize("fault", ["pings+60/devices", "stall+60/devices"])
@pytest.mark.parametrize("program", ["watch", "window"])
def test_program_ends_at_sigterm_though_its_server_reads_nothing(
    program: str, fault: str, tmp_path: Path
) -> None:
    environment = os.environ | {
        "TFTMONITOR_PASSWORD": "secret",
        "HOME": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
    }
    server = subprocess.Popen(
        [sys.executable, "-c", SIMULATOR, fault], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        words = words_of(program, server.stdout.readline().strip(), tmp_path / "profile")
        running = subprocess.Popen(
            [sys.executable, "-m", "tftmonitor", *words],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert server.stdout.readline().strip() == "broken"
            time.sleep(0.5)  # some of the flood has come
            began_s = time.monotonic()
            running.send_signal(signal.SIGTERM)
            assert running.wait(20) == 0
            # Twice what a busy machine takes: the flood goes on while it ends.
            assert time.monotonic() - began_s < 12
        finally:
            running.kill()
            running.wait()
    finally:
        server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"\x81\x82abcd..", "masked frame, which only a client may send"),
        (b"\xc1\x02{}", "compressed frame, which was not asked for"),
        (b"\x83\x02{}", "frame of an unknown kind"),
        (b"\x89\x7e\x01\x00" + bytes(256), "control frame that is too long"),
        (b"\x09\x01x", "control frame in parts"),
        (b"\x80\x01x", "part of a message that never began"),
        (b"\x01\x01x\x81\x01x", "frame in the middle of another message"),
        (b"\x88\x01x", "damaged close frame"),
        (b"\x88\x02\x00\x01", "close frame with an impossible code"),
        (b"\x88\x03\x03\xe8\xff", "close frame that is not UTF-8"),
        (b"\x81\x7f\x00\x00\x00\x00\x02\x00\x00\x00", "larger than 16777216 bytes"),
    ],
)
def test_frame_that_may_not_be_is_named_counted_and_no_refusal(raw: bytes, fault: str) -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.recv()
        connection.transport.write(raw)
        with contextlib.suppress(Exception):
            await connection.wait_closed()

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            await eventually(lambda: len(recorded.pushes) == 3)
            for push in recorded.pushes:
                assert isinstance(push, InvalidPush)
                assert push.problem == fault
            reasons = {s.reason for s in recorded.statuses if s.state is LinkState.WAITING}
            assert reasons == {f"server sent what cannot be read: {fault}"}
            assert LinkState.REFUSED not in recorded.states

    run(main)


def test_message_in_parts_without_end_is_not_collected() -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send(SNAPSHOT % 1)
        first, part = (Frame(code, b"", fin=False) for code in (Opcode.TEXT, Opcode.CONT))
        connection.transport.write(first.serialize(mask=False))
        with contextlib.suppress(Exception):
            while True:
                connection.transport.write(part.serialize(mask=False) * 1_000)
                await asyncio.sleep(0.001)
                await connection.drain()
                if connection.transport.is_closing():
                    return

    async def main() -> None:
        async with serving(handler) as url, RecordedLink(url) as recorded:
            await recorded.until(LinkState.LIVE)
            status = await recorded.until(LinkState.WAITING)
            assert status.reason == "server sent a message in too many parts"

    run(main)


def test_server_that_insists_on_compression_is_named() -> None:
    async def add_extension(connection: ServerConnection, _: object, response: object) -> None:
        response.headers["Sec-WebSocket-Extensions"] = "permessage-deflate"  # type: ignore[attr-defined]

    async def main() -> None:
        async def handler(connection: ServerConnection) -> None:
            await connection.wait_closed()

        async with serve(
            handler, "127.0.0.1", 0, compression=None, process_response=add_extension
        ) as server:
            url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            async with RecordedLink(url) as recorded:
                status = await recorded.until(LinkState.WAITING)
                assert "extension that was not asked for" in status.reason

    run(main)


def test_name_service_that_is_away_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "OPEN_TIMEOUT_S", 0.2)
    asked: list[str] = []

    def away(host: str, *_: object, **__: object) -> None:
        asked.append(host)
        time.sleep(2)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", away)
    network = Network("none")
    began_s = time.monotonic()

    async def main() -> None:
        async with RecordedLink("ws://server.example", network=network) as recorded:
            status = await recorded.until(LinkState.WAITING)
            assert status.reason == "name service does not answer"
            await eventually(lambda: recorded.states.count(LinkState.WAITING) == 3)

    run(main)  # with the threads of the loop, which it joins
    assert time.monotonic() - began_s < 1.5
    assert asked == ["server.example"]  # by one thread, however often it was tried


@pytest.mark.parametrize("addresses", [["::1", "127.0.0.1"], ["127.0.0.1", "::1"]])
def test_host_of_which_one_address_is_dead_is_reached_at_the_other(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def both(host: str, port: int) -> list[str]:
        assert host == "server.example"
        return addresses

    monkeypatch.setattr(client, "resolve", both)

    async def main() -> None:
        async with simulator() as server:
            url = server.device_url.replace("127.0.0.1", "server.example")
            async with RecordedLink(url, network=Network("none")) as recorded:
                await recorded.until(LinkState.LIVE)
                assert LinkState.WAITING not in recorded.states

    run(main)


AWAY = """
import os, socket, sys, time
def away(*_, **__):
    os.write(1, b"asked\\n")  # whole, though both channels ask at once
    time.sleep(60)
socket.getaddrinfo = away
from tftmonitor.cli import main
sys.exit(main(["watch", "--user", "demo", "--device-url", "wss://server.example"]))
"""


def test_command_ends_at_sigterm_while_its_name_service_is_away() -> None:
    environment = os.environ | {"TFTMONITOR_PASSWORD": "secret", "NO_PROXY": "*"}
    running = subprocess.Popen(
        [sys.executable, "-c", AWAY],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == "asked\n"
        running.send_signal(signal.SIGTERM)
        assert running.wait(5) == 0
    finally:
        running.kill()
        running.wait()
        assert running.stdout is not None
        running.stdout.close()


def test_answer_of_the_name_service_after_the_end_is_nobodys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def found(*_: object, **__: object) -> list[tuple[object, ...]]:
        time.sleep(0.05)
        return [(0, 0, 0, "", ("192.0.2.1", 80)), (0, 0, 0, "", ("192.0.2.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", found)

    async def main() -> None:
        assert await resolver.resolve("a.example", 80) == ["192.0.2.1"]
        late = asyncio.create_task(resolver.resolve("b.example", 80))
        await asyncio.sleep(0)
        late.cancel()
        await asyncio.sleep(0.2)
        asyncio.create_task(resolver.resolve("c.example", 80))  # noqa: RUF006 - ends with the loop
        await asyncio.sleep(0)

    asyncio.run(main())
    time.sleep(0.1)
