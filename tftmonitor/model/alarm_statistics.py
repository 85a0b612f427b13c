"""How many alarms there were, of whom and of what: what an operator can bear, and what to quiet.

The figures are those of ISA-18.2 and EEMUA 191: about one alarm in ten minutes can be borne, two
can be managed. Chattering is meant there for controllers that report each second; trackers report
a few times a minute, and so it is counted over an hour here.
"""

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import numpy as np

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.codes import Severity

BEARABLE_AN_HOUR: Final = 6
STANDING_MS: Final = DAY_MS
WAITING_MS: Final = HOUR_MS
CHATTERING: Final = 5
"""So many times within an hour an alarm of one device chatters."""
_TEN_MINUTES_MS: Final = 10 * MINUTE_MS
_MOST_ROWS: Final = 50


class Occurrence(msgspec.Struct, frozen=True):
    """One time that an alarm was raised; ``number`` is that of the alarm, ``at_ms`` the receipt.

    ``rule`` is the id of the user's rule that raised it, "" for what devices and links report.
    """

    at_ms: int
    number: int
    name: str
    severity: Severity
    device: str | None = None
    device_name: str = ""
    rule: str = ""


class Tally(msgspec.Struct, frozen=True):
    """A line of a list: of whom or of what, how many, and since when where that is meant."""

    text: str
    count: int
    device: str | None = None
    rule: str = ""
    since_ms: int | None = None


class AlarmStatistics(msgspec.Struct, frozen=True):
    """Of one stretch of time. ``hourly`` are counts, the first of the hour of ``start_ms``.

    ``busiest`` is the most alarms within ten minutes of the clock, which begin at
    ``busiest_ms``.
    """

    start_ms: int
    end_ms: int
    count: int
    an_hour: float
    busiest: int
    busiest_ms: int
    hourly: tuple[int, ...]
    by_device: tuple[Tally, ...]
    by_name: tuple[Tally, ...]
    chattering: tuple[Tally, ...]
    standing: tuple[Tally, ...]
    waiting: tuple[Tally, ...]


def statistics_of(
    occurrences: Sequence[Occurrence], open_alarms: Iterable[Alarm], start_ms: int, end_ms: int
) -> AlarmStatistics:
    """What the occurrences between these times, and what is open now, come to.

    An alarm counts once, however often it was raised before somebody acknowledged it.
    """
    first = _first_of_each(occurrences)
    times = np.array([each.at_ms for each in first], np.int64)
    hours = max(1, -(-(end_ms - start_ms) // HOUR_MS))
    hourly = np.bincount(np.clip((times - start_ms) // HOUR_MS, 0, hours - 1), minlength=hours)
    tens, counts = np.unique(times // _TEN_MINUTES_MS, return_counts=True)
    busiest = int(np.argmax(counts)) if len(counts) else -1
    standing = [alarm for alarm in open_alarms if not alarm.drill]
    return AlarmStatistics(
        start_ms,
        end_ms,
        len(first),
        len(first) * HOUR_MS / max(end_ms - start_ms, HOUR_MS),
        int(counts[busiest]) if busiest >= 0 else 0,
        int(tens[busiest]) * _TEN_MINUTES_MS if busiest >= 0 else start_ms,
        tuple(hourly.tolist()),
        _tallies((each.device_name, each.device, "") for each in first if each.device),
        _tallies((each.name, None, each.rule) for each in first),
        _chattering(occurrences),
        _older_than(standing, end_ms - STANDING_MS),
        _older_than([alarm for alarm in standing if alarm.needs_ack], end_ms - WAITING_MS),
    )


class AlarmRate:
    """How many alarms came within the last hour, for a place where it is always seen."""

    def __init__(self) -> None:
        self._times: deque[int] = deque()

    def note(self, at_ms: int) -> None:
        """A new alarm came in; drills are none."""
        self._times.append(at_ms)

    def recall(self, occurrences: Iterable[Occurrence], before_ms: int) -> None:
        """Those of a former run, from before this time."""
        times = (each.at_ms for each in _first_of_each(occurrences) if each.at_ms < before_ms)
        self._times.extendleft(sorted(times, reverse=True))

    def last_hour(self, now_ms: int) -> int:
        """How many came within the hour before."""
        while self._times and self._times[0] <= now_ms - HOUR_MS:
            self._times.popleft()
        return len(self._times)


def _first_of_each(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    first: dict[int, Occurrence] = {}
    for each in occurrences:
        known = first.get(each.number)
        if known is None or each.at_ms < known.at_ms:
            first[each.number] = each
    return list(first.values())


def _tallies(keys: Iterable[tuple[str, str | None, str]]) -> tuple[Tally, ...]:
    counted = Counter(keys).most_common(_MOST_ROWS)
    return tuple(Tally(text, count, device, rule) for (text, device, rule), count in counted)


def _chattering(occurrences: Iterable[Occurrence]) -> tuple[Tally, ...]:
    """Alarms of one device that came often within an hour, with the most that it was."""
    times: dict[tuple[str | None, str], list[int]] = {}
    last: dict[tuple[str | None, str], Occurrence] = {}
    for each in occurrences:
        key = (each.device, each.name)
        times.setdefault(key, []).append(each.at_ms)
        last[key] = each
    found = []
    for key, of_one in times.items():
        sorted_times = np.sort(np.array(of_one, np.int64))
        ends = np.searchsorted(sorted_times, sorted_times + HOUR_MS)
        most = int(np.max(ends - np.arange(len(sorted_times))))
        if most >= CHATTERING:
            each = last[key]
            text = f"{each.device_name} · {each.name}" if each.device else each.name
            found.append(Tally(text, most, each.device, each.rule))
    found.sort(key=lambda tally: -tally.count)
    return tuple(found[:_MOST_ROWS])


def _older_than(alarms: Iterable[Alarm], before_ms: int) -> tuple[Tally, ...]:
    old = sorted((a for a in alarms if a.first_ms <= before_ms), key=lambda a: a.first_ms)
    return tuple(
        Tally(
            f"{alarm.device_name or alarm.device or ''} · {alarm.name}".removeprefix(" · "),
            alarm.count,
            alarm.device,
            since_ms=alarm.first_ms,
        )
        for alarm in old[:_MOST_ROWS]
    )
