"""Raster tiles in an MBTiles file: an SQLite database with a row a tile, rows from the south.

It is opened as one that nobody writes: nothing is ever put beside it, and a file on a read-only
disk will do. Whatever it holds, a question of it ends.
"""

import sqlite3
from pathlib import Path
from time import monotonic
from typing import Final

from tftmonitor.model.geo.tiles import DEEPEST
from tftmonitor.tiles.plain_text import plain_line
from tftmonitor.tiles.tile_file import (
    TILE_BYTES,
    TileFileError,
    TileFileFacts,
    VectorTilesError,
)

MAGIC: Final = b"SQLite format 3\0"
_VECTOR_FORMATS: Final = frozenset({"pbf", "mvt", "mlt"})
# The views of a file can be anything, also such as never end.
_LONGEST_S: Final = 2.0
_STEPS: Final = 20_000
_TILE: Final = (
    "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
)
_ZOOMS: Final = "SELECT min(zoom_level), max(zoom_level) FROM tiles"
_WORDS: Final = (
    "SELECT name, value FROM metadata WHERE name IN ('format', 'attribution', 'minzoom', 'maxzoom')"
)


class MBTilesFile:
    """An open file; raises TileFileError where it holds no raster tiles."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        address = path.resolve().as_uri() + "?mode=ro&immutable=1"
        try:
            self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._problem(error) from None
        self._until_s = 0.0
        self._database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, TILE_BYTES)
        self._database.set_progress_handler(self._is_late, _STEPS)
        try:
            self._database.execute("PRAGMA trusted_schema = OFF")
            self.facts = self._find_facts()
        except BaseException:
            self._database.close()
            raise

    def read(self, zoom: int, x: int, y: int) -> bytes | None:
        """The picture of a tile, None where there is none; raises TileFileError."""
        rows = self._ask(_TILE, zoom, x, (1 << zoom) - 1 - y)
        if not rows or rows[0][0] is None:
            return None
        content = rows[0][0]
        if not isinstance(content, bytes):
            raise TileFileError(f"{self._name} is damaged: a tile in it is no picture.")
        return content or None

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _find_facts(self) -> TileFileFacts:
        tables = self._ask("SELECT name FROM sqlite_master WHERE name IN ('tiles', 'metadata')")
        names = {row[0] for row in tables}
        if "tiles" not in names:
            raise TileFileError(f"{self._name} is a database, but holds no tiles.")
        rows = self._ask(_WORDS) if "metadata" in names else []
        words = {str(name): value for name, value in rows}
        if str(words.get("format", "")).strip().lower() in _VECTOR_FORMATS:
            raise VectorTilesError
        least, largest = _zoom(words.get("minzoom")), _zoom(words.get("maxzoom"))
        if least is None or largest is None:
            # The index of the tiles answers it at once.
            least, largest = map(_zoom, self._ask(_ZOOMS)[0])
        if least is None or largest is None or least > largest:
            raise TileFileError(f"{self._name} holds no tiles.")
        return TileFileFacts(least, largest, plain_line(str(words.get("attribution") or "")))

    def _ask(self, question: str, *values: int) -> list[tuple[object, ...]]:
        self._until_s = monotonic() + _LONGEST_S
        try:
            return self._database.execute(question, values).fetchmany(16)
        except (sqlite3.Error, UnicodeError) as error:
            raise self._problem(error) from None

    def _is_late(self) -> bool:
        return monotonic() > self._until_s

    def _problem(self, error: Exception) -> TileFileError:
        return TileFileError(f"{self._name} cannot be read as MBTiles: {plain_line(str(error))}.")


def _zoom(value: object) -> int | None:
    """A zoom that can be, else None."""
    try:
        zoom = int(str(value))
    except ValueError:
        return None
    return zoom if 0 <= zoom <= DEEPEST else None
