from datetime import timedelta, timezone
from typing import Any

import pytest

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.fields.field import Examined, Quality
from tftmonitor.model.fields.formatting import (
    TEXT_LIMIT,
    clip,
    format_age,
    format_clock,
    format_countdown,
    format_examined,
    format_number,
    format_pins,
    format_time,
    format_value,
    format_with_unit,
    one_line,
)
from tftmonitor.model.fields.status import STATUS_FIELDS

FIELDS = STATUS_FIELDS.by_name
TIME_MS = 1_627_693_682_000


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("speed", None, "—"),
        ("speed", 0.0, "0.0 km/h"),
        ("speed", 14.0, "14.0 km/h"),
        ("mileage", 145_278_000.0, "145\u2009278.0 km"),
        ("altitude", 563.74560546875, "564 m"),
        ("acc", True, "on"),
        ("acc", False, "off"),
        ("date", TIME_MS, "2021-07-31 01:08:02"),
        ("input", "1:1|2:0|3:1", "1 3"),
        ("input", "1:0|2:0", "all off"),
        ("input", "", "—"),
        ("iop", 16416, "16416 (0x4020)"),
        ("iop", 9, "9"),
        ("version", "V1.5.0", "V1.5.0"),
        ("version", "", "—"),
        ("satellite_count", 9, "9"),
    ],
)
def test_value_is_text_in_display_units(name: str, value: Any, text: str) -> None:
    assert format_with_unit(FIELDS[name], value) == text


def test_text_of_the_server_is_cut() -> None:
    text = format_value(FIELDS["version"], "x" * 1_000)
    assert len(text) == 300
    assert text.endswith("…")
    assert clip("abc", 3) == "abc"
    assert clip("abcd", 3) == "ab…"


@pytest.mark.parametrize(
    ("name", "examined", "text"),
    [
        ("speed", Examined(5.0, Quality.KNOWN), "5.0 km/h"),
        ("speed", Examined(None, Quality.UNKNOWN), "unknown"),
        ("speed", Examined(None, Quality.ABSENT), "—"),
        ("speed", Examined(None, Quality.INVALID, "speed: no"), "invalid"),
        ("date", Examined(None, Quality.INVALID, "date: no"), "clock not set"),
    ],
)
def test_missing_value_says_why(name: str, examined: Examined, text: str) -> None:
    assert format_examined(FIELDS[name], examined) == text


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (0.0, 0, "0"),
        (-0.0, 1, "0.0"),
        (-0.04, 1, "0.0"),
        (-0.06, 1, "-0.1"),
        (9_999.0, 0, "9999"),
        (9_999.6, 0, "10\u2009000"),
        (10_000.0, 1, "10\u2009000.0"),
        (-1_234_567.0, 0, "-1\u2009234\u2009567"),
        (47.160000000000004, 0, "47"),
    ],
)
def test_number_has_fixed_digits_and_thin_spaces(number: float, digits: int, text: str) -> None:
    assert format_number(number, digits) == text


def test_text_of_the_feed_on_one_line_has_no_breaks_and_is_cut() -> None:
    assert one_line(" a\r\n b\t c ") == "a b c"
    assert len(one_line("a " * 1_000)) == TEXT_LIMIT


def test_pins_of_no_form_are_unknown() -> None:
    assert format_pins("garbage") == "—"


def test_times_are_shown_in_the_zone_given() -> None:
    zone = timezone(timedelta(hours=2))
    assert format_time(TIME_MS, zone) == "2021-07-31 03:08:02"
    assert format_clock(TIME_MS, zone) == "03:08:02"
    assert format_value(FIELDS["date"], TIME_MS, zone) == "2021-07-31 03:08:02"


@pytest.mark.parametrize(
    ("age_ms", "text"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (59 * SECOND_MS + 999, "59 s"),
        (MINUTE_MS, "1 min"),
        (HOUR_MS - 1, "59 min"),
        (2 * HOUR_MS + 10 * MINUTE_MS, "2 h 10 min"),
        (DAY_MS, "1 d 0 h"),
        (3 * DAY_MS + 5 * HOUR_MS, "3 d 5 h"),
        (10 * DAY_MS, "10 d"),
    ],
)
def test_age_is_told_in_its_two_largest_units(age_ms: int, text: str) -> None:
    assert format_age(age_ms) == text


@pytest.mark.parametrize(
    ("left_ms", "text"),
    [(100 * SECOND_MS, "1:40"), (7_500_000, "2:05:00"), (-5, "0:00"), (9_999, "0:09")],
)
def test_time_left_is_told_as_on_a_clock(left_ms: int, text: str) -> None:
    assert format_countdown(left_ms) == text
