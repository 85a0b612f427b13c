"""Streets on the map: what bringing and painting tiles costs the thread that paints.

The bare limits: the same pictures copied without any thought, a loop with nothing to do, and
decoding a tile on the painting thread.
"""

import asyncio
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest import mock

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench.bench_table import Row, median, ratio
from tests.integration.recorded_link import eventually
from tests.integration.tile_server import tile_server

_FRAMES = 60
_ZOOMS = 6
_EVERY_S = 0.002


def measure(rounds: int) -> list[Row]:
    """In this process; the server has a thread of its own."""
    with tempfile.TemporaryDirectory() as folder:
        found = _Measured(Path(folder))
        for number in range(rounds):
            found.frames()
            found.lateness()
            found.server(number)
        return found.rows()


class _Measured:
    """The layer on a file of tiles with as much in them as a town has."""

    def __init__(self, folder: Path) -> None:
        from tests.unit.tiles.made_files import mbtiles
        from tftmonitor.model.geo.tiles import cells_in
        from tftmonitor.ui.platform.event_loop import make_application

        self._app = make_application()
        self._folder = folder
        self._content = _street_tile()
        self.view = _view()
        tiles: dict[tuple[int, int, int], bytes] = {}
        for step in range(_ZOOMS):
            view = replace(self.view, zoom=12.0 + step)
            tiles |= {cell.tile: self._content for cell in cells_in(view, 12 + step)}
        self._file = mbtiles(folder / "streets.mbtiles", tiles)
        self._values: dict[str, list[float]] = {}

    def rows(self) -> list[Row]:
        return [
            self._row("a frame of streets, zoom 12.4, 1000x700", "frame", "blit", 0.6),
            self._row("the first frame at another zoom", "first", "blit", 8.0),
            self._row("loop late while a file is decoded, p99", "late", "idle", 4.0, "naive"),
            self._row("CPU of this thread a tile of a file", "near", "fromData", 0.5),
            self._row("CPU of this thread a tile of a server", "far", "fromData", 2.0),
            self._row("loop late while tiles come from a server, p99", "far late", "idle", 8.0),
        ]

    def _row(self, what: str, name: str, bare: str, most: float, naive: str = "") -> Row:
        ours, limit = self._values[name], self._values[bare]
        return Row(
            "T",
            what,
            "ms",
            median(ours),
            median(limit),
            median(self._values[naive]) if naive else None,
            ratio(ours, limit),
            f"{most:g} or less",
            median(ours) <= most,
        )

    def _note(self, name: str, value: float) -> None:
        self._values.setdefault(name, []).append(value)

    def frames(self) -> None:
        from PySide6.QtCore import QPoint
        from PySide6.QtGui import QImage, QPainter

        async def work() -> None:
            streets = self._streets("frames")
            view = replace(self.view, zoom=12.4)
            await streets.settled(view)
            target = QImage(1000, 700, QImage.Format.Format_RGB32)
            assert streets.layer._pieces is not None
            pieces = [piece for _, piece in streets.layer._pieces._made.values()]
            ours, bare = [], []
            for number in range(_FRAMES):
                moved = replace(view, x=view.x + number * 1e-7)
                ours.append(_ms(partial(self._paint, streets, target, moved)))

                def blit() -> None:
                    painter = QPainter(target)
                    for place, piece in enumerate(pieces):
                        painter.drawImage(QPoint(place % 4 * 250, place // 4 * 180), piece)
                    painter.end()

                bare.append(_ms(blit))
            self._note("frame", median(ours))
            self._note("blit", median(bare))
            first = []
            for step in range(8):
                other = replace(view, zoom=12.0 + (step % 2) * 0.2 + 0.15)
                first.append(_ms(partial(self._paint, streets, target, other)))
                await streets.settled(other)
            self._note("first", max(first))
            await streets.end()

        _run(work)

    def lateness(self) -> None:
        """How late the loop is while all tiles are read and decoded; CPU of this thread.

        Naive is decoding by ``QImage.fromData`` in the same thread.
        """
        from PySide6.QtGui import QImage

        from tftmonitor.ui.map.streets import feed as module

        async def idle() -> None:
            with _watched() as late:
                await asyncio.sleep(0.5)
            self._note("idle", _p99(late))

        _run(idle)
        spent_ms, late_ms = self._decode_all("late")
        self._note("near", spent_ms)
        self._note("late", late_ms)
        with mock.patch.object(module, "decoded", QImage.fromData):
            self._note("naive", self._decode_all("naive")[1])
        start_s = time.thread_time()
        for _ in range(20):
            assert not QImage.fromData(self._content).isNull()
        self._note("fromData", (time.thread_time() - start_s) / 20 * 1_000)

    def _decode_all(self, name: str) -> tuple[float, float]:
        found = []

        async def work() -> None:
            streets = self._streets(name)
            layer = streets.layer
            layer.want(self.view)
            await eventually(lambda: layer._feed is not None and layer._feed.is_open)
            assert layer._feed is not None
            spent_s, count = 0.0, 0
            with _watched() as late:
                for step in range(_ZOOMS):
                    view = replace(self.view, zoom=12.0 + step)
                    start_s = time.thread_time()
                    layer.want(view)
                    await eventually(lambda: not streets.is_busy)
                    spent_s += time.thread_time() - start_s
                    count += len(layer._tiles_of(view, layer._feed))
            found.append((spent_s / count * 1_000, _p99(late)))
            await streets.end()

        _run(work)
        return found[0]

    def server(self, number: int) -> None:
        """The same tiles from a server, none of them kept before."""

        async def work(template: str) -> None:
            streets = self._streets(f"far{number}", streets="address", streets_address=template)
            layer = streets.layer
            layer.want(self.view)
            await eventually(lambda: layer._feed is not None and layer._feed.is_open)
            feed = layer._feed
            assert feed is not None
            count = 0
            with _watched() as late:
                start_s = time.thread_time()
                for step in range(_ZOOMS):
                    view = replace(self.view, zoom=12.0 + step)
                    tiles = layer._tiles_of(view, feed)
                    layer.want(view)
                    await eventually(partial(_are_there, feed.pictures, tiles))
                    count += len(tiles)
                spent_s = time.thread_time() - start_s
            self._note("far", spent_s / count * 1_000)
            self._note("far late", _p99(late))
            await streets.end()

        with _serving(self._content) as template:
            _run(lambda: work(template))

    def _streets(self, name: str, **settings: object) -> Any:
        from tests.ui.map.streets.rig import Streets

        streets = Streets(self._folder / name)
        chosen = {"streets": "file", "streets_file": str(self._file), "proxy": "none", **settings}
        streets.choose(**chosen)
        return streets

    @staticmethod
    def _paint(streets: Any, target: Any, view: Any) -> None:
        from PySide6.QtGui import QPainter

        from tftmonitor.ui.map.colours import LIGHT
        from tftmonitor.ui.map.layer import MapFrame

        painter = QPainter(target)
        try:
            streets.layer.paint(painter, MapFrame(view, LIGHT, 1.0, moving=False))
        finally:
            painter.end()


def _view() -> Any:
    from tftmonitor.model.geo.projection import to_world
    from tftmonitor.model.geo.view import View

    x, y = to_world(52.52, 13.4)
    return View(float(x), float(y), 12.0, 1000.0, 700.0)


def _street_tile() -> bytes:
    """A picture with as many lines, areas and edges as a town has; 256 pixels."""
    import random

    from PySide6.QtCore import QBuffer, QIODevice, QPointF
    from PySide6.QtGui import QColor, QImage, QPainter, QPen

    chance = random.Random(7)
    image = QImage(256, 256, QImage.Format.Format_RGB32)
    image.fill(QColor("#f2efe9"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number in range(160):
        colors = ("#ffffff", "#f7c77e", "#c8facc", "#aad3df", "#d9d0c9", "#777777")
        painter.setPen(QPen(QColor(colors[number % 6]), 1.0 + number % 5))
        ends = [QPointF(chance.uniform(-20, 276), chance.uniform(-20, 276)) for _ in range(4)]
        painter.drawPolyline(ends)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


@contextmanager
def _serving(content: bytes) -> Iterator[str]:
    """A server in a process of its own, which takes nothing from this one."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(content, theirs))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join(10)


def _serve(content: bytes, told: Connection) -> None:
    async def work() -> None:
        async with tile_server(content) as server:
            server.usual.headers = {"Cache-Control": "max-age=3600"}
            told.send(server.template)
            await asyncio.to_thread(told.recv)

    asyncio.run(work())


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Milliseconds by which the loop is late, every two milliseconds."""
    late: list[float] = []
    loop = asyncio.get_running_loop()
    over = False

    def look(due_s: float) -> None:
        now_s = loop.time()
        late.append((now_s - due_s) * 1_000)
        if not over:
            loop.call_later(_EVERY_S, look, now_s + _EVERY_S)

    loop.call_later(_EVERY_S, look, loop.time() + _EVERY_S)
    try:
        yield late
    finally:
        over = True


def _are_there(pictures: Any, tiles: list[Any]) -> bool:
    return all(map(pictures.image, tiles))


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def _ms(act: Callable[[], object]) -> float:
    """CPU of this thread."""
    start_s = time.thread_time()
    act()
    return (time.thread_time() - start_s) * 1_000


def _run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    from tests.ui.map.streets.rig import run

    run(work, 60.0)
