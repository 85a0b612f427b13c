"""Rules about places at work: each at its edge, without a fix, and where they sleep."""

from datetime import timedelta, timezone
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tests.unit.monitor.rules.test_rule_engine import Stage
from tftmonitor.base.clock import HOUR_MS, MINUTE_MS
from tftmonitor.model.alarms.alarm import AlarmState
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.shapes import Circle
from tftmonitor.model.places.store import Places
from tftmonitor.model.rules.backtest.preview import preview
from tftmonitor.model.rules.condition import Condition
from tftmonitor.model.rules.conditions import FieldAbove, Overdue
from tftmonitor.model.rules.hours_condition import IgnitionAtHours
from tftmonitor.model.rules.place_conditions import (
    EntersPlace,
    LeavesPlace,
    StaysInPlace,
    StaysOutside,
)
from tftmonitor.model.rules.record_conditions import TyrePressureBelow
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.surroundings import PlaceRef, Surroundings
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState

DEPOT = Place(key="d", name="Depot", shape=Circle(52.0, 13.0, 500.0))
AT_DEPOT, AT_OTHER = PlaceRef("d", "Depot"), PlaceRef("o", "Other")
OTHER = Place(key="o", name="Other", shape=Circle(53.0, 13.0, 500.0))
M = 1 / 111_195.08
# Metres from the middle, whose edge is at 500 and whose outside begins at 550.
WITHIN, GATE, OUTSIDE = 490.0, 530.0, 560.0
ACTIVE, RETURNED = AlarmState.ACTIVE, AlarmState.RETURNED


class Ground(Stage):
    """A stage whose device "1" drives along a meridian."""

    def __init__(self, *rules: Rule, zone_h: float = 0.0) -> None:
        super().__init__()
        self.places = Places([DEPOT, OTHER])
        zone = timezone(timedelta(hours=zone_h))
        around = Surroundings(self.places, lambda: zone)
        self.engine = RuleEngine(self.fleet, self.service, self.clock, rules, around)

    def at(self, *metres: float, every_s: float = 10, **values: Any) -> "Ground":
        for distance in metres:
            self.pass_time(every_s)
            fix = {"latlng_valid": True, "gps": True, "lat": 52.0 + distance * M, "lng": 13.0}
            self.report(**fix | values, location_date=self.now_ms)
        return self

    def told(self) -> list[tuple[bool, int]]:
        return [(alarm.active, self.engine.fired["a"].count) for alarm in self.alarms()]

    @property
    def fired(self) -> int:
        count = self.engine.fired.get("a")
        return count.count if count else 0


def rule(condition: Condition, **more: Any) -> Rule:
    return Rule(id="a", condition=condition, **more)


ENTERS, LEAVES = rule(EntersPlace(AT_DEPOT)), rule(LeavesPlace(AT_DEPOT))


def test_who_comes_in_raises_and_who_goes_out_ends_it() -> None:
    ground = Ground(ENTERS).at(OUTSIDE, WITHIN)
    assert ground.told() == [(True, 1)]
    assert ground.alarms()[0].text == "10 m within Depot (Enters Depot)"
    ground.at(GATE, WITHIN, 0.0, GATE)
    assert ground.told() == [(True, 1)]
    ground.at(OUTSIDE)
    assert ground.told() == [(False, 1)]
    ground.at(GATE, OUTSIDE, GATE)
    assert ground.told() == [(False, 1)]
    ground.at(WITHIN)
    assert ground.told()[-1] == (True, 2)


def test_who_goes_out_raises_and_who_comes_in_ends_it() -> None:
    ground = Ground(LEAVES).at(WITHIN, GATE, WITHIN, GATE)
    assert ground.told() == []
    ground.at(OUTSIDE)
    assert ground.told() == [(True, 1)]
    assert ground.alarms()[0].text == "60 m outside of Depot (Leaves Depot)"
    ground.at(GATE, OUTSIDE, 50_000.0, 50_000.0, GATE, GATE)
    assert ground.told() == [(True, 1)]
    ground.at(WITHIN)
    assert ground.told() == [(False, 1)]


@pytest.mark.parametrize(
    ("condition", "first"), [(ENTERS, WITHIN), (LEAVES, OUTSIDE), (ENTERS, GATE)]
)
def test_the_first_report_on_a_side_is_no_crossing(condition: Rule, first: float) -> None:
    ground = Ground(condition).at(first, first, GATE, first)
    assert ground.told() == []


