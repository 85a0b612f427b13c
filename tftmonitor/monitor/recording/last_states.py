"""A list that is full at once: what each device reported last in a former run, from the history."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.history.samples.reader import HistoryError, HistoryReader, LastFrame
from tftmonitor.model.fleet.device import SNAPSHOT
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.who.rows import FleetFullError
from tftmonitor.monitor.large_frames import USUAL_SIZE, LargeFrames
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.long_texts import KEPT_LIMIT, kept_frame
from tftmonitor.protocol.messages import Snapshot

# The loop has a turn after so much.
_SLICE_S: Final = 0.004


class _State(NamedTuple):
    push: Snapshot
    frame: bytes
    received_ms: int
    size: int


def read_states(profile: Path) -> list[list[_State]]:
    """What is kept of each device, the newest one first; none where there is no history.

    Of a device it is its newest report, behind the one that has what that leaves out. For a
    thread. Raises HistoryError for a history that cannot be read.
    """
    try:
        reader = HistoryReader(profile)
    except HistoryError:
        return []  # there is none yet, or whoever records speaks of it
    try:
        kept = sorted(reader.last_frames(), key=lambda last: -last.received_ms)
    finally:
        reader.close()
    return [[*_states(last)] for last in kept]


def _states(last: LastFrame) -> Iterator[_State]:
    both = (last.received_ms, last.frame)
    for received_ms, frame in (both,) if last.under is None else (last.under, both):
        push = decode(Channel.DEVICES, frame)
        if isinstance(push, Snapshot):
            kept = frame if len(frame) <= KEPT_LIMIT else kept_frame(frame)
            yield _State(push, kept, received_ms, len(frame))


async def restore_states(profile: Path, fleet: Fleet, large: LargeFrames, now_ms: int) -> int:
    """Show them, a few at a time; how many devices there are. Raises HistoryError.

    What a push has brought by then stays.
    """
    count = 0
    for done in restoring(await asyncio.to_thread(read_states, profile), fleet, large, now_ms):
        count += done
        await asyncio.sleep(0)
    return count


def restoring(
    kept: Iterable[list[_State]], fleet: Fleet, large: LargeFrames, now_ms: int
) -> Iterator[int]:
    """Works for some milliseconds a step; each gives how many devices were restored in it."""
    end_s, count = time.perf_counter() + _SLICE_S, 0
    for states in kept:
        count += _restore(states, fleet, large, now_ms)
        if time.perf_counter() >= end_s:
            yield count
            end_s, count = time.perf_counter() + _SLICE_S, 0
    yield count


def _restore(states: list[_State], fleet: Fleet, large: LargeFrames, now_ms: int) -> bool:
    is_shown = False
    for push, frame, received_ms, size in states:
        # Where this computer's clock was set back nothing is to look younger than now.
        if received_ms > now_ms + MINUTE_MS:
            continue
        try:
            device = fleet.restore_last(push.data, push.status, frame, received_ms)
        except FleetFullError:
            return False
        if device is None:
            return False
        if size > USUAL_SIZE:
            large.note(device, SNAPSHOT, size)
        device.problems = push.problems
        is_shown = True
    return is_shown
