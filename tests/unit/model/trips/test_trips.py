"""Trips and stops of tracks whose sums were done by hand."""

import dataclasses
import itertools

import numpy as np
import pytest

from tests.unit.model.trips.drive import METRES_A_DEGREE, NAN, NOON_S, Drive, parked
from tftmonitor.model.trips.points import Points
from tftmonitor.model.trips.rules import TripRules
from tftmonitor.model.trips.trips import Kind, Segment, Trips, find_trips


def kinds(found: Trips) -> list[str]:
    return [segment.kind.value for segment in found.segments]


def of_kind(found: Trips, kind: Kind) -> list[Segment]:
    return [segment for segment in found.segments if segment.kind is kind]


def minutes(found: Trips) -> list[tuple[str, float, float]]:
    """Kind, begin and end in minutes after noon."""
    return [
        (each.kind.value, since_noon(each.start_ms), since_noon(each.end_ms))
        for each in found.segments
    ]


def since_noon(time_ms: int) -> float:
    return (time_ms / 1_000 - NOON_S) / 60


def there_and_parked() -> Drive:
    """Ten minutes parked, ten driven at 36 km/h, ten parked."""
    drive = parked()
    drive.go(600)
    drive.park(600)
    return drive


def test_a_trip_lies_between_two_stops() -> None:
    found = find_trips(there_and_parked().points)
    assert minutes(found) == [("stop", 0, 10), ("trip", 10, 21), ("stop", 21, 30)]
    trip = found.segments[1]
    totals = found.totals(trip.start_ms, trip.end_ms)
    assert totals.track_m == pytest.approx(6_000)
    assert totals.odometer_m == pytest.approx(6_000)
    assert (totals.top_kmh, totals.refused, totals.unseen_m) == (36.0, 0, 0.0)
    assert [each.is_open for each in found.segments] == [False, False, True]
    assert trip.place == pytest.approx((0.0, 10.0))
    assert trip.to_place == pytest.approx((0.0, 10.0 + 6_000 / METRES_A_DEGREE))
    assert found.rules == TripRules()


def test_order_of_reports_does_not_matter_and_a_time_counts_once() -> None:
    points = there_and_parked().points
    shuffled = np.random.default_rng(1).permutation(np.tile(np.arange(len(points)), 2))
    assert find_trips(points.take(shuffled)).segments == find_trips(points).segments


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_comes_of_less_than_two_points(count: int) -> None:
    found = find_trips(parked().points.take(np.arange(count)))
    assert found.segments == ()
    assert found.totals(0, 2**60).track_m == 0.0


def test_trip_that_lasts_is_open() -> None:
    drive = parked()
    drive.go(300)
    last = find_trips(drive.points).segments[-1]
    assert (last.kind, last.is_open) == (Kind.TRIP, True)


def test_points_may_begin_in_a_trip() -> None:
    drive = Drive()
    drive.go(300)
    drive.park(600)
    assert kinds(find_trips(drive.points)) == ["trip", "stop"]


def test_a_halt_where_the_points_begin_is_of_the_trip() -> None:
    drive = Drive()
    drive.report(0.0, 1)
    drive.park(60, 10, ignition=1)
    drive.go(600)
    assert kinds(find_trips(drive.points)) == ["trip"]


def test_a_stop_where_the_points_begin_is_one_after_three_minutes() -> None:
    drive = Drive()
    drive.report(0.0, 1)
    drive.park(240, 10, ignition=1)
    drive.go(600)
    assert kinds(find_trips(drive.points)) == ["stop", "trip"]


def test_jitter_while_parked_is_no_trip_and_no_distance() -> None:
    drive = parked()
    random = np.random.default_rng(3)
    for _ in range(400):
        drive.at_s += 30
        north, east = random.normal(0, 40, 2)
        drive.report(float(random.uniform(0, 4)), 0, north_m=float(north), east_m=float(east))
    found = find_trips(drive.points)
    assert kinds(found) == ["stop"]
    assert found.totals(0, 2**60).track_m == 0.0
    north, east = found.segments[0].place
    assert abs(north) * METRES_A_DEGREE < 10
    assert abs(east - 10) * METRES_A_DEGREE < 10


def test_one_place_far_off_while_parked_is_no_departure() -> None:
    drive = parked()
    drive.at_s += 60
    drive.report(0.0, 0, east_m=450)
    drive.park(600)
    assert kinds(find_trips(drive.points)) == ["stop"]


