"""The trail of the chosen device: it equals the samples, and shares its moment with the plots."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest

from tests.ui.map.rig import MapBench
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fleet.samples.joining import PastPart
from tftmonitor.model.geo.projection import to_world
from tftmonitor.ui.map.colours import LIGHT
from tftmonitor.ui.map.layer import MapFrame
from tftmonitor.ui.map.trail.source import TrailFacts, TrailMark

START = (52.4, 13.0)
STEP = 0.002


def drive(
    bench: MapBench, count: int, speed: float = 70.0, first: int = 0, wait_s: float = 10
) -> None:
    """So many reports on the way to the east."""
    for number in range(first, first + count):
        bench.report("a", (START[0], START[1] + number * STEP), speed=speed)
        bench.clock.advance(wait_s)


def shown(bench: MapBench) -> None:
    bench.pane.show_device("a")
    bench.pane.tick()
    bench.look_at((START[0], START[1] + 10 * STEP), 12.0)


def colors(picture: QImage, left: int, top: int, reach: int = 2) -> set[str]:
    return {
        picture.pixelColor(left + x, top + y).name()
        for x in range(-reach, reach + 1)
        for y in range(-reach, reach + 1)
    }


def test_it_equals_the_samples(bench: MapBench) -> None:
    drive(bench, 20)
    shown(bench)
    track = bench.pane.trail.source.track
    device = bench.harness.fleet.find("a")
    assert device is not None
    assert SERIES.track is not None
    samples = device.series.samples()
    latitude, longitude = (samples.values[channel] for channel in SERIES.track)
    assert track.times.tolist() == samples.times.tolist()
    x, y = to_world(latitude, longitude)
    np.testing.assert_allclose(track.x, x)
    np.testing.assert_allclose(track.y, y)
    assert len(track) == 20


def test_speed_is_its_colour_and_another_device_has_another_trail(bench: MapBench) -> None:
    drive(bench, 20, speed=70.0)
    shown(bench)
    point = bench.point((START[0], START[1] + 10 * STEP))
    assert LIGHT.speeds[4] in colors(bench.picture(), point.x(), point.y())
    bench.pane.trail.layer.by_ignition = True
    assert LIGHT.moving in colors(bench.picture(), point.x(), point.y())
    bench.report("b", (50.0, 8.0))
    bench.pane.show_device("b")
    assert LIGHT.moving not in colors(bench.picture(), point.x(), point.y())
    assert len(bench.pane.trail.source.track) == 1
    bench.pane.show_device("")
    assert len(bench.pane.trail.source.track) == 0


def test_only_so_long_as_asked(bench: MapBench) -> None:
    drive(bench, 100, wait_s=20)
    shown(bench)
    assert len(bench.pane.trail.source.track) == 46
    bench.harness.settings.set("trail_minutes", 60)
    assert len(bench.pane.trail.source.track) == 100
    bench.harness.settings.set("trail_minutes", 0)
    assert len(bench.pane.trail.source.track) == 0


def test_what_is_not_known_is_dashed_and_hatched_where_we_could_not_know(bench: MapBench) -> None:
    drive(bench, 8)
    bench.clock.advance(500)
    drive(bench, 5, first=12)
    shown(bench)
    track = bench.pane.trail.source.track
    assert np.flatnonzero(track.gaps).tolist() == [7]
    middle = bench.point((START[0], START[1] + 9.5 * STEP))
    dashed = colors(bench.picture(), middle.x(), middle.y(), reach=6)
    assert LIGHT.speeds[4] not in dashed
    assert any(QColor(c).lightness() < 150 for c in dashed)
    begin, end = float(track.times[7]), float(track.times[8])
    bench.pane.trail.source.facts = TrailFacts(blind=lambda _key: [(begin + 1, end - 1)])
    bench.pane.tick()
    hatched = bench.picture()
    # Wider than the dashed line, and not solid.
    column = [hatched.pixelColor(middle.x(), middle.y() + y).name() for y in range(-5, 6)]
    assert len(set(column)) > 1


def test_alarms_stand_where_they_happened(bench: MapBench) -> None:
    drive(bench, 20)
    shown(bench)
    place = bench.point((START[0], START[1] + 5 * STEP))
    before = bench.picture().pixelColor(place + QPoint(4, -16))
    moment = float(bench.pane.trail.source.track.times[5])
    marks = [TrailMark(moment + 3, Severity.CRITICAL, "SOS")]
    bench.pane.trail.source.facts = TrailFacts(marks=lambda _key: marks)
    bench.pane.tick()
    assert bench.picture().pixelColor(place + QPoint(4, -16)) != before


def test_one_moment_for_plots_and_trail(bench: MapBench) -> None:
    drive(bench, 20)
    shown(bench)
    bench.picture()
    moments: list[float] = []
    bench.pane.trail.moment_chosen.connect(moments.append)
    place = bench.point((START[0], START[1] + 5 * STEP))
    QTest.mouseClick(bench.canvas, Qt.MouseButton.LeftButton, pos=place)
    times = bench.pane.trail.source.track.times
    assert moments == [pytest.approx(float(times[5]))]
    assert LIGHT.selection in colors(bench.picture(), place.x(), place.y())
    bench.pane.trail.set_moment(float(times[12]))
    other = bench.point((START[0], START[1] + 12 * STEP))
    picture = bench.picture()
    assert LIGHT.selection in colors(picture, other.x(), other.y())
    assert LIGHT.selection not in colors(picture, place.x(), place.y())
    bench.pane.trail.set_moment(None)
    assert LIGHT.selection not in colors(bench.picture(), other.x(), other.y())


def test_no_name_stands_on_the_trail(bench: MapBench) -> None:
    drive(bench, 20)
    shown(bench)
    boxes = bench.pane.trail.layer.boxes(bench.canvas.view)
    place = bench.point((START[0], START[1] + 10 * STEP))
    assert any(b.left <= place.x() <= b.right and b.top <= place.y() <= b.bottom for b in boxes)
    assert bench.canvas.takers == [bench.pane.trail.layer.boxes]
    bench.pane.show_device("")
    assert bench.pane.trail.layer.boxes(bench.canvas.view) == []


def test_what_was_recorded_is_in_front_of_what_memory_has(bench: MapBench) -> None:
    drive(bench, 20)
    bench.harness.settings.set("trail_minutes", 1_440)
    looked: list[tuple[float, float]] = []
    source = bench.pane.trail.source
    source.facts = TrailFacts(look=lambda _device, start, end: looked.append((start, end)))
    shown(bench)
    assert len(source.track) == 20
    newest_s = float(source.track.times[-1])
    assert looked[-1] == (newest_s - 86_400, newest_s)
    device = bench.harness.fleet.find("a")
    assert device is not None
    before = device.series.as_they_came()
    earlier = before._replace(times=before.times - 3_600, usual=np.full(20, 10.0))
    bench.pane.trail.set_past(PastPart(earlier, np.zeros(20, np.bool_)))
    track = source.track
    assert len(track) == 40
    assert track.times[0] == newest_s - 190 - 3_600
    # Over the hour between nothing is known.
    assert track.gaps.nonzero()[0].tolist() == [19]
    bench.pane.trail.set_past(PastPart(earlier.pick(slice(0, 5)), np.zeros(5, np.bool_)))
    assert len(source.track) == 25
    bench.pane.trail.set_past(None)
    assert len(source.track) == 20


def test_it_is_that_of_what_the_plots_show(bench: MapBench) -> None:
    drive(bench, 100)
    bench.harness.settings.set("trail_minutes", -1)
    source = bench.pane.trail.source
    stretch: list[tuple[float, float] | None] = [None]
    source.facts = TrailFacts(plotted=lambda: stretch[0])
    shown(bench)
    # Plots that follow the time leave the usual length.
    assert len(source.track) == 91
    first_s = float(source.track.times[0])
    stretch[0] = first_s + 100, first_s + 200
    bench.pane.trail.follow_plots()
    assert source.track.times.tolist() == [first_s + 100 + 10 * n for n in range(11)]


def test_the_kept_picture_is_the_trail_and_follows_it(bench: MapBench) -> None:
    drive(bench, 20)
    shown(bench)
    layer, canvas = bench.pane.trail.layer, bench.canvas
    colours = canvas._take_look()

    def painted(*, moving: bool) -> QImage:
        image = QImage(600, 400, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        layer.paint(painter, MapFrame(canvas.view, colours, 1.0, moving))
        painter.end()
        return image

    first = painted(moving=False)
    assert first == painted(moving=True)
    drawn = layer._kept.drawn
    assert painted(moving=False) == first
    assert layer._kept.drawn == drawn
    # Back on its way, slowly: within the same box.
    drive(bench, 3, speed=5.0, first=15)
    bench.pane.tick()
    assert painted(moving=False) != first
    assert painted(moving=False) == painted(moving=True)
