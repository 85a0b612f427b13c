import math
import random
from itertools import pairwise

import pytest

from tftmonitor.simulator.fleet.tracks import Track
from tftmonitor.simulator.fleet.world import World

START_MS = 1_795_000_000_123
METRES_PER_DEGREE = 111_320


def metres_and_course(before: dict[str, float], after: dict[str, float]) -> tuple[float, float]:
    north = (after["lat"] - before["lat"]) * METRES_PER_DEGREE
    width = METRES_PER_DEGREE * math.cos(math.radians(after["lat"]))
    east = (after["lng"] - before["lng"]) * width
    return math.hypot(north, east), math.degrees(math.atan2(east, north)) % 360


def lively_tracks(seconds: int) -> list[list[dict[str, float]]]:
    world = World(4, 3, START_MS)
    tracks: dict[str, list[dict[str, float]]] = {}
    for _, frame in world.step(START_MS + seconds * 1_000):
        if frame.get("event") == "snapshot":
            tracks.setdefault(frame["data"]["imei"], []).append(frame["data"]["status"])
    return list(tracks.values())


def test_distance_between_fixes_agrees_with_odometer_speed_and_time() -> None:
    moved = 0
    for track in lively_tracks(600):
        for before, after in pairwise(track):
            seconds = (after["date"] - before["date"]) / 1_000
            if not 0 < seconds <= 3:
                continue
            metres, _ = metres_and_course(before, after)
            odometer = after["mileage"] - before["mileage"]
            mean_ms = (before["speed"] + after["speed"]) / 2 / 3.6
            assert odometer == pytest.approx(metres, abs=2.0)
            # Between two fixes a vehicle can brake and accelerate again.
            assert metres == pytest.approx(mean_ms * seconds, abs=1.2 * seconds**2 + 0.5)
            moved += metres > 5
    assert moved > 200


def test_course_is_the_direction_of_movement() -> None:
    checked = 0
    for track in lively_tracks(600):
        for before, after in pairwise(track):
            metres, course = metres_and_course(before, after)
            if after["date"] - before["date"] == 1_000 and metres > 8:
                off = (course - after["azimuth"] + 180) % 360 - 180
                assert abs(off) < 8  # a leg may end within the second
                checked += 1
    assert checked > 100


def test_odometer_never_falls_and_dates_never_go_back() -> None:
    compared = 0
    for track in lively_tracks(300):
        for before, after in pairwise(track):
            assert after["mileage"] >= before["mileage"]
            assert after["date"] >= before["date"]
            compared += 1
    assert compared > 200


def test_speed_changes_no_faster_than_the_unit_can() -> None:
    track = Track(50.0, 10.0, 0.0, 1.5, 2.5, home_lat=50.0, home_lng=10.0)
    rng = random.Random(1)
    track.advance(2.0, 100.0, rng)
    assert track.speed_kmh == pytest.approx(2 * 1.5 * 3.6)
    assert track.mileage_m == pytest.approx(3.0)
    track.advance(10.0, 0.0, rng)
    assert track.speed_kmh == 0


def test_heading_turns_home_beyond_the_range() -> None:
    track = Track(50.4, 10.0, 0.0, 1.5, 2.5, speed_kmh=60, home_lat=50.0, home_lng=10.0)
    rng = random.Random(1)
    furthest = 0.0
    for _ in range(900):
        track.advance(1.0, 60.0, rng)
        furthest = max(furthest, track.lat)
    assert furthest < 50.43
    assert track.lat < 50.35


def test_standing_unit_keeps_its_course_and_place() -> None:
    track = Track(50.0, 10.0, 77.0, 1.5, 2.5, home_lat=50.0, home_lng=10.0)
    track.advance(60.0, 0.0, random.Random(1))
    assert (track.lat, track.lng, track.heading, track.mileage_m) == (50.0, 10.0, 77.0, 0.0)
