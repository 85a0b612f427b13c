from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from tests.ui.harness import Harness
from tests.ui.theme.painted import pixels_of
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.detail.tabs.tyres import TyresPage
from tftmonitor.ui.detail.tyres.wheel_slots import Tyre, fallen, plan_of, slot_name, slot_of
from tftmonitor.ui.theme.theme import LIGHT


def tyres(*sensors: str, **more: Any) -> list[Tyre]:
    return [Tyre(sensor, 800.0, **more) for sensor in sensors]


def test_wheels_go_by_the_users_word_then_by_position_and_the_rest_is_loose() -> None:
    found = [Tyre("a", position=1), Tyre("b", position=1), Tyre("c"), Tyre("d", position=99)]
    plan = plan_of(found, {"c": "Axle 2 right", "d": "the spare one"})
    assert {slot: tyre.sensor for slot, tyre in plan.placed.items()} == {0: "a", 3: "c"}
    assert [tyre.sensor for tyre in plan.loose] == ["b", "d"]
    assert plan.axles == 2


def test_picture_has_an_axle_for_each_two_sensors_and_is_bounded() -> None:
    assert plan_of(tyres(*"abcdef"), {}).axles == 3
    assert plan_of(tyres(*map(str, range(99))), {}).axles == 8
    assert plan_of(tyres("a"), {"a": "Axle 5 left"}).axles == 5


@pytest.mark.parametrize("slot", range(16))
def test_names_of_slots_are_read_back(slot: int) -> None:
    assert slot_of(slot_name(slot)) == slot


def test_only_one_sensor_that_fell_tells_the_wheel() -> None:
    before = {"a": 800.0, "b": 800.0, "c": 800.0}
    assert fallen(before, [Tyre("a", 780.0), Tyre("b", 800.0)], 15) == "a"
    assert fallen(before, [Tyre("a", 780.0), Tyre("b", 700.0)], 15) == ""
    assert fallen(before, [Tyre("x", 1.0), Tyre("a", None)], 15) == ""


class Bench:
    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.send(a=800.0, b=810.0)
        self.pane = DetailPane(harness.fleet, harness.clock, harness.settings)
        harness.show(self.pane, 700, 700)
        self.pane.show_device(self.device.key)
        self.pane.show_tab("Tyres")
        page = self.pane.tabs.page
        assert isinstance(page, TyresPage)
        self.page = page

    def send(self, leak: int = 0, **pressures: float) -> None:
        sensors = [
            {"mac": sensor, "airPressure": kpa, "airTemp": 20, "voltage": 3.0, "status": leak}
            for sensor, kpa in pressures.items()
        ]
        self.device = self.harness.send("bleTire", "350", bleDataList=sensors)

    @property
    def wheels(self) -> dict[str, str]:
        return dict(self.page.context.wheels.of(self.device))


@pytest.fixture
def bench(harness: Harness) -> Bench:
    return Bench(harness)


def drag(bench: Bench, start: QPoint, end: QPoint) -> None:
    view = bench.page.axles
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, start + QPoint(20, 5))
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)


def test_tyre_is_dragged_to_its_wheel_and_takes_the_place_of_another(bench: Bench) -> None:
    view = bench.page.axles
    assert view.isVisible()
    loose = [view.box_of_loose(place).center().toPoint() for place in range(2)]
    drag(bench, loose[0], view.box_of(1).center().toPoint())
    assert bench.wheels == {"a": "Axle 1 right"}
    left = view.box_of_loose(0).center().toPoint()
    drag(bench, left, view.box_of(1).center().toPoint())
    assert bench.wheels == {"b": "Axle 1 right"}
    drag(bench, view.box_of(1).center().toPoint(), view.box_of(2).center().toPoint())
    assert bench.wheels == {"b": "Axle 2 left"}


def test_letting_air_out_binds_the_sensor_that_fell(bench: Bench) -> None:
    line = bench.page.air_out
    line.wheel.setCurrentIndex(3)
    line.button.click()
    assert "Axle 2 right" in line.text.text()
    bench.send(a=800.0, b=780.0)
    bench.pane.refresh({bench.device.row})
    assert bench.wheels == {"b": "Axle 2 right"}
    assert line.text.text() == "Sensor b is Axle 2 right."


def test_waiting_for_air_ends_by_itself_and_changes_nothing(bench: Bench) -> None:
    line = bench.page.air_out
    line.button.click()
    bench.harness.clock.advance(181)
    bench.send(a=800.0, b=805.0)
    bench.pane.refresh({bench.device.row})
    assert "Nothing was changed" in line.text.text()
    bench.send(a=700.0, b=805.0)
    bench.pane.refresh({bench.device.row})
    assert bench.wheels == {}


def test_leak_is_painted_as_such_and_told_to_screen_readers(bench: Bench) -> None:
    view = bench.page.axles
    bench.page._bind("a", 0)
    bench.send(leak=1, a=300.0)
    bench.pane.refresh({bench.device.row})
    assert "Axle 1 left: 3.00 bar, 20 °C" in view.accessibleDescription()
    colors = {tuple(color) for color in pixels_of(view.grab().toImage()).reshape(-1, 3).tolist()}
    red = QColor(LIGHT.critical.fill)
    assert (red.red(), red.green(), red.blue()) in colors


def test_tab_without_data_does_not_stay_in_front_for_the_next_device(bench: Bench) -> None:
    other = bench.harness.snapshot("351", speed=4.0)
    bench.pane.show_device(other.key)
    assert bench.pane.tabs.page.title == "Overview"
    bench.pane.show_device(bench.device.key)
    assert bench.pane.tabs.page.title == "Tyres"
    bench.pane.show_tab("Overview")
    bench.pane.show_device(other.key)
    bench.pane.show_device(bench.device.key)
    assert bench.pane.tabs.page.title == "Overview"
