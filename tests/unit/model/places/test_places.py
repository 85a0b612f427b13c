"""Places: what they may be, how they are worded, the store, and who is within."""

import time

import numpy as np
import pytest
from msgspec.structs import replace

from tftmonitor.model.fields.units import use_units
from tftmonitor.model.places.place import MOST_PLACES, Place, area_text, one_line, rows_within
from tftmonitor.model.places.polygon import Polygon
from tftmonitor.model.places.shapes import Circle
from tftmonitor.model.places.store import Places

DEPOT = Place(key="d", name="Depot", shape=Circle(52.0, 13.0, 500.0))
YARD = Place(
    key="y",
    name="Yard",
    colour="#aabbcc",
    shape=Polygon(((52.0, 14.0), (52.0, 14.1), (52.1, 14.1))),
)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (replace(DEPOT, key="a:b"), "key"),
        (replace(DEPOT, key=""), "key"),
        (replace(DEPOT, name=""), "one line"),
        (replace(DEPOT, name="two\nlines"), "one line"),
        (replace(DEPOT, name="x" * 81), "80 characters"),
        (replace(DEPOT, colour="red"), "not a colour"),
        (replace(DEPOT, colour="#2f7fd6\n"), "not a colour"),
        (replace(DEPOT, shape=Circle(52.0, 13.0, 1.0)), "radius"),
    ],
)
def test_what_is_no_place_says_why(place: Place, words: str) -> None:
    assert words in place.problem
    with pytest.raises(ValueError, match=r"^(A place|Depot|x+|two)"):
        Places([place])


def test_words() -> None:
    assert DEPOT.problem == YARD.problem == ""
    assert (DEPOT.kind_text, DEPOT.size_text) == ("Circle", "radius 500 m")
    assert (YARD.kind_text, YARD.size_text) == ("Polygon", "38 km², 3 points")
    assert [area_text(n) for n in (850, 99_000, 1.2e6)] == ["850 m²", "99\u2009000 m²", "1.20 km²"]
    assert one_line(" A\tb \x00 c\n") == "A b c"


def test_areas_in_other_units() -> None:
    use_units({"distance_unit": "mi"})
    try:
        assert area_text(2.59e6) == "1.00 mi²"
        assert area_text(100.0) == "1076 ft²"
    finally:
        use_units({})


def test_the_store_tells_of_changes_only() -> None:
    store, told = Places([DEPOT]), []
    store.on_change.add(lambda: told.append(store.items))
    store.add(YARD)
    store.replace(replace(DEPOT, name="Depot 1"))
    store.replace(replace(DEPOT, name="Depot 1"))
    assert store.find("d") == replace(DEPOT, name="Depot 1")
    assert [place.key for place in store.items] == ["d", "y"]
    assert store.remove("d").name == "Depot 1"
    assert store.find("d") is None
    assert (len(told), told[-1]) == (3, (YARD,))


def test_the_store_refuses_and_stays_as_it_was() -> None:
    store, told = Places([DEPOT]), []
    store.on_change.add(lambda: told.append(1))
    with pytest.raises(ValueError, match="one key"):
        store.add(DEPOT)
    with pytest.raises(ValueError, match="Yard: "):
        store.add(replace(YARD, colour=""))
    with pytest.raises(ValueError, match="at most 1,000"):
        store.add(*(replace(DEPOT, key=f"k{n}") for n in range(MOST_PLACES)))
    with pytest.raises(KeyError):
        store.replace(YARD)
    with pytest.raises(KeyError):
        store.remove("y")
    assert (store.items, told) == ((DEPOT,), [])


def test_who_is_within() -> None:
    lat = np.array([52.0, np.nan, 52.05, 52.0001, 53.0])
    lng = np.array([13.0, 13.0, 14.09, 13.0, 14.0])
    rows = [found.tolist() for found in rows_within([DEPOT, YARD], lat, lng)]
    assert rows == [[0, 3], [2]]
    assert [len(found) for found in rows_within([DEPOT], np.zeros(0), np.zeros(0))] == [0]


def test_the_northern_end_of_a_circle_is_as_it_says() -> None:
    ends = []
    for radius_m in range(100, 2_000, 50):
        place = replace(DEPOT, shape=Circle(0.0, 0.0, float(radius_m)))
        at = np.array([place.shape.box.north])
        ends.append(bool(place.shape.contains(at, [0.0])[0]))
        assert len(rows_within([place], at, np.zeros(1))[0]) == ends[-1]
    assert True in ends


def test_near_the_northern_corner_is_within() -> None:
    place = replace(DEPOT, shape=Polygon(((0.0, 0.0), (0.0, 2.0), (2.0, 1.0))))
    rows = rows_within([place], np.array([1.999999]), np.array([1.0]))
    assert rows[0].tolist() == [0]


def test_ten_thousand_positions_in_two_hundred_places() -> None:
    rng = np.random.default_rng(3)
    lat, lng = rng.uniform(47, 55, 10_000), rng.uniform(6, 15, 10_000)
    at = zip(rng.uniform(47, 55, 200).tolist(), rng.uniform(6, 15, 200).tolist(), strict=True)
    places = []
    for n, (north, east) in enumerate(at):
        circle = Circle(north, east, 20_000.0)
        shape = Polygon(circle.outline(40)) if n % 2 else circle
        places.append(replace(DEPOT, key=f"k{n}", shape=shape))
    began_s = time.process_time()
    rows = rows_within(places, lat, lng)
    took_s = time.process_time() - began_s
    for place, found in zip(places[:6], rows, strict=False):
        assert found.tolist() == np.flatnonzero(place.shape.depths_m(lat, lng) >= 0).tolist()
    assert took_s < 0.5
