"""Distances and scale bars in the unit in force."""

import pytest

from tftmonitor.model.fields.distance_text import distance_text, scale_bar
from tftmonitor.model.fields.units import use_units


@pytest.mark.parametrize(
    ("unit", "metres", "text"),
    [
        ("km", 420.0, "420 m"),
        ("km", 3_400.0, "3.4 km"),
        ("km", 128_300.0, "128 km"),
        ("mi", 100.0, "328 ft"),
        ("mi", 3_218.688, "2.0 mi"),
        ("nmi", 1_000.0, "1000 m"),
        ("nmi", 18_520.0, "10.0 nmi"),
    ],
)
def test_distances(unit: str, metres: float, text: str) -> None:
    use_units({"distance_unit": unit})
    assert distance_text(metres) == text


@pytest.mark.parametrize(
    ("unit", "metres_per_pixel", "text", "metres"),
    [
        ("km", 1_000.0, "100 km", 100_000.0),
        ("km", 30.0, "2 km", 2_000.0),
        ("km", 0.6, "50 m", 50.0),
        ("km", 0.02, "2 m", 2.0),
        ("mi", 30.0, "2 mi", 3_218.688),
        ("mi", 1.0, "200 ft", 60.96),
    ],
)
def test_scale_bar_is_a_round_length_that_fits(
    unit: str, metres_per_pixel: float, text: str, metres: float
) -> None:
    use_units({"distance_unit": unit})
    bar = scale_bar(metres_per_pixel, 110.0)
    assert bar.text == text
    assert bar.pixels * metres_per_pixel == pytest.approx(metres, rel=1e-6)
    assert 40 < bar.pixels <= 110


def test_a_length_below_one_is_said_as_well() -> None:
    assert scale_bar(0.001, 110.0).pixels == pytest.approx(100.0)
