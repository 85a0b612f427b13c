"""A way driven: its gaps and halts, its places by time and by pixel."""

from collections.abc import Sequence

import numpy as np
import pytest

from tftmonitor.model.geo.track import (
    EMPTY,
    Track,
    along,
    make_track,
    nearest_on,
    thinned,
    unwrapped,
)

NAN = np.nan


def track(
    seconds: Sequence[float],
    latitudes: Sequence[float],
    speeds: Sequence[float] | None = None,
    limit_s: float = 60.0,
) -> Track:
    count = len(seconds)
    return make_track(
        np.array(seconds, np.float64),
        np.array(latitudes, np.float64),
        np.full(count, 13.0),
        np.array(speeds if speeds is not None else [50.0] * count),
        np.ones(count, np.int8),
        np.full(count, limit_s),
    )


def test_places_that_nobody_knows_are_none_of_it() -> None:
    found = track([0, 10, 20, 30], [52.0, NAN, 52.001, 52.002])
    assert found.times.tolist() == [0, 20, 30]
    assert found.gaps.tolist() == [False, False, False]
    assert found.pieces() == [slice(0, 3)]
    assert len(track([0, 10], [NAN, NAN])) == 0
    assert len(EMPTY) == 0
    assert EMPTY.pieces() == []
    assert EMPTY.at(5.0) is None


def test_silence_and_jumps_are_gaps() -> None:
    found = track([0, 10, 200, 210, 220], [52.0, 52.001, 52.01, 52.011, 53.9])
    assert found.gaps.tolist() == [False, True, False, True, False]
    assert found.pieces() == [slice(0, 2), slice(2, 4), slice(4, 5)]


def test_a_moment_has_the_place_before_it() -> None:
    found = track([0, 10, 20], [52.0, 52.001, 52.002])
    assert [found.at(moment) for moment in (-1, 0, 9.9, 10, 99)] == [None, 0, 0, 1, 2]


def test_halts_are_long_and_end_with_what_is_known() -> None:
    seconds = [0, 60, 120, 240, 300, 310, 320, 500, 700]
    speeds = [50, 0, 0, 1, 0, 40, 0, 0, 0]
    found = track(seconds, [52.0] * 9, speeds, limit_s=190.0)
    assert found.stops() == [(1, 5), (6, 7)]
    # Of a silence nobody says that it stood, and what is not known is no standing.
    assert track(seconds, [52.0] * 9, [0.0] * 9, limit_s=100.0).stops() == []
    assert track([0, 100, 200], [52.0] * 3, [NAN] * 3, 150.0).stops() == []
    # One that still lasts ends with the last place.
    assert track([0, 100, 200], [52.0] * 3, [0.0] * 3, 150.0).stops() == [(0, 2)]


def test_a_line_across_180_degrees_has_no_jump() -> None:
    x = np.array([0.999, 0.0005, 0.002, 0.998])
    assert unwrapped(x) == pytest.approx([0.999, 1.0005, 1.002, 0.998])
    assert unwrapped(np.zeros(0)).size == 0


def test_the_nearest_place_of_a_line() -> None:
    left, top = np.array([0.0, 10.0, 20.0]), np.array([0.0, 0.0, 0.0])
    place, far = nearest_on(left, top, (11.0, 3.0))
    assert place == 1
    assert far == pytest.approx(float(np.hypot(1, 3)))


def test_points_along_a_line_are_even() -> None:
    left, top = along(np.array([0.0, 30.0, 30.0]), np.array([0.0, 0.0, 40.0]), 10.0)
    assert left.tolist() == pytest.approx([0, 10, 20, 30, 30, 30, 30, 30])
    assert top.tolist() == pytest.approx([0, 0, 0, 0, 10, 20, 30, 40])
    assert along(np.array([5.0]), np.array([6.0]), 10.0)[0].tolist() == [5.0, 5.0]


def test_thinning_keeps_the_ends_and_every_bend_that_is_seen() -> None:
    left = np.linspace(0, 100, 10_001)
    top = np.where(left > 50, 30.0, 0.0)
    keep = thinned(left, top)
    assert keep[0] == 0
    assert keep[-1] == 10_000
    assert len(keep) < 100
    assert np.max(np.hypot(np.diff(left[keep]), np.diff(top[keep]))) <= 31.6
    assert thinned(left[:2], top[:2]).tolist() == [0, 1]
    assert thinned(np.zeros(5), np.zeros(5)).tolist() == [0, 4]
