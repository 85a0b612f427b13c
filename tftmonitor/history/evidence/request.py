"""What a file of evidence is about: a device, a stretch of time, and perhaps an alarm."""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Final

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.alarms.alarm import Alarm

AROUND_MS: Final = 10 * MINUTE_MS
"""Before and after an alarm."""


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """All of ``device``, a key, received from ``start_ms`` to ``end_ms``, both included.

    Times are ms since 1970 UTC; ``made_ms`` is now. ``who`` and ``why`` are what the user wants
    to be named in it, "" for nothing. ``zone`` is that in which local times are told.
    """

    profile: Path
    device: str
    start_ms: int
    end_ms: int
    made_ms: int
    alarm: Alarm | None = None
    who: str = ""
    why: str = ""
    zone: tzinfo = UTC


def stretch_of(alarm: Alarm) -> tuple[int, int]:
    """From ten minutes before an alarm's first occurrence to ten minutes after its last, in ms."""
    times = [alarm.event_ms, alarm.last_ms]
    return min(times) - AROUND_MS, max(times) + AROUND_MS
