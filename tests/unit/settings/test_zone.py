import os
import time
from collections.abc import Iterator
from datetime import UTC

import pytest

from tftmonitor.model.fields.formatting import format_time
from tftmonitor.settings import zone
from tftmonitor.settings.schema import Settings

_OCTOBER_MS = 1_792_584_000_000  # 2026-10-21 12:00 UTC, summer time in Berlin
_NOVEMBER_MS = 1_795_694_400_000  # 2026-11-26 12:00 UTC, winter time there


@pytest.fixture
def set_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    zone._own_zone.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()
    zone._own_zone.cache_clear()


def local_time(time_ms: int) -> str:
    return format_time(time_ms, zone.zone_of(Settings()))


def test_utc_is_utc_wherever_the_computer_stands(set_zone: pytest.MonkeyPatch) -> None:
    set_zone.setenv("TZ", "Europe/Berlin")
    assert zone.zone_of(Settings(zone="utc")) is UTC


@pytest.mark.skipif(os.name != "posix", reason="TZ is POSIX")
def test_date_of_another_season_is_shown_as_the_wall_clock_said_it(
    set_zone: pytest.MonkeyPatch,
) -> None:
    set_zone.setenv("TZ", "Europe/Berlin")
    assert local_time(_OCTOBER_MS) == "2026-10-21 14:00:00"
    assert local_time(_NOVEMBER_MS) == "2026-11-26 13:00:00"


@pytest.mark.skipif(os.name != "posix", reason="TZ is POSIX")
def test_zone_that_is_set_while_the_program_runs_is_followed(
    set_zone: pytest.MonkeyPatch,
) -> None:
    set_zone.setenv("TZ", "Europe/Berlin")
    assert local_time(_NOVEMBER_MS).endswith("13:00:00")
    set_zone.setenv("TZ", "Asia/Kolkata")
    later_s = time.time() + 11
    set_zone.setattr(time, "time", lambda: later_s)
    assert local_time(_NOVEMBER_MS).endswith("17:30:00")


@pytest.mark.skipif(os.name != "posix", reason="TZ is POSIX")
def test_zone_without_known_rules_falls_back_to_the_offset_of_now(
    set_zone: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    zone._warn_once.cache_clear()
    set_zone.setenv("TZ", "XYZ-3")
    time.tzset()
    assert local_time(_NOVEMBER_MS).endswith("15:00:00")
    assert "no known rules" in caplog.text