def test_two_places_far_off_are_one_also_without_speed_and_ignition() -> None:
    drive = parked()
    drive.east_m = 5_000
    drive.park(600)
    found = find_trips(drive.points)
    assert minutes(found) == [("stop", 0, 10), ("trip", 10, 11), ("stop", 11, 20)]


def test_a_move_in_the_yard_with_the_ignition_on_is_no_trip() -> None:
    drive = parked()
    drive.go(10, 27)
    drive.go(20, 1)
    drive.park(600)
    found = find_trips(drive.points)
    assert kinds(found) == ["stop"]


def test_speed_alone_makes_a_trip_after_a_minute() -> None:
    drive = parked()
    drive.go(30, 8, ignition=-1)
    drive.park(600, ignition=-1)
    assert kinds(find_trips(drive.points)) == ["stop"]
    drive.go(300, 8, ignition=-1)
    drive.park(600, ignition=-1)
    assert kinds(find_trips(drive.points)) == ["stop", "trip", "stop"]


@pytest.mark.parametrize(("ignition", "expected"), [(0, 1), (-1, 3), (1, 3)])
def test_a_place_that_drifts_with_the_ignition_off_is_no_trip(ignition: int, expected: int) -> None:
    drive = parked()
    drive.east_m += 150
    drive.park(1_200, ignition=ignition)
    assert len(find_trips(drive.points).segments) == expected


def test_ignition_on_and_a_move_make_a_trip_sooner() -> None:
    drive = parked()
    drive.go(10, 27)
    assert kinds(find_trips(drive.points)) == ["stop", "trip"]
    off = dataclasses.replace(drive.points, ignition=np.full(len(drive.points), -1, np.int8))
    assert kinds(find_trips(off)) == ["stop"]


def test_ignition_off_ends_a_trip_before_three_minutes() -> None:
    drive = parked()
    drive.go(600)
    drive.wait(20)
    drive.report(0.0, 0)
    drive.wait(20)
    drive.report(0.0, 0)
    assert kinds(find_trips(drive.points)) == ["stop", "trip"]
    drive.wait(15)
    drive.report(0.0, 0)
    assert kinds(find_trips(drive.points)) == ["stop", "trip", "stop"]


def test_flicker_of_the_ignition_ends_nothing() -> None:
    drive = parked()
    for _ in range(5):
        drive.go(60)
        drive.at_s += 10
        drive.report(0.0, 0)
    drive.go(60)
    assert kinds(find_trips(drive.points)) == ["stop", "trip"]


def test_ignition_that_is_off_while_driving_ends_nothing() -> None:
    drive = parked()
    drive.go(600, ignition=0)
    assert kinds(find_trips(drive.points)) == ["stop", "trip"]


@pytest.mark.parametrize(("halt_s", "trips"), [(240, 1), (360, 2)])
def test_a_short_halt_is_part_of_the_trip(halt_s: int, trips: int) -> None:
    drive = parked()
    drive.go(600)
    drive.park(halt_s, 10)
    drive.go(600)
    drive.park(600)
    found = find_trips(drive.points)
    assert len(of_kind(found, Kind.TRIP)) == trips
    assert found.totals(0, 2**60).track_m == pytest.approx(12_000)


def test_a_round_without_a_stop_is_no_jitter() -> None:
    drive = parked()
    drive.go(300)
    drive.go(300, -36.0)
    drive.park(600)
    assert kinds(find_trips(drive.points)) == ["stop", "trip", "stop"]


def test_a_gap_is_never_a_stop() -> None:
    drive = there_and_parked()
    drive.wait(3_600)
    drive.park(600)
    found = find_trips(drive.points)
    assert minutes(found)[2:] == [("stop", 21, 30), ("no data", 30, 91), ("stop", 91, 100)]
    assert not found.segments[2].is_open


def test_a_gap_ends_a_trip_and_its_way_is_not_counted() -> None:
    drive = parked()
    drive.go(600)
    drive.wait(1_800)
    drive.east_m += 9_000
    drive.odometer_m += 10_000
    drive.go(600)
    drive.park(600)
    found = find_trips(drive.points)
    assert kinds(found) == ["stop", "trip", "no data", "trip", "stop"]
    assert not found.segments[1].is_open
    totals = found.totals(0, 2**60)
    assert totals.track_m == pytest.approx(6_000 + 6_000 - 100)
    assert totals.odometer_m == pytest.approx(6_000 + 6_000 - 100)
    assert totals.unseen_m == pytest.approx(10_100)


