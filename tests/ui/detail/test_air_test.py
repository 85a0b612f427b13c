"""Finding a sensor by the pressure that drops: one is an answer, none and two are none."""

from typing import Any

import pytest

from tests.ui.detail.bench import DetailBench
from tests.ui.harness import NOW_MS
from tftmonitor.ui.detail.tabs.tyres import TyresPage


def report(bench: DetailBench, date_ms: int | None = None, **kpa: float) -> None:
    tyres: list[dict[str, Any]] = [{"mac": mac, "airPressure": p} for mac, p in kpa.items()]
    bench.send("bleTire", bleDataList=tyres, date=date_ms or bench.clock.now_ms())


@pytest.fixture
def page(bench: DetailBench) -> TyresPage:
    report(bench, A=800, B=800, C=800)
    bench.pane.show_device("1")
    bench.pane.show_tab("Tyres")
    page = bench.pane.page
    assert isinstance(page, TyresPage)
    page.air.choose("Axle 1 left")
    page.air.button.click()
    bench.clock.advance(10)
    return page


def test_it_says_what_to_do_and_counts_down(bench: DetailBench, page: TyresPage) -> None:
    bench.pane.tick()
    assert page.air.text.text() == (
        "Let a little air out of Axle 1 left now. The sensor whose pressure drops by more than "
        "0.20 bar in the next 1:50 is this wheel."
    )
    assert page.air.button.text() == "Stop"


def test_the_sensor_that_drops_is_the_wheel(bench: DetailBench, page: TyresPage) -> None:
    report(bench, A=795, B=770, C=802)
    assert page.board.wheels["Axle 1 left"].sensor == "B"
    assert bench.settings.values.wheels == {"1": {"B": "Axle 1 left"}}
    assert page.air.text.text().startswith("Sensor B dropped from 8.00 bar to 7.70 bar")


def test_drops_of_several_reports_add_up(bench: DetailBench, page: TyresPage) -> None:
    report(bench, B=785)
    assert bench.settings.values.wheels == {}
    report(bench, B=775)
    assert bench.settings.values.wheels == {"1": {"B": "Axle 1 left"}}


def test_twenty_kilopascals_are_not_more_than_twenty(bench: DetailBench, page: TyresPage) -> None:
    report(bench, B=780)
    assert page.air.search is not None


def test_two_at_once_are_no_answer(bench: DetailBench, page: TyresPage) -> None:
    report(bench, A=700, B=700)
    assert bench.settings.values.wheels == {}
    assert "2 sensors dropped at once" in page.air.text.text()
    assert page.air.search is None


def test_after_two_minutes_it_is_over(bench: DetailBench, page: TyresPage) -> None:
    bench.clock.advance(111)
    bench.pane.tick()
    assert "No sensor dropped by more than 0.20 bar" in page.air.text.text()
    report(bench, B=500)
    assert bench.settings.values.wheels == {}


def test_what_was_measured_before_says_nothing(bench: DetailBench, page: TyresPage) -> None:
    page.air.button.click()
    bench.pane.tick()
    page.air.button.click()
    bench.clock.advance(5)
    # Newer than the last report, and made before the search began.
    report(bench, NOW_MS + 4_000, B=500)
    assert page.air.search is not None
    assert bench.settings.values.wheels == {}


def test_a_sensor_that_wakes_up_is_measured_from_its_first_report(
    bench: DetailBench, page: TyresPage
) -> None:
    report(bench, D=600)
    assert page.air.search is not None
    report(bench, D=570)
    assert bench.settings.values.wheels == {"1": {"D": "Axle 1 left"}}


def test_it_can_be_stopped(bench: DetailBench, page: TyresPage) -> None:
    page.air.button.click()
    report(bench, B=500)
    assert bench.settings.values.wheels == {}


def test_another_device_is_not_searched(bench: DetailBench, page: TyresPage) -> None:
    bench.send("bleTire", "2", bleDataList=[{"mac": "B", "airPressure": 800}])
    bench.pane.show_device("2")
    assert page.air.search is None
    assert not page.air.button.isEnabled()
