"""Conditions about places and hours: what they say, what they refuse, and their way to disk."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fields.units import use_units
from tftmonitor.model.fleet.series import Samples
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.shapes import Circle
from tftmonitor.model.places.store import Places
from tftmonitor.model.rules.backtest.sample_judges import _at_hours
from tftmonitor.model.rules.condition import Condition
from tftmonitor.model.rules.conditions import FieldAbove
from tftmonitor.model.rules.crossing import Crossing
from tftmonitor.model.rules.hours_condition import IgnitionAtHours
from tftmonitor.model.rules.hysteresis import BETWEEN, IN, OUT
from tftmonitor.model.rules.place_conditions import (
    EntersPlace,
    LeavesPlace,
    StaysInPlace,
    StaysOutside,
)
from tftmonitor.model.rules.rule import Rule, from_disk, to_disk
from tftmonitor.model.rules.surroundings import NOWHERE, PlaceRef, Surroundings, position_of

DEPOT = PlaceRef("d", "Depot")
PLACES = Places([Place(key="d", name="Depot", shape=Circle(52.0, 13.0, 500.0))])


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (EntersPlace(DEPOT), "Enters Depot"),
        (LeavesPlace(DEPOT), "Leaves Depot"),
        (StaysInPlace(DEPOT, minutes=30), "In Depot for 30 min"),
        (StaysOutside(DEPOT, minutes=120), "Outside of Depot for 2 h"),
        (StaysOutside(DEPOT, minutes=0), "Outside of Depot"),
        (EntersPlace(), "Enters a place"),
        (IgnitionAtHours(), "Ignition on from 22:00 to 06:00"),
        (
            IgnitionAtHours(start=485, end=1_000, days="Sunday", place=DEPOT, inside=True),
            "Ignition on from 08:05 to 16:40, Sunday in Depot",
        ),
        (IgnitionAtHours(place=DEPOT), "Ignition on from 22:00 to 06:00 outside of Depot"),
    ],
)
def test_sentences(condition: Condition, words: str) -> None:
    assert condition.describe() == words


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        (EntersPlace(), "Choose a place."),
        (EntersPlace(PlaceRef("d", "Depot", is_gone=True)), "The place “Depot” no longer exists."),
        (EntersPlace(DEPOT, -1.0), "The margin must be from 0 m to 5 km."),
        (EntersPlace(DEPOT, float("nan")), "The margin must be from 0 m to 5 km."),
        (StaysInPlace(DEPOT, minutes=1_441), "The time must be from 0 s to one day."),
        (IgnitionAtHours(start=1_440), "The hours must be from 00:00 to 23:59."),
        (IgnitionAtHours(end=-1), "The hours must be from 00:00 to 23:59."),
        (IgnitionAtHours(days="Doomsday"), "'Doomsday' are no days."),
        (
            IgnitionAtHours(place=PlaceRef("d", "A", is_gone=True)),
            "The place “A” no longer exists.",
        ),
        (IgnitionAtHours(), ""),
        (IgnitionAtHours(place=DEPOT), ""),
        (LeavesPlace(DEPOT, 0.0), ""),
    ],
)
def test_problems(condition: Condition, problem: str) -> None:
    assert condition.problem() == problem


def test_values_in_words_and_in_the_unit_in_force() -> None:
    enters = EntersPlace(DEPOT)
    assert enters.value_text(12.0) == "12 m within Depot"
    assert enters.value_text(-1_500.0) == "1.5 km outside of Depot"
    assert enters.value_text(None) == "0 m within Depot"
    use_units({"distance_unit": "mi"})
    try:
        assert enters.value_text(12.0) == "39 ft within Depot"
    finally:
        use_units({})
    hours = IgnitionAtHours()
    assert hours.value_text(True) == "Ignition on"
    assert hours.value_text(False) == "Ignition off, or not at these hours"


@pytest.mark.parametrize(
    "condition",
    [
        EntersPlace(DEPOT, 120.0),
        StaysOutside(DEPOT, minutes=7.5),
        IgnitionAtHours(start=5, place=DEPOT),
    ],
)
def test_to_disk_and_back(condition: Condition) -> None:
    rule = Rule(id="a", condition=condition, sleeps_in=(DEPOT, PlaceRef("x", "X")))
    again = from_disk(to_disk(rule))
    assert again == rule
    assert [ref.name for ref in again.places] == ["Depot", "Depot", "X"]


def test_rules_of_before_have_no_places() -> None:
    rule = from_disk(
        {"id": "a", "condition": {"when": "field_above", "field": "speed", "limit": 9}}
    )
    assert (rule.sleeps_in, rule.places, rule.among(PLACES)) == ((), (), rule)


def test_only_the_key_of_a_place_counts() -> None:
    assert PlaceRef("d", "A") == PlaceRef("d", "B", is_gone=True)
    assert PlaceRef("d") != PlaceRef("e")
    assert PlaceRef("d") != "d"
    assert len({PlaceRef("d", "A"), PlaceRef("d", "B")}) == 1
    fast = Rule(id="a", condition=FieldAbove(field="speed", limit=9))
    asleep = Rule(id="a", condition=fast.condition, sleeps_in=(DEPOT,))
    assert not fast.waits_for_same(asleep)
    assert asleep.waits_for_same(asleep.among(Places()))


def test_names_follow_the_places() -> None:
    rule = Rule(
        id="a", condition=EntersPlace(PlaceRef("d", "Old")), sleeps_in=(PlaceRef("x", "X"),)
    )
    now = rule.among(PLACES)
    assert (now.sentence, now.problem) == ("Enters Depot", "")
    assert now.sleeps_in[0].is_gone
    anywhere = Rule(id="b", condition=IgnitionAtHours(), sleeps_in=(DEPOT,))
    assert anywhere.among(PLACES).condition == IgnitionAtHours()
    assert anywhere.sentence == "Ignition on from 22:00 to 06:00, not in Depot"
    assert PlaceRef().as_now(PLACES) == PlaceRef()
    assert not PlaceRef().as_now(PLACES).is_gone


def at(day: int, hour: int, minute: int = 0) -> datetime:
    # The first of June 2026 was a Monday.
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "when", "holds"),
    [
        (IgnitionAtHours(start=480, end=1_020), at(1, 8), True),
        (IgnitionAtHours(start=480, end=1_020), at(1, 16, 59), True),
        (IgnitionAtHours(start=480, end=1_020), at(1, 17), False),
        (IgnitionAtHours(start=480, end=1_020), at(1, 7, 59), False),
        (IgnitionAtHours(start=480, end=1_020, days="Sunday"), at(1, 9), False),
        (IgnitionAtHours(start=480, end=1_020, days="Sunday"), at(7, 9), True),
        (IgnitionAtHours(), at(1, 22), True),
        (IgnitionAtHours(), at(1, 21, 59), False),
        (IgnitionAtHours(), at(1, 5, 59), True),
        (IgnitionAtHours(), at(1, 6), False),
        # A night belongs to the day on which it begins.
        (IgnitionAtHours(days="Monday to Friday"), at(5, 23), True),
        (IgnitionAtHours(days="Monday to Friday"), at(6, 3), True),
        (IgnitionAtHours(days="Monday to Friday"), at(6, 23), False),
        (IgnitionAtHours(days="Monday to Friday"), at(7, 3), False),
        (IgnitionAtHours(days="Monday to Friday"), at(8, 3), False),
        (IgnitionAtHours(days="Saturday and Sunday"), at(8, 3), True),
        # The same hour twice is a whole day.
        (IgnitionAtHours(start=0, end=0), at(3, 12), True),
        (IgnitionAtHours(start=600, end=600, days="Sunday"), at(8, 9), True),
    ],
)
def test_hours(hours: IgnitionAtHours, when: datetime, holds: bool) -> None:
    assert hours.is_at(when) is holds


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"])
@pytest.mark.parametrize(
    "hours",
    [
        IgnitionAtHours(days="Monday to Friday"),
        IgnitionAtHours(start=95, end=200, days="Sunday"),
        IgnitionAtHours(start=0, end=0, days="Saturday and Sunday"),
    ],
)
def test_samples_are_at_the_same_hours(zone: str, hours: IgnitionAtHours) -> None:
    """Ten days around the end of summer time."""
    begin_s = datetime(2026, 10, 20, tzinfo=UTC).timestamp()
    times = begin_s + np.arange(10 * 24 * 20, dtype=np.float64) * 180.0 + 7.0
    empty = np.zeros((5, len(times)), np.float32)
    word = np.zeros(len(times), np.uint16)
    samples = Samples(times, empty, word, word, empty.astype(np.float64))
    rules = ZoneInfo(zone)
    found = _at_hours(hours, samples, Surroundings(zone=lambda: rules))
    expected = [hours.is_at(datetime.fromtimestamp(at, rules)) for at in times.tolist()]
    assert found.tolist() == expected
    assert 0 < sum(expected) < len(expected)


FIX: dict[str, Any] = {"lat": 52.0, "lng": 13.0}


@pytest.mark.parametrize(
    ("status", "position"),
    [
        (None, None),
        (DeviceStatus(), None),
        (DeviceStatus(**FIX), (52.0, 13.0)),
        (DeviceStatus(lat=52.0), None),
        (DeviceStatus(lat=0.0, lng=13.0), (0.0, 13.0)),
        (DeviceStatus(lat=52.0, lng=0.0), (52.0, 0.0)),
        (DeviceStatus(lat=0.0, lng=0.0), None),
        (DeviceStatus(lat=0.00009, lng=-0.00009), None),
        (DeviceStatus(**FIX, latlng_valid=False), None),
        (DeviceStatus(**FIX, gps=False), None),
    ],
)
def test_what_is_a_position(status: DeviceStatus | None, position: object) -> None:
    assert position_of(status) == position


def test_what_is_measured() -> None:
    around = Surroundings(PLACES)
    depth = EntersPlace(DEPOT).measure(around)
    assert depth is not None
    assert depth(DeviceStatus(), 0, (52.0, 13.0)) == pytest.approx(500.0)
    assert depth(DeviceStatus(), 0, (10.0, 10.0)) == float("-inf")
    assert depth(DeviceStatus(), 0, None) is None
    unknown = EntersPlace(DEPOT).measure(NOWHERE)
    assert unknown is not None
    assert unknown(DeviceStatus(), 0, (52.0, 13.0)) is None
    assert Condition().measure(around) is None
    assert Condition().measure_key is None
    assert Condition().place_refs == ()


def test_the_measures_of_hours() -> None:
    noon, night = (round(at(1, hour).timestamp() * 1_000) for hour in (12, 23))
    measure = IgnitionAtHours(place=DEPOT).measure(Surroundings(PLACES))
    assert measure is not None
    for status, at_ms, value in (
        (DeviceStatus(acc=True), noon, False),
        (DeviceStatus(acc=False), night, False),
        (DeviceStatus(), night, None),
        (DeviceStatus(acc=True), night, None),
        (DeviceStatus(acc=True, **FIX), night, False),
        (DeviceStatus(acc=True, lat=52.005, lng=13.0), night, True),
        (DeviceStatus(acc=True, lat=52.0047, lng=13.0), night, None),
    ):
        assert measure(status, at_ms, position_of(status)) is value, (status, at_ms)
    assert IgnitionAtHours(place=DEPOT).source == "acc"
    assert IgnitionAtHours().place_refs == ()


def test_a_crossing_by_hand() -> None:
    crossing = Crossing()

    def see(judged: int, *, counts: bool = True, stands: bool = False) -> int:
        return crossing.judge("k", judged, counts=counts, stands=stands)

    assert see(BETWEEN) == BETWEEN
    assert crossing.is_news("k", OUT)
    assert not crossing.is_news("k", BETWEEN)
    assert [see(IN), see(OUT), see(IN), see(IN), see(IN, stands=True)] == [OUT, OUT, IN, OUT, IN]
    assert [see(OUT), see(IN, counts=False), see(IN)] == [OUT, OUT, OUT]
    assert not crossing.is_news("k", IN)
