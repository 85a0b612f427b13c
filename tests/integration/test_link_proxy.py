"""Ways through proxies, on real sockets: HTTP and SOCKS, from the settings and the environment."""

import asyncio
import logging
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.asyncio import client as library

from tests.integration.certificates import Authority
from tests.integration.proxy_server import ProxyServer
from tests.integration.recorded_link import (
    ACCOUNT,
    SNAPSHOT,
    RawServer,
    RecordedLink,
    eventually,
    run,
    simulator,
)
from tftmonitor.base import backoff
from tftmonitor.link import client
from tftmonitor.link.network import Network
from tftmonitor.protocol.link_status import LinkState
from tftmonitor.simulator.server.faults import parse_fault
from tftmonitor.simulator.server.server import SimulatorServer

# Nobody but a proxy finds it.
URL = "ws://feed.invalid:8443/websocket"
LOGIN = "user:hunter2"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    monkeypatch.setattr(client, "CLOSE_TIMEOUT_S", 0.2)
    for name in ("ws", "wss", "socks", "http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name.upper()}_PROXY", raising=False)


def port_of(server: SimulatorServer) -> int:
    port = urlsplit(server.device_url).port
    assert port is not None
    return port


@pytest.fixture(params=["http", "socks5h"])
def scheme(request: pytest.FixtureRequest) -> str:
    if request.param != "http":
        pytest.importorskip("python_socks", reason="the extra 'socks' is not installed")
    return str(request.param)


@pytest.mark.parametrize("login", ["", LOGIN])
def test_proxy_of_the_settings_leads_to_the_server_and_finds_its_name(
    scheme: str, login: str
) -> None:
    async def main() -> None:
        async with (
            simulator() as server,
            ProxyServer(port_of(server), login=login, socks=scheme != "http") as proxy,
        ):
            at = f"{login}@" if login else ""
            network = Network(f"{scheme}://{at}127.0.0.1:{proxy.port}")
            async with RecordedLink(URL, network=network) as recorded:
                await recorded.until(LinkState.LIVE)
                assert proxy.asked == [("feed.invalid", 8443)]
                await server.perform(parse_fault("drop"))
                await eventually(lambda: recorded.states.count(LinkState.LIVE) == 2)

    run(main)