def test_who_reports_once_an_hour_while_parked_has_no_gaps() -> None:
    drive = there_and_parked()
    drive.park(8 * 3_600, 3_600)
    drive.go(600)
    found = find_trips(drive.points)
    assert kinds(found) == ["stop", "trip", "stop", "trip"]


def test_two_points_far_apart_in_time_are_a_gap() -> None:
    drive = Drive()
    drive.report()
    drive.wait(1_000)
    drive.report()
    assert kinds(find_trips(drive.points)) == ["no data"]


def test_a_stray_place_makes_no_distance() -> None:
    drive = parked()
    drive.go(300)
    drive.at_s += 10
    drive.report(36.0, 1, east_m=900_000)
    drive.at_s += 10
    drive.go(300)
    found = find_trips(drive.points)
    assert kinds(found) == ["stop", "trip"]
    assert found.totals(0, 2**60).track_m == pytest.approx(6_000)


def test_a_place_between_two_that_do_not_fit_each_other_is_kept() -> None:
    drive = parked()
    for east_m in (900_000, 1_800_000):
        drive.at_s += 60
        drive.east_m = east_m
        drive.report()
    drive.park(600)
    assert len(find_trips(drive.points).points) == len(drive.rows)


def test_who_lands_far_away_and_stays_has_a_gap() -> None:
    drive = parked()
    drive.east_m = 900_000
    drive.park(600)
    assert kinds(find_trips(drive.points)) == ["stop", "no data", "stop"]


def test_odometer_that_restarts_is_measured_by_the_track() -> None:
    drive = parked()
    drive.go(300)
    drive.odometer_m = 0.0
    drive.go(300)
    drive.park(600)
    totals = find_trips(drive.points).totals(0, 2**60)
    assert totals.odometer_m == pytest.approx(6_000)
    assert totals.refused == 1


def test_odometer_that_leaps_is_measured_by_the_track() -> None:
    drive = parked()
    drive.go(1_200, every_s=120)
    drive.odometer_m += 9_000  # could be driven in two minutes, yet was not
    drive.go(1_200, every_s=120)
    totals = find_trips(drive.points).totals(0, 2**60)
    assert totals.odometer_m == pytest.approx(24_000)
    assert totals.refused == 1


def test_odometer_counts_a_round_in_a_gap_and_no_more_than_can_be_driven() -> None:
    drive = parked()
    drive.wait(3_600)
    drive.odometer_m += 60_000
    drive.park(600)
    assert find_trips(drive.points).totals(0, 2**60).unseen_m == pytest.approx(60_000)
    drive.wait(3_600)
    drive.odometer_m += 500_000
    drive.park(600)
    totals = find_trips(drive.points).totals(0, 2**60)
    assert totals.unseen_m == pytest.approx(60_000)
    assert totals.refused == 1


def test_without_an_odometer_nothing_is_said_by_it() -> None:
    points = there_and_parked().points
    totals = find_trips(dataclasses.replace(points, odometer_m=np.full(len(points), NAN))).totals(
        0, 2**60
    )
    assert totals.odometer_m is None
    assert totals.track_m == pytest.approx(6_000)


def test_top_speed_is_that_of_the_trip_alone() -> None:
    drive = parked()
    drive.go(300)
    drive.go(10, 90)
    drive.go(300)
    drive.park(600)
    found = find_trips(drive.points)
    assert found.totals(0, 2**60).top_kmh == 90
    stop = found.segments[-1]
    assert found.totals(stop.start_ms, stop.end_ms).top_kmh is None
    unknown = dataclasses.replace(drive.points, speed=np.full(len(drive.points), NAN))
    assert find_trips(unknown).totals(0, 2**60).top_kmh is None


def test_top_speed_of_a_part_is_not_that_of_the_next() -> None:
    drive = parked()
    drive.go(300, 50)
    middle_ms = round(drive.at_s * 1_000) + 5_000
    drive.go(300, 80)
    found = find_trips(drive.points)
    assert found.totals(0, middle_ms).top_kmh == 50
    assert found.totals(middle_ms, 2**60).top_kmh == 80


