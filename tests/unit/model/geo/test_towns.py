"""Which town a place is near, which ones a map shows, against values from elsewhere."""

import math

import numpy as np
import pytest

from tests.unit.model.geo.table_of_towns import line, table_of
from tftmonitor.base.paths import resource
from tftmonitor.model.geo.place_words import direction, kilometres, place_words
from tftmonitor.model.geo.projection import Numbers
from tftmonitor.model.geo.town_search import FARTHEST_M, NONE
from tftmonitor.model.geo.town_table import TownTable
from tftmonitor.model.geo.towns import Towns
from tftmonitor.model.geo.view import View


@pytest.fixture(scope="module")
def towns() -> Towns:
    return Towns(TownTable(resource("map", "towns.bin").read_bytes()))


# Well-known spots, from maps.
@pytest.mark.parametrize(
    ("latitude", "longitude", "words", "zone"),
    [
        (52.51628, 13.37771, "in Berlin", "Europe/Berlin"),
        (52.40420, 13.03850, "in Potsdam", "Europe/Berlin"),
        (52.43, 13.11, "5 km NE of Potsdam", "Europe/Berlin"),
        (48.85837, 2.29448, "in Paris", "Europe/Paris"),
        (51.50073, -0.12463, "in London", "Europe/London"),
        (-33.85678, 151.21530, "in Sydney", "Australia/Sydney"),
        (35.65858, 139.74543, "in Tokyo", "Asia/Tokyo"),
        (27.98785, 86.92503, None, "Asia/Kathmandu"),
        (0.0, -30.0, "no town within 150 km", None),
        (90.0, 0.0, "no town within 150 km", None),
        (-90.0, 50.0, "no town within 150 km", None),
        (math.nan, 5.0, "no town within 150 km", None),
        (5.0, math.inf, "no town within 150 km", None),
        (91.0, 5.0, "no town within 150 km", None),
    ],
)
def test_known_places(
    towns: Towns, latitude: float, longitude: float, words: str | None, zone: str | None
) -> None:
    if words is not None:
        assert place_words(towns.nearest(latitude, longitude)) == words
    assert towns.time_zone(latitude, longitude) == zone


def angle(latitude: float, longitude: float, others: TownTable) -> Numbers:
    """Distances by the law of cosines in degrees, of all towns."""
    here, there = math.radians(latitude), np.radians(others.latitudes)
    east = np.radians(others.longitudes - longitude)
    cosine = np.sin(here) * np.sin(there) + np.cos(here) * np.cos(there) * np.cos(east)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def best_of_all(towns: Towns, latitude: float, longitude: float) -> tuple[int, Numbers]:
    """The rule as it is written down, over all towns one by one."""
    km = angle(latitude, longitude, towns.table) * 6371.0088 * math.pi / 180
    people = towns.table.populations
    widths = np.clip(np.sqrt(people / (math.pi * 5000)), 1, 20)
    scores = np.where(km <= widths, km / widths, 1 + km / (people / 1000) ** 0.15)
    for most in (25, 60, 150):
        if (km <= most).any():
            scores[km > most] = math.inf
            return int(scores.argmin()), scores
    return NONE, scores


def test_the_search_finds_what_a_look_at_all_towns_finds(towns: Towns) -> None:
    made = np.random.default_rng(7)
    north = np.concatenate([made.uniform(-89, 89, 150), made.uniform(35, 60, 150)])
    east = np.concatenate([made.uniform(-180, 180, 150), made.uniform(-10, 140, 150)])
    found = towns.nearest_of(north, east)
    for place in range(north.size):
        best, scores = best_of_all(towns, north[place], east[place])
        town = int(found.towns[place])
        if town != best:
            # Two that are equally good to a few metres.
            assert scores[town] == pytest.approx(scores[best], abs=0.01)
        one = towns.nearest(north[place], east[place])
        assert (one is None) == (town == NONE)
        if one is not None:
            metres = math.radians(angle(north[place], east[place], towns.table)[town]) * 6371008.8
            assert one.distance_m == pytest.approx(metres, abs=2)
            assert one.distance_m == pytest.approx(found.distance_m[place])
            assert one.distance_m <= FARTHEST_M + 2
    assert 30 < int((found.towns == NONE).sum()) < 150
    assert np.isnan(found.distance_m[found.towns == NONE]).all()
    assert not found.is_inside[found.towns == NONE].any()


