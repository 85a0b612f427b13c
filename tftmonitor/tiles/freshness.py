"""How long a tile holds, by the headers of the server that sent it (RFC 9111)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_DAY_S: Final = 86_400.0
USUAL_S: Final = 7 * _DAY_S
"""Of a tile whose server says nothing: what the servers of OpenStreetMap ask for at least."""
NONE_HERE_S: Final = _DAY_S
"""Of a tile that is not there, whose server says nothing of it: it may come."""
_LONGEST_S: Final = 365 * _DAY_S


def is_to_be_kept(headers: Mapping[str, str]) -> bool:
    """False when the server wants nothing of it on a disk. Names of headers are in lower case."""
    return "no-store" not in _directives(headers)


def lifetime_s(headers: Mapping[str, str], now_ms: int, usual_s: float = USUAL_S) -> float:
    """Seconds from now for which it need not be asked for again; 0 for none, a year at most."""
    directives = _directives(headers)
    if "no-cache" in directives or "no-store" in directives:
        return 0.0
    if "max-age" in directives:
        whole_s = _seconds(directives["max-age"])
    elif "expires" in headers:
        until = _date(headers["expires"])
        since = _date(headers.get("date", "")) or datetime.fromtimestamp(now_ms / 1_000, UTC)
        whole_s = 0.0 if until is None else (until - since).total_seconds()
    else:
        return usual_s
    return min(max(whole_s - _seconds(headers.get("age", "0")), 0.0), _LONGEST_S)


def _directives(headers: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in headers.get("cache-control", "")[:1_000].split(","):
        name, _, value = part.partition("=")
        found.setdefault(name.strip().lower(), value.strip().strip('"'))
    return found


def _seconds(text: str) -> float:
    """A count of seconds; one that cannot be read is none."""
    text = text.strip()
    # More digits than a year has are a year all the same.
    return float(text[:12]) if text.isascii() and text.isdigit() else 0.0


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text.strip()[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
