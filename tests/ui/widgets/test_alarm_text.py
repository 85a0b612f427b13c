"""The place of an alarm, and how far it is to be believed."""

from datetime import UTC
from typing import Any

import pytest

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.monitor.where.places import Places
from tftmonitor.ui.widgets import alarm_text
from tftmonitor.ui.widgets.alarm_text import (
    facts_line,
    place_text,
    position_cell,
    position_text,
)

NOW = 1_795_000_000_000
PLACE: dict[str, Any] = {"lat": 52.1, "lng": 5.2}


def alarm(**more: Any) -> Alarm:
    sources = (Source.SNAPSHOT,)
    return Alarm(1, "sos", "SOS", Severity.CRITICAL, NOW, NOW, sources, sources, **more)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({}, ""),
        (PLACE, "52.1000, 5.2000"),
        (PLACE | {"place_ms": NOW - 5_000}, "52.1000, 5.2000"),
        (PLACE | {"place_is_last_known": True}, "52.1000, 5.2000 (last known)"),
        (
            PLACE | {"place_is_last_known": True, "place_ms": NOW - 3 * HOUR_MS},
            "52.1000, 5.2000 (last known, 3 h old)",
        ),
        (
            # Out of an upload: as old as it was when the alarm was.
            PLACE
            | {
                "place_is_last_known": True,
                "place_ms": NOW - 3 * HOUR_MS,
                "device_ms": NOW - 2 * HOUR_MS - 50 * MINUTE_MS,
            },
            "52.1000, 5.2000 (last known, 10 min old)",
        ),
    ],
)
def test_place_says_when_it_is_only_the_last_known(more: dict[str, Any], text: str) -> None:
    assert position_text(alarm(**more)) == text
    assert f"at {text}" in facts_line(alarm(**more), NOW, UTC) or not text


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({}, ""),
        (PLACE, "2 km SE of De Bilt"),
        (
            PLACE | {"place_is_last_known": True},
            "last known: 2 km SE of De Bilt",
        ),
        (
            PLACE | {"place_is_last_known": True, "place_ms": NOW - 3 * HOUR_MS},
            "last known, 3 h old: 2 km SE of De Bilt",
        ),
    ],
)
def test_in_a_cell_that_may_be_cut_the_mark_stands_first(more: dict[str, Any], text: str) -> None:
    assert position_cell(alarm(**more)) == text


def test_words_of_a_place_keep_its_age_and_say_that_they_are_computed() -> None:
    assert place_text(alarm()) == ""
    assert place_text(alarm(lat=0.0, lng=0.0)) == ""
    assert place_text(alarm(**PLACE)) == "2 km SE of De Bilt"
    old = alarm(**PLACE, place_is_last_known=True, place_ms=NOW - 3 * HOUR_MS)
    assert place_text(old) == "2 km SE of De Bilt (last known, 3 h old)"
    line = facts_line(old, NOW, UTC)
    assert "2 km SE of De Bilt (the nearest town, computed here)" in line


def test_without_towns_a_place_is_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> bytes:
        raise FileNotFoundError("towns.bin")

    without = Places(missing)
    monkeypatch.setattr(alarm_text, "places", lambda: without)
    assert place_text(alarm(**PLACE)) == ""
    assert position_cell(alarm(**PLACE)) == "52.1000, 5.2000"
    assert "at 52.1000, 5.2000 ·" in facts_line(alarm(**PLACE, note="seen"), NOW, UTC)
