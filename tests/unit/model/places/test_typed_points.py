"""Points as people type them."""

import pytest

from tftmonitor.model.geo.coordinates import coordinates_text, dms_text
from tftmonitor.model.places.typed_points import read_point, read_points


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("52.52, 13.405", (52.52, 13.405)),
        ("52.52,13.405", (52.52, 13.405)),
        ("52.52 13.405", (52.52, 13.405)),
        (" 52.52;13.405 ", (52.52, 13.405)),
        ("52.52\t13.405", (52.52, 13.405)),
        ("52,52 13,405", (52.52, 13.405)),
        ("52,52; 13,405", (52.52, 13.405)),
        ("52,52, 13,405", (52.52, 13.405)),
        ("52, 13", (52.0, 13.0)),
        ("52,13", (52.0, 13.0)),
        ("-33.9, -151.2", (-33.9, -151.2)),
        ("−33.9, 151.2", (-33.9, 151.2)),
        ("-33,9 -151,2", (-33.9, -151.2)),
        ("33.9S 151.2W", (-33.9, -151.2)),
        ("S 33.9 W 151.2", (-33.9, -151.2)),
        ("s33.9 w151.2", (-33.9, -151.2)),
        ("13.405E, 52.52N", (52.52, 13.405)),
        ("52°30'N 13°15'E", (52.5, 13.25)),
        ("52° 30' 36\" N, 13° 15' 18\" W", (52.51, -13.255)),
        ("52°30′36″N13°15′18″E", (52.51, 13.255)),
        ("52.5° 13.25°", (52.5, 13.25)),
        ("+52 +13", (52.0, 13.0)),
    ],
)
def test_points(text: str, point: tuple[float, float]) -> None:
    assert read_point(text) == pytest.approx(point, abs=1e-9)


@pytest.mark.parametrize("point", [(52.123456, 13.654321), (-0.5, -179.999999), (0.0, 0.25)])
def test_what_the_map_copies_is_read_back(point: tuple[float, float]) -> None:
    assert read_point(coordinates_text(*point)) == pytest.approx(point, abs=1e-6)
    assert read_point(dms_text(*point)) == pytest.approx(point, abs=2e-5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no place. Write it as"),
        ("52.52", "is no place"),
        ("52,5,13,4", "is no place"),
        ("Berlin", "is no place"),
        ("52.5, 13.4, 35", "is no place"),
        ("1e5, 13", "is no place"),
        ("13.4, 152.5E 3", "is no place"),
        ("52.5N 13.4N", "two latitudes or two longitudes"),
        ("52.5E 13.4W", "two latitudes or two longitudes"),
        ("133.9, 52.1", "swapped"),
        ("52.1, 190", "longitude 190"),
        ("x" * 500, "…"),
    ],
)
def test_what_is_no_point(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace(".", r"\.")):
        read_point(text)


def test_several() -> None:
    assert read_points("52,5 13,4\n\n 52.6, 13.5 \r\n") == [(52.5, 13.4), (52.6, 13.5)]
    assert read_points("") == []
    with pytest.raises(ValueError, match=r"^Line 3: “here” is no place"):
        read_points("52, 13\n\nhere")
