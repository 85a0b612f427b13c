"""Which positions are drawn: no null island, nothing off the globe, no jumps."""

import numpy as np
import pytest

from tftmonitor.model.geo.fixes import (
    FARTHEST_M,
    LEFT_OUT_TEXTS,
    LeftOut,
    doubt_m,
    is_jump,
    judge,
)

HOUR_MS = 3_600_000


def test_what_is_no_place_is_named() -> None:
    latitude = np.array([52.5, 0.0, 91.0, 10.0, np.nan, 0.0, 0.00005])
    longitude = np.array([13.4, 0.0, 10.0, -181.0, 5.0, 9.0, -0.00005])
    assert judge(latitude, longitude).tolist() == [
        LeftOut.NO,
        LeftOut.NULL_ISLAND,
        LeftOut.OFF_GLOBE,
        LeftOut.OFF_GLOBE,
        LeftOut.NONE_YET,
        # Gabon, on the equator, is a place.
        LeftOut.NO,
        LeftOut.NULL_ISLAND,
    ]
    assert LEFT_OUT_TEXTS.keys() == set(LeftOut) - {LeftOut.NO}


def test_a_jump_is_farther_than_anything_drives() -> None:
    # Berlin to Hamburg, 255 km: in an hour by train, in ten minutes by nothing.
    here, there = np.array([52.52] * 3), np.array([53.55] * 3)
    east, west = np.array([13.405] * 3), np.array([9.993] * 3)
    since, to = np.zeros(3, np.int64), np.array([HOUR_MS, HOUR_MS // 6, -HOUR_MS], np.int64)
    assert is_jump(here, east, since, there, west, to).tolist() == [False, True, False]
    # Across 180 degrees it is a few metres, and of nothing nothing is known.
    fiji = is_jump(
        np.array([-17.0, np.nan]),
        np.array([179.9999, 0.0]),
        np.zeros(2, np.int64),
        np.array([-17.0, 1.0]),
        np.array([-179.9999, 0.0]),
        np.zeros(2, np.int64),
    )
    assert fiji.tolist() == [False, False]


def test_doubt_grows_with_age_and_speed_and_is_capped() -> None:
    ages = np.array([HOUR_MS // 60, HOUR_MS, 240 * HOUR_MS, -5, HOUR_MS], np.int64)
    speeds = np.array([60.0, 0.0, 90.0, 60.0, np.nan])
    assert doubt_m(ages, speeds).tolist() == pytest.approx([1_000, 0, FARTHEST_M, 0, 0])
