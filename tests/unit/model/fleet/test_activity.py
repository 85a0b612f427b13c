from typing import Any

import msgspec
import numpy as np
import pytest

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.activity import (
    Activity,
    Staleness,
    activity_of,
    due_text,
    has_fix,
    ignition,
    is_asleep,
    silence_before,
    silent_since,
    staleness_of,
    state_text,
)

FIX = {"lat": 50.0, "lng": 8.0, "latlng_valid": 1}


def status(**values: Any) -> DeviceStatus:
    return msgspec.convert(values, DeviceStatus)


@pytest.mark.parametrize(
    ("values", "on"),
    [
        ({"acc": 1, "iop": 0}, True),
        ({"acc": 0, "iop": 0x4000}, False),
        ({"acc": -1, "iop": 0x4000}, True),
        ({"iop": 0x4001}, True),
        ({"iop": 0x8001}, False),
        ({"iop": -1}, None),
        ({"input": "1:1|2:1"}, None),
        ({}, None),
    ],
)
def test_ignition_is_read_from_acc_then_from_its_bit(values: dict[str, Any], on: Any) -> None:
    assert ignition(status(**values)) is on


def test_nothing_is_known_of_a_device_without_a_status() -> None:
    assert ignition(None) is None
    assert not has_fix(None)


@pytest.mark.parametrize(
    ("values", "fixed"),
    [
        (FIX, True),
        (FIX | {"latlng_valid": 0}, False),
        ({"lat": 0, "lng": 0, "latlng_valid": 1}, False),
        ({"lat": 50.0, "lng": 8.0}, True),
        ({"latlng_valid": 1}, False),
    ],
)
def test_fix_needs_a_place_and_no_word_against_it(values: dict[str, Any], fixed: bool) -> None:
    assert has_fix(status(**values)) is fixed


@pytest.mark.parametrize(
    ("values", "activity"),
    [
        (FIX | {"speed": 50.0}, Activity.MOVING),
        (FIX | {"speed": 50.0, "acc": 0}, Activity.MOVING),
        (FIX | {"speed": 2.9, "acc": 1}, Activity.IDLING),
        (FIX | {"speed": 2.9, "acc": 0}, Activity.PARKED),
        (FIX | {"speed": -1, "acc": 1}, Activity.IDLING),
        (FIX, Activity.PARKED),
        ({"speed": 50.0, "latlng_valid": 0}, Activity.NO_FIX),
    ],
)
def test_activity_follows_from_fix_speed_and_ignition(
    values: dict[str, Any], activity: Activity
) -> None:
    assert activity_of(status(**values)) is activity


def test_device_without_status_has_no_data() -> None:
    assert activity_of(None) is Activity.NO_DATA


def test_unit_sleeps_while_its_receiver_does() -> None:
    assert is_asleep(status(gps=False))
    assert not is_asleep(status(gps=True))
    assert not is_asleep(status())


def test_staleness_grows_with_age_against_the_usual_interval() -> None:
    ages = np.array([0, 10, 11, 30, 31, 200, 201]) * MINUTE_MS
    found = staleness_of(ages, np.full(7, 10 * MINUTE_MS))
    assert found.tolist() == [0, 0, 1, 1, 2, 2, 3]


def test_silence_of_slow_devices_begins_after_a_day_but_never_before_overdue() -> None:
    ages = np.array([25, 23, 35, 37]) * HOUR_MS
    intervals = np.array([2, 2, 12, 12]) * HOUR_MS
    assert staleness_of(ages, intervals).tolist() == [3, 2, 1, 3]


def test_device_is_silent_since_its_report_was_due_once_it_is_overdue() -> None:
    assert silent_since(1_000, 10, 1_030) is None
    assert silent_since(1_000, 10, 1_031) == 1_010


@pytest.mark.parametrize(
    ("data_ms", "last_ms", "heard_ms", "silence"),
    [
        (1_030, 1_000, 1_000, None),
        (1_031, 1_000, 1_000, (1_010, 1_031)),
        # Told again and again, it was no news.
        (1_031, 1_000, 1_025, (1_010, 1_031)),
        # A stored one: silent until it came, unless another had come shortly before.
        (990, 980, 1_000, (1_010, 1_031)),
        (990, 980, 1_025, None),
        # Heard late: nobody had a reason to worry before it was due by its time.
        (990, 985, 900, (995, 1_031)),
    ],
)
def test_silence_lasts_until_a_report_could_be_read(
    data_ms: int, last_ms: int, heard_ms: int, silence: tuple[int, int] | None
) -> None:
    assert silence_before(data_ms, 1_031, last_ms, heard_ms, 10) == silence


@pytest.mark.parametrize(
    ("activity", "staleness", "words"),
    [
        (Activity.NO_DATA, Staleness.SILENT, "No data yet"),
        (Activity.MOVING, Staleness.FRESH, "Moving"),
        (Activity.PARKED, Staleness.DUE, "Parked"),
        (Activity.NO_FIX, Staleness.FRESH, "No fix"),
        (Activity.IDLING, Staleness.OVERDUE, "overdue 2 d 12 h"),
        (Activity.MOVING, Staleness.SILENT, "silent 3 d 0 h"),
    ],
)
def test_words_tell_activity_until_it_is_too_old(
    activity: Activity, staleness: Staleness, words: str
) -> None:
    assert state_text(activity, staleness, 3 * DAY_MS, DAY_MS / 2) == words


@pytest.mark.parametrize(
    ("staleness", "age_s", "words"),
    [
        (Staleness.FRESH, 20, "due in 1:40"),
        (Staleness.DUE, 132, "due since 0:12"),
        (Staleness.OVERDUE, 520, "overdue since 6:40"),
    ],
)
def test_words_tell_when_the_next_report_is_due(
    staleness: Staleness, age_s: int, words: str
) -> None:
    assert due_text(staleness, age_s * 1_000, 120_000) == words
