"""Names of countries: which are in sight at a zoom, at 180 degrees too, and how many."""

import pytest

from tftmonitor.model.geo.country_names import (
    MOST_NAMES,
    CountryName,
    names_in,
    read_names,
)
from tftmonitor.model.geo.view import View

EUROPE = View(0.53, 0.33, 4.0, 1000, 700)


def name(text: str = "Fiji", x: float = 0.53, *, y: float = 0.33, rank: int = 3) -> CountryName:
    return CountryName(text, x, y, 3.0, 8.0, rank)


def test_a_line_is_a_name_with_its_place() -> None:
    (fiji,) = read_names(["Fiji\t0.0\t-90.0\t3.0\t8.5\t6\n"])
    assert fiji == CountryName("Fiji", 0.25, 0.5, 3.0, 8.5, 6)


def test_a_name_is_bounded() -> None:
    (long,) = read_names(["x" * 1000 + "\t0\t0\t1\t2\t3"])
    assert len(long.name) == 60


@pytest.mark.parametrize("line", ["Fiji", "Fiji\tnorth\t0\t1\t2\t3", "a\t0\t0\t1\t2\t3\t4"])
def test_a_line_of_another_form_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|could not"):
        read_names([line])


@pytest.mark.parametrize(("zoom", "shown"), [(2.2, 0), (2.4, 1), (8.6, 1), (8.8, 0)])
def test_a_name_has_its_zooms(zoom: float, shown: int) -> None:
    assert len(names_in([name()], View(0.53, 0.33, zoom, 1000, 700))) == shown


@pytest.mark.parametrize(("x", "y"), [(0.2, 0.33), (0.9, 0.33), (0.53, 0.1), (0.53, 0.7)])
def test_what_is_out_of_sight_has_no_name(x: float, y: float) -> None:
    assert names_in([name(x=x, y=y)], EUROPE) == []


def test_a_name_beyond_180_degrees_stands_at_its_copy_in_sight() -> None:
    east = names_in([name(x=0.01)], View(0.99, 0.33, 4.0, 1000, 700))
    west = names_in([name(x=0.99)], View(0.01, 0.33, 4.0, 1000, 700))
    assert [round(one.x, 6) for one in east + west] == [1.01, -0.01]


def test_a_name_is_there_as_often_as_its_country() -> None:
    wide = names_in([name()], View(0.5, 0.5, 3.0, 5000, 700))
    assert [round(one.x, 6) for one in wide] == [-0.47, 0.53, 1.53]


def test_the_important_are_first_and_the_number_is_bounded() -> None:
    many = [name(f"{n}", rank=n) for n in range(MOST_NAMES + 9, 0, -1)]
    assert [one.rank for one in names_in(many, EUROPE)] == list(range(1, MOST_NAMES + 1))
