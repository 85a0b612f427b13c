"""The real client of tiles against a server that answers well, badly, or not."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from tests.integration.certificates import Authority
from tests.integration.proxy_server import ProxyServer
from tests.integration.recorded_link import RawServer, eventually, run
from tests.integration.tile_server import Answer, serving, tile_server
from tftmonitor.link.http import limits
from tftmonitor.link.http.tile_client import TileAskError, TileClient
from tftmonitor.link.network import Network

DIRECT = Network("none")
PATH = "/1/0/1.png"
AGENT = "tftmonitor/0 (somebody@example.org)"


async def failure(
    url: str, network: Network = DIRECT, known: dict[str, str] | None = None
) -> TileAskError:
    client = TileClient(network, AGENT)
    try:
        with pytest.raises(TileAskError) as caught:
            await client.ask(url, known)
    finally:
        await client.close()
    assert "hush" not in str(caught.value)
    return caught.value


def test_tile_comes_with_its_headers_and_the_server_hears_who_asks() -> None:
    async def main() -> None:
        async with tile_server(b"picture") as server:
            server.usual.headers = {"ETag": '"a"', "Set-Cookie": "a=b"}
            client = TileClient(DIRECT, AGENT)
            for _ in range(2):
                answer = await client.ask(server.url + PATH)
                assert (answer.content, answer.still_holds) == (b"picture", False)
                assert answer.headers["etag"] == '"a"'
            await client.close()
            await client.close()
            for headers in server.headers:
                assert headers["User-Agent"] == AGENT
                assert headers["Accept-Encoding"] == "identity"
                assert "Cookie" not in headers
            # After that it can be asked again.
            assert (await client.ask(server.url + PATH)).content == b"picture"
            await client.close()

    run(main)


def test_known_tile_still_holds_only_if_it_was_known() -> None:
    async def main() -> None:
        async with tile_server(b"") as server:
            server.usual.status = 304
            client = TileClient(DIRECT, AGENT)
            answer = await client.ask(server.url + PATH, {"If-None-Match": '"a"'})
            assert answer.still_holds
            await client.close()
            assert server.headers[0]["If-None-Match"] == '"a"'
            assert "elsewhere" in (await failure(server.url + PATH)).reason

    run(main)


@pytest.mark.parametrize("status", [204, 404, 410])
def test_no_tile_here_is_an_answer(status: int) -> None:
    async def main() -> None:
        async with tile_server(b"") as server:
            server.usual = Answer(status, headers={"Cache-Control": "max-age=60"})
            client = TileClient(DIRECT, AGENT)
            answer = await client.ask(server.url + PATH)
            assert answer.content == b""
            assert answer.headers["cache-control"] == "max-age=60"
            await client.close()

    run(main)


@pytest.mark.parametrize(
    ("status", "headers", "words", "is_of_tile", "wait_s"),
    [
        (400, {}, "HTTP 400 (bad request)", True, 0),
        (403, {}, "HTTP 403 (forbidden)", False, 0),
        (429, {"Retry-After": "7"}, "HTTP 429 (too many requests)", False, 7),
        (503, {"Retry-After": "9"}, "HTTP 503 (overloaded or in maintenance)", False, 9),
        (500, {}, "HTTP 500 (an error of its own)", True, 0),
        (301, {"Location": "https://user:hush@other.example:8/?hush"}, "other.example:8", False, 0),
        (302, {"Location": "/login?hush"}, "127.0.0.1", False, 0),
        (302, {"Location": "https://[hush"}, "elsewhere", False, 0),
        (304, {}, "elsewhere", False, 0),
    ],
)
def test_refusal_is_of_the_tile_or_of_the_server(
    status: int, headers: dict[str, str], words: str, is_of_tile: bool, wait_s: float
) -> None:
    async def main() -> None:
        async with tile_server(b"") as server:
            server.usual = Answer(status, headers=headers)
            error = await failure(server.url + PATH + "?key=hush")
            assert words in error.reason
            assert (error.is_of_tile, error.wait_s) == (is_of_tile, wait_s)

    run(main)


def test_redirect_is_not_followed() -> None:
    async def main() -> None:
        async with tile_server(b"x") as other, tile_server(b"") as server:
            server.usual = Answer(302, headers={"Location": other.url + PATH})
            assert "points elsewhere" in (await failure(server.url + PATH)).reason
            assert other.asked == []

    run(main)


@pytest.mark.parametrize("announced", [True, False])
def test_tile_may_not_be_larger_than_tiles_are(announced: bool) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        if announced:
            response.content_length = limits.TILE_BYTES + 1
        await response.prepare(request)
        sent = 0
        while sent <= limits.TILE_BYTES:
            sent += 65_536
            await response.write(bytes(65_536))
        return response

    async def main() -> None:
        async with serving(endless) as url:
            error = await failure(url + PATH)
            assert error.reason == "a tile is larger than 2,048 kB"
            assert error.is_of_tile

    run(main)


def test_packed_answer_is_refused() -> None:
    async def main() -> None:
        async with tile_server(b"") as server:
            server.usual = Answer(body=b"x", headers={"Content-Encoding": "gzip"})
            assert "packed" in (await failure(server.url + PATH)).reason

    run(main)


def test_slow_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TILE_TIME_S", 0.2)

    async def main() -> None:
        async with tile_server(b"") as server:
            server.usual.held = asyncio.Event()
            error = await failure(server.url + PATH)
            assert error.reason == "the server did not answer in time"
            assert error.is_of_tile
            server.usual.held.set()
            await eventually(lambda: server.at_once == 0)
            await asyncio.sleep(0.05)

    run(main)


def test_six_at_a_time() -> None:
    async def main() -> None:
        async with tile_server(b"x") as server:
            server.usual.held = asyncio.Event()
            client = TileClient(DIRECT, AGENT)
            asked = [asyncio.create_task(client.ask(f"{server.url}/{n}")) for n in range(20)]
            await eventually(lambda: server.at_once == 6)
            await asyncio.sleep(0.1)
            server.usual.held.set()
            await asyncio.gather(*asked)
            assert (server.most_at_once, len(server.asked)) == (6, 20)
            await client.close()

    run(main)


def test_certificates_and_proxy_are_those_of_the_links(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    context = authority.server("tiles.example")

    async def main() -> None:
        async with tile_server(b"picture", context) as server:
            port = int(server.url.rpartition(":")[2])
            there = f"https://tiles.example:{port}{PATH}"
            async with ProxyServer(port) as proxy:
                address = f"http://127.0.0.1:{proxy.port}"
                client = TileClient(Network(address, authority.file), AGENT)
                assert (await client.ask(there)).content == b"picture"
                await client.close()
                assert proxy.asked == [("tiles.example", port)]
                assert "unknown authority" in (await failure(there, Network(address))).reason
            missing = Network("none", tmp_path / "none.pem")
            assert "cannot be read" in (await failure(server.url + PATH, missing)).reason
        assert "SOCKS" in (await failure(there, Network("socks5h://127.0.0.1:1"))).reason

    run(main)


def test_what_does_not_answer_is_one_reason_of_all_tiles() -> None:
    async def main() -> None:
        async with RawServer(b"SSH-2.0-x\r\n\r\n") as server:
            error = await failure(f"http://127.0.0.1:{server.port}{PATH}?hush")
            assert error.reason == "what answers does not speak HTTP"
            assert not error.is_of_tile
        error = await failure(f"http://127.0.0.1:{server.port}{PATH}?hush")
        assert error.reason == "connection refused"
        assert "not found" in (await failure("https://none.invalid/hush")).reason

    run(main)
