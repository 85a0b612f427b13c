"""A server of tiles as a source of streets: what it sent is kept, and asked for when it is old."""

from pathlib import Path
from typing import Final

from tftmonitor import __version__
from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.link.http.tile_client import TileAnswer, TileClient
from tftmonitor.link.network import Network
from tftmonitor.model.geo.tiles import Tile
from tftmonitor.tiles.address import TileAddress
from tftmonitor.tiles.cache import TileCache
from tftmonitor.tiles.freshness import NONE_HERE_S, USUAL_S, is_to_be_kept, lifetime_s
from tftmonitor.tiles.kept import Kept
from tftmonitor.tiles.plain_text import plain_line

_MEGABYTE: Final = 1_000_000
_WHAT: Final = "desktop monitor for GPS trackers"
# Of what a server sends to be sent back: more is no mark of a tile.
_LONGEST_MARK: Final = 512


class ServerTiles:
    """Near and far at once: the tiles that are kept, and those that the server has."""

    def __init__(
        self,
        address: TileAddress,
        client: TileClient,
        cache: TileCache,
        clock: Clock,
        *,
        credit: str,
        largest_zoom: int,
    ) -> None:
        self.least_zoom, self.largest_zoom = 0, largest_zoom
        self.credit = credit or address.usual_credit
        self._address, self._client, self._cache, self._clock = address, client, cache, clock

    def open(self) -> None:
        """Open what is kept; nothing that can be wrong with it matters."""
        self._cache.open()

    def find(self, tile: Tile) -> Kept | None:
        """The tile as it is kept."""
        return self._cache.find(tile)

    async def ask(self, tile: Tile, known: Kept | None) -> TileAnswer:
        """Ask the server, whether it still holds where it is ``known``; raises TileAskError."""
        headers = {}
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        if known is not None and known.modified:
            headers["If-Modified-Since"] = known.modified
        return await self._client.ask(self._address.of(*tile), headers)

    def keep(self, tile: Tile, answer: TileAnswer, known: Kept | None) -> Kept:
        """Keep it as long as its server says."""
        headers, now_ms = answer.headers, self._clock.now_ms()
        usual_s = USUAL_S if answer.content or answer.still_holds else NONE_HERE_S
        until_ms = now_ms + round(lifetime_s(headers, now_ms, usual_s) * SECOND_MS)
        etag, modified = _mark(headers.get("etag")), _mark(headers.get("last-modified"))
        if answer.still_holds and known is not None:
            kept = Kept(b"", until_ms, etag or known.etag, modified or known.modified)
            self._cache.renew(tile, kept)
            return kept
        kept = Kept(answer.content, until_ms, etag, modified)
        if is_to_be_kept(headers):
            self._cache.put(tile, kept)
        else:
            self._cache.drop(tile)
        return kept

    def close(self) -> None:
        """Let go of what is kept."""
        self._cache.close()

    async def end(self) -> None:
        """Let go of the connections."""
        await self._client.close()


def server_tiles(
    address: TileAddress,
    network: Network,
    clock: Clock,
    kept_in: Path,
    *,
    most_mb: int,
    contact: str,
    credit: str,
    largest_zoom: int,
) -> ServerTiles:
    """The source at an address."""
    cache = TileCache(kept_in, address.key, most_mb * _MEGABYTE, clock.now_ms)
    client = TileClient(network, agent_of(contact))
    return ServerTiles(
        address, client, cache, clock, credit=plain_line(credit), largest_zoom=largest_zoom
    )


def agent_of(contact: str) -> str:
    """What a server is told of us: program, version, and whom to write to."""
    plain = "".join(c for c in plain_line(contact) if c.isascii() and c not in "()\\")
    return f"tftmonitor/{__version__} ({plain.strip() or _WHAT})"


def _mark(text: str | None) -> str:
    text = (text or "").strip()
    return text if text.isprintable() and len(text) <= _LONGEST_MARK else ""
