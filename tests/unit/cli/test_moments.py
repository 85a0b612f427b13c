"""Times of the command line, in words."""

import argparse
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import pytest

from tftmonitor.cli import build_parser
from tftmonitor.cli.moments import Moments, with_times

NOW = 1_795_000_000_000  # 2026-11-18T11:06:40Z
HOUR = 3_600_000
BERLIN = ZoneInfo("Europe/Berlin")


def begin(text: str, zone: tzinfo = BERLIN) -> int:
    return Moments(NOW, zone).begin(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-2h", NOW - 2 * HOUR),
        ("-90min", NOW - 1.5 * HOUR),
        ("-30m", NOW - HOUR / 2),
        ("-10S", NOW - 10_000),
        ("-1d", NOW - 24 * HOUR),
        ("-1w", NOW - 168 * HOUR),
        ("-999999999w", 0),
        ("now", NOW),
        ("1795000000000", NOW),
        ("2026-11-18T12:06:40", NOW),
        ("2026-11-18 12:06:40", NOW),
        ("2026-11-18T11:06:40Z", NOW),
        ("2026-11-18T16:51:40+05:45", NOW),
    ],
)
def test_moments(text: str, expected: float) -> None:
    assert begin(text) == Moments(NOW, BERLIN).end(text) == expected


@pytest.mark.parametrize(
    ("text", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("20261118", 24),
                        ("today", 24), ("Yesterday", 24)],
)  # fmt: skip
def test_a_day_is_included_by_the_rules_of_the_zone(text: str, hours: int) -> None:
    moments = Moments(NOW, BERLIN)
    assert moments.end(text) - moments.begin(text) == hours * HOUR


def test_yesterday_ends_where_today_begins() -> None:
    moments = Moments(NOW, BERLIN)
    assert moments.end("yesterday") == moments.begin("today")
    assert begin("today") == 1_794_956_400_000
    # It is tomorrow there.
    assert begin("today", ZoneInfo("Pacific/Kiritimati")) == 1_794_996_000_000


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "-2x", "2h", "-h", "²", "-1795000000000"]
)
def test_what_is_no_time_is_said(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no time"):
        begin(text)


def test_times_no_calendar_has_are_bounded() -> None:
    assert begin("9" * 30) == begin("9999-12-31T23:59:59-12:00") == 253_402_000_000_000
    assert begin("0001-01-02", UTC) == 0


def test_zone_is_said_with_its_offset() -> None:
    assert Moments(NOW, BERLIN).offset(NOW) == "Europe/Berlin (UTC+01:00)"
    assert Moments(NOW, UTC).offset(NOW) == "UTC (UTC+00:00)"
    assert Moments(NOW, ZoneInfo("America/St_Johns")).offset(NOW).endswith("(UTC-03:30)")


def test_a_time_that_begins_with_a_dash_is_no_option() -> None:
    words = ["trips", "--from", "-2h", "--to", "-5min", "--device", "1"]
    assert with_times(words) == ["trips", "--from=-2h", "--to=-5min", "--device", "1"]
    options = build_parser(words).parse_args(with_times(words))
    assert options.to_ms - options.from_ms == 115 * 60_000
    assert with_times(["-2h"]) == ["-2h"]
