"""M: the ground of the map - painted anew, panned, zoomed, first shown - and its memory.

Times are CPU of the painting thread at 1000x700. The bare limit of painting anew is the same areas
and lines as one path a layer, without a margin; of a pan the copy of a ready picture, of a zoom
step that copy stretched, of the first look at a place the inflating of its cells.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench.bench_process import ROOT, environment
from tests.bench.bench_table import Row, median, ratio

if TYPE_CHECKING:
    from tftmonitor.model.geo.view import View

_SIZE = (1000, 700)
_EUROPE = (50.0, 10.0)
_ZOOMS = (3.0, 4.5, 6.0, 8.0)
_PANS, _PAN_PIXELS = 300, 9
_VIEWS = 240


def measure(rounds: int) -> list[Row]:
    """Painting in this process, memory and the first look in fresh ones."""
    from PySide6.QtGui import QGuiApplication

    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    # Fonts and images need it for as long as they are drawn.
    assert app is not None
    rows = [row for zoom in _ZOOMS for row in _anew(rounds, zoom)]
    return [*rows, *_pan(), *_zoom(rounds), *_fresh(rounds)]


def _view(zoom: float, place: tuple[float, float] = _EUROPE) -> "View":
    from tftmonitor.model.geo.projection import to_world
    from tftmonitor.model.geo.view import View

    x, y = to_world(*place)
    return View(float(x), float(y), zoom, *_SIZE).bounded()


def _ms(what: Callable[[], object]) -> float:
    start_s = time.thread_time()
    what()
    return (time.thread_time() - start_s) * 1000


class _Ours:
    """The layer as the map uses it, painting into an image of the window's size."""

    def __init__(self) -> None:
        from PySide6.QtGui import QImage

        from tftmonitor.base.paths import resource
        from tftmonitor.ui.map.ground.layer import GroundLayer

        self.layer = GroundLayer(resource("map"))
        self._window = QImage(*_SIZE, QImage.Format.Format_RGB32)

    def paint(self, view: "View", *, moving: bool = False) -> float:
        """ms of one paint."""
        from tftmonitor.ui.map.ground.colours import LIGHT_GROUND

        return _painted(
            self._window, lambda painter: self.layer.paint(painter, view, LIGHT_GROUND, 1.0, moving)
        )


class _Bare:
    """Ready paths of one view, a layer of them in one, and a ready picture."""

    def __init__(self, view: "View") -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QImage, QPainterPath

        from tftmonitor.base.paths import resource
        from tftmonitor.model.geo.detail_levels import cells_in
        from tftmonitor.ui.map.ground.paths import GroundPaths

        paths = GroundPaths(resource("map", "ground.bin"))
        level = paths.level(view.zoom)
        assert level
        cells = [paths.cell(level, cell) for cell in cells_in(view.edges, level.side)]
        self._layers = {}
        for name in ("land", "provinces", "rivers", "lakes", "shores", "borders", "coast"):
            whole = self._layers[name] = QPainterPath()
            whole.setFillRule(Qt.FillRule.WindingFill)
            for cell in cells:
                if cell:
                    whole.addPath(getattr(cell, name))
        self._view = view
        self._window = QImage(*_SIZE, QImage.Format.Format_RGB32)
        self.picture = QImage(*_SIZE, QImage.Format.Format_RGB32)
        self.picture.fill(Qt.GlobalColor.white)

    def paint(self) -> float:
        """ms of the fills and lines alone."""
        return _painted(self._window, self._paint)

    def copy(self) -> float:
        """ms of the ready picture."""
        return _painted(self._window, lambda painter: painter.drawImage(0, 0, self.picture))

    def stretch(self) -> float:
        """ms of the ready picture at 0.8 of its scale."""
        from PySide6.QtCore import QRectF

        target, source = QRectF(0, 0, *_SIZE), QRectF(100, 70, 800, 560)
        return _painted(self._window, lambda p: p.drawImage(target, self.picture, source))

    def _paint(self, painter: Any) -> None:
        from PySide6.QtGui import QColor, QPainter

        from tftmonitor.ui.map.ground.colours import LIGHT_GROUND

        view = self._view
        painter.fillRect(0, 0, *_SIZE, QColor(LIGHT_GROUND.water))
        painter.translate(view.width / 2 - view.x * view.scale, view.height / 2)
        painter.translate(0, -view.y * view.scale)
        painter.scale(view.scale, view.scale)
        for name, path in self._layers.items():
            filled = name in ("land", "lakes")
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not filled)
            if filled:
                painter.fillPath(path, QColor(LIGHT_GROUND.land))
            else:
                painter.strokePath(path, _hair(LIGHT_GROUND.coast))


def _hair(colour: str) -> Any:
    from PySide6.QtGui import QColor, QPen

    return QPen(QColor(colour), 0)


def _painted(image: Any, paint: Callable[[Any], object]) -> float:
    from PySide6.QtGui import QPainter

    painter = QPainter(image)
    try:
        return _ms(lambda: paint(painter))
    finally:
        painter.end()


