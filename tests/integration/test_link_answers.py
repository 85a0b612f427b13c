"""Handshakes that are answered with something else than a websocket, on real sockets."""

import asyncio
import time
from email.utils import formatdate

import pytest
from typing_extensions import override

from tests.integration.recorded_link import (
    ACCOUNT,
    RawServer,
    RecordedLink,
    eventually,
    run,
    silent,
    simulator,
)
from tftmonitor.base import backoff
from tftmonitor.base.clock import SECOND_MS
from tftmonitor.link import client
from tftmonitor.protocol.link_status import LinkState
from tftmonitor.simulator.server.faults import parse_fault
from tftmonitor.simulator.server.server import SimulatorServer

PORTAL = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    monkeypatch.setattr(client, "CLOSE_TIMEOUT_S", 0.2)
    monkeypatch.setattr(client, "OPEN_TIMEOUT_S", 2.0)


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    lines = (f"HTTP/1.1 {status} X", *headers, f"Content-Length: {len(body)}", "", "")
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_redirect_is_never_followed_and_the_other_server_hears_nothing(status: int) -> None:
    async def main() -> None:
        async with RawServer(b"") as other:
            target = f"ws://127.0.0.1:{other.port}/else?token=x"
            async with (
                RawServer(answer(status, f"Location: {target}")) as server,
                RecordedLink(f"ws://127.0.0.1:{server.port}/websocket") as recorded,
            ):
                lost = await recorded.until(LinkState.WAITING)
                assert lost.reason == (
                    f"the server points elsewhere: ws://127.0.0.1:{other.port}/else"
                )
                assert "Not followed" in lost.advice
                await eventually(lambda: len(server.got) == 3)
                assert other.got == []
                assert not any(ACCOUNT.password_md5.encode() in got for got in server.got)

    run(main)


@pytest.mark.parametrize("target", ["/websocket", "wss://{here}/websocket", "", "//[::1"])
def test_redirect_to_the_same_host_is_not_followed_either(target: str) -> None:
    async def main() -> None:
        server = RawServer(b"")
        async with server:
            here = f"127.0.0.1:{server.port}"
            server.answer = answer(307, f"Location: {target.format(here=here)}")
            async with RecordedLink(f"ws://{here}/websocket") as recorded:
                lost = await recorded.until(LinkState.WAITING)
                assert lost.reason.startswith("the server points elsewhere")

    run(main)


def test_redirects_in_a_circle_are_asked_no_more_often_than_the_backoff_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.5)

    async def main() -> None:
        server = RawServer(b"")
        async with server:
            url = f"ws://127.0.0.1:{server.port}/websocket"
            server.answer = answer(302, f"Location: {url}")
            async with RecordedLink(url) as recorded:
                await eventually(lambda: recorded.states.count(LinkState.WAITING) == 3)
                # 0.25 s and 0.5 s at least lie between them.
                assert len(server.got) == 3

    run(main)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("redirect+60", "the server points elsewhere: https://portal.example/login"),
        ("portal+60", "a web page answers instead of the server"),
        ("busy+60", "server answers with HTTP 503 (overloaded or in maintenance)"),
        ("busy+60:status=502", "server answers with HTTP 502 (the server behind it does"),
        ("busy+60:status=504", "server answers with HTTP 504 (the server behind it is"),
        ("busy+60:status=429", "server answers with HTTP 429 (too many requests)"),
        ("busy+60:status=403", "server answers with HTTP 403 (forbidden)"),
        ("busy+60:status=407", "proxy wants a user and password"),
        ("busy+60:status=511", "server answers with HTTP 511 (this network wants a sign-in)"),
    ],
)
def test_live_link_that_meets_it_says_so_and_comes_back(fault: str, reason: str) -> None:
    async def main() -> None:
        async with simulator() as server, RecordedLink(server.device_url) as recorded:
            await recorded.until(LinkState.LIVE)
            answering = asyncio.create_task(server.perform(parse_fault(fault)))
            await asyncio.sleep(0)
            await server.perform(parse_fault("drop"))
            await eventually(lambda: recorded.link.status.reason.startswith(reason))
            assert recorded.link.status.advice
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
            await server.perform(parse_fault("portal+0"))
            await recorded.until(LinkState.LIVE)
            assert LinkState.REFUSED not in recorded.states

    run(main)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_server_that_says_when_is_not_asked_before(form: str) -> None:
    tries: list[float] = []
    wait_s = 2 if form == "seconds" else 3  # a date is cut to whole seconds

    class Counting(RawServer):
        @override
        async def serve(self, *streams: object) -> None:
            tries.append(time.monotonic())
            when = str(wait_s) if form == "seconds" else formatdate(time.time() + wait_s, True)
            self.answer = answer(503, f"Retry-After: {when}")
            await super().serve(*streams)  # type: ignore[arg-type]

    async def main() -> None:
        async with (
            Counting(b"") as server,
            RecordedLink(f"ws://127.0.0.1:{server.port}") as recorded,
        ):
            lost = await recorded.until(LinkState.WAITING)
            assert lost.next_try_ms is not None
            assert lost.next_try_ms - lost.since_ms >= 1.9 * SECOND_MS
            await eventually(lambda: len(tries) == 2)
        assert tries[1] - tries[0] >= 1.9

    run(main)