def test_one_that_was_first_seen_inside_enters_when_it_comes_back() -> None:
    assert Ground(ENTERS).at(WITHIN, OUTSIDE, WITHIN).told() == [(True, 1)]


def test_a_margin_of_ones_own() -> None:
    wide = replace(ENTERS, condition=EntersPlace(AT_DEPOT, 1_000.0))
    ground = Ground(wide).at(1_600.0, WITHIN, 1_400.0)
    assert ground.told() == [(True, 1)]
    assert ground.at(1_600.0).told() == [(False, 1)]
    none = replace(ENTERS, condition=EntersPlace(AT_DEPOT, 0.0))
    assert Ground(none).at(501.0, 499.0, 501.0).told() == [(False, 1)]


def test_far_away_is_outside_too() -> None:
    ground = Ground(LEAVES).at(WITHIN, 90_000.0, 90_000.0)
    assert ground.alarms()[0].text == "Far from Depot (Leaves Depot)"


@pytest.mark.parametrize(
    "nothing",
    [
        {"latlng_valid": False},
        {"gps": False},
        {"lat": 0.0, "lng": 0.0},
        {"lat": 0.00005, "lng": 0.00005},
        {"lat": 95.0},
        {"lat": None},
    ],
)
def test_what_is_no_fix_neither_raises_nor_ends(nothing: dict[str, Any]) -> None:
    ground = Ground(LEAVES).at(WITHIN)
    ground.at(OUTSIDE, OUTSIDE, **nothing)
    assert ground.fired == 0
    ground = Ground(ENTERS).at(OUTSIDE, WITHIN)
    ground.at(OUTSIDE, OUTSIDE, **nothing)
    assert [active for active, _ in ground.told()] == [True]


def test_an_old_fix_neither_raises_nor_ends() -> None:
    ground = Ground(ENTERS).at(OUTSIDE)
    old = ground.now_ms - 48 * HOUR_MS
    ground.pass_time(10)
    ground.report(lat=52.0, lng=13.0, location_date=old)
    assert ground.fired == 0
    ground.at(WITHIN)
    ground.pass_time(10)
    ground.report(lat=52.0 + OUTSIDE * M, lng=13.0, location_date=old)
    assert ground.told() == [(True, 1)]


def test_coming_in_with_another_ignition_does_not_count() -> None:
    on = replace(ENTERS, while_ignition=True)
    ground = Ground(on).at(OUTSIDE, WITHIN, acc=False)
    ground.at(WITHIN, WITHIN, acc=True)
    assert ground.fired == 0
    ground.at(OUTSIDE, WITHIN, acc=True)
    assert ground.told() == [(True, 1)]


def test_staying_in_and_outside() -> None:
    for condition, here, there in (
        (StaysInPlace(AT_DEPOT, minutes=5), WITHIN, OUTSIDE),
        (StaysOutside(AT_DEPOT, minutes=5), OUTSIDE, WITHIN),
    ):
        ground = Ground(rule(condition)).at(*[there] * 8)
        ground.at(*[here] * 10)
        assert ground.fired == 0
        ground.at(there, *[here] * 30)
        assert ground.fired == 0
        ground.at(*[here] * 32)
        assert ground.told() == [(True, 1)]
        ground.at(GATE)
        assert ground.told() == [(True, 1)]
        ground.at(there)
        assert ground.told() == [(False, 1)]


def test_staying_counts_from_the_first_report_on() -> None:
    ground = Ground(rule(StaysInPlace(AT_DEPOT, minutes=1))).at(*[WITHIN] * 8)
    assert ground.told() == [(True, 1)]


NIGHT = IgnitionAtHours(start=22 * 60, end=6 * 60)


def to_hour(ground: Ground, hour: float) -> Ground:
    """At this hour of UTC, at the minute."""
    day_ms = 24 * HOUR_MS
    ahead = (round(hour * HOUR_MS) - ground.now_ms % day_ms) % day_ms
    ground.clock.advance(ahead / 1_000)
    return ground


def test_ignition_on_at_night() -> None:
    ground = to_hour(Ground(rule(NIGHT)), 21.5).at(0.0, acc=True)
    assert ground.fired == 0
    to_hour(ground, 22).at(0.0, acc=False)
    assert ground.fired == 0
    ground.at(0.0, acc=True)
    assert ground.told() == [(True, 1)]
    assert ground.alarms()[0].text == "Ignition on (Ignition on from 22:00 to 06:00)"
    ground.at(0.0, acc=None)
    assert [active for active, _ in ground.told()] == [True]
    to_hour(ground, 6).at(0.0, acc=True)
    assert [active for active, _ in ground.told()] == [False]


