"""Brings the tiles that are in sight: first what is on this computer, then what a server has.

Nothing is brought that nobody looks at: each frame says anew what is wanted, and what it no longer
names is dropped unless it is under way.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from tftmonitor.base.clock import Clock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.geo.tiles import Tile
from tftmonitor.tiles.tile_file import TileFileError
from tftmonitor.ui.map.streets.asking import Asking
from tftmonitor.ui.map.streets.decoding import BrokenPictureError, decoded
from tftmonitor.ui.map.streets.pictures import TilePicture, TilePictures
from tftmonitor.ui.map.streets.retries import Retries
from tftmonitor.ui.map.streets.source import FarTiles, NearTiles

_BROKEN: Final = "No streets: a tile in the file is no picture that can be read."
# A file on a disk that is put in later is found then.
_OPENED_AGAIN_S: Final = 30.0

T = TypeVar("T")


class TileFeed:
    """``want`` says what is in sight, ``changed`` is called when there is something to paint.

    ``trouble`` is one sentence while the source does not give what it should, else "".
    """

    def __init__(
        self,
        near: NearTiles,
        far: FarTiles | None,
        scope: TaskScope,
        clock: Clock,
        changed: Callable[[], object],
        retries: Retries | None = None,
    ) -> None:
        self.near = near
        self.pictures = TilePictures()
        self.is_open = False
        self.trouble = ""
        self._far, self._scope, self._clock, self._changed = far, scope, clock, changed
        self._asking = (
            None
            if far is None
            else Asking(
                far, self.pictures, scope, clock, self._in_thread, changed, self._say, retries
            )
        )
        self._wanted: tuple[Tile, ...] = ()
        self._asks = False
        self._open_from_s = 0.0
        self._is_closed = False
        self._is_busy = False
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "tiles")

    def want(self, tiles: Sequence[Tile], *, asks: bool = True) -> None:
        """Bring these, in this order; ``asks`` a server where they are not near.

        Before ``is_open`` nobody knows what there is: then it is only opened.
        """
        if self._is_closed:
            return
        self._wanted, self._asks = tuple(tiles), asks
        self.pictures.set_in_sight(tiles)
        if not self._is_busy and self._has_work():
            self._is_busy = True
            self._scope.start("tiles", self._bring())
        if asks and self._asking is not None and self.is_open:
            self._asking.want(self._wanted)

    def rest(self) -> None:
        """Nobody looks: bring nothing, and give up what is asked of a server."""
        self._wanted, self._asks = (), False
        if self._asking is not None:
            self._asking.rest()

    async def close(self) -> None:
        """Let go of all, for good."""
        self._is_closed = True
        self._wanted = ()
        tasks = [self._task, self._asking.rest() if self._asking is not None else None]
        await asyncio.gather(*(task for task in tasks if task), return_exceptions=True)
        if self._far is not None:
            await self._far.end()
        await self._in_thread(self.near.close)
        self._thread.shutdown(wait=False)
        self.pictures.clear()

    async def _bring(self) -> None:
        self._task = asyncio.current_task()
        try:
            if not self.is_open:
                await self._open()
            while self.is_open and (tile := self._next()) is not None:
                await self._look_for(tile)
        finally:
            self._task = None
            self._is_busy = False
        if self._asks and self._asking is not None and self.is_open:
            self._asking.want(self._wanted)

    def _has_work(self) -> bool:
        if not self.is_open:
            return self._clock.monotonic_s() >= self._open_from_s
        return self._next() is not None

    async def _open(self) -> None:
        self._open_from_s = self._clock.monotonic_s() + _OPENED_AGAIN_S
        try:
            await self._in_thread(self.near.open)
        except TileFileError as error:
            self._say(f"No streets: {error}")
            return
        self.is_open = True
        self.trouble = ""
        self._changed()

    def _next(self) -> Tile | None:
        """The first that is wanted and was not looked for yet."""
        return next((tile for tile in self._wanted if self.pictures.get(tile) is None), None)

    async def _look_for(self, tile: Tile) -> None:
        # Should it fail in a way that nobody thought of, it is not tried with each frame.
        picture = TilePicture(None, 0.0)
        try:
            found = await self._in_thread(lambda: _find(self.near, tile))
        except TileFileError as error:
            self._say(f"No streets: {error}")
        except BrokenPictureError:
            # One that was kept of a server comes anew.
            if self._far is None:
                self._say(_BROKEN)
        else:
            picture = found or picture
        finally:
            self.pictures.put(tile, picture)
        if picture.image is not None:
            self._changed()

    def _say(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self._changed()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self._thread.submit(work))


def _find(near: NearTiles, tile: Tile) -> TilePicture | None:
    """In the thread: what is kept of a tile, decoded."""
    kept = near.find(tile)
    if kept is None:
        return None
    image = decoded(kept.content) if kept.content else None
    return TilePicture(image, kept.until_ms, kept.etag, kept.modified)
