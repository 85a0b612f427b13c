"""Files of tiles as others write them, made anew for each test."""

import gzip
import json
import sqlite3
import struct
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from tftmonitor.tiles.opening import open_tile_file
from tftmonitor.tiles.pmtiles_directory import tile_number
from tftmonitor.tiles.tile_file import TileFile

_opened: list[TileFile] = []
Tiles = Mapping[tuple[int, int, int], bytes]
HEAD = "<7sB 8Q 3Q 4B 2B 25x"


def opened(path: Path) -> TileFile:
    """The file, open until the test ends."""
    file = open_tile_file(path)
    _opened.append(file)
    return file


def close_all() -> None:
    """Close what ``opened`` has opened."""
    while _opened:
        _opened.pop().close()


def mbtiles(path: Path, tiles: Tiles, **words: object) -> Path:
    """An MBTiles file; rows count from the south in it."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        database.execute(
            "CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)"
        )
        database.execute("CREATE UNIQUE INDEX tile ON tiles (zoom_level, tile_column, tile_row)")
        database.executemany("INSERT INTO metadata VALUES (?, ?)", words.items())
        rows = [(z, x, (1 << z) - 1 - y, data) for (z, x, y), data in tiles.items()]
        database.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    return path


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


def directory(rows: list[tuple[int, int, int, int]]) -> bytes:
    """Rows of number, offset, length and run; consecutive offsets are left out, as allowed."""
    out = varint(len(rows))
    before = 0
    for number, *_ in rows:
        out += varint(number - before)
        before = number
    out += b"".join(varint(row[3]) for row in rows)
    out += b"".join(varint(row[2]) for row in rows)
    behind = -1
    for _, offset, length, _ in rows:
        out += varint(0 if offset == behind else offset + 1)
        behind = offset + length
    return out


def pmtiles(
    path: Path,
    tiles: Tiles,
    *,
    kind: int = 2,
    packs: bool = True,
    leaves: bool = False,
    tiles_packed: int = 1,
    words: object = None,
    change: Callable[[dict[str, int]], None] | None = None,
) -> Path:
    """A PMTiles file; ``change`` may put other numbers into its head."""
    pack: Callable[[bytes], bytes] = gzip.compress if packs else bytes
    body, rows = b"", []
    for (z, x, y), data in sorted(tiles.items(), key=lambda row: tile_number(*row[0])):
        rows.append((tile_number(z, x, y), len(body), len(data), 1))
        body += data
    leaf_part = b""
    if leaves:
        half = len(rows) // 2
        roots = []
        for part in (rows[:half], rows[half:]):
            leaf = pack(directory(part))
            roots.append((part[0][0], len(leaf_part), len(leaf), 0))
            leaf_part += leaf
        rows = roots
    root = pack(directory(rows))
    about = pack(json.dumps({} if words is None else words).encode())
    zooms = [z for z, _, _ in tiles]
    head = {
        "version": 3,
        "root_at": 127,
        "root_length": len(root),
        "words_at": 127 + len(root),
        "words_length": len(about),
        "leaves_at": 127 + len(root) + len(about),
        "leaves_length": len(leaf_part),
        "tiles_at": 127 + len(root) + len(about) + len(leaf_part),
        "tiles_length": len(body),
        "addressed": len(tiles),
        "entries": len(tiles),
        "contents": len(tiles),
        "clustered": 1,
        "packed": 2 if packs else 1,
        "tiles_packed": tiles_packed,
        "kind": kind,
        "least": min(zooms),
        "largest": max(zooms),
    }
    if change is not None:
        change(head)
    path.write_bytes(
        struct.pack(HEAD, b"PMTiles", *head.values()) + root + about + leaf_part + body
    )
    return path
