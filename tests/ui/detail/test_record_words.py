"""Drivers and fuel in sentences and bars; raw values are folded away, not taken away."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.detail.bench import DetailBench, texts_of
from tftmonitor.model.fleet.records import Record
from tftmonitor.ui.detail.record_words.gauge import FuelGauge
from tftmonitor.ui.detail.record_words.sentences import driver_sentences, fuel_sentences
from tftmonitor.ui.detail.tabs.fuel import FuelPage
from tftmonitor.ui.theme.theme import DARK, LIGHT, Theme, install_theme


@pytest.mark.parametrize(
    ("record", "other", "sentence"),
    [
        (
            {"driver_id": "AB12", "battery_v": 2.8, "alert": "tag battery low"},
            {"isIgnition": True},
            (
                "Driver AB12 was reported, with the ignition on. "
                "The battery of the tag has 2.80 V and is low."
            ),
        ),
        ({"driver_id": "7", "name": "Kim"}, {"isIgnition": 1}, "Kim (7) was reported."),
        ({"name": "Kim"}, {"isIgnition": False}, "Kim was reported, with the ignition off."),
        (
            {"driver_id": "7", "alert": "tag battery low"},
            {},
            "Driver 7 was reported. The battery of the tag is low.",
        ),
        ({"driver_id": "7", "alert": "driver"}, {}, "Driver 7 was reported."),
        ({"driver_id": "7", "alert": "alert 9"}, {}, "Driver 7 was reported. Alert: alert 9."),
        ({"battery_v": 3.0}, {}, ""),
    ],
)
def test_a_driver_is_a_sentence(record: Record, other: dict[str, Any], sentence: str) -> None:
    assert driver_sentences([record], other) == sentence


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (
            {"level_percent": 54.2, "temperature_c": 18.0, "liquid": "diesel", "alarm": "none"},
            "Tank: 54 % full, diesel, 18 °C.",
        ),
        (
            {"sensor": "F1", "level_percent": 0.0, "alarm": "leak"},
            "Probe F1: 0 % full, it loses fuel.",
        ),
        ({"level_percent": 99.0, "alarm": "filling"}, "Tank: 99 % full, it is being filled."),
        ({"level_percent": 99.0, "alarm": "alarm 7"}, "Tank: 99 % full, alarm 7."),
        (
            {"sensor": "F1", "raw_value": 4.0, "battery_v": 3.6, "connected": False},
            (
                "Probe F1: raw value 4.0, whose unit nobody documents, probe battery 3.60 V, "
                "the probe is not connected."
            ),
        ),
        ({"temperature_c": 18.0}, "Tank: level not reported, 18 °C."),
    ],
)
def test_a_tank_is_a_sentence(record: Record, sentence: str) -> None:
    assert fuel_sentences([record]) == sentence


def test_many_records_and_long_names_do_not_fill_the_tab() -> None:
    lines = driver_sentences([{"driver_id": "x" * 999}] * 15, {}).split("\n")
    assert len(lines) == 13
    assert lines[-1] == "and 3 more in the table below"
    assert max(map(len, lines)) < 80


def test_sentences_stand_above_the_tables(bench: DetailBench) -> None:
    bench.send("driver", driver_id="AB12", isIgnition=True)
    note = bench.section("Driver", "driver").note
    assert note.text() == "Driver AB12 was reported, with the ignition on."
    bench.send("rs232Fuel", list=[{"curLiquidHeight": 30, "fullLiquidHeight": 60}])
    assert bench.section("Fuel", "rs232Fuel").note.text() == "Tank: 50 % full."


def test_raw_values_are_folded_while_there_is_something_to_read(bench: DetailBench) -> None:
    bench.send("driver", driver_id="AB12", isIgnition=True)
    section = bench.section("Driver", "driver")
    assert section.fold.text() == "Also in this event, as received (1)"
    assert "isIgnition | true" not in texts_of(section)
    section.fold.click()
    assert "isIgnition | true" in texts_of(section)
    bench.send("driver", driver_id="AB12", isIgnition=False)
    assert "isIgnition | false" in texts_of(section)
    section.fold.click()
    assert "isIgnition | false" not in texts_of(section)


def test_raw_values_are_open_where_nothing_else_was_found(bench: DetailBench) -> None:
    bench.send("driver", odd={"x": 1})
    section = bench.section("Driver", "driver")
    assert not section.fold.isVisible()
    assert 'odd | {"x": 1}' in texts_of(section)


def gauge_of(bench: DetailBench, **data: Any) -> FuelGauge:
    bench.show(bench.send("rs232Fuel", **data), "Fuel")
    page = bench.pane.page
    assert isinstance(page, FuelPage)
    return page.gauge


def test_the_bar_says_how_full_a_tank_is(bench: DetailBench) -> None:
    gauge = gauge_of(bench, list=[{"fuelPercent": 25, "sensorId": "F1"}, {"fuelPercent": 75}])
    assert gauge.accessibleName() == "Probe F1 25 % full, Tank 75 % full"
    assert not gauge.isHidden()


def test_there_is_no_bar_without_a_level(bench: DetailBench) -> None:
    assert gauge_of(bench, list=[{"value": 4, "mac": "F1"}]).isHidden()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_bar_is_filled_as_far_as_the_tank(
    qapp: QApplication, bench: DetailBench, theme: Theme
) -> None:
    install_theme(qapp, theme)
    gauge = gauge_of(bench, list=[{"fuelPercent": 50}])
    picture = gauge.grab().toImage()
    assert picture.pixelColor(20, 8).name() == theme.accent
    assert picture.pixelColor(400, 8).name() != theme.accent
    bench.pane.set_link_down(True)
    assert gauge.grab().toImage().pixelColor(20, 8).name() == theme.muted_text
