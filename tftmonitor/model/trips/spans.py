"""What a device did, stretch by stretch, without a hole: the parts of the bar of a day."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from tftmonitor.model.trips.points import Codes, Flags, Times
from tftmonitor.model.trips.steps import MOVING, UNKNOWN
from tftmonitor.model.trips.trips import Trips


class Doing(Enum):
    """What is known of a stretch. ``TO_COME`` is what of a day has not been yet."""

    MOVING = "moving"
    IDLING = "idling"
    STOPPED = "stopped"
    NO_DATA = "no data"
    TO_COME = "to come"


class Quality(Enum):
    """How good what is known is: with a fix at once, with one that came later, or without one."""

    GPS = "GPS"
    STORED = "stored"
    NONE = "no fix"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one kind, in ms since 1970."""

    doing: Doing
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class QualitySpan:
    """A stretch of one quality, in ms since 1970; gaps are left out."""

    quality: Quality
    start_ms: int
    end_ms: int


_DOING: Final = (Doing.MOVING, Doing.IDLING, Doing.STOPPED, Doing.NO_DATA)
_QUALITY: Final = (Quality.GPS, Quality.STORED, Quality.NONE)


def spans_of(found: Trips, start_ms: int, end_ms: int, now_ms: int) -> tuple[Span, ...]:
    """All of a stretch in parts that follow each other, which are as long as those of its sheet.

    What is after both ``now_ms`` and the last report is still to come.
    """
    times, steps = found.points.times_ms, found.steps
    spans: list[Span] = []
    codes = np.where(
        steps.idle, 1, np.where(steps.kinds == MOVING, 0, np.where(steps.kinds == UNKNOWN, 3, 2))
    )
    at = start_ms
    for code, from_ms, to_ms in _runs(codes.astype(np.int8), times):
        begin, end = max(from_ms, start_ms), min(to_ms, end_ms)
        if begin < end:
            if begin > at:
                spans.append(Span(Doing.NO_DATA, at, begin))
            spans.append(Span(_DOING[code], begin, end))
            at = end
    come_ms = min(max(now_ms, at), end_ms)
    if at < come_ms:
        spans.append(Span(Doing.NO_DATA, at, come_ms))
    if come_ms < end_ms:
        spans.append(Span(Doing.TO_COME, come_ms, end_ms))
    return tuple(spans)


def quality_of(
    times_ms: Times, fixed: Flags, stored: Flags, silent: Flags, start_ms: int, end_ms: int
) -> tuple[QualitySpan, ...]:
    """How good the reports of a stretch are; each holds until the next one.

    ``n`` reports in order of time: ``fixed`` and ``stored`` have the shape (n,), ``silent`` has
    (n - 1,) and is true of gaps.
    """
    codes = np.where(fixed, np.where(stored, 1, 0), 2)[:-1]
    codes = np.where(silent, len(_QUALITY), codes).astype(np.int8)
    return tuple(
        QualitySpan(_QUALITY[code], max(from_ms, start_ms), min(to_ms, end_ms))
        for code, from_ms, to_ms in _runs(codes, times_ms)
        if code < len(_QUALITY) and max(from_ms, start_ms) < min(to_ms, end_ms)
    )


def held_ms(times_ms: Times, on: Flags, silent: Flags, start_ms: int, end_ms: int) -> int:
    """How long within a stretch something was on; each report holds until the next one.

    ``on`` has the shape (n,), ``silent`` (n - 1,): during a gap nobody knows.
    """
    lasts = np.diff(np.clip(times_ms, start_ms, end_ms))
    return int(lasts[on[:-1] & ~silent].sum()) if len(lasts) else 0


def _runs(codes: Codes, times_ms: Times) -> list[tuple[int, int, int]]:
    """Code, start and end of neighbours that are alike; ``codes`` has (n - 1,) of (n,) times."""
    if not len(codes):
        return []
    edges = np.concatenate(([0], np.flatnonzero(np.diff(codes)) + 1, [len(codes)]))
    starts, ends = times_ms[edges[:-1]].tolist(), times_ms[edges[1:]].tolist()
    return list(zip(codes[edges[:-1]].tolist(), starts, ends, strict=True))
