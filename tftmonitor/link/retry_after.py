"""When a server that turns us away wants to be asked again."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# A server that names more is asked all the same: alarms wait behind it.
LONGEST_S = 900.0


def retry_after_s(value: str, server_date: str = "", now: datetime | None = None) -> float:
    """Seconds to wait by the header ``Retry-After``; 0 when it says nothing that can be read.

    A date is taken relative to the ``server_date`` of the same answer, whose clock may be wrong.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        # A number of many digits is no reason to fail, and is beyond the longest in any case.
        return min(LONGEST_S, float(value[:12]))
    until = _date(value)
    if until is None:
        return 0.0
    since = _date(server_date) or now or datetime.now(UTC)
    return min(LONGEST_S, max(0.0, (until - since).total_seconds()))


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
