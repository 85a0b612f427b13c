"""Recorded stretches of the tests of a replay, written by the real writer."""

import json
from collections.abc import Iterable
from pathlib import Path

from tftmonitor.base.clock import ManualClock
from tftmonitor.history.samples.stored import LinkChange, Recorded
from tftmonitor.history.samples.writer import SampleWriter
from tftmonitor.model.coverage import BlindInterval

T0 = 1_795_000_000_000


def snapshot(imei: str, at_ms: int, **status: object) -> Recorded:
    """A push of a device, that came in at this time."""
    data = {"imei": imei, "model": "T1", "status": {"date": at_ms - 500} | status}
    frame = json.dumps({"event": "snapshot", "data": data, "error": 0}).encode()
    return (imei, "devices", at_ms, at_ms - 500, False, frame)


def record(
    profile: Path,
    rows: Iterable[Recorded],
    links: Iterable[LinkChange] = (),
    blind: Iterable[BlindInterval] = (),
) -> Path:
    """Have it all on disk; the profile."""
    said: list[str] = []
    writer = SampleWriter(profile, ManualClock(T0), said.append)
    for row in rows:
        writer.put(row)
    for change in links:
        writer.put_link(change)
    for interval in blind:
        writer.put_blind(interval)
    assert writer.close()
    assert not said
    return profile