@pytest.mark.parametrize("variable", ["ALL_PROXY", "all_proxy", "WS_PROXY", "HTTP_PROXY"])
def test_proxy_of_the_environment_is_used(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with simulator() as server, ProxyServer(port_of(server)) as proxy:
            monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
            async with RecordedLink(URL) as recorded:
                await recorded.until(LinkState.LIVE)
                assert proxy.asked == [("feed.invalid", 8443)]

    run(main)


def test_setting_none_goes_past_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def main() -> None:
        async with simulator() as server, ProxyServer(port_of(server)) as proxy:
            monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
            async with RecordedLink(URL, network=Network("none")) as recorded:
                await recorded.until(LinkState.WAITING)
                assert proxy.asked == []

    run(main)


def test_wrong_password_of_a_proxy_is_named_and_not_shown(
    scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def main() -> None:
        async with ProxyServer(1, login="user:right", socks=scheme != "http") as proxy:
            network = Network(f"{scheme}://{LOGIN}@127.0.0.1:{proxy.port}")
            async with RecordedLink(URL, network=network) as recorded:
                lost = await recorded.until(LinkState.WAITING)
                place = f"proxy 127.0.0.1:{proxy.port}"
                assert place in lost.reason
                assert "wants a user and password" in lost.reason or "uthentic" in lost.reason
                assert "password" in lost.advice
                assert "hunter2" not in f"{recorded.statuses} {asyncio.all_tasks()}"

    run(main)
    logs = [record for record in caplog.records if not record.name.startswith("websockets")]
    assert logs
    assert not any("hunter2" in record.getMessage() for record in logs)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n", "answers with HTTP 502 (it cannot reach"),
        (b"HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n", "answers with HTTP 503 (it cannot reach"),
        (b"HTTP/1.1 504 X\r\nContent-Length: 0\r\n\r\n", "answers with HTTP 504 (the server does"),
        (
            b"HTTP/1.1 403 X\r\nContent-Length: 0\r\n\r\n",
            "answers with HTTP 403 (it does not",
        ),
        (b"HTTP/1.1 302 X\r\nLocation: http://a/\r\nContent-Length: 0\r\n\r\n", "HTTP 302 (Found)"),
        (b"SSH-2.0-x\r\n\r\n", "does not speak HTTP"),
    ],
)
def test_what_an_http_proxy_answers_is_named(answer: bytes, reason: str) -> None:
    async def main() -> None:
        async with ProxyServer(1, answer=answer) as proxy:
            network = Network(f"http://127.0.0.1:{proxy.port}")
            async with RecordedLink(URL, network=network) as recorded:
                lost = await recorded.until(LinkState.WAITING)
                assert f"proxy 127.0.0.1:{proxy.port} " in lost.reason
                assert reason in lost.reason
                assert lost.advice

    run(main)


def test_socks_proxy_that_reaches_nobody_is_named() -> None:
    pytest.importorskip("python_socks", reason="the extra 'socks' is not installed")

    async def main() -> None:
        async with ProxyServer(1, answer=b"no", socks=True) as proxy:
            network = Network(f"socks5h://127.0.0.1:{proxy.port}")
            async with RecordedLink(URL, network=network) as recorded:
                lost = await recorded.until(LinkState.WAITING)
                assert f"SOCKS proxy 127.0.0.1:{proxy.port} lets nothing through" in lost.reason
                assert lost.advice

    run(main)


def test_socks_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    async def missing(*_: object, **__: object) -> socket.socket:
        raise ImportError("connecting through a SOCKS proxy requires python-socks")

    monkeypatch.setattr(library, "connect_socks_proxy", missing)

    async def main() -> None:
        async with RecordedLink(URL, network=Network("socks5h://127.0.0.1:1")) as recorded:
            lost = await recorded.until(LinkState.WAITING)
            assert lost.reason == "a SOCKS proxy needs the package python-socks"
            assert "pip install tftmonitor[socks]" in lost.advice

    run(main)


@pytest.mark.parametrize(
    ("proxy", "reason"),
    [
        ("http://user:hunter2@127.0.0.1:1", "proxy 127.0.0.1:1: connection refused"),
        ("http://user:hunter2@nobody.invalid:1", "proxy name nobody.invalid not found, or no"),
        ("ftp://user:hunter2@host:1", "proxy address cannot be used (host:1)"),
        ("http://user:hunter2@host:1/path", "proxy address cannot be used (host:1)"),
        ("http://user:hunter2@host:999999", "proxy address cannot be used (no host)"),
        ("http://", "proxy address cannot be used (no host)"),
        ("http://[::1", "proxy address cannot be used (no host)"),
    ],
)
def test_proxy_that_leads_nowhere_is_named(proxy: str, reason: str) -> None:
    async def main() -> None:
        async with RecordedLink(URL, network=Network(proxy)) as recorded:
            lost = await recorded.until(LinkState.WAITING)
            assert lost.reason.startswith(reason) or "name service" in lost.reason
            assert lost.advice
            assert "hunter2" not in f"{recorded.statuses}"

    run(main)


def test_proxy_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "OPEN_TIMEOUT_S", 0.3)

    async def main() -> None:
        async with RawServer(b"", hangs_up=False) as server:
            network = Network(f"http://127.0.0.1:{server.port}")
            async with RecordedLink(URL, network=network) as recorded:
                lost = await recorded.until(LinkState.WAITING)
                assert lost.reason.endswith("or the server behind it, does not answer")

    run(main)


@pytest.mark.parametrize("host", ["feed.invalid", "other.invalid"])
def test_server_behind_a_proxy_is_verified_as_any_other(
    scheme: str, host: str, tmp_path: Path
) -> None:
    from websockets.asyncio.server import ServerConnection, serve

    authority = Authority(tmp_path)
    sign_ins: list[str | bytes] = []

    async def handler(connection: ServerConnection) -> None:
        sign_ins.append(await connection.recv())
        await connection.send(SNAPSHOT % 1)
        await connection.wait_closed()

    async def main() -> None:
        async with serve(
            handler, "127.0.0.1", 0, ssl=authority.server(host), close_timeout=0.2
        ) as server:
            port = server.sockets[0].getsockname()[1]
            async with ProxyServer(port, socks=scheme != "http") as proxy:
                network = Network(f"{scheme}://127.0.0.1:{proxy.port}", authority.file)
                async with RecordedLink("wss://feed.invalid", network=network) as recorded:
                    if host == "feed.invalid":
                        await recorded.until(LinkState.LIVE)
                        return
                    lost = await recorded.until(LinkState.WAITING)
                    assert lost.reason == "certificate belongs to another server"
        assert not any(ACCOUNT.password_md5 in str(frame) for frame in sign_ins)

    run(main)


def test_secure_proxy_is_verified_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its certificate carries a name, and it is reached at an address."""
    named: list[dict[str, object]] = []

    async def spy(*_: object, **options: object) -> asyncio.Transport:
        named.append(options)
        raise ConnectionRefusedError

    monkeypatch.setattr(library, "connect_http_proxy", spy)

    async def main() -> None:
        async with RecordedLink(URL, network=Network("https://localhost:1")) as recorded:
            await recorded.until(LinkState.WAITING)
        assert named[0]["server_hostname"] == "localhost"
        assert named[0]["ssl"] is not None

    run(main)
