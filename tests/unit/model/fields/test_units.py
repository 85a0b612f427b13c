"""Units as people choose them, against values of conversion tables."""

import typing

import pytest

from tftmonitor.model.fields.field import Unit
from tftmonitor.model.fields.formatting import format_value, format_with_unit
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fields.units import CHOICES, shown_as, use_units
from tftmonitor.model.rules.conditions import FieldAbove, FieldBelow
from tftmonitor.model.rules.record_conditions import TyrePressureBelow, TyreTemperatureAbove
from tftmonitor.settings.schema import Settings

# Setting, choice, field, canonical value, what is shown.
SHOWN = [
    ("speed_unit", "mph", "speed", 100.0, "62.1 mph"),
    ("speed_unit", "kn", "speed", 185.2, "100.0 kn"),
    ("distance_unit", "mi", "mileage", 160_934.4, "100.0 mi"),
    ("distance_unit", "mi", "altitude", 304.8, "1000 ft"),
    ("distance_unit", "nmi", "mileage", 18_520.0, "10.0 nmi"),
    ("temperature_unit", "°F", "cooling_fluid_temp", 90.0, "194 °F"),
    ("temperature_unit", "°F", "external_temp", -40.0, "-40.0 °F"),
    ("volume_unit", "gal (US)", "accumulating_fuel_consumption", 37_854.12, "10.00 gal"),
    ("volume_unit", "gal (imp.)", "accumulating_fuel_consumption", 45_460.9, "10.00 gal"),
    ("volume_unit", "gal (US)", "instant_fuel_consumption", 3_785.412, "1.00 gal/h"),
]


@pytest.mark.parametrize(("setting", "choice", "name", "value", "text"), SHOWN)
def test_values_are_shown_in_the_unit_chosen(
    setting: str, choice: str, name: str, value: float, text: str
) -> None:
    field = STATUS_FIELDS.by_name[name]
    before = format_with_unit(field, value)
    use_units({setting: choice})
    assert format_with_unit(field, value) == text
    use_units({})
    assert format_with_unit(field, value) == before != text


@pytest.mark.parametrize("setting", CHOICES)
def test_what_the_settings_offer_is_what_there_is_and_the_first_changes_nothing(
    setting: str,
) -> None:
    offered = typing.get_args(typing.get_type_hints(Settings)[setting])
    assert offered == tuple(CHOICES[setting])
    assert CHOICES[setting][offered[0]] == {}


@pytest.mark.parametrize("choice", [choice for of in CHOICES.values() for choice in of.values()])
def test_what_is_typed_comes_back(choice: dict[Unit, typing.Any]) -> None:
    for shown in choice.values():
        assert shown.back(shown.of(55.0)) == pytest.approx(55.0)
        assert shown.digits(0) >= 0


def test_pressures_of_tyres() -> None:
    assert TyrePressureBelow(limit=600.0, hysteresis=20.0).describe() == (
        "Tyre pressure below 600 kPa (back at 620 kPa)"
    )
    use_units({"pressure_unit": "bar", "temperature_unit": "°F"})
    assert TyrePressureBelow(limit=600.0, hysteresis=20.0).describe() == (
        "Tyre pressure below 6 bar (back at 6.2 bar)"
    )
    assert TyrePressureBelow(limit=600.0).value_text(587.0) == "Tyre pressure 5.87 bar"
    assert TyreTemperatureAbove(limit=90.0, hysteresis=5.0).describe() == (
        "Tyre temperature above 194 °F (back at 185 °F)"
    )


def test_a_limit_keeps_its_meaning_and_is_said_as_it_was_typed() -> None:
    use_units({"speed_unit": "mph"})
    typed = shown_as(Unit.KMH).back(55.0)
    rule = FieldAbove(field="speed", limit=typed, hysteresis=shown_as(Unit.KMH).back(5.0))
    assert rule.describe() == "Speed above 55 mph (back at 50 mph)"
    assert rule.value_text(100.0) == "Speed 62.1 mph"
    band = rule.band()
    assert band is not None
    assert band.enter == pytest.approx(88.51, abs=0.01)
    assert FieldAbove(field="speed", limit=900.0).problem() == "Speed is never above 310.6856 mph."
    assert format_value(STATUS_FIELDS.by_name["speed"], None) == "—"


def test_a_limit_on_a_scaled_field_is_compared_in_the_unit_of_the_wire() -> None:
    use_units({"temperature_unit": "°F", "distance_unit": "mi"})
    cold = FieldBelow(field="external_temp", limit=shown_as(Unit.CELSIUS).back(0.0))
    band = cold.band()
    assert band is not None
    assert band.enter == pytest.approx(-17.78, abs=0.01)
    far = FieldAbove(field="mileage", limit=shown_as(Unit.KM).back(100_000.0))
    band = far.band()
    assert band is not None
    assert band.enter == pytest.approx(160_934_400, rel=1e-6)


def test_what_is_no_choice_is_refused_and_changes_nothing() -> None:
    with pytest.raises(KeyError):
        use_units({"speed_unit": "furlongs"})
    assert shown_as(Unit.KMH).text == "km/h"
