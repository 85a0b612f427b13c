"""When a tile that failed is asked for again, and when its server is asked for anything."""

from typing import Final

from tftmonitor.base.backoff import Backoff
from tftmonitor.base.clock import Clock
from tftmonitor.link.http.tile_client import TileAskError
from tftmonitor.model.geo.tiles import Tile

# So many tiles in a row without one that comes: it is the server.
_ROW: Final = 3
FIRST_S: Final = 5.0
"""Seconds of the first wait, shortened by chance as all that follow."""
_LONGEST_S: Final = 600.0
# Of a map that is looked at for days; the oldest are forgotten and asked for once more.
_MOST_TILES: Final = 2_000


class Retries:
    """Failures of one tile make that one wait, others make all wait; each time longer."""

    def __init__(self, clock: Clock, first_s: float = FIRST_S) -> None:
        self._clock = clock
        self._first_s = first_s
        self._backoff = self._new_backoff()
        self._all_from_s = 0.0
        self._from_s: dict[Tile, tuple[float, Backoff]] = {}
        self._in_a_row = 0

    def due_s(self, tile: Tile) -> float:
        """When this tile itself may be asked for, by the monotonic clock; 0 for at any time."""
        return self._from_s[tile][0] if tile in self._from_s else 0.0

    def wait_s(self, tile: Tile) -> float:
        """Seconds until this tile may be asked for, and its server at all; 0 or less for now."""
        return max(self._all_from_s, self.due_s(tile)) - self._clock.monotonic_s()

    def note_success(self, tile: Tile) -> None:
        """The server gave this tile."""
        self._from_s.pop(tile, None)
        self._in_a_row = 0
        self._backoff.reset()

    def note_failure(self, tile: Tile, error: TileAskError) -> bool:
        """It did not; True when that is the server's failure rather than the tile's."""
        if error.is_of_tile:
            self._in_a_row += 1
            former = self._from_s.pop(tile) if tile in self._from_s else None
            backoff = self._new_backoff() if former is None else former[1]
            due_s = self._clock.monotonic_s() + backoff.next_delay_s(error.wait_s)
            self._from_s[tile] = due_s, backoff
            if len(self._from_s) > _MOST_TILES:
                del self._from_s[next(iter(self._from_s))]
            if self._in_a_row < _ROW:
                return False
        self.note_failure_of_all(error.wait_s)
        return True

    def note_failure_of_all(self, wait_s: float) -> None:
        """Nothing is asked for in a while, nor before ``wait_s``."""
        now_s = self._clock.monotonic_s()
        if self._all_from_s > now_s:
            # What was asked at the same time fails for the same reason: that is no further failure.
            self._all_from_s = max(self._all_from_s, now_s + wait_s)
            return
        self._all_from_s = now_s + self._backoff.next_delay_s(wait_s)

    def _new_backoff(self) -> Backoff:
        return Backoff(first_s=self._first_s, longest_s=_LONGEST_S)
