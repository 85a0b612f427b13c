"""Fixes that are too far off to be true."""

import numpy as np

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS
from tftmonitor.model.rules.believed_fixes import BelievedFixes, believed

HOME, NEAR, FAR, FARTHER = (52.0, 13.0), (52.005, 13.005), (54.0, 13.0), (54.0, 20.0)


def test_the_second_fix_at_a_place_proves_it() -> None:
    fixes = BelievedFixes()
    assert fixes.believes("1", FAR, 0)
    for minute, position, is_near in (
        (1, HOME, False),
        (2, FARTHER, False),
        (3, HOME, False),
        (4, NEAR, True),
        (5, HOME, True),
        (6, FAR, False),
        (7, HOME, True),
        (8, FAR, False),
    ):
        assert fixes.believes("1", position, minute * MINUTE_MS) is is_near, minute
    assert fixes.believes("2", FAR, 0)


def test_time_brings_far_places_into_reach() -> None:
    fixes = BelievedFixes()
    assert fixes.believes("1", HOME, 0)
    # 222 km of latitude, and 479 km to the east of it.
    assert not fixes.believes("1", FAR, HOUR_MS // 2)
    assert not fixes.believes("1", (52.0, 20.0), HOUR_MS)
    assert fixes.believes("1", HOME, HOUR_MS)
    assert fixes.believes("1", FAR, 2 * HOUR_MS)
    assert fixes.believes("1", (54.0, 13.01), HOUR_MS)


def test_the_way_across_180_degrees_is_short() -> None:
    fixes = BelievedFixes()
    assert fixes.believes("1", (0.0, 179.999), 0)
    assert fixes.believes("1", (0.0, -179.999), 0)


def test_joined_devices() -> None:
    fixes = BelievedFixes()
    assert fixes.believes("1", HOME, 0)
    assert not fixes.believes("1", FAR, 0)
    fixes.rename("1", "2")
    fixes.rename("3", "2")
    assert fixes.believes("2", FAR, 1)
    assert not fixes.believes("2", HOME, 2)
    assert fixes.believes("1", FARTHER, 2)


def test_samples_are_believed_as_reports_are() -> None:
    line = [HOME, NEAR, FAR, HOME, FAR, FAR, FARTHER, HOME, HOME]
    lat, lng = np.array(line).T
    times = np.arange(len(line), dtype=np.int64) * MINUTE_MS
    fixes = BelievedFixes()
    rows = zip(line, times.tolist(), strict=True)
    expected = [fixes.believes("1", position, at_ms) for position, at_ms in rows]
    assert expected == [True, True, False, True, False, True, False, False, True]
    assert believed(lat, lng, times).tolist() == expected
    for count in range(3):
        assert believed(lat[:count], lng[:count], times[:count]).tolist() == expected[:count]
    assert believed(lat[:2], lng[:2], times[:2]).all()
