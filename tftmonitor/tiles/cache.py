"""What servers of tiles have sent, in one file on the disk: so many bytes, the longest unused go.

It is worth a request, no more: whatever is wrong with the file, the map goes on without it.
"""

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, TypeVar

from tftmonitor.base.clock import DAY_MS
from tftmonitor.base.private_files import make_private_folder, touch_private
from tftmonitor.tiles.kept import Kept

_log = logging.getLogger(__name__)

_LOCK_WAIT_S: Final = 1.0
# A tile that is looked at every day is written once a day for it.
_USED_EVERY_MS: Final = DAY_MS
# That a tile is not there takes room as well.
_ROW_BYTES: Final = 100
_FREED_TO: Final = 0.9
_FREED_ROWS: Final = 100
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS tiles (
  source BLOB NOT NULL, zoom INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL,
  until_ms INTEGER NOT NULL, used_ms INTEGER NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL,
  size INTEGER NOT NULL, content BLOB NOT NULL,
  UNIQUE (source, zoom, x, y)
)
"""
_INDEX: Final = "CREATE INDEX IF NOT EXISTS tiles_used ON tiles (used_ms, size)"
_AT: Final = "WHERE source = ? AND zoom = ? AND x = ? AND y = ?"
_FIND: Final = f"SELECT content, until_ms, etag, modified, used_ms FROM tiles {_AT}"  # noqa: S608
_PUT: Final = "INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_RENEW: Final = f"UPDATE tiles SET until_ms = ?, etag = ?, modified = ?, used_ms = ? {_AT}"  # noqa: S608
_USE: Final = f"UPDATE tiles SET used_ms = ? {_AT}"  # noqa: S608
_DROP: Final = f"DELETE FROM tiles {_AT}"  # noqa: S608
_SUM: Final = "SELECT coalesce(sum(size), 0) FROM tiles"
_FREE: Final = "DELETE FROM tiles WHERE rowid IN (SELECT rowid FROM tiles ORDER BY used_ms LIMIT ?)"

T = TypeVar("T")
Place = tuple[int, int, int]


def cache_file(profile: Path) -> Path:
    """Where a profile keeps its tiles."""
    return profile / "cache" / "tiles.sqlite"


class CacheError(Exception):
    """The file of kept tiles cannot be used; its text says why."""


class TileCache:
    """Tiles of one source (``TileAddress.key``), among those of others in the same file.

    One thread at a time may use it. ``now_ms`` is the wall clock.
    """

    def __init__(
        self, file: Path, source: bytes, limit_bytes: int, now_ms: Callable[[], int]
    ) -> None:
        self._file, self._source, self._limit_bytes = file, source, limit_bytes
        self._now_ms = now_ms
        self._database: sqlite3.Connection | None = None
        self._bytes = 0

    def open(self) -> None:
        """Open the file, make it where there is none, and anew where it is no database."""
        self._database = self._opened()
        if self._database is None:
            return
        self._bytes = self._try(_sum_of, 0)
        self._free()

    def find(self, place: Place) -> Kept | None:
        """What is kept of a tile (zoom, x, y), also when it is out of date."""
        row = self._try(lambda database: database.execute(_FIND, self._at(place)).fetchone(), None)
        if row is None:
            return None
        content, until_ms, etag, modified, used_ms = row
        now_ms = self._now_ms()
        if abs(now_ms - used_ms) > _USED_EVERY_MS:
            self._try(lambda database: database.execute(_USE, (now_ms, *self._at(place))), None)
        return Kept(content, until_ms, etag, modified)

    def put(self, place: Place, kept: Kept) -> None:
        """Keep a tile, in place of an older one."""
        size = len(kept.content) + _ROW_BYTES
        row = (int(kept.until_ms), self._now_ms(), kept.etag, kept.modified, size, kept.content)
        self._try(lambda database: database.execute(_PUT, (*self._at(place), *row)), None)
        self._bytes += size
        self._free()

    def renew(self, place: Place, kept: Kept) -> None:
        """The tile that is kept still holds, for longer; its content stays."""
        row = (int(kept.until_ms), kept.etag, kept.modified, self._now_ms())
        self._try(lambda database: database.execute(_RENEW, (*row, *self._at(place))), None)

    def drop(self, place: Place) -> None:
        """Keep nothing of this tile."""
        self._try(lambda database: database.execute(_DROP, self._at(place)), None)

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _at(self, place: Place) -> tuple[bytes, int, int, int]:
        return (self._source, *place)

    def _free(self) -> None:
        if self._bytes <= self._limit_bytes:
            return
        # Others may have cleared it meanwhile.
        self._bytes = self._try(_sum_of, 0)
        while self._bytes > self._limit_bytes * _FREED_TO:
            if not self._try(lambda database: database.execute(_FREE, (_FREED_ROWS,)).rowcount, 0):
                break
            self._bytes = self._try(_sum_of, 0)
        self._try(_give_back, None)

    def _opened(self) -> sqlite3.Connection | None:
        try:
            return _connected(self._file)
        except sqlite3.OperationalError as error:
            _log.warning("tiles are not kept: %s", error)
        except sqlite3.DatabaseError as error:
            _log.warning("the file of kept tiles is made anew: %s", error)
            try:
                for file in self._file.parent.glob(f"{self._file.name}*"):
                    file.unlink()
                return _connected(self._file)
            except (OSError, sqlite3.Error) as further:
                _log.warning("tiles are not kept: %s", further)
        except OSError as error:
            _log.warning("tiles are not kept: %s", error.strerror)
        return None

    def _try(self, act: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Do it; ``otherwise`` when the disk does not, which is then left alone until the end."""
        if self._database is None:
            return otherwise
        try:
            return act(self._database)
        except sqlite3.Error as error:
            _log.warning("tiles are kept no longer: %s", error)
            self.close()
            return otherwise


def clear_cache(file: Path) -> int:
    """Forget what is kept, of all sources, also while a map uses it; how many bytes of tiles.

    Raises CacheError.
    """

    def clear(database: sqlite3.Connection) -> int:
        size = _sum_of(database)
        database.execute("DELETE FROM tiles")
        _give_back(database)
        return size

    return _once(file, clear)


def kept_bytes(file: Path) -> int:
    """How many bytes of tiles are kept; raises CacheError."""
    return _once(file, _sum_of)


def _once(file: Path, act: Callable[[sqlite3.Connection], int]) -> int:
    """Do it on a connection of its own; 0 where there is no file."""
    if not file.exists():
        return 0
    try:
        with closing(_connected(file)) as database:
            return act(database)
    except (OSError, sqlite3.Error) as error:
        raise CacheError(str(error)) from None


def _connected(file: Path) -> sqlite3.Connection:
    make_private_folder(file.parent)
    touch_private(file)
    database = sqlite3.connect(
        file, timeout=_LOCK_WAIT_S, isolation_level=None, check_same_thread=False
    )
    try:
        database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(_TABLE)
        database.execute(_INDEX)
    except BaseException:
        database.close()
        raise
    return database


def _sum_of(database: sqlite3.Connection) -> int:
    (size,) = database.execute(_SUM).fetchone()
    return int(size)


def _give_back(database: sqlite3.Connection) -> None:
    """Give the free pages back to the disk."""
    # ``execute`` takes one step, which is one page.
    database.executescript("PRAGMA incremental_vacuum;")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
