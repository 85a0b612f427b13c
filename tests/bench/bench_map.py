"""N: the devices on the map - a frame, all drawn, clusters, CPU, hidden - of 10,000 and 100,000.

Times are CPU of the painting thread at 1000x700. The bare limit of a frame is its own signs and
names drawn again out of ready arrays; of all drawn the one call that draws them; of the clusters
finding what is in sight. CPU is of ten frames a second with 2,000 devices moved in each.
"""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np

from tests.bench.bench_table import Row, median, ratio

_SIZE = (1000, 700)
_MIDDLE = (50.0, 10.0)
_ZOOM = 4.5
_MOVED = 2_000
_FRAMES = 40
_NOW_MS = 1_795_212_060_000


def measure(rounds: int) -> list[Row]:
    """The pane itself, with devices around the middle of Europe."""
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert app is not None
    rows: list[Row] = []
    for count in (10_000, 100_000):
        rows += _Bench(count).rows(rounds)
    return rows


def _ms(what: Callable[[], object]) -> float:
    start_s = time.thread_time()
    what()
    return (time.thread_time() - start_s) * 1000


class _Bench:
    """A shown map over a fleet, whose devices are moved without any decoding."""

    def __init__(self, count: int) -> None:
        import tempfile
        from pathlib import Path

        from tftmonitor.base.clock import SystemClock
        from tftmonitor.model.fields.status import DeviceStatus
        from tftmonitor.model.fleet.fleet import Fleet
        from tftmonitor.monitor.where.places import places
        from tftmonitor.protocol.messages import SnapshotData
        from tftmonitor.settings.store import SettingsStore
        from tftmonitor.ui.map.devices.positions import AlarmMark
        from tftmonitor.ui.map.pane import MapPane

        places().load()
        self.count, self.rng = count, np.random.default_rng(7)
        self.fleet = Fleet(samples=4)
        clock = SystemClock()
        now_ms = clock.now_ms()
        latitude, longitude = self.rng.normal(50, 6, count), self.rng.normal(10, 9, count)
        for row in range(count):
            status = DeviceStatus(
                date=now_ms,
                location_date=now_ms,
                latlng_valid=True,
                lat=float(latitude[row]),
                lng=float(longitude[row]),
                speed=float(row % 3 and row % 90),
                azimuth=float(row % 360),
                acc=bool(row % 4),
            )
            self.fleet.apply(SnapshotData(imei=f"{row:05d}"), status, b"", now_ms)
        self.fleet.changes.drain()
        folder = Path(tempfile.mkdtemp())
        alarmed = {f"{row:05d}" for row in range(0, count, 97)}
        self.pane: MapPane = MapPane(
            self.fleet,
            clock,
            SettingsStore(folder),
            lambda key: AlarmMark(4 if key in alarmed else 0, False),
        )
        self.pane.resize(*_SIZE)
        self.pane.show()
        self._catch_up()
        canvas = self.pane.canvas
        self.pane.camera.shows_all = False
        canvas.set_view(canvas.view.centred(*_MIDDLE, _ZOOM))
        canvas.place_names()
        canvas.grab()

    def rows(self, rounds: int) -> list[Row]:
        size = f"{self.count:,} devices"
        frames, again = self._frames(rounds)
        drawn, bare = self._all_drawn(rounds)
        clusters, culling = self._clusters(rounds)
        is_small = self.count == 10_000
        worst = [_p95(frames)]
        rows = [
            _row(f"a frame with clusters, {size}", frames, again, "2.5 or less", 2.5, is_small),
            _row(f"the same, p95, {size}", worst, [_p95(again)], "4 or less", 4.0, is_small),
            _row(f"all drawn, {size}", drawn, bare, "1.5 times or less", None, is_small),
            _row(f"clustering, {size}", clusters, culling, "0.6 or less", 0.6, is_small),
        ]
        return [*rows, *self._cpu(size), self._hidden(size)]

    def _frames(self, rounds: int) -> tuple[list[float], list[float]]:
        """A frame after 2,000 devices moved, and the same without arranging anew."""
        from PySide6.QtGui import QImage, QPainter

        canvas = self.pane.canvas
        image = QImage(*_SIZE, QImage.Format.Format_RGB32)

        def paint() -> None:
            painter = QPainter(image)
            try:
                canvas._paint(painter, canvas._take_look())
            finally:
                painter.end()

        def frame() -> None:
            canvas._is_arranged = False
            canvas.arrange()
            paint()

        frame()
        found = [_ms(frame) for _ in range(_FRAMES * rounds)]
        return found, [_ms(paint) for _ in range(_FRAMES * rounds)]

    def _all_drawn(self, rounds: int) -> tuple[list[float], list[float]]:
        from PySide6.QtGui import QImage, QPainter

        from tftmonitor.ui.map.devices.fragments import draw_pieces

        layer = self.pane.devices
        positions, atlas = layer.positions, layer._atlas
        assert atlas is not None
        view = self.pane.canvas.view
        rows = np.arange(self.count)
        image = QImage(*_SIZE, QImage.Format.Format_ARGB32_Premultiplied)

        def draw(points: Any, sources: Any) -> float:
            painter = QPainter(image)
            try:
                return _ms(
                    lambda: draw_pieces(
                        painter, atlas.pixmap, points, sources, atlas.size, atlas.pixel_ratio
                    )
                )
            finally:
                painter.end()

        ours, bare = [], []
        points = view.to_screen(positions.x, positions.y)
        cells = atlas.cells(positions.activities, layer.looks(rows), positions.course)
        sources = atlas.sources(cells)
        for _ in range(5 * rounds):
            start_s = time.thread_time()
            points = view.to_screen(positions.x, positions.y)
            cells = atlas.cells(positions.activities, layer.looks(rows), positions.course)
            sources = atlas.sources(cells)
            found_ms = (time.thread_time() - start_s) * 1000
            ours.append(found_ms + draw(points, sources))
            bare.append(draw(points, sources))
        return ours, bare

    def _clusters(self, rounds: int) -> tuple[list[float], list[float]]:
        layer, view = self.pane.devices, self.pane.canvas.view
        positions = layer.positions
        left, top = view.to_screen(positions.x, positions.y)

        def cull() -> Any:
            return np.flatnonzero((left > 0) & (left < 1000) & (top > 0) & (top < 700))

        rows = cull()
        clusters = [
            _ms(lambda: layer._group(rows, left[rows], top[rows], view)) for _ in range(20 * rounds)
        ]
        return clusters, [_ms(cull) for _ in range(20 * rounds)]

    def _move(self) -> set[int]:
        first = int(self.rng.integers(0, self.count - _MOVED))
        rows = range(first, first + _MOVED)
        for row in rows:
            status = self.fleet.devices[row].status
            assert status is not None
            status.lng = status.lng + 0.0005  # type: ignore[operator]
        return set(rows)

    def _cpu(self, size: str) -> list[Row]:
        from tftmonitor.ui.window.frame_clock import FRAME_MS, LIST_EVERY_FRAMES

        canvas, spent = self.pane.canvas, []
        for _ in range(_FRAMES):
            moved = self._move()

            def frame(moved: set[int] = moved) -> None:
                self.pane.refresh(moved)
                self._catch_up()
                canvas.grab()

            spent.append(_ms(frame))
        share = median(spent) * 10 / 1000 * 100
        goal, reached = ("3 or less", share <= 3.0) if self.count == 10_000 else ("", None)
        what = f"CPU at 10 Hz, {_MOVED:,} moving, {size}"
        paced = share / 10 * 1_000 / (LIST_EVERY_FRAMES * FRAME_MS)
        pace = f"the same at the pace of the window's lists, {size}"
        return [
            Row("N", what, "% of a core", share, None, None, None, goal, reached),
            Row("N", pace, "% of a core", paced),
        ]

    def _catch_up(self) -> None:
        """All parts at once: what they cost together."""
        pane = self.pane
        pane.feed.catch_up()
        while pane.isVisible() and pane.feed.is_behind:
            pane.feed.catch_up()

    def _hidden(self, size: str) -> Row:
        self.pane.hide()
        before = self.pane.canvas.paints
        for _ in range(20):
            self.pane.refresh(self._move())
            self._catch_up()
        paints = self.pane.canvas.paints - before
        what = f"paints while hidden, {size}"
        return Row("N", what, "paints", paints, None, None, None, "0", paints == 0)


def _row(
    what: str, ours: list[float], bare: list[float], goal: str, most: float | None, judged: bool
) -> Row:
    share = ratio(ours, bare)
    reached = (median(ours) <= most if most else share <= 1.5) if judged else None
    return Row("N", what, "ms", median(ours), median(bare), None, share, goal, reached)


def _p95(values: list[float]) -> float:
    return float(np.quantile(values, 0.95))