def test_the_clock_that_is_shown_decides() -> None:
    assert to_hour(Ground(rule(NIGHT), zone_h=2.0), 20.5).at(0.0, acc=True).fired == 1
    assert to_hour(Ground(rule(NIGHT), zone_h=-2.0), 22.5).at(0.0, acc=True).fired == 0


@pytest.mark.parametrize(
    ("inside", "distance", "fires"),
    [
        (True, WITHIN, True),
        (True, GATE, False),
        (True, OUTSIDE, False),
        (False, WITHIN, False),
        (False, GATE, False),
        (False, OUTSIDE, True),
    ],
)
def test_ignition_on_at_night_in_or_outside_of_a_place(
    inside: bool, distance: float, fires: bool
) -> None:
    ground = Ground(rule(replace(NIGHT, place=AT_DEPOT, inside=inside)))
    to_hour(ground, 23).at(distance, acc=True)
    assert bool(ground.fired) is fires
    if fires:
        # At the gate it is neither, and so it is without a fix.
        ground.at(GATE, acc=True)
        ground.at(OUTSIDE if inside else WITHIN, acc=True, latlng_valid=False)
        assert ground.told() == [(True, 1)]
        assert ground.at(OUTSIDE if inside else WITHIN, acc=True).told() == [(False, 1)]


FAST = rule(FieldAbove(field="speed", limit=10), sleeps_in=(AT_OTHER, AT_DEPOT))


def test_a_rule_sleeps_in_a_depot() -> None:
    ground = Ground(FAST).at(WITHIN, GATE, 0.0, GATE, speed=50.0)
    assert ground.fired == 0
    ground.at(OUTSIDE, speed=50.0)
    assert ground.told() == [(True, 1)]
    assert ground.alarms()[0].text.endswith("not in Other, Depot)")
    ground.at(GATE, speed=50.0)
    assert ground.told() == [(True, 1)]
    ground.at(WITHIN, speed=50.0)
    assert ground.told() == [(False, 1)]


def test_it_sleeps_on_below_a_roof_and_wakes_with_the_next_fix() -> None:
    ground = Ground(FAST).at(WITHIN, speed=0.0)
    ground.at(OUTSIDE, speed=50.0, latlng_valid=False)
    ground.at(0.0, speed=50.0, lat=0.0, lng=0.0)
    assert ground.fired == 0
    assert ground.at(OUTSIDE, speed=50.0).fired == 1


def test_records_and_silences_sleep_too() -> None:
    flat = rule(TyrePressureBelow(600), sleeps_in=(AT_DEPOT,))
    for distance, fires in ((WITHIN, 0), (OUTSIDE, 1)):
        ground = Ground(flat).at(distance)
        ground.records("bleTire", {"sensor": "x", "pressure_kpa": 100.0})
        assert ground.fired == fires
        late = Ground(rule(Overdue(minutes=10), sleeps_in=(AT_DEPOT,)))
        late.link(Channel.DEVICES, LinkState.LIVE)
        late.at(distance)
        late.pass_time(700)
        assert late.fired == fires


def test_entering_while_the_rule_sleeps_does_not_count() -> None:
    ground = Ground(replace(ENTERS, sleeps_in=(AT_DEPOT,))).at(OUTSIDE, WITHIN, WITHIN)
    assert ground.fired == 0


def test_a_place_that_is_moved_over_a_device_was_not_entered() -> None:
    ground = Ground(ENTERS).at(OUTSIDE)
    ground.places.replace(replace(DEPOT, shape=Circle(52.0, 13.0, 5_000.0)))
    ground.engine.set_rules([ENTERS.among(ground.places)])
    assert ground.at(OUTSIDE, 1_500.0, 3_000.0).fired == 0
    assert ground.at(4_500.0, 6_000.0, 4_500.0).told() == [(True, 1)]