def test_wait_that_a_server_asks_for_has_an_end() -> None:
    async def main() -> None:
        silly = answer(503, "Retry-After: 99999999999999999999")
        async with (
            RawServer(silly) as server,
            RecordedLink(f"ws://127.0.0.1:{server.port}") as recorded,
        ):
            lost = await recorded.until(LinkState.WAITING)
            assert lost.next_try_ms is not None
            assert 900 <= (lost.next_try_ms - lost.since_ms) / SECOND_MS <= 1_000
            recorded.link.try_now()
            await eventually(lambda: len(server.got) == 2)

    run(main)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (PORTAL, "a web page answers instead of the server"),
        (PORTAL.replace(b"1.1", b"1.0"), "a web page answers instead of the server"),
        (
            b"HTTP/1.0 302 Found\r\nlocation: http://portal/\r\n\r\n",
            "the server points elsewhere: http://portal/",
        ),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://a/\r\nLocation: http://b/\r\n\r\n",
            "the server points elsewhere: http://b/",
        ),
        (
            answer(400, body=b"The plain HTTP request was sent to HTTPS port"),
            "port wants a secure connection",
        ),
        (b"\x15\x03\x01\x00\x02\x02\x46", "port wants a secure connection"),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "port belongs to something else: SSH"),
        (b"220 mail ESMTP\r\n", "port belongs to something else: mail"),
        (b"", "server hangs up without an answer"),
        (b"\x00\xff" * 40, "server does not speak websocket"),
        (b"nonsense\r\n\r\n", "server does not speak websocket"),
        (answer(418), "server answers with HTTP 418"),
        (answer(599), "server answers with HTTP 599 (unknown)"),
        (answer(101, "Upgrade: websocket"), "server does not speak websocket"),
    ],
)
def test_port_of_something_else_is_named(raw: bytes, reason: str) -> None:
    async def main() -> None:
        async with (
            RawServer(raw) as server,
            RecordedLink(f"ws://127.0.0.1:{server.port}") as recorded,
        ):
            lost = await recorded.until(LinkState.WAITING)
            assert lost.reason.startswith(reason)
            assert lost.advice

    run(main)


def test_port_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "OPEN_TIMEOUT_S", 0.2)

    async def main() -> None:
        async with (
            RawServer(b"", hangs_up=False) as server,
            RecordedLink(f"ws://127.0.0.1:{server.port}") as recorded,
        ):
            assert (await recorded.until(LinkState.WAITING)).reason == "server does not answer"

    run(main)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ws://127.0.0.1:1", "connection refused"),
        ("ws://[::1]:1", "connection refused"),
        ("ws://name.invalid:80", "server name name.invalid not found, or no network"),
        ("ws://127.0.0.1:99999", "address is not a websocket address"),
        ("ws://127.0.0.1:http", "address is not a websocket address"),
        ("ws://[::1", "address is not a websocket address"),
        ("ws://user@host", "address is not a websocket address"),
        ("ws://" + "ü" * 70 + ".de", "address is not a websocket address"),
        ("ws:///path", "address is not a websocket address"),
        ("https://127.0.0.1", "address is not a websocket address"),
        ("", "address is not a websocket address"),
    ],
)
def test_address_that_leads_nowhere_is_named(
    url: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

    async def main() -> None:
        async with RecordedLink(url) as recorded:
            lost = await recorded.until(LinkState.WAITING)
            assert lost.advice
            # A computer without that protocol or any name service says so instead.
            assert lost.reason in {reason, "no network"} or "name service" in lost.reason

    run(main)


def test_server_on_ipv6_is_reached_as_any() -> None:
    async def main() -> None:
        try:
            server: SimulatorServer = silent(host="::1")
            await server.start()
        except OSError:
            pytest.skip("no IPv6 here")
        try:
            port = server._listeners[next(iter(server._listeners))].port
            async with RecordedLink(f"ws://[::1]:{port}/websocket") as recorded:
                await recorded.until(LinkState.SIGNING_IN)
        finally:
            await server.stop()

    run(main)
