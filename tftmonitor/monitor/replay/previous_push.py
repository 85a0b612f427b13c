"""Where a step back leads: when the push before this moment came in."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS
from tftmonitor.history.samples.reader import HistoryReader

_LOOKS_MS: Final = (MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS, 30 * DAY_MS)


def previous_push(
    profile: Path, devices: Collection[str] | None, now_ms: int, start_ms: int
) -> int | None:
    """When the last push of these devices before ``now_ms`` came in, ms since 1970 UTC.

    None when there is none since ``start_ms``. Raises HistoryError. It reads: for a thread.
    """
    reader, end_ms = HistoryReader(profile), now_ms - 1
    try:
        for back_ms in _LOOKS_MS:
            from_ms = max(now_ms - back_ms, start_ms)
            last_ms = None
            for frame in reader.frames(from_ms, end_ms, devices):
                last_ms = frame.received_ms
            if last_ms is not None or from_ms == start_ms:
                return last_ms
            end_ms = from_ms - 1
    finally:
        reader.close()
    return None
