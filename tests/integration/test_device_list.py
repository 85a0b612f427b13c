"""The real HTTP client against the simulator's interface, and what else may answer."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.integration.certificates import Authority
from tests.integration.proxy_server import ProxyServer
from tests.integration.recorded_link import ACCOUNT, RawServer, eventually, run, simulator
from tftmonitor.link.http import limits
from tftmonitor.link.http.client import FetchError, fetch_device_list
from tftmonitor.link.network import Network
from tftmonitor.protocol.device_list import LIST_PATH, LOGIN_PATH, read_devices

DIRECT = Network("none")
TOKEN = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
Answer = Callable[[web.Request], web.Response]


async def problem_at(url: str, network: Network = DIRECT) -> str:
    with pytest.raises(FetchError) as caught:
        await fetch_device_list(url, ACCOUNT, network)
    return str(caught.value)


@contextlib.asynccontextmanager
async def answering(
    answers: dict[str, Answer], context: Any = None, seen: list[web.Request] | None = None
) -> AsyncIterator[str]:
    """A server that gives these answers by path; others are a login and an empty list."""
    usual: dict[str, Answer] = {
        LOGIN_PATH: lambda _: web.json_response({"code": 0, "access-token": TOKEN}),
        LIST_PATH: lambda _: web.json_response({"code": 0, "devices": []}),
    }

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        if seen is not None:
            seen.append(request)
        return (usual | answers)[request.path](request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    scheme = "http" if context is None else "https"
    try:
        yield f"{scheme}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def test_list_of_the_simulator_has_names_and_last_reports() -> None:
    async def main() -> None:
        async with simulator(http_port=0, users={"demo": "secret"}) as server:
            assert server.http is not None
            listed = await fetch_device_list(server.http.url + "/", ACCOUNT, DIRECT)
            devices = [device for device in read_devices(listed) if device is not None]
            assert {device.identity.imei: device.name for device in devices} == server.names()
            assert all(device.snapshot is not None for device in devices)
            assert server.http.asked == [f"POST {LOGIN_PATH}", f"GET {LIST_PATH}"]

    run(main)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("redirect", "the server points elsewhere: https://portal.example/login"),
        ("500", "server answers with HTTP 500 (an error of its own)"),
        ("slow", "the server did not answer in time"),
        ("huge", "the answer is larger than 32,768 kB"),
        ("text", "the list is not JSON"),
        ("shape", "the answer holds no list of devices"),
        ("refuse", "the server refused (account or password is wrong)"),
    ],
)
def test_each_fault_is_one_reason(fault: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault == "slow":
        monkeypatch.setattr(limits, "TIME_S", 0.3)

    async def main() -> None:
        async with simulator(http_port=0) as server:
            assert server.http is not None
            server.http.fault = fault
            assert await problem_at(server.http.url) == words

    run(main)


def test_wrong_password_and_wrong_requests_are_refused_by_the_simulator() -> None:
    async def main() -> None:
        async with simulator(http_port=0, users={"demo": "other"}) as server:
            assert server.http is not None
            assert "account or password" in await problem_at(server.http.url)

    run(main)


def test_credential_goes_nowhere_over_a_readable_way_and_not_to_a_redirect() -> None:
    async def main() -> None:
        assert "use https://" in await problem_at("http://192.0.2.1")
        assert "no address" in await problem_at("wss://host")
        elsewhere: list[web.Request] = []
        async with answering({}, seen=elsewhere) as other:

            def redirect(_: web.Request) -> web.Response:
                return web.Response(status=307, headers={"Location": other + LOGIN_PATH})

            async with answering({LOGIN_PATH: redirect}) as url:
                assert "points elsewhere" in await problem_at(url)
        assert not elsewhere

    run(main)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, {"code": 7, "msg": "wrong\nuser"}, "the server refused (wrong user)"),
        (403, {}, "server answers with HTTP 403 (forbidden)"),
        (403, "no", "server answers with HTTP 403 (forbidden)"),
        (200, {"code": 0}, "the login's answer holds no token"),
        (200, {"code": 9}, "the server refused (code 9)"),
    ],
)
def test_refused_login_is_told_in_the_servers_words(status: int, body: object, words: str) -> None:
    async def main() -> None:
        def refuse(_: web.Request) -> web.Response:
            return web.json_response(body, status=status)

        async with answering({LOGIN_PATH: refuse}) as url:
            assert await problem_at(url) == words

    run(main)


def test_neither_digest_nor_token_come_back_in_words() -> None:
    async def main() -> None:
        def echo(request: web.Request) -> web.Response:
            said = request.query.get("access-token", ACCOUNT.password_md5.upper())
            return web.json_response({"code": 5, "msg": f"not {said}"})

        for path in (LOGIN_PATH, LIST_PATH):
            async with answering({path: echo}) as url:
                assert await problem_at(url) == "the server refused (not [redacted])"

    run(main)


def test_answer_may_neither_be_packed_nor_announce_too_much() -> None:
    async def main() -> None:
        def packed(_: web.Request) -> web.Response:
            return web.Response(body=b"x", headers={"Content-Encoding": "gzip"})

        async with answering({LIST_PATH: packed}) as url:
            assert "packed" in await problem_at(url)

        def long(_: web.Request) -> web.Response:
            return web.Response(body=b" " * (limits.LOGIN_BYTES + 1))

        async with answering({LOGIN_PATH: long}) as url:
            assert "larger than 64 kB" in await problem_at(url)

    run(main)


def test_servers_certificate_is_verified(tmp_path: Path) -> None:
    ours, others = Authority(tmp_path), Authority(tmp_path, "Another")

    async def main() -> None:
        async with answering({}, ours.server()) as url:
            found = await fetch_device_list(url, ACCOUNT, Network("none", ours.file))
            assert found.devices == []
            for network in (DIRECT, Network("none", others.file)):
                assert "unknown authority" in await problem_at(url, network)
            missing = Network("none", tmp_path / "none.pem")
            assert "cannot be read" in await problem_at(url, missing)
        async with answering({}, ours.server("elsewhere.example")) as url:
            network = Network("none", ours.file)
            assert await problem_at(url, network) == "certificate belongs to another server"

    run(main)


def test_what_does_not_answer_in_http_is_one_reason() -> None:
    async def main() -> None:
        async with RawServer(b"SSH-2.0-x\r\n\r\n") as server:
            url = f"http://127.0.0.1:{server.port}"
            assert await problem_at(url) == "what answers does not speak HTTP"
            assert await problem_at(url.replace("http:", "https:")) == "port does not speak TLS"
        assert await problem_at(url) == "connection refused"
        async with RawServer(b"") as server:
            url = f"http://127.0.0.1:{server.port}"
            assert await problem_at(url) == "the connection was cut off"
        assert "not found" in await problem_at("https://none.invalid")

    run(main)


def test_proxy_of_the_settings_is_used_and_its_refusals_are_told(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    context = authority.server("tracker.example")

    def network(address: str) -> Network:
        return Network(address, authority.file)

    async def main() -> None:
        async with answering({}, context) as url:
            port = int(url.rpartition(":")[2])
            there = f"https://tracker.example:{port}"
            async with ProxyServer(port) as proxy:
                address = f"http://127.0.0.1:{proxy.port}"
                assert await fetch_device_list(there, ACCOUNT, network(address)) is not None
                assert proxy.asked == [("tracker.example", port)]
            refusal = b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"
            async with ProxyServer(port, answer=refusal) as proxy:
                address = f"http://127.0.0.1:{proxy.port}"
                assert "wants a user and password" in await problem_at(there, network(address))
            assert "SOCKS" in await problem_at(there, network("socks5h://127.0.0.1:1"))
            assert "cannot be used" in await problem_at(there, network("http://[::1"))

    run(main)


def test_cancelled_question_leaves_nothing_behind() -> None:
    async def main() -> None:
        async with simulator(http_port=0) as server:
            assert server.http is not None
            server.http.fault = "slow"
            task = asyncio.create_task(fetch_device_list(server.http.url, ACCOUNT, DIRECT))
            asked = server.http.asked
            await eventually(lambda: len(asked) == 2)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert task.cancelled()

    run(main)


def test_request_is_the_documented_one() -> None:
    bodies: list[Any] = []

    async def main() -> None:
        seen: list[web.Request] = []
        async with answering({}, seen=seen) as url:
            await fetch_device_list(url, ACCOUNT, DIRECT)
            bodies.append(json.loads(await seen[0].read()))
            assert seen[1].query == {"access-token": TOKEN}

    run(main)
    user = {"account": "demo", "password-md5": ACCOUNT.password_md5, "client-type": "web"}
    assert bodies == [{"getAccessToken": user}]
