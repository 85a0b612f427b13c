"""Streets without a map around them: pictures of one colour, painted on a bare image."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QPainter

from tests.integration.tile_server import TileServer
from tests.unit.tiles.made_files import Tiles
from tftmonitor.base.clock import ManualClock, SystemClock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.geo.projection import to_world
from tftmonitor.model.geo.view import View
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.map.colours import LIGHT, MapColours
from tftmonitor.ui.map.layer import MapFrame
from tftmonitor.ui.map.streets.layer import StreetsLayer
from tftmonitor.ui.map.streets.retries import Retries
from tftmonitor.ui.platform.event_loop import make_application
from tftmonitor.ui.platform.ready_loop import ReadyLoop

GROUND = QColor("#102030")
RED, GREEN, BLUE = QColor("#c80000"), QColor("#00a000"), QColor("#0000d0")
WIDTH, HEIGHT = 600, 400


def picture(color: QColor, kind: str = "png", side: int = 256) -> bytes:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(color)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind.upper())  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def whole_world(zooms: range, color: QColor = RED) -> Tiles:
    content = picture(color)
    return {(z, x, y): content for z in zooms for x in range(1 << z) for y in range(1 << z)}


def view_of(latitude: float = 50.0, longitude: float = 10.0, zoom: float = 3.0) -> View:
    x, y = to_world(latitude, longitude)
    return View(float(x), float(y), zoom, WIDTH, HEIGHT).bounded()


def run(work: Callable[[], Coroutine[Any, Any, None]], limit_s: float = 30.0) -> None:
    """On the window's own loop."""
    app = make_application()
    with asyncio.Runner(loop_factory=lambda: ReadyLoop(app)) as runner:
        runner.run(asyncio.wait_for(work(), limit_s))


class Streets:
    """A layer, and all that it told. To be made and ended within a loop."""

    def __init__(
        self,
        folder: Path,
        clock: ManualClock | SystemClock | None = None,
        first_s: float = 0.05,
    ) -> None:
        self.failures: list[BaseException] = []
        self.scope = TaskScope(lambda _name, error: self.failures.append(error))
        self.settings = SettingsStore(folder / "profile")
        self.clock = clock or SystemClock()
        self.layer = StreetsLayer(
            self.settings, self.scope, self.clock, lambda: Retries(self.clock, first_s)
        )
        self.told = 0
        self.layer.changed.add(self._count)

    async def end(self) -> None:
        await self.layer.close()
        await self.scope.close()
        assert not self.failures

    def use(self, server: TileServer, **settings: object) -> None:
        self.choose(streets="address", streets_address=server.template, proxy="none", **settings)

    def choose(self, **settings: object) -> None:
        assert self.settings.update(**settings)

    def paint(
        self,
        view: View,
        *,
        moving: bool = False,
        ratio: float = 1.0,
        colours: MapColours = LIGHT,
        ground: QColor = GROUND,
    ) -> QImage:
        wide, high = round(view.width * ratio), round(view.height * ratio)
        image = QImage(wide, high, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(ground)
        painter = QPainter(image)
        try:
            self.layer.paint(painter, MapFrame(view, colours, ratio, moving))
        finally:
            painter.end()
        return image

    async def settled(self, view: View, **how: Any) -> QImage:
        """What is painted once nothing changes any more."""
        self.paint(view, **how)
        quiet = 0
        while quiet < 4:
            told = self.told
            await asyncio.sleep(0.06)
            self.paint(view, **how)
            quiet = quiet + 1 if told == self.told and not self.is_busy else 0
        return self.paint(view, **how)

    @property
    def is_busy(self) -> bool:
        return "tiles" in self.scope.names

    def _count(self) -> None:
        self.told += 1


def veiled(color: QColor, share: float = 0.18, veil: str = "#ffffff") -> QColor:
    over = QColor(veil)
    mixed = [
        round(a * (1 - share) + b * share)
        for a, b in zip(color.getRgb()[:3], over.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*mixed)


def is_like(found: QColor, wanted: QColor, most: int = 3) -> bool:
    pairs = zip(found.getRgb()[:3], wanted.getRgb()[:3], strict=True)  # type: ignore[index]
    return all(abs(a - b) <= most for a, b in pairs)
