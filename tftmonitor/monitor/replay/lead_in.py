"""What was known already when a moment of the past began: the last push of each quiet device."""

from collections.abc import Iterable
from typing import Final

from tftmonitor.base.clock import DAY_MS, HOUR_MS
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.stored import DeviceSpan, StoredFrame

# Each look goes further back, for those devices alone that were not found yet.
_LOOKS_MS: Final = (2 * HOUR_MS, 8 * HOUR_MS, DAY_MS, 7 * DAY_MS, 90 * DAY_MS)
_FRAMES_A_LOOK: Final = 200_000


def last_before(
    reader: HistoryReader, devices: Iterable[DeviceSpan], before_ms: int, until_ms: int
) -> list[StoredFrame]:
    """The last push before ``before_ms`` of each device without one from then to ``until_ms``.

    In order of receipt. A device whose last push lies more than 90 days back, or behind more
    pushes than may be looked through, is left out. Raises HistoryError.
    """
    wanted = {each.key for each in devices if each.key and each.first_ms < before_ms}
    for frame in reader.frames(before_ms, until_ms, wanted):
        wanted.discard(frame.device)
        if not wanted:
            return []
    found: dict[str, StoredFrame] = {}
    end_ms, left = before_ms - 1, _FRAMES_A_LOOK
    for back_ms in _LOOKS_MS:
        seen = dict[str, StoredFrame]()
        for frame in reader.frames(before_ms - back_ms, end_ms, wanted):
            seen[frame.device] = frame
            left -= 1
        found |= seen
        wanted -= seen.keys()
        end_ms = before_ms - back_ms - 1
        if not wanted or left < 0:
            break
    return sorted(found.values(), key=lambda frame: frame.received_ms)
