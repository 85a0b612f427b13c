"""What other programs and people get to know of an alarm."""

from datetime import UTC

import msgspec
import pytest

from tftmonitor.base.clock import HOUR_MS
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.monitor.alarm_format import active_of, facts_of, place_of, words_of

NOW = 1_795_000_000_123
PLAIN = Alarm(
    7,
    "sos",
    "SOS",
    Severity.CRITICAL,
    NOW,
    NOW + 2_000,
    (Source.SNAPSHOT, Source.MESSAGE),
    (Source.MESSAGE,),
    device="key-1",
    device_name="VAN 12",
    imei="860000000000001",
    code=16,
    device_ms=NOW - 500,
    lat=50.1,
    lng=8.6,
    count=2,
    rings=1,
)
BARE = Alarm(1, "link", "No data", Severity.NOTICE, NOW, NOW, (Source.LINK,), (Source.LINK,))


def test_object_has_every_field_by_its_name() -> None:
    assert msgspec.json.decode(msgspec.json.encode(facts_of(PLAIN))) == {
        "id": 7,
        "device": "key-1",
        "imei": "860000000000001",
        "name": "SOS",
        "severity": "critical",
        "state": "active",
        "active": True,
        "acknowledged": False,
        "count": 2,
        "first": "2026-11-18T11:06:40.123Z",
        "last": "2026-11-18T11:06:42.123Z",
        "device_time": "2026-11-18T11:06:39.623Z",
        "late": False,
        "sources": ["snapshot", "message"],
        "code": 16,
        "place": {"lat": 50.1, "lng": 8.6, "quality": None, "age_s": None},
        "rings": 1,
    }


def test_what_is_not_known_is_null() -> None:
    facts = msgspec.json.decode(msgspec.json.encode(facts_of(BARE)))
    unknown = ("device", "imei", "device_time", "code", "place")
    assert [facts[name] for name in unknown] == [None] * 5


@pytest.mark.parametrize(
    ("changed", "state", "acknowledged"),
    [
        ({"active": False}, "returned", False),
        ({"acknowledged_ms": NOW}, "acknowledged", True),
        ({"shelved_until_ms": NOW}, "shelved", False),
        ({"out_of_service_until_ms": NOW}, "out_of_service", False),
        ({"acknowledged_ms": NOW, "closed_ms": NOW, "active": False}, "closed", True),
    ],
)
def test_state_is_one_word(changed: dict[str, object], state: str, acknowledged: bool) -> None:
    facts = facts_of(msgspec.structs.replace(PLAIN, **changed))
    assert (facts.state, facts.acknowledged) == (state, acknowledged)
    assert facts.active is changed.get("active", True)


def test_words_say_what_matters_in_one_line() -> None:
    late = msgspec.structs.replace(
        PLAIN, name="SOS\nnow", late=True, device_ms=NOW - HOUR_MS, drill=True
    )
    assert words_of(PLAIN, UTC) == (
        "7 critical active · VAN 12: SOS · first 2026-11-18 11:06:40 · "
        "2 times, last 2026-11-18 11:06:42 · in Frankfurt am Main (the nearest town, computed here)"
    )
    assert words_of(late, UTC) == (
        "7 critical active · VAN 12: DRILL: SOS now · first 2026-11-18 11:06:40 · "
        "2 times, last 2026-11-18 11:06:42 · LATE, happened 2026-11-18 10:06:40 · "
        "in Frankfurt am Main (the nearest town, computed here)"
    )
    assert words_of(BARE, UTC) == (
        "1 info active · This program: No data · first 2026-11-18 11:06:40"
    )
    feed = msgspec.structs.replace(BARE, sources=(Source.MESSAGE,))
    assert "· no device named: No data ·" in words_of(feed, UTC)


def test_words_say_where_it_was_and_that_this_is_computed() -> None:
    there = msgspec.structs.replace(BARE, lat=52.43, lng=13.11)
    assert words_of(there, UTC).endswith(" · 5 km NE of Potsdam (the nearest town, computed here)")
    old = msgspec.structs.replace(there, place_is_last_known=True)
    assert " · last known 5 km NE of Potsdam (" in words_of(old, UTC)


def test_alarm_whose_end_is_unknown_is_neither_active_nor_over() -> None:
    assert [
        active_of(msgspec.structs.replace(PLAIN, active=active, end_unknown=unknown))
        for active, unknown in ((True, False), (True, True), (False, False))
    ] == [True, None, False]


@pytest.mark.parametrize(
    ("changed", "quality", "age_s"),
    [
        ({}, None, None),
        ({"place_ms": NOW - 1_500}, "fix", 1.5),
        ({"place_ms": NOW - HOUR_MS - 500, "place_is_last_known": True}, "last known", 3600.5),
        ({"place_ms": NOW + 5_000}, "fix", 0.0),
    ],
)
def test_place_says_how_good_and_how_old_it_is(
    changed: dict[str, object], quality: str | None, age_s: float | None
) -> None:
    place = place_of(msgspec.structs.replace(PLAIN, **changed))
    assert place is not None
    assert (place.quality, place.age_s) == (quality, age_s)
