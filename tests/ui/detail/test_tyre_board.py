"""The picture of the wheels: what each says, and how a sensor gets its wheel."""

from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.detail.bench import DetailBench
from tests.ui.harness import NOW_MS, Harness
from tftmonitor.ui.detail.tabs.tyres import TyresPage
from tftmonitor.ui.detail.tyres.axles import LAYOUTS, likely_layout, wheels_of
from tftmonitor.ui.detail.tyres.board import TyreBoard
from tftmonitor.ui.detail.tyres.places import loose_places, wheel_places
from tftmonitor.ui.detail.tyres.tyre import Tyre
from tftmonitor.ui.theme.theme import DARK, LIGHT, Theme, install_theme


def sensors(count: int = 4, **more: Any) -> list[dict[str, Any]]:
    tyre = {"airPressure": 800, "airTemp": 30, "voltage": 3.0, "status": 0}
    return [{"mac": f"S{number + 1}", **tyre, **more} for number in range(count)]


@pytest.fixture
def page(bench: DetailBench) -> TyresPage:
    bench.pane.resize(560, 900)
    bench.show(bench.send("bleTire", bleDataList=sensors()), "Tyres")
    QCoreApplication.processEvents()
    page = bench.pane.page
    assert isinstance(page, TyresPage)
    return page


def middle(board: TyreBoard, tyre: Tyre) -> QPoint:
    return tyre.geometry().center()


def loose(board: TyreBoard, sensor: str) -> Tyre:
    return next(tyre for tyre in board.loose if tyre.sensor == sensor)


def drag(board: TyreBoard, start: QPoint, end: QPoint) -> None:
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(board, left, pos=start)
    QTest.mouseMove(board, start + QPoint(30, 0))
    QTest.mouseMove(board, end)
    QTest.mouseRelease(board, left, pos=end)


def test_a_sensor_dragged_onto_a_wheel_stays_there_after_a_restart(
    harness: Harness, page: TyresPage
) -> None:
    board = page.board
    wheel = board.wheels["Axle 1 left"]
    assert wheel.accessibleName() == "Axle 1 left: no sensor"
    drag(board, middle(board, loose(board, "S2")), middle(board, wheel))
    assert wheel.sensor == "S2"
    assert [tyre.sensor for tyre in board.loose] == ["S1", "S3", "S4"]
    assert harness.restarted().values.wheels == {"1": {"S2": "Axle 1 left"}}


def test_a_wheel_says_pressure_temperature_battery_and_age(
    bench: DetailBench, page: TyresPage
) -> None:
    page.context.wheels.set_wheel(bench.fleet.devices[0], "S1", "Axle 2 right")
    bench.send("bleTire", bleDataList=sensors(1, status=1))
    bench.clock.advance(90)
    bench.pane.tick()
    name = page.board.wheels["Axle 2 right"].accessibleName()
    assert name == (
        "Axle 2 right: sensor S1, 8.00 bar, 30 °C, sensor battery 3.00 V, leak, 1 min ago"
    )


def test_a_wheel_takes_one_sensor_and_the_former_has_none(page: TyresPage) -> None:
    board = page.board
    wheel = board.wheels["Axle 1 right"]
    drag(board, middle(board, loose(board, "S1")), middle(board, wheel))
    drag(board, middle(board, loose(board, "S2")), middle(board, wheel))
    assert wheel.sensor == "S2"
    assert loose(board, "S1").wheel == ""