def test_the_nearest_town_of_any_size_gives_the_time_zone(towns: Towns) -> None:
    made = np.random.default_rng(8)
    for _ in range(60):
        north, east = made.uniform(-50, 70), made.uniform(-180, 180)
        far = angle(north, east, towns.table)
        town = int(far.argmin())
        is_near = math.radians(far[town]) * 6371008.8 <= FARTHEST_M
        assert towns.time_zone(north, east) == (towns.table.zone(town) if is_near else None)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(0.0, 179.9), (0.0, -179.9), (0.0, 180.0), (0.0, 539.9)]
)
def test_a_town_across_180_degrees_is_near(latitude: float, longitude: float) -> None:
    west = Towns(table_of(line("West", 0.0, -179.95, 5000)))
    east = Towns(table_of(line("East", 0.0, 179.95, 5000)))
    for town in (west, east):
        near = town.nearest(latitude, longitude)
        assert near is not None
        assert near.distance_m < 0.16 * 111_200
    assert place_words(east.nearest(0.0, -179.9)) == "17 km E of East"
    assert place_words(west.nearest(0.0, 179.9)) == "17 km W of West"


@pytest.mark.parametrize("turns", [-2, -1, 0, 1, 3])
def test_a_longitude_may_go_around_the_globe(towns: Towns, turns: int) -> None:
    assert place_words(towns.nearest(52.3989, 13.0657 + turns * 360)) == "in Potsdam"


def test_a_town_across_the_pole_is_near() -> None:
    polar = Towns(table_of(line("Pole", 89.5, 0.0, 5000), line("Other", -89.5, 90.0, 5000)))
    near = polar.nearest(89.6, 180.0)
    assert near is not None
    assert (near.town.name, round(near.distance_m / 1000)) == ("Pole", 100)
    south = polar.nearest(-89.6, -90.0)
    assert south is not None
    assert south.town.name == "Other"
    assert polar.nearest(88.0, 0.0) is None


def test_a_bigger_town_is_named_when_it_is_nearly_as_near() -> None:
    both = Towns(table_of(line("City", 50.0, 10.0, 200_000), line("Village", 50.0, 10.25, 1000)))
    # 17.9 km apart. Half way the city counts, three quarters of it away the village.
    assert place_words(both.nearest(50.0, 10.125)) == "9 km E of City"
    assert place_words(both.nearest(50.0, 10.2)) == "4 km W of Village"
    assert place_words(both.nearest(50.0, 10.03)) == "in City"
    assert place_words(both.nearest(50.005, 10.25)) == "in Village"


def test_a_village_in_reach_of_a_city_stays_a_village() -> None:
    both = Towns(table_of(line("City", 50.0, 10.0, 3_000_000), line("Village", 50.1, 10.0, 1000)))
    assert place_words(both.nearest(50.1, 10.0)) == "in Village"
    assert place_words(both.nearest(50.05, 10.0)) == "in City"


def test_towns_far_away_count_only_where_none_is_nearer() -> None:
    far = Towns(table_of(line("Near", 50.0, 10.3, 1000), line("Metropolis", 50.0, 9.6, 9_000_000)))
    # 21 km and 29 km: the great one would be worth it, but lies beyond the first 25 km.
    assert place_words(far.nearest(50.0, 10.0)) == "21 km W of Near"
    assert place_words(far.nearest(50.0, 9.0)) == "43 km W of Metropolis"
    assert place_words(far.nearest(50.0, 8.0)) == "114 km W of Metropolis"
    assert far.nearest(50.0, 7.4) is None


