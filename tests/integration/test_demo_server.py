"""The demo's server listens in a thread of its own, on real sockets, and goes without a trace."""

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.sync.client import connect as connect_blocking

from tftmonitor.monitor import demo_server
from tftmonitor.monitor.demo_server import DEMO_PASSWORD, DEMO_USER, DemoServer
from tftmonitor.protocol.channels import Channel, Credential, sign_in_frame
from tftmonitor.simulator.server.server import SimulatorServer

ACCOUNT = Credential.from_password(DEMO_USER, DEMO_PASSWORD)


@pytest.fixture
def server() -> Iterator[DemoServer]:
    made = DemoServer(devices=5)
    yield made
    made.stop()


def demo_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "demo server"]


def test_started_server_sends_named_devices_to_whoever_signs_in(server: DemoServer) -> None:
    urls, names = server.start()
    assert set(urls) == set(Channel)
    assert len(names) == 5

    async def first_imei() -> str:
        async with asyncio.timeout(20), connect(urls[Channel.DEVICES]) as socket:
            await socket.send(sign_in_frame(Channel.DEVICES, ACCOUNT))
            async for frame in socket:
                push = json.loads(frame)
                if push.get("event") == "snapshot":
                    return str(push["data"]["imei"])
        raise AssertionError("no snapshot came")

    assert asyncio.run(first_imei()) in names


def test_stop_ends_the_thread_and_frees_the_ports(server: DemoServer) -> None:
    urls, _names = server.start()
    assert len(demo_threads()) == 1
    server.stop()
    assert demo_threads() == []
    with pytest.raises(ConnectionRefusedError):
        connect_blocking(urls[Channel.DEVICES], open_timeout=5)


def test_stop_again_does_nothing(server: DemoServer) -> None:
    server.start()
    server.stop()
    server.stop()
    assert demo_threads() == []


def test_server_that_was_never_started_has_nothing_to_stop() -> None:
    server = DemoServer(devices=5)
    server.stop()
    assert demo_threads() == []
    server.start()  # and may still be started
    server.stop()


def test_port_that_cannot_be_had_is_an_error_at_the_start(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_server: SimulatorServer) -> None:
        raise OSError("no port")

    monkeypatch.setattr(SimulatorServer, "__aenter__", refuse)
    with pytest.raises(OSError, match="no port"):
        server.start()
    server.stop()
    assert demo_threads() == []


def test_failure_after_the_start_is_raised_in_the_thread(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[str] = []
    monkeypatch.setattr(
        threading, "excepthook", lambda hooked: failures.append(str(hooked.exc_value))
    )

    leave = SimulatorServer.__aexit__

    async def fail(server: SimulatorServer, *error: Any) -> None:
        await leave(server, *error)
        raise RuntimeError("broken")

    monkeypatch.setattr(SimulatorServer, "__aexit__", fail)
    server.start()
    server.stop()
    assert failures == ["broken"]


def test_server_is_found_on_loopback_alone(server: DemoServer) -> None:
    urls, _names = server.start()
    assert [url.startswith("ws://127.0.0.1:") for url in urls.values()] == [True, True]


def test_stop_of_a_server_that_still_starts_does_not_wait_for_ever(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    serve = DemoServer._serve

    async def slow(server: DemoServer) -> None:
        gate.wait(10)
        await serve(server)

    monkeypatch.setattr(DemoServer, "_serve", slow)
    monkeypatch.setattr(demo_server, "_STOP_LIMIT_S", 0.05)
    server._thread.start()
    server.stop()
    assert len(demo_threads()) == 1
    monkeypatch.undo()
    gate.set()
    server._ready.result(10)
    server.stop()
    assert demo_threads() == []
