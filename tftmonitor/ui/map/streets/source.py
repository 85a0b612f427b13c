"""Where tiles come from, as the feed of the map sees it; and a file as such a source."""

from pathlib import Path
from typing import Protocol

from tftmonitor.link.http.tile_client import TileAnswer
from tftmonitor.model.geo.tiles import Tile
from tftmonitor.tiles.kept import Kept
from tftmonitor.tiles.opening import open_tile_file
from tftmonitor.tiles.tile_file import TileFile

_NOTHING = Kept(b"")


class NearTiles(Protocol):
    """Tiles on this computer. All methods are called in one thread, one after the other.

    The zooms and the credit are known once it is open.
    """

    least_zoom: int
    largest_zoom: int
    credit: str

    def open(self) -> None:
        """Get ready; raises TileFileError."""
        ...

    def find(self, tile: Tile) -> Kept | None:
        """The tile as it is kept here, None where it is not; raises TileFileError."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


class FarTiles(Protocol):
    """Tiles of a server, for what is not near."""

    async def ask(self, tile: Tile, known: Kept | None) -> TileAnswer:
        """Ask the server, which is told what is ``known``; raises TileAskError."""
        ...

    def keep(self, tile: Tile, answer: TileAnswer, known: Kept | None) -> Kept:
        """Keep what came; as the methods of NearTiles."""
        ...

    async def end(self) -> None:
        """Let go of connections."""
        ...


class FileTiles:
    """The tiles of a file of the user's; ``credit`` is the user's own, else what the file says."""

    def __init__(self, path: Path, credit: str) -> None:
        self._path = path
        self.credit = credit
        self.least_zoom, self.largest_zoom = 0, 0
        self._file: TileFile | None = None

    def open(self) -> None:
        """Open the file; raises TileFileError."""
        self._file = open_tile_file(self._path)
        facts = self._file.facts
        self.least_zoom, self.largest_zoom = facts.least_zoom, facts.largest_zoom
        self.credit = self.credit or facts.credit or self._path.name

    def find(self, tile: Tile) -> Kept | None:
        """The tile, which never grows old; empty where the file has none."""
        content = None if self._file is None else self._file.read(*tile)
        return Kept(content) if content else _NOTHING

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
