"""The picture that the layer keeps: what a pan and a zoom paint, and what damage does."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.ui.map.ground_pictures import share_that_differs, shown, view_of
from tftmonitor.base.paths import resource
from tftmonitor.model.geo.ground_format import LEVEL
from tftmonitor.model.geo.view import View
from tftmonitor.ui.map.ground import paths as paths_module
from tftmonitor.ui.map.ground.colours import DARK_GROUND, LIGHT_GROUND, GroundColours
from tftmonitor.ui.map.ground.layer import GroundLayer
from tftmonitor.ui.map.ground.painting import Frame, paint_area
from tftmonitor.ui.map.ground.paths import GroundPaths

COAST = view_of((54.0, 9.0), 5.3)


@pytest.fixture
def layer(qtbot: QtBot) -> Iterator[GroundLayer]:
    found = GroundLayer(resource("map"))
    yield found
    found.close()


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Width and height of each piece that is painted, not copied."""
    found: list[tuple[int, int]] = []

    def paint(
        painter: QPainter, area: QRect, frame: Frame, colours: GroundColours, paths: GroundPaths
    ) -> None:
        found.append((area.width(), area.height()))
        paint_area(painter, area, frame, colours, paths)

    monkeypatch.setattr("tftmonitor.ui.map.ground.layer.paint_area", paint)
    return found


def anew(view: View, ratio: float = 1.0) -> QImage:
    """The same view by a layer that never saw another."""
    other = GroundLayer(resource("map"))
    try:
        return shown(other, view, ratio=ratio)
    finally:
        other.close()


@pytest.mark.parametrize("ratio", [1.0, 1.5])
@pytest.mark.parametrize("step", [(-9, 0), (9, 4), (0, -30), (-300, 200), (5000, 0)])
def test_a_pan_shows_what_a_fresh_picture_would(
    layer: GroundLayer, step: tuple[float, float], ratio: float
) -> None:
    view = COAST
    shown(layer, view, ratio=ratio)
    for _ in range(25):
        view = view.panned(*step)
        image = shown(layer, view, ratio=ratio, moving=True)
    # A line that is painted in two pieces may differ in the shade of a pixel at their edge.
    assert share_that_differs(image, anew(view, ratio)) < 0.001


def test_a_short_pan_paints_nothing(layer: GroundLayer, pieces: list[tuple[int, int]]) -> None:
    shown(layer, COAST)
    pieces.clear()
    for n in range(1, 10):
        shown(layer, COAST.panned(-9 * n, 5 * n), moving=True)
    assert pieces == []


def test_a_long_pan_paints_its_edges_alone(
    layer: GroundLayer, pieces: list[tuple[int, int]]
) -> None:
    shown(layer, COAST)
    pieces.clear()
    shown(layer, COAST.panned(-100, 0), moving=True)
    assert len(pieces) == 1
    assert pieces[0][0] == 100


def test_round_the_world_and_back(layer: GroundLayer) -> None:
    view = view_of((54.0, 9.0), 3.3)
    for _ in range(70):
        view = view.panned(-150, 0)
        image = shown(layer, view, moving=True)
    assert share_that_differs(image, anew(view)) < 0.001


def test_across_180_degrees_nothing_is_painted_anew(
    layer: GroundLayer, pieces: list[tuple[int, int]]
) -> None:
    view = view_of((66.0, 179.9), 4.0)
    shown(layer, view)
    pieces.clear()
    crossed = view.panned(-30, 0)
    assert crossed.x < 0.1 < view.x
    shown(layer, crossed, moving=True)
    assert pieces == []


def test_a_zoom_in_motion_stretches_what_is_there(
    layer: GroundLayer, pieces: list[tuple[int, int]]
) -> None:
    shown(layer, COAST)
    nearer = COAST.zoomed(5.8, 200, 150)
    sharp = anew(nearer)
    pieces.clear()
    stretched = shown(layer, nearer, moving=True)
    assert pieces == []
    # Nearest pixels of large areas are the same, wherever no line runs.
    assert share_that_differs(stretched, sharp) < 0.15
    assert share_that_differs(shown(layer, nearer), sharp) == 0
    assert len(pieces) == 1


def test_a_zoom_across_180_degrees_stretches_what_is_there(
    layer: GroundLayer, pieces: list[tuple[int, int]]
) -> None:
    view = view_of((66.0, 179.9), 4.0)
    shown(layer, view)
    pieces.clear()
    crossed = view.zoomed(4.4, 400, 150)
    assert crossed.x < 0.1 < view.x
    stretched = shown(layer, crossed, moving=True)
    assert pieces == []
    assert share_that_differs(stretched, anew(crossed)) < 0.15


def test_a_zoom_that_is_not_covered_is_painted_at_once_and_in_full_at_rest(
    layer: GroundLayer, pieces: list[tuple[int, int]]
) -> None:
    shown(layer, COAST)
    wider = COAST.zoomed(4.2, 200, 150)
    sharp = anew(wider)
    pieces.clear()
    shown(layer, wider, moving=True)
    assert len(pieces) == 1
    assert share_that_differs(shown(layer, wider), sharp) == 0
    assert len(pieces) == 2


