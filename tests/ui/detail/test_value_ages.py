"""Each value of the detail says its own age when that is not the age of the report."""

from typing import Any

import pytest

from tests.ui.detail.bench import DetailBench, texts_of
from tests.ui.harness import NOW_MS
from tftmonitor.base.clock import HOUR_MS, SECOND_MS
from tftmonitor.ui.detail.field_model import FieldColumn
from tftmonitor.ui.detail.tabs.fields import FieldsPage

DRIVING: dict[str, Any] = {"speed": 62, "acc": 1, "lat": 52.1, "lng": 5.2, "latlng_valid": 1}
POWER: dict[str, Any] = {"external_power_voltage": 12.4, "battery_voltage_percent": 30}


def receive(bench: DetailBench, **status: Any) -> None:
    bench.show(bench.snapshot(**status))


def quiet_power(bench: DetailBench) -> None:
    """Power was reported four hours ago, all else now."""
    receive(bench, **DRIVING, **POWER, date=NOW_MS - 4 * HOUR_MS)
    for _ in range(2):
        receive(bench, **DRIVING)


def lines(bench: DetailBench) -> str:
    return "\n".join(texts_of(bench.pane.page)).replace("\u00a0", " ")


def test_tiles_of_values_gone_quiet_say_their_own_age(bench: DetailBench) -> None:
    quiet_power(bench)
    for title in ("External voltage", "Battery"):
        assert (bench.tile(title).stale, bench.tile(title).note) == (True, "4 h old")
    assert (bench.tile("Speed").stale, bench.tile("Speed").note) == (False, "")
    receive(bench, **DRIVING, **POWER)
    assert not bench.tile("Battery").stale


def test_tiles_grow_old_while_nothing_comes(bench: DetailBench) -> None:
    receive(bench, **DRIVING, **POWER)
    bench.clock.advance(25 * 60)
    receive(bench, **DRIVING)
    assert not bench.tile("Battery").stale
    bench.clock.advance(6 * 60)
    bench.pane.tick()
    assert (bench.tile("Battery").stale, bench.tile("Battery").note) == (True, "31 min old")


def test_speed_and_place_are_as_old_as_the_fix(bench: DetailBench) -> None:
    receive(bench, **DRIVING, location_date=NOW_MS - 3 * HOUR_MS)
    assert (bench.tile("Speed").stale, bench.tile("Speed").note) == (True, "3 h old")
    assert "last known 52.100000°, 5.200000°, 3 h old" in lines(bench)
    assert "Moving" not in bench.pane.head.state.text()
    receive(bench, **DRIVING, location_date=NOW_MS)
    assert "52.100000°, 5.200000°" in lines(bench)
    assert "last known" not in lines(bench)


def test_place_without_a_fix_is_the_last_known(bench: DetailBench) -> None:
    receive(bench, **DRIVING | {"latlng_valid": 0})
    assert "No fix  ·  last known 52.100000°, 5.200000°" in lines(bench)
    assert bench.tile("Speed").note == "last known"


def test_fields_have_ages_of_their_own(bench: DetailBench) -> None:
    quiet_power(bench)
    receive(bench, **DRIVING, location_date=NOW_MS - 3 * HOUR_MS)
    bench.pane.show_tab("Fields")
    page = bench.pane.page
    assert isinstance(page, FieldsPage)
    page.filter.setText("e")
    ages, dim = {}, {}
    for number, section in enumerate(page.model.sections):
        group = page.model.index(number, 0)
        for place, row in enumerate(section.shown):
            index = page.model.index(place, FieldColumn.AGE, group)
            ages[row.wire] = index.data()
            dim[row.wire] = row.is_old(page.model._report)
    assert (ages["external_power_voltage"], ages["speed"]) == ("4 h 0 min", "3 h 0 min")
    assert (dim["external_power_voltage"], dim["speed"], dim["date"]) == (True, True, False)
    assert ages["date"] == "0 s"


@pytest.mark.parametrize("advance_s", [0, 90])
def test_small_values_have_ages_too(bench: DetailBench, advance_s: int) -> None:
    receive(bench, **DRIVING, mileage=100_000, date=NOW_MS - 4 * HOUR_MS)
    receive(bench, **DRIVING)
    bench.clock.advance(advance_s)
    bench.pane.tick()
    text = f"Odometer 100.0 km, {'4 h old' if not advance_s else '4 h 1 min old'}"
    assert text in lines(bench)
    assert NOW_MS % SECOND_MS == 0
