"""Asking a server of maps for tiles: one host, bounded in bytes and time, nothing followed.

Certificates, proxy and names of hosts are those of the links. No cookie is kept, and no text of a
failure holds the address, which can have a key in it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urljoin

import aiohttp

from tftmonitor.link.http import limits
from tftmonitor.link.http.error_text import reason_of
from tftmonitor.link.http.host_resolver import HostResolver
from tftmonitor.link.http_text import explain_status
from tftmonitor.link.network import Network
from tftmonitor.link.proxies import place_of, proxy_for
from tftmonitor.link.retry_after import retry_after_s
from tftmonitor.link.tls import CaFileError, tls_context

_ACCEPT: Final = "image/png,image/jpeg,image/webp"
_CHUNK: Final = 65_536
_NONE_HERE: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
# What holds for all tiles of a server; other failures can be of one alone.
_OF_ALL: Final = frozenset({401, 402, 403, 407, 429, 503, 511})
_REDIRECTS: Final = range(300, 400)


@dataclass(frozen=True, slots=True)
class TileAnswer:
    """A picture, or that there is none, or that the known one still holds.

    ``headers`` have lower-case names.
    """

    content: bytes
    headers: Mapping[str, str]
    still_holds: bool = False


class TileAskError(Exception):
    """No answer that is of use; ``reason`` is a part of a sentence, without the address.

    ``is_of_tile``: others of this server may come all the same. Else no other is to be asked for
    before ``wait_s`` have gone by, or longer.
    """

    def __init__(self, reason: str, *, is_of_tile: bool = False, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.reason, self.is_of_tile, self.wait_s = reason, is_of_tile, wait_s


class TileClient:
    """Asks one server. ``agent`` is what it is told of the program."""

    def __init__(self, network: Network, agent: str) -> None:
        self._network, self._agent = network, agent
        self._http: aiohttp.ClientSession | None = None

    async def ask(self, url: str, known: Mapping[str, str] | None = None) -> TileAnswer:
        """The tile at an address; ``known`` are further headers, for one that is known.

        Raises TileAskError alone.
        """
        proxy = proxy_for(url, self._network.proxy)
        if proxy is not None and proxy.startswith("socks"):
            raise TileAskError("a SOCKS proxy is not used for it")
        try:
            async with asyncio.timeout(limits.TILE_TIME_S):
                return await self._ask(url, known, proxy)
        except TimeoutError:
            raise TileAskError("the server did not answer in time", is_of_tile=True) from None
        except (aiohttp.ClientError, CaFileError, OSError, ValueError) as error:
            raise TileAskError(reason_of(error, url, proxy)) from None

    async def close(self) -> None:
        """Let go of all connections; the next question opens new ones."""
        if self._http is not None:
            http, self._http = self._http, None
            await http.close()

    async def _ask(
        self, url: str, known: Mapping[str, str] | None, proxy: str | None
    ) -> TileAnswer:
        session = self._session()
        async with session.get(url, headers=known, allow_redirects=False, proxy=proxy) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            status = response.status
            if status == HTTPStatus.OK:
                return TileAnswer(await _read(response), headers)
            if status == HTTPStatus.NOT_MODIFIED and known:
                return TileAnswer(b"", headers, still_holds=True)
            if status in _NONE_HERE:
                return TileAnswer(b"", headers)
            raise _refusal(url, status, headers)

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=HostResolver(),
                    ssl=tls_context(self._network.ca_file),
                    limit=limits.TILES_AT_ONCE,
                ),
                headers={
                    "Accept": _ACCEPT,
                    "Accept-Encoding": "identity",
                    "User-Agent": self._agent,
                },
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),  # each question has one
                auto_decompress=False,
                trust_env=False,
            )
        return self._http


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The body; TileAskError as soon as it is larger than a tile, or packed."""
    too_large = f"a tile is larger than {limits.TILE_BYTES // 1024:,} kB"
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise TileAskError("the answer is packed, which was not asked for", is_of_tile=True)
    if (response.content_length or 0) > limits.TILE_BYTES:
        raise TileAskError(too_large, is_of_tile=True)
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > limits.TILE_BYTES:
            raise TileAskError(too_large, is_of_tile=True)
    return bytes(body)


def _refusal(url: str, status: int, headers: Mapping[str, str]) -> TileAskError:
    if status in _REDIRECTS:
        # Where to is no secret, but what stands behind the host can repeat a key.
        where = _host_of(url, headers.get("location", ""))
        return TileAskError(f"the server points elsewhere{where}, which is not followed")
    named = {name.title(): value for name, value in headers.items()}
    wait_s = retry_after_s(headers.get("retry-after", ""), headers.get("date", ""))
    reason = explain_status("", status, named).reason
    return TileAskError(reason, is_of_tile=status not in _OF_ALL, wait_s=wait_s)


def _host_of(url: str, location: str) -> str:
    try:
        host = place_of(urljoin(url, location))
    except ValueError:
        return ""
    return f" ({host[:100]})" if host and host.isprintable() else ""