def test_a_renamed_place_keeps_what_stands_and_one_that_is_gone_ends_it() -> None:
    ground = Ground(ENTERS).at(OUTSIDE, WITHIN)
    ground.places.replace(replace(DEPOT, name="Yard"))
    renamed = ENTERS.among(ground.places)
    assert renamed.sentence == "Enters Yard"
    ground.engine.set_rules([renamed])
    assert ground.at(WITHIN).told() == [(True, 1)]
    ground.places.remove("d")
    gone = renamed.among(ground.places)
    assert gone.problem == "The place “Yard” no longer exists."
    ground.engine.set_rules([gone])
    assert ground.told() == [(False, 1)]
    assert gone.among(Places([DEPOT])) == ENTERS
    assert gone.among(Places([DEPOT])).problem == ""


def test_a_depot_that_is_changed_or_gone() -> None:
    ground = Ground(FAST).at(WITHIN, speed=50.0)
    ground.places.replace(replace(DEPOT, name="Yard"))
    ground.engine.set_rules([FAST.among(ground.places)])
    ground.at(GATE, speed=50.0)
    assert ground.fired == 0
    ground.places.set([])
    gone = FAST.among(ground.places)
    assert (gone.problem, gone.sentence) == ("", "Speed above 10 km/h")
    ground.engine.set_rules([gone])
    assert ground.at(GATE, speed=50.0).fired == 1


def test_a_rule_that_is_added_looks_at_who_is_where_already() -> None:
    ground = Ground().at(WITHIN, WITHIN)
    ground.engine.set_rules([ENTERS, Rule(id="b", condition=StaysInPlace(AT_DEPOT, minutes=0))])
    ground.pass_time(2)
    assert ground.fired == 0
    assert ground.engine.fired["b"].count == 1
    assert ground.at(OUTSIDE, WITHIN).fired == 1


def test_a_rule_about_a_place_that_nobody_knows_does_nothing() -> None:
    unknown = rule(EntersPlace(PlaceRef("x", "X")))
    assert Ground(unknown).at(OUTSIDE, WITHIN).fired == 0


def test_two_rules_on_one_place_measure_once() -> None:
    ground = Ground(ENTERS, replace(LEAVES, id="b"), Rule(id="c", condition=EntersPlace(AT_OTHER)))
    assert [len(watches) for _read, watches in ground.engine._places._index.groups] == [2, 1]


def test_joined_devices_keep_their_side() -> None:
    ground = Ground(ENTERS).at(OUTSIDE)
    watch = ground.engine._watches["a"]
    assert watch.crossing is not None
    watch.rename("1", "2")
    assert watch.crossing.sides == {"2": 0}
    watch.rename("9", "2")
    assert watch.crossing.sides == {"2": 0}


def test_joined_devices_sleep_where_one_of_them_did() -> None:
    ground = Ground(FAST, replace(FAST, id="b")).at(WITHIN)
    first, second = (ground.engine._watches[name] for name in "ab")
    assert first.sleep is second.sleep
    for watch in (first, second):
        watch.rename("1", "2")
    assert (first.is_asleep("1", None), first.is_asleep("2", None)) == (False, True)


PLAYED = [
    ENTERS,
    LEAVES,
    replace(ENTERS, while_ignition=True),
    replace(LEAVES, while_ignition=False),
    replace(ENTERS, sleeps_in=(AT_OTHER,), condition=EntersPlace(AT_DEPOT, 200.0)),
    rule(StaysInPlace(AT_DEPOT, minutes=0.5)),
    rule(StaysOutside(AT_DEPOT, minutes=0.5), while_ignition=True),
    rule(IgnitionAtHours(start=0, end=0, place=AT_DEPOT, inside=True)),
    rule(IgnitionAtHours(start=0, end=0, place=AT_DEPOT)),
    rule(IgnitionAtHours(start=0, end=30)),
    rule(IgnitionAtHours(start=1_410, end=10, days="Sunday")),
    rule(IgnitionAtHours(start=0, end=0), sleeps_in=(AT_DEPOT,)),
    rule(FieldAbove(field="speed", limit=50), sleeps_in=(AT_DEPOT,)),
    rule(FieldAbove(field="speed", limit=50), sleeps_in=(AT_DEPOT,), while_ignition=True),
]