def test_far_zooms_are_not_stretched(layer: GroundLayer, pieces: list[tuple[int, int]]) -> None:
    shown(layer, COAST)
    pieces.clear()
    shown(layer, COAST.zoomed(6.5, 200, 150), moving=True)
    assert len(pieces) == 1


def test_other_colours_are_painted_anew(layer: GroundLayer) -> None:
    for view in (COAST, COAST.zoomed(5.5, 200, 150)):
        shown(layer, COAST)
        dark = shown(layer, view, DARK_GROUND, moving=True)
        assert dark.pixelColor(5, 5).name() in (DARK_GROUND.land, DARK_GROUND.water)


def test_a_larger_window_is_painted(layer: GroundLayer) -> None:
    shown(layer, COAST)
    larger = COAST.sized(900, 700)
    assert share_that_differs(shown(layer, larger), anew(larger)) < 0.001


def test_the_memory_of_paths_is_bounded(
    layer: GroundLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths_module, "MOST_BYTES", 300_000)
    for east in range(-170, 180, 20):
        shown(layer, view_of((50, east), 6.0))
        assert layer._paths.kept_bytes <= 300_000


def test_no_file_is_sea_and_one_sentence(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    layer = GroundLayer(tmp_path)
    caplog.clear()
    image = shown(layer, COAST)
    assert image.pixelColor(200, 150).name() == LIGHT_GROUND.water
    assert share_that_differs(image, shown(layer, COAST.panned(9, 9))) == 0
    assert layer.country_labels(COAST) == []
    assert caplog.records == []
    layer.close()


def test_a_missing_file_is_told_once(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    GroundLayer(tmp_path)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert said[0].startswith("The map is shown without land")
    assert said[1].startswith("The map has no names")


def damaged(folder: Path, data: bytes) -> GroundLayer:
    (folder / "ground.bin").write_bytes(data)
    (folder / "ground-countries.tsv").write_text("Fiji\t0\t0\t1\t9\t3\n", "utf-8")
    return GroundLayer(folder)


def whole() -> bytes:
    return resource("map", "ground.bin").read_bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"another file altogether",
        whole()[:60],
        whole()[:900],
        # Indexes whole, cells cut off; then the same with rubbish in their place.
        whole()[:20_000],
        whole()[:40] + bytes(200_000),
        whole()[: 10 + 12 * LEVEL.size] + b"\xff" * 6_000_000,
    ],
)
def test_a_damaged_file_is_sea_and_one_sentence(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    layer = damaged(tmp_path, data)
    for zoom in (1.0, 3.0, 5.0, 9.0):
        shown(layer, view_of((50, 10), zoom))
    image = shown(layer, view_of((50, 10), 6.0))
    assert image.pixelColor(200, 150).name() == LIGHT_GROUND.water
    assert len(caplog.records) == 1
    assert caplog.records[0].levelno == logging.WARNING
    assert [name.name for name in layer.country_labels(View(0.5, 0.5, 3, 400, 300))] == ["Fiji"]
    layer.close()


@pytest.mark.parametrize("zoom", [1.0, 3.0, 6.5, 9.0])
def test_a_file_without_its_finer_levels_is_damaged_for_every_zoom(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture, zoom: float
) -> None:
    layer = damaged(tmp_path, whole()[:900])
    image = shown(layer, view_of((50, 10), zoom))
    assert image.pixelColor(200, 150).name() == LIGHT_GROUND.water
    assert len(caplog.records) == 1
    layer.close()


def test_one_damaged_cell_ends_in_sea_and_one_sentence(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = bytearray(whole())
    half = len(data) // 2
    data[half:] = bytes(len(data) - half)
    layer = damaged(tmp_path, bytes(data))
    for zoom in (3.0, 9.0, 9.0, 3.0):
        image = shown(layer, view_of((50, 10), zoom))
    assert image.pixelColor(200, 150).name() == LIGHT_GROUND.water
    assert len(caplog.records) == 1
    layer.close()


@pytest.mark.parametrize("text", ["Fiji\n", "Fiji\tx\t0\t1\t9\t3\n", "\ud800"])
def test_damaged_names_are_none(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    (tmp_path / "ground.bin").write_bytes(whole())
    (tmp_path / "ground-countries.tsv").write_bytes(text.encode("utf-8", "surrogatepass"))
    layer = GroundLayer(tmp_path)
    assert layer.country_labels(COAST) == []
    assert len(caplog.records) == 1
    layer.close()


def test_a_layer_that_forgot_paints_anew(layer: GroundLayer, pieces: list[tuple[int, int]]) -> None:
    shown(layer, COAST)
    layer.forget()
    shown(layer, COAST)
    assert len(pieces) == 2
