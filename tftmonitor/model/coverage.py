"""Blind intervals: stretches in which we could not have known, per channel and device."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from tftmonitor.base.listeners import Listeners

OVERDUE_FACTOR: Final = 3
"""Who has been quiet for so many usual intervals is overdue: nobody knows what it does."""

# A week of a bad line. The journal keeps them all.
_KEPT_OF_LINK = 2_000
_KEPT_OF_DEVICE = 50


class Blindness(enum.Enum):
    """Why we could not have known. The values go to disk."""

    LINK = "link down"
    PROGRAM = "program not running"
    SUSPENDED = "computer asleep"
    DEVICE = "device overdue"


@dataclass(frozen=True, slots=True)
class BlindInterval:
    """From ``start_ms`` to ``end_ms`` (None while it lasts), ms since 1970 UTC.

    ``scope`` is a channel's name or a device's key.
    """

    scope: str
    cause: Blindness
    start_ms: int
    end_ms: int | None = None
    reason: str = ""


def not_ours(
    silence: tuple[int, int], interval_ms: int, own: Iterable[BlindInterval]
) -> list[tuple[int, int]]:
    """What of the silence (from, to) of a device is its own, in ms since 1970.

    It was due since the first; while we were blind ourselves nobody knows whether it reported, and
    after that it has its usual interval anew. ``own`` are our blind intervals, by start.
    """
    heard_ms, end_ms = silence[0] - interval_ms, silence[1]
    stretches = []
    for blind in own:
        stretches.append((heard_ms, blind.start_ms))
        heard_ms = max(heard_ms, end_ms if blind.end_ms is None else blind.end_ms)
    stretches.append((heard_ms, end_ms))
    return [
        (from_ms + interval_ms, to_ms)
        for from_ms, to_ms in stretches
        if to_ms - from_ms > OVERDUE_FACTOR * interval_ms
    ]


class Coverage:
    """Open and past blind intervals; ``noted`` is called with each that begins or ends."""

    def __init__(self) -> None:
        self.noted: Listeners[[BlindInterval]] = Listeners()
        self._open: dict[str, BlindInterval] = {}
        self._past: dict[str, list[BlindInterval]] = {}

    def begin(self, scope: str, cause: Blindness, start_ms: int, reason: str = "") -> None:
        """From now on this scope is blind; one that already is stays as it is."""
        if scope not in self._open:
            self._open[scope] = BlindInterval(scope, cause, start_ms, None, reason)
            self.noted(self._open[scope])

    def end(self, scope: str, end_ms: int) -> BlindInterval | None:
        """The scope sees again; the interval that ended, or None when it was not blind."""
        interval = self._open.pop(scope, None)
        if interval is None:
            return None
        return self._keep(replace(interval, end_ms=max(end_ms, interval.start_ms)))

    def add(
        self, scope: str, cause: Blindness, start_ms: int, end_ms: int, reason: str = ""
    ) -> None:
        """A stretch that is known only now that it is over."""
        if end_ms > start_ms:
            self._keep(BlindInterval(scope, cause, start_ms, end_ms, reason))

    def restore(self, interval: BlindInterval) -> None:
        """Bring back a past interval from disk, without calling ``noted`` again."""
        self._file(interval)

    def rename(self, former: str, scope: str) -> None:
        """What was blind under the former key of a device is of this one; disk has its own way."""
        interval = self._open.pop(former, None)
        if interval is not None:
            self._open.setdefault(scope, replace(interval, scope=scope))
        past = [replace(each, scope=scope) for each in self._past.pop(former, ())]
        if past:
            both = sorted([*past, *self._past.get(scope, ())], key=lambda each: each.start_ms)
            self._past[scope] = both[-_KEPT_OF_DEVICE:]

    def note_clock_set(self, by_ms: int, now_ms: int) -> None:
        """Our clock says ``by_ms`` (ms) more from now on: what lasts goes on, and nothing of the
        past lies in the future.
        """
        for scope, interval in self._open.items():
            self._open[scope] = replace(interval, start_ms=interval.start_ms + by_ms)
        for scope, past in self._past.items():
            self._past[scope] = [
                replace(each, start_ms=each.start_ms + by_ms, end_ms=each.end_ms + by_ms)
                if each.end_ms is not None and each.end_ms > now_ms
                else each
                for each in past
            ]

    def is_blind(self, scope: str) -> bool:
        """True while this scope is blind."""
        return scope in self._open

    def between(self, scopes: tuple[str, ...], from_ms: int, to_ms: int) -> list[BlindInterval]:
        """Intervals of any of these scopes that touch a stretch of time, by start."""
        found = [
            interval
            for scope in scopes
            for interval in (*self._past.get(scope, ()), *self._opened(scope))
            if interval.start_ms < to_ms and (interval.end_ms or to_ms) > from_ms
        ]
        return sorted(found, key=lambda interval: interval.start_ms)

    def _opened(self, scope: str) -> tuple[BlindInterval, ...]:
        interval = self._open.get(scope)
        return (interval,) if interval else ()

    def _keep(self, interval: BlindInterval) -> BlindInterval:
        self._file(interval)
        self.noted(interval)
        return interval

    def _file(self, interval: BlindInterval) -> None:
        past = self._past.setdefault(interval.scope, [])
        past.append(interval)
        kept = _KEPT_OF_DEVICE if interval.cause is Blindness.DEVICE else _KEPT_OF_LINK
        if len(past) > kept:
            del past[0]