def test_nobody_idles_in_a_gap() -> None:
    drive = Drive()
    drive.report(0.0, 1)
    drive.park(600, 60, ignition=1)
    drive.wait(3_600)
    drive.park(600, 60, ignition=1)
    assert find_trips(drive.points).totals(0, 2**60).idle_ms == (600 + 540) * 1_000


def test_idling_is_told_from_standing_and_from_a_red_light() -> None:
    drive = parked()
    drive.go(600)
    drive.park(40, 10, ignition=1)
    drive.go(60)
    drive.park(120, 10, ignition=1)
    drive.go(600)
    drive.park(400, 10, ignition=1)
    drive.park(600, 10)
    found = find_trips(drive.points)
    totals = found.totals(0, 2**60)
    # The first place of a halt is where it stands still, ten seconds after the last that moved.
    assert totals.idle_ms == (110 + 390) * 1_000
    assert totals.idle_in_trips_ms == (110 + 10 - 10) * 1_000


def test_place_of_a_stop_across_180_degrees() -> None:
    points = parked().points
    east = np.full(len(points), -179.9998)
    east[0], east[1:6] = -179.9999, 179.9999
    found = find_trips(dataclasses.replace(points, longitude=east))
    assert kinds(found) == ["stop"]
    assert found.segments[0].place == pytest.approx((0.0, -179.9999), abs=1e-6)


def test_without_a_fix_a_parked_device_is_where_it_was() -> None:
    drive = there_and_parked()
    points = drive.points
    fixed = np.arange(len(points)) < len(points) - 8
    blank = dataclasses.replace(points, latitude=np.where(fixed, points.latitude, NAN))
    assert find_trips(blank, fixed).segments[-1].end_ms == points.times_ms[-1]


def test_without_a_fix_nobody_knows_where_it_drives() -> None:
    drive = parked()
    drive.go(1_200)
    drive.park(1_200)
    drive.go(600)
    points = drive.points
    index = np.arange(len(points))
    in_tunnel = (index >= 20) & (index < len(points) - 60)
    found = find_trips(points, ~in_tunnel)
    assert kinds(found) == ["stop", "trip", "no data", "trip"]


def test_null_island_is_no_place() -> None:
    points = parked().points
    zero = np.zeros(len(points))
    assert find_trips(dataclasses.replace(points, longitude=zero)).segments == ()


def test_segments_touch_each_other() -> None:
    drive = there_and_parked()
    for _ in range(3):
        drive.go(900)
        drive.park(400, 20, ignition=1)
        drive.wait(2_000)
        drive.park(500, 20)
    found = find_trips(drive.points)
    assert len(found.segments) > 8
    assert found.segments[0].start_ms == drive.points.times_ms[0]
    assert found.segments[-1].end_ms == drive.points.times_ms[-1]
    for before, after in itertools.pairwise(found.segments):
        assert (before.end_ms, before.last) == (after.start_ms, after.first)


def week() -> Points:
    drive = Drive()
    random = np.random.default_rng(5)
    drive.report()
    for _ in range(40):
        drive.go(float(random.integers(5, 60) * 60), float(random.uniform(10, 100)))
        drive.park(float(random.integers(1, 40) * 60), 60, ignition=1)
        drive.park(float(random.integers(1, 200) * 60))
        if random.random() < 0.2:
            drive.wait(4_000)
    return drive.points


def test_trips_do_not_depend_on_the_period() -> None:
    points, lead_ms = week(), TripRules().lead_s * 1_000
    whole = find_trips(points)
    first_ms, last_ms = int(points.times_ms[0]), int(points.times_ms[-1])
    spans = {(each.kind, each.start_ms, each.end_ms) for each in whole.segments}
    for start_ms in range(first_ms, last_ms - 8 * 3_600_000, 5 * 3_600_000):
        end_ms = start_ms + 8 * 3_600_000
        read = (points.times_ms >= start_ms - lead_ms) & (points.times_ms < end_ms + lead_ms)
        part = find_trips(points.take(read))
        touching = {
            (each.kind, each.start_ms, each.end_ms)
            for each in part.segments
            if each.start_ms < end_ms and each.end_ms > start_ms
        }
        expected = {each for each in spans if each[1] < end_ms and each[2] > start_ms}
        assert touching == expected