@pytest.mark.parametrize("played", PLAYED, ids=lambda played: played.sentence)
@pytest.mark.parametrize("seed", range(4))
def test_the_preview_counts_what_was_raised(played: Rule, seed: int) -> None:
    """Reports at random, at the edge and far from it, with and without a fix, around midnight."""
    random = np.random.default_rng(seed)
    ground = to_hour(Ground(played, zone_h=[0, 5.5, -3, 13][seed]), [23.5, 18, 2.5, 11][seed])
    for _ in range(150):
        distance = float(random.choice([WITHIN, 0.0, GATE, OUTSIDE, 800.0, -GATE, -900.0, 9e4]))
        values: dict[str, Any] = {
            "speed": float(random.choice([0.0, 40.0, 90.0])),
            "acc": [True, True, False][random.integers(3)],
        }
        if played.condition.hold_ms:
            # Live, what nobody knows for a while is not held; in the preview it is.
            ground.at(distance, **values)
            continue
        values["latlng_valid"] = bool(random.random() < 0.85)
        if played.while_ignition is None and random.random() < 0.3:
            values["acc"] = None
        if random.random() < 0.05:
            values |= {"lat": 0.0, "lng": 0.0}
        ground.at(distance, **values)
    around = ground.engine._surroundings
    found = preview(played, ground.fleet, ground.now_ms, around)
    assert found.times == ground.fired
    assert found.span_text.startswith("In memory")


def test_the_preview_of_silences_leaves_out_those_in_a_depot() -> None:
    late = rule(Overdue(minutes=1), sleeps_in=(AT_DEPOT,))
    ground = Ground(late)
    for distance in (WITHIN, OUTSIDE, WITHIN):
        ground.at(distance, every_s=1).pass_time(100)
    found = preview(late, ground.fleet, ground.now_ms, ground.engine._surroundings)
    assert found.times == 1


def test_the_preview_where_there_is_no_such_place() -> None:
    ground = Ground().at(WITHIN, acc=True)
    for condition in (
        EntersPlace(PlaceRef("x", "X")),
        IgnitionAtHours(start=0, end=0, place=PlaceRef("x", "X")),
    ):
        found = preview(rule(condition), ground.fleet, ground.now_ms)
        assert (found.times, found.span_text) == (
            0,
            "Only the latest values of 1 device are in memory.",
        )


def test_the_preview_of_records_knows_where_the_rule_sleeps() -> None:
    flat = rule(TyrePressureBelow(600), sleeps_in=(AT_DEPOT,))
    for distance, fires in ((WITHIN, 0), (OUTSIDE, 1)):
        ground = Ground().at(distance)
        ground.records("bleTire", {"sensor": "x", "pressure_kpa": 100.0})
        around = ground.engine._surroundings
        assert preview(flat, ground.fleet, ground.now_ms, around).times == fires


def test_a_fix_that_nothing_could_have_driven_to_has_to_come_twice() -> None:
    ground = Ground(LEAVES, replace(FAST, id="b")).at(WITHIN, speed=50.0)
    ground.at(30_000.0, WITHIN, 30_000.0, -30_000.0, WITHIN, speed=50.0)
    assert (ground.fired, "b" in ground.engine.fired) == (0, False)
    ground.at(30_000.0, 30_100.0, speed=50.0)
    assert (ground.fired, ground.engine.fired["b"].count) == (1, 1)
    # Whoever was not heard for an hour may be anywhere within reach.
    ground = Ground(LEAVES).at(WITHIN)
    ground.clock.advance(3_600)
    assert ground.at(300_000.0).fired == 1


def test_a_joined_device_is_where_it_was() -> None:
    ground = Ground(ENTERS).at(OUTSIDE)
    device = ground.fleet.find("1")
    assert device is not None
    other = ground.fleet.apply(Identity("2", "2"), DeviceStatus(), b"", ground.now_ms).device
    ground.engine.note_joined(device, other)
    fixes = ground.engine._places._fixes
    assert not fixes.believes("2", (0.0, 0.0), ground.now_ms)
    assert fixes.believes("1", (0.0, 0.0), ground.now_ms)


def test_an_ignition_that_went_quiet_is_in_doubt() -> None:
    ground = to_hour(Ground(rule(NIGHT)), 23).at(0.0, iop=0x4000)
    assert ground.told() == [(True, 1)]
    ground.at(*[0.0] * 30)
    assert [(alarm.active, alarm.end_unknown) for alarm in ground.alarms()] == [(True, True)]


def test_a_day_of_reports_at_the_gate_raises_once() -> None:
    ground = Ground(ENTERS).at(OUTSIDE)
    for _ in range(50):
        ground.at(GATE, 499.0, 501.0, every_s=1)
    assert ground.told() == [(True, 1)]
    assert ground.now_ms > MINUTE_MS