def test_a_sensor_dragged_off_its_wheel_has_none(bench: DetailBench, page: TyresPage) -> None:
    board = page.board
    wheel = board.wheels["Axle 1 left"]
    drag(board, middle(board, loose(board, "S1")), middle(board, wheel))
    drag(board, middle(board, wheel), QPoint(board.width() // 2, middle(board, wheel).y()))
    assert wheel.sensor == ""
    assert bench.settings.values.wheels == {}


def test_a_click_moves_nothing_and_chooses_the_wheel(bench: DetailBench, page: TyresPage) -> None:
    board = page.board
    wheel = board.wheels["Axle 2 left"]
    QTest.mouseClick(board, Qt.MouseButton.LeftButton, pos=middle(board, wheel))
    assert bench.settings.values.wheels == {}
    assert page.air.button.text() == "Find the sensor of Axle 2 left"


def test_the_keyboard_moves_a_sensor_and_escape_leaves_it(page: TyresPage) -> None:
    board, space = page.board, Qt.Key.Key_Space
    wheel = board.wheels["Axle 1 left"]
    start = loose(board, "S3")
    start.setFocus()
    QTest.keyClick(start, space)
    assert "Moving sensor S3" in board.accessibleDescription()
    QTest.keyClick(start, Qt.Key.Key_Escape)
    assert board.accessibleDescription() == ""
    QTest.keyClick(start, space)
    wheel.setFocus()
    QTest.keyClick(wheel, space)
    assert wheel.sensor == "S3"


def test_a_sensor_in_the_hand_is_not_put_on_another_device(
    bench: DetailBench, page: TyresPage
) -> None:
    board = page.board
    start = loose(board, "S3")
    start.setFocus()
    QTest.keyClick(start, Qt.Key.Key_Space)
    bench.show(bench.send("bleTire", "2", bleDataList=sensors()), "Tyres")
    assert board.moving == ""


def test_the_axles_are_chosen_for_a_device_and_kept(
    harness: Harness, bench: DetailBench, page: TyresPage
) -> None:
    assert page.board.layout_name == "2-2"
    page.axles.textActivated.emit("2-4-4")
    assert page.board.layout_name == "2-4-4"
    assert len(page.board.wheels) == 10
    assert harness.restarted().values.axles == {"1": "2-4-4"}
    bench.show(bench.send("bleTire", "2", bleDataList=sensors(6)), "Tyres")
    assert page.board.layout_name == "2-4"


def test_a_layout_of_the_profile_that_cannot_be_is_not_shown(
    bench: DetailBench, page: TyresPage
) -> None:
    bench.settings.set("axles", {"1": "9-9"})
    assert page.board.layout_name == "2-2"


def test_the_tooltip_of_a_wheel_shows_words_of_the_server_as_they_are(
    bench: DetailBench, page: TyresPage
) -> None:
    bench.send("bleTire", bleDataList=[{"mac": "<b>S</b>", "airPressure": 800}])
    assert "&lt;b&gt;S" in page.board.loose[0].toolTip()


def test_what_two_transports_say_of_a_sensor_is_one_tyre(
    bench: DetailBench, page: TyresPage
) -> None:
    bench.send("rs232Tire", date=NOW_MS - 99_000, list=sensors(1, airPressure=100))
    assert loose(page.board, "S1").reading is not None
    assert len(page.board.loose) == 4
    assert "8.00 bar" in loose(page.board, "S1").accessibleName()
    bench.clock.advance(5)
    bench.send("rs232Tire", date=NOW_MS + 5_000, list=sensors(1, airPressure=100))
    assert "1.00 bar" in loose(page.board, "S1").accessibleName()


def test_a_broken_unit_does_not_fill_the_tab(bench: DetailBench, page: TyresPage) -> None:
    bench.send("bleTire", bleDataList=sensors(150))
    assert len(page.board.loose) == 24
    bench.send("bleTire", bleDataList=sensors(2))
    assert len(page.board.loose) == 2


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_leak_is_painted_as_an_alarm_in_both_themes(
    qapp: QApplication, bench: DetailBench, page: TyresPage, theme: Theme
) -> None:
    install_theme(qapp, theme)
    page.context.wheels.set_wheel(bench.fleet.devices[0], "S1", "Axle 1 left")
    bench.send("bleTire", bleDataList=sensors(1, status=1))
    tyre = page.board.wheels["Axle 1 left"]
    assert tyre.grab().toImage().pixelColor(10, 31).name() == theme.critical.fill
    bench.send("bleTire", bleDataList=sensors(1, status=0))
    assert tyre.grab().toImage().pixelColor(10, 31).name() == theme.base


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("width", [340, 540, 1200])
def test_wheels_stand_side_by_side_in_the_width_there_is(layout: str, width: int) -> None:
    boxes, bottom = wheel_places(layout, width)
    assert len(boxes) == len(wheels_of(layout)) == sum(map(int, layout.split("-")))
    places = list(boxes.values())
    for number, box in enumerate(places):
        assert box.left() >= 0
        assert box.right() < width
        assert box.bottom() < bottom
        assert not any(box.intersects(other) for other in places[number + 1 :])


@pytest.mark.parametrize(
    ("count", "layout"), [(0, "2-2"), (5, "2-4"), (10, "2-4-4"), (99, "2-2-4-4")]
)
def test_the_first_guess_has_a_wheel_for_each_sensor(count: int, layout: str) -> None:
    assert likely_layout(count) == layout


def test_no_layout_and_no_sensors_take_no_room() -> None:
    assert wheel_places("nonsense", 400) == ({}, 0)
    assert loose_places(0, 400, 70) == ([], 70)
