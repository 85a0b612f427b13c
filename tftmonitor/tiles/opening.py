"""Opens a file of tiles, whichever of the kinds it is."""

from pathlib import Path

from tftmonitor.tiles import mbtiles, pmtiles
from tftmonitor.tiles.tile_file import TileFile, TileFileError


def open_tile_file(path: Path) -> TileFile:
    """Open an MBTiles or PMTiles file, by what it begins with; raises TileFileError."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise TileFileError(f"{path.name} cannot be read: {error.strerror}.") from None
    if head == mbtiles.MAGIC:
        return mbtiles.MBTilesFile(path)
    if head.startswith(pmtiles.MAGIC):
        return pmtiles.PMTilesFile(path)
    raise TileFileError(f"{path.name} is neither an MBTiles nor a PMTiles file.")