def _anew(rounds: int, zoom: float) -> Iterator[Row]:
    view, ours = _view(zoom), _Ours()
    bare = _Bare(view)
    ours.paint(view)
    program, limit = [], []
    for _ in range(rounds * 5):
        ours.layer.forget()
        program.append(ours.paint(view))
        limit.append(bare.paint())
    unread = [_Ours().paint(view) for _ in range(rounds)]
    found, read = median(program), median(unread)
    what = f"ground anew with its margin, zoom {zoom:g}"
    yield Row(
        "M", what, "ms", found, median(limit), None, ratio(program, limit), "8 or less", found <= 8
    )
    what = "the same, its cells read first"
    yield Row("M", what, "ms", read, None, None, None, "20 or less", read <= 20)


def _pan() -> Iterator[Row]:
    """Across the Atlantic or Europe, at each zoom."""
    program, limit = [], []
    for zoom in _ZOOMS:
        view, ours = _view(zoom, (50.0, -10.0)), _Ours()
        bare = _Bare(view)
        ours.paint(view)
        for step in range(_PANS):
            down = 3 if step % 50 < 25 else -3
            view = view.panned(-_PAN_PIXELS, down)
            program.append(ours.paint(view, moving=True))
            limit.append(bare.copy())
    program.sort()
    what = f"pan of {_PAN_PIXELS} pixels through cells not yet read, zoom 3 to 8"
    p95, most = program[int(len(program) * 0.95)], program[-1]
    yield Row("M", f"{what}, p50", "ms", median(program), median(limit))
    yield Row("M", f"{what}, p95", "ms", p95, None, None, None, "8 or less", p95 <= 8)
    yield Row("M", f"{what}, max", "ms", most, None, None, None, "16 or less", most <= 16)


def _zoom(rounds: int) -> Iterator[Row]:
    """From 3 to 8 and back by sixths, as a wheel that is turned."""
    program, limit, rest = [], [], []
    for _ in range(rounds):
        ours, view = _Ours(), _view(3.0)
        bare = _Bare(view)
        ours.paint(view)
        for step in range(1, 61):
            view = view.zoomed(3 + min(step, 60 - step) / 6, 400, 300)
            program.append(ours.paint(view, moving=True))
            limit.append(bare.stretch())
            if step % 15 == 0:
                rest.append(ours.paint(view))
    program.sort()
    p95 = program[int(len(program) * 0.95)]
    yield Row("M", "zoom step of a sixth, p50", "ms", median(program), median(limit))
    yield Row("M", "zoom step of a sixth, p95", "ms", p95, None, None, None, "8 or less", p95 <= 8)
    yield Row("M", "at rest after zoom steps, cells read", "ms", median(rest))


def _fresh(rounds: int) -> Iterator[Row]:
    runs = [_in_fresh_process() for _ in range(rounds)]
    first, limit = [run["first_ms"] for run in runs], [run["inflate_ms"] for run in runs]
    found = median(first)
    yield Row(
        "M",
        "first shown: file opened, cells read, painted, zoom 4.5",
        "ms",
        found,
        median(limit),
        None,
        ratio(first, limit),
        "100 or less",
        found <= 100,
    )
    for key, what, goal in (
        ("first_mb", "RSS of the ground, first shown", 30),
        ("later_mb", f"RSS of the ground after {_VIEWS} views", 60),
    ):
        found = median([run[key] for run in runs])
        yield Row("M", what, "MiB", found, None, None, None, f"{goal} or less", found <= goal)


def _in_fresh_process() -> dict[str, float]:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_map_ground"],
        cwd=ROOT,
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


def _main() -> None:
    from PySide6.QtGui import QGuiApplication

    from tftmonitor.base.paths import resource
    from tftmonitor.model.geo.detail_levels import cells_in
    from tftmonitor.ui.map.ground.ground_file import GroundFile

    app = QGuiApplication(sys.argv[:1])
    # The imports of the ground are not its picture.
    import_module("tftmonitor.ui.map.ground.layer")
    view, before_mb = _view(4.5), _resident_mb()
    start_s = time.thread_time()
    ours = _Ours()
    opened_ms = (time.thread_time() - start_s) * 1000
    first_ms = opened_ms + ours.paint(view)
    first_mb = _resident_mb() - before_mb
    dice = random.Random(1)
    for _ in range(_VIEWS):
        place = (dice.uniform(-50, 70), dice.uniform(-180, 180))
        ours.paint(_view(dice.uniform(1, 12), place))
    later_mb = _resident_mb() - before_mb
    with GroundFile(resource("map", "ground.bin")) as file:
        level = next(level for level in file.levels if level.most_zoom >= view.zoom)
        cells = list(cells_in(view.edges, level.side))
        inflate_ms = _ms(lambda: [file.cell(level, one.column, one.row) for one in cells])
    figures = {"first_ms": first_ms, "inflate_ms": inflate_ms}
    app.quit()
    print(json.dumps(figures | {"first_mb": first_mb, "later_mb": later_mb}))


if __name__ == "__main__":
    _main()
