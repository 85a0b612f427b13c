"""Times of the command line in words: ISO 8601, "-2h", "yesterday"."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS

TIMES_HELP: Final = (
    "ISO 8601 (in the time zone of this computer unless it says otherwise), -2h (s, min, h, d, w), "
    "now, today, yesterday, or ms since 1970"
)

_AGO: Final = re.compile(r"-(\d{1,9})(s|m|min|h|d|w)")
_SECONDS: Final = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_TIME_OPTIONS: Final = {"--from", "--to"}
_DAYS: Final = {"today": 0, "yesterday": -1}
# datetime knows no later year, and a zone may add a day.
_LATEST_MS: Final = 253_402_000_000_000


@dataclass(frozen=True, slots=True)
class Moments:
    """How to read times: ``now_ms`` since 1970, and the zone of those without an offset."""

    now_ms: int
    zone: tzinfo

    def begin(self, text: str) -> int:
        """The time in ms since 1970; of a day its first moment. Raises ArgumentTypeError."""
        return self._read(text, 0)

    def end(self, text: str) -> int:
        """As ``begin``, but of a day the moment at which it is over: who asks up to a day means
        that day too.
        """
        return self._read(text, 1)

    def offset(self, time_ms: int) -> str:
        """The zone in words, with its offset from UTC at that time."""
        moment = datetime.fromtimestamp(time_ms / SECOND_MS, self.zone)
        offset_ms = round((moment.utcoffset() or timedelta()).total_seconds()) * SECOND_MS
        hours, rest = divmod(abs(offset_ms), HOUR_MS)
        sign = "-" if offset_ms < 0 else "+"
        name = getattr(self.zone, "key", None) or moment.tzname() or "local time"
        return f"{name} (UTC{sign}{hours:02d}:{rest // MINUTE_MS:02d})"

    def _read(self, text: str, days_on: int) -> int:
        words = text.strip().lower()
        try:
            if ago := _AGO.fullmatch(words):
                past_ms = int(ago[1]) * _SECONDS[ago[2]] * SECOND_MS
                return max(self.now_ms - past_ms, 0)
            if words == "now":
                return self.now_ms
            if words.isdecimal() and words.isascii() and len(words) != 8:
                return min(int(words), _LATEST_MS)
            day = self._day(words)
            if day is not None:
                moment = datetime.combine(day + timedelta(days=days_on), datetime.min.time())
            else:
                moment = datetime.fromisoformat(text.strip())
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=self.zone)
            return min(max(round(moment.timestamp() * SECOND_MS), 0), _LATEST_MS)
        except (ValueError, OverflowError):
            wrong = f"{text!r} is no time; give {TIMES_HELP}"
            raise argparse.ArgumentTypeError(wrong) from None

    def _day(self, words: str) -> date | None:
        if words in _DAYS:
            today = datetime.fromtimestamp(self.now_ms / SECOND_MS, self.zone).date()
            return today + timedelta(days=_DAYS[words])
        try:
            return date.fromisoformat(words)
        except ValueError:
            return None


def with_times(words: Sequence[str]) -> list[str]:
    """The words of a command line with ``--from -2h`` as one word each, or argparse would take
    the time for an option.
    """
    found: list[str] = []
    for word in words:
        if found and found[-1] in _TIME_OPTIONS and _AGO.fullmatch(word.lower()):
            found[-1] += f"={word}"
        else:
            found.append(word)
    return found