def test_of_two_towns_on_one_spot_the_first_is_always_named() -> None:
    twins = Towns(table_of(line("A", 50.0, 10.0, 5000), line("B", 50.0, 10.0, 5000)))
    assert [twins.table.name(int(town)) for town in twins.nearest_of([50.0], [10.1]).towns] == ["A"]


def test_many_places_at_once_are_found_as_one_by_one(towns: Towns) -> None:
    made = np.random.default_rng(9)
    north, east = made.uniform(45, 55, 700), made.uniform(0, 20, 700)
    many = towns.nearest_of(north, east)
    for place in range(0, 700, 50):
        one = towns.nearest(north[place], east[place])
        assert one is not None
        assert one.town == towns.table.town(int(many.towns[place]))
        assert one.bearing == pytest.approx(many.bearing[place])
        assert one.is_inside == many.is_inside[place]


def test_a_distance_may_be_said_in_another_unit(towns: Towns) -> None:
    near = towns.nearest(52.43, 13.11)
    assert place_words(near, lambda metres: f"{metres / 1609.344:.0f} mi") == "3 mi NE of Potsdam"
    assert place_words(None, lambda metres: f"{metres / 1609.344:.0f} mi") == "no town within 93 mi"
    assert [kilometres(metres) for metres in (300, 1499, 150_000)] == ["1 km", "1 km", "150 km"]


def test_eight_directions() -> None:
    courses = [0, 22, 23, 90, 135, 180, 225, 270, 315, 337, 338, 359.9]
    said = "N N NE E SE S SW W NW NW N N"
    assert " ".join(direction(course) for course in courses) == said


def test_a_map_shows_the_biggest_towns_without_a_crowd(towns: Towns) -> None:
    view = View(0.5, 0.5, 6.0, 1000.0, 700.0).centred(51.0, 10.0)
    seen = towns.in_view(view, 60)
    assert seen.names[:3] == ["London", "Berlin", "Paris"]
    assert len(seen.names) == 60 == seen.x.size == seen.y.size
    assert (np.diff(seen.populations) <= 0).all()
    left, top = view.to_screen(seen.x, seen.y)
    assert 0 <= left.min() <= left.max() <= 1000
    assert 0 <= top.min() <= top.max() <= 700
    boxes = set(zip(seen.x * view.scale // 100, seen.y * view.scale // 40, strict=True))
    assert len(boxes) == 60
    assert towns.in_view(view, 5).names == seen.names[:5]


def test_what_a_map_shows_stays_while_it_is_moved(towns: Towns) -> None:
    view = View(0.5, 0.5, 7.3, 1000.0, 700.0).centred(51.0, 10.0)
    before, after = towns.in_view(view, 1000), towns.in_view(view.panned(37, 21), 1000)
    left, top = view.to_screen(before.x, before.y)
    inner = (left > 150) & (left < 850) & (top > 150) & (top < 550)
    assert {name for name, is_inner in zip(before.names, inner, strict=True) if is_inner} <= set(
        after.names
    )


def test_a_map_across_180_degrees_shows_both_sides(towns: Towns) -> None:
    view = View(0.5, 0.5, 5.0, 1000.0, 700.0).centred(-17.0, 179.9)
    seen = towns.in_view(view, 100)
    assert {"Nasinu", "Nuku‘alofa"} <= set(seen.names)
    left, _ = view.to_screen(seen.x, seen.y)
    assert left.min() < 500 < left.max()


def test_a_map_of_the_sea_shows_no_town(towns: Towns) -> None:
    sea = towns.in_view(View(0.5, 0.5, 9.0, 1000.0, 700.0).centred(0.0, -30.0), 10)
    assert (sea.names, sea.x.size) == ([], 0)


def test_a_map_that_is_wider_than_the_world_shows_each_town_once(towns: Towns) -> None:
    seen = towns.in_view(View(0.5, 0.5, 1.0, 1000.0, 700.0), 400)
    assert len(seen.names) == len(set(seen.names)) > 20
    assert seen.names[0] == "Shanghai"
