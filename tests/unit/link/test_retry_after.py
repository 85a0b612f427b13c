from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tftmonitor.link.retry_after import LONGEST_S, retry_after_s

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DATE = format_datetime(NOW + timedelta(seconds=90), usegmt=True)


@pytest.mark.parametrize(
    ("value", "wait_s"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("3600", LONGEST_S),
        ("9" * 5_000, LONGEST_S),
        (DATE, 90.0),
        ("Thu, 26 Nov 2026 12:01:30", 90.0),
        ("Thu, 26 Nov 2020 12:00:00 GMT", 0.0),
        ("Thu, 26 Nov 9999 12:00:00 GMT", LONGEST_S),
        ("", 0.0),
        ("-5", 0.0),
        ("1.5", 0.0),
        ("²", 0.0),
        ("soon", 0.0),
        ("Thu, 99 Nov 2026 12:00:00 GMT", 0.0),
    ],
)
def test_wait_is_read_and_bounded(value: str, wait_s: float) -> None:
    assert retry_after_s(value, now=NOW) == wait_s


def test_date_counts_from_the_servers_own_clock() -> None:
    server_now = format_datetime(NOW + timedelta(seconds=60), usegmt=True)
    assert retry_after_s(DATE, server_now, NOW - timedelta(days=3)) == 30.0


def test_date_without_anything_else_counts_from_now() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=60)
    assert 50 < retry_after_s(format_datetime(soon, usegmt=True)) <= 60
