"""Asks a server for the tiles that are in sight and not on this computer, a few at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol, TypeVar

from PySide6.QtGui import QImage

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.link.http.limits import TILES_AT_ONCE
from tftmonitor.link.http.tile_client import TileAnswer, TileAskError
from tftmonitor.model.geo.tiles import Tile
from tftmonitor.tiles.kept import Kept
from tftmonitor.ui.map.streets.decoding import BrokenPictureError, decoded
from tftmonitor.ui.map.streets.pictures import TilePicture, TilePictures
from tftmonitor.ui.map.streets.retries import Retries
from tftmonitor.ui.map.streets.source import FarTiles

# What a server wants to be asked for at each look is asked for so often while it is looked at.
_ASKED_ANEW_MS: Final = 300 * SECOND_MS
_BROKEN: Final = "a tile is no picture that can be read"
_LONG_S: Final = 3_600.0

T = TypeVar("T")


class InThread(Protocol):
    """Does work in the thread of the tiles."""

    def __call__(self, work: Callable[[], T]) -> Awaitable[T]:
        """Its result."""
        ...


class Asking:
    """Tiles of one server, into ``pictures``; ``told`` gets its trouble, "" once a tile comes.

    It runs as long as something is wanted that is not there, also while it waits to try again.
    """

    def __init__(
        self,
        far: FarTiles,
        pictures: TilePictures,
        scope: TaskScope,
        clock: Clock,
        in_thread: InThread,
        changed: Callable[[], object],
        told: Callable[[str], object],
        retries: Retries | None = None,
    ) -> None:
        self._far, self._pictures, self._scope, self._clock = far, pictures, scope, clock
        self._in_thread, self._changed, self._told = in_thread, changed, told
        self._retries = retries or Retries(clock)
        self._wanted: tuple[Tile, ...] = ()
        self._run: _Run | None = None

    def want(self, tiles: Sequence[Tile]) -> None:
        """Ask for those of these that were looked for near and are not there, in this order."""
        self._wanted = tuple(tiles)
        if self._run is not None:
            self._run.news.set()
        elif self._next(()) is not None:
            self._run = _Run()
            self._scope.start("tiles of a server", self._bring(self._run))

    def rest(self) -> asyncio.Task[None] | None:
        """Give up what is asked; the task that then ends."""
        self._wanted = ()
        run, self._run = self._run, None
        if run is None:
            return None
        run.is_over = True
        if run.task is not None:
            run.task.cancel()
        return run.task

    async def _bring(self, run: "_Run") -> None:
        run.task = asyncio.current_task()
        try:
            async with asyncio.TaskGroup() as group:
                while not run.is_over:
                    run.news.clear()
                    tile = self._next(run.under_way)
                    if tile is None and not run.under_way:
                        break
                    wait_s = _LONG_S if tile is None else self._retries.wait_s(tile)
                    if tile is None or wait_s > 0 or len(run.under_way) >= TILES_AT_ONCE:
                        await run.wait_for_news(wait_s)
                        continue
                    run.under_way.add(tile)
                    group.create_task(self._ask(tile, run))
        except Exception:
            # Once is enough: not with each frame anew.
            self._retries.note_failure_of_all(0.0)
            raise
        finally:
            if self._run is run:
                self._run = None

    def _next(self, under_way: "set[Tile] | tuple[()]") -> Tile | None:
        """The wanted one that is due first, of those that are not new enough."""
        now_ms = self._clock.now_ms()
        lacking = (
            tile
            for tile in self._wanted
            if tile not in under_way
            and (known := self._pictures.get(tile)) is not None
            and known.until_ms <= now_ms
        )
        return min(lacking, key=self._retries.due_s, default=None)

    async def _ask(self, tile: Tile, run: "_Run") -> None:
        known = self._pictures.get(tile)
        asked = _kept_of(known)
        try:
            answer = await self._far.ask(tile, asked)
            kept, image = await self._in_thread(lambda: _keep(self._far, tile, answer, asked))
        except TileAskError as error:
            self._fail(tile, error)
        except BrokenPictureError:
            self._fail(tile, TileAskError(_BROKEN, is_of_tile=True))
        else:
            if answer.still_holds and known is not None:
                image = known.image
            until_ms = max(kept.until_ms, self._clock.now_ms() + _ASKED_ANEW_MS)
            self._pictures.put(tile, TilePicture(image, until_ms, kept.etag, kept.modified))
            self._retries.note_success(tile)
            self._told("")
            if not answer.still_holds:
                self._changed()
        finally:
            run.under_way.discard(tile)
            run.news.set()

    def _fail(self, tile: Tile, error: TileAskError) -> None:
        if self._retries.note_failure(tile, error):
            self._told(f"No streets: {error.reason}.")


class _Run:
    """One stretch of asking, from the first tile that is lacking to the last."""

    def __init__(self) -> None:
        self.task: asyncio.Task[None] | None = None
        self.news = asyncio.Event()
        self.under_way: set[Tile] = set()
        self.is_over = False

    async def wait_for_news(self, wait_s: float) -> None:
        """Until something else is wanted or has come, or until this long has gone by."""
        try:
            async with asyncio.timeout(wait_s if wait_s > 0 else _LONG_S):
                await self.news.wait()
        except TimeoutError:
            return


def _keep(
    far: FarTiles, tile: Tile, answer: TileAnswer, known: Kept | None
) -> tuple[Kept, QImage | None]:
    """In the thread: it is decoded first, because a broken one is not kept."""
    image = decoded(answer.content) if answer.content else None
    return far.keep(tile, answer, known), image


def _kept_of(picture: TilePicture | None) -> Kept | None:
    """What the server is told of a picture that it may have sent; None where there is none."""
    if picture is None or not (picture.etag or picture.modified):
        return None
    return Kept(b"", picture.until_ms, picture.etag, picture.modified)
