"""Coordinates as people write them."""

import pytest

from tftmonitor.model.geo.coordinates import coordinates_text, dms_text


@pytest.mark.parametrize(
    ("latitude", "longitude", "text"),
    [
        (52.52, 13.405, "52°31'12.0\"N 13°24'18.0\"E"),
        (-33.8688, -151.2093, "33°52'07.7\"S 151°12'33.5\"W"),
        (0.0, 0.0, "0°00'00.0\"N 0°00'00.0\"E"),
        # Rounded up as a whole, never "60.0".
        (9.999999, 179.999999, "10°00'00.0\"N 180°00'00.0\"E"),
    ],
)
def test_degrees_minutes_and_seconds(latitude: float, longitude: float, text: str) -> None:
    assert dms_text(latitude, longitude) == text


def test_decimal() -> None:
    assert coordinates_text(52.5, -13.40512345) == "52.500000, -13.405123"
