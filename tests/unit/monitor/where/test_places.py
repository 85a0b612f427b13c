"""Places in words for the whole program: kept, in the unit in force, and without a table."""

import logging
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.unit.model.geo.table_of_towns import line, load_script
from tftmonitor.base.paths import resource
from tftmonitor.model.fields.bulk_reading import FloatArray
from tftmonitor.model.fields.units import use_units
from tftmonitor.monitor.where import places as places_module
from tftmonitor.monitor.where.places import Places, places


def of_lines(*lines: str) -> Places:
    script = load_script()
    return Places(lambda: script.pack(script.rows_of("\n".join(lines))))


def no_table() -> bytes:
    raise FileNotFoundError("towns.bin")


def test_a_place_is_told_by_the_town_beside_it() -> None:
    assert places().words(52.43, 13.11) == "5 km NE of Potsdam"
    assert places().words(52.3989, 13.0657) == "in Potsdam"
    assert places().words(0.5, -30.0) == "no town within 150 km"
    assert places() is places()


def test_distances_are_in_the_unit_in_force() -> None:
    use_units({"distance_unit": "mi"})
    assert places().words(52.43, 13.11) == "3 mi NE of Potsdam"
    assert places().words(0.5, -30.0) == "no town within 93 mi"
    use_units({"distance_unit": "nmi"})
    town = of_lines(line("Village", 50.0, 10.0, 1000))
    assert town.words(50.0, 10.0155) == "1 nmi E of Village"


@pytest.mark.parametrize("place", [(None, 13.0), (52.0, None), (0.0, 0.0), (None, None)])
def test_what_is_no_place_has_no_words_and_no_zone(
    place: tuple[float | None, float | None],
) -> None:
    assert places().words(*place) == ""
    assert places().zone(*place) is None


def test_on_the_equator_and_the_first_meridian_are_places() -> None:
    assert places().words(0.0, 32.44) != ""
    assert places().words(51.48, 0.0) != ""


def test_zones_follow_the_nearest_town() -> None:
    assert places().zone(52.43, 13.11) == ZoneInfo("Europe/Berlin")
    assert places().zone(40.7, -74.0) == ZoneInfo("America/New_York")
    assert places().zone(0.5, -30.0) is None


def test_a_zone_without_rules_is_none_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    odd = of_lines(line("Odd", 50.0, 10.0, 5000, zone="Nowhere/Odd"))
    with caplog.at_level(logging.WARNING):
        assert odd.zone(50.0, 10.0) is None
        assert odd.zone(50.1, 10.0) is None
    assert len(caplog.records) == 1
    assert "Nowhere/Odd" in caplog.text


def test_names_for_an_order() -> None:
    north, east = np.array([52.4, np.nan, 0.5, 5.0]), np.array([13.06, 5.0, -30.0, np.nan])
    assert places().town_names(north, east) == ["Potsdam", None, None, None]


def test_names_of_towns_are_looked_for_once_a_square(monkeypatch: pytest.MonkeyPatch) -> None:
    here = of_lines(line("Town", 50.0, 10.0, 5000), line("Other", 51.0, 10.0, 5000))
    asked = []
    assert here.towns is not None
    nearest_of = here.towns.nearest_of

    def note(latitude: FloatArray, longitude: FloatArray) -> object:
        asked.append(len(latitude))
        return nearest_of(latitude, longitude)

    monkeypatch.setattr(here.towns, "nearest_of", note)
    east = np.full(3, 10.0)
    assert here.town_names(np.array([50.1, 50.1001, 50.9]), east) == ["Town", "Town", "Other"]
    assert here.town_names(np.array([50.1002, 50.1, 50.9]), east) == ["Town", "Town", "Other"]
    assert asked == [2]
    monkeypatch.setattr(places_module, "_MOST_SQUARES", 2)
    # A bound, beyond which all is looked for anew.
    assert here.town_names(np.array([50.2, 50.1, 50.9]), east) == ["Town", "Town", "Other"]
    assert asked == [2, 3]


def test_many_places_at_once_have_the_words_of_each() -> None:
    where = [(52.43, 13.11), (None, 13.0), (0.0, 0.0), (0.5, -30.0), (52.52, 13.4)]
    assert places().words_of(where) == [places().words(*place) for place in where]
    assert places().words_of([]) == []


def test_a_place_that_hardly_moves_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    here = of_lines(line("Town", 50.0, 10.0, 5000))
    asked = []
    assert here.towns is not None
    nearest = here.towns.nearest

    def note(latitude: float, longitude: float) -> object:
        asked.append((latitude, longitude))
        return nearest(latitude, longitude)

    monkeypatch.setattr(here.towns, "nearest", note)
    for metres in range(40):
        assert here.words(50.1 + metres * 1e-6, 10.0) == "11 km N of Town"
    assert asked == [(50.1, 10.0)]


@pytest.mark.parametrize("damaged", [True, False])
def test_without_a_table_there_are_no_words_and_the_log_says_so_once(
    damaged: bool, caplog: pytest.LogCaptureFixture
) -> None:
    without = Places((lambda: b"something else") if damaged else no_table)
    with caplog.at_level(logging.WARNING):
        assert without.words(52.4, 13.06) == ""
        assert without.words(48.0, 11.0) == ""
        assert without.words_of([(52.4, 13.06)]) == [""]
        assert without.zone(52.4, 13.06) is None
        assert without.town_names(np.array([52.4]), np.array([13.06])) == [None]
    assert len(caplog.records) == 1
    assert "places are not put into words" in caplog.text


def test_nothing_is_read_before_it_is_needed() -> None:
    read = []

    def table() -> bytes:
        read.append(1)
        return resource("map", "towns.bin").read_bytes()

    lazy = Places(table)
    assert lazy.words(0.0, 0.0) == ""
    assert read == []
    assert lazy.words(52.4, 13.06) == "in Potsdam"
    assert lazy.words(52.5, 13.4) == "in Berlin"
    assert read == [1]


def test_towns_are_there_for_those_who_can_wait_once_they_were_read() -> None:
    found = of_lines(line("Village", 50.0, 10.0, 1000))
    before = found.loaded
    found.load()
    assert (before, found.loaded) == (None, found.towns)
    assert found.towns is not None
    damaged = Places(no_table)
    damaged.load()
    assert damaged.loaded is None
