"""A store that the real writer made of pushes, and the ring that a fleet makes of the same."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from tests.unit.history.samples.pushes import T0, pending
from tftmonitor.history.past.column_reader import ColumnReader
from tftmonitor.history.past.gathering import by_time
from tftmonitor.history.past.sampling import PastSamples
from tftmonitor.history.samples.sealing import merge, seal
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import Recorded
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import Snapshot

KEY = "1"
WIRES = [field.wire for field in SERIES.channels]
EVER = (T0 - 10**12, T0 + 10**12)
HOUR_MS = 3_600_000


def snapshot(at: int, received: int | None = None, /, **status: Any) -> Recorded:
    """A push of the device; its date is ``at`` ms after the beginning unless it says another."""
    content = {"date": T0 + at} | status
    content = {key: value for key, value in content.items() if value is not ...}
    frame = {"event": "snapshot", "data": {"imei": KEY, "status": content}}
    date = content.get("date")
    device_ms = date if isinstance(date, int) else None
    return row_of(frame, at if received is None else received, device_ms)


def row_of(
    frame: Mapping[str, Any] | bytes, received: int, device_ms: int | None = None
) -> Recorded:
    """A push that came so many ms after the beginning."""
    body = frame if isinstance(frame, bytes) else msgspec.json.encode(frame)
    return (KEY, "devices", T0 + received, device_ms, False, body)


def record(profile: Path, rows: Iterable[Recorded], *, sealed: bool = True) -> None:
    """Keep pushes in a store; sealed ones are chunks, others lie in the spool."""
    store = SampleStore(profile, T0)
    store.write(pending(rows), T0)
    if sealed:
        late_ms = T0 + 10_000 * HOUR_MS
        for work in (seal, merge):
            for _ in work(store, late_ms):
                pass
    store.close()


def ring_of(rows: Sequence[Recorded]) -> Device:
    """The device of a fleet that took in the same pushes."""
    fleet = Fleet()
    for _, channel, received_ms, _, _, frame in rows:
        push = decode(Channel(channel), frame)
        if isinstance(push, Snapshot):
            fleet.apply(push.data, push.status, frame, received_ms)
    device = fleet.find(KEY)
    assert device is not None
    return device


def read(profile: Path, *more: Any, **named: Any) -> PastSamples:
    """All that is recorded of the plotted fields."""
    reader = ColumnReader(profile)
    try:
        found = reader.read([KEY], WIRES, *(more or EVER), **named).samples
    finally:
        reader.close()
    assert found is not None
    return found


def assert_same(found: PastSamples, device: Device, *, with_pace: bool = True) -> None:
    """What was read is what the ring has, to the last bit and in its order."""
    kept, found = device.series._records(), by_time(found)
    np.testing.assert_array_equal(found.times_ms / 1000, kept["time"])
    for channel, field in enumerate(SERIES.channels):
        np.testing.assert_array_equal(
            found.values[channel].astype(np.float32), kept["values"][:, channel], field.name
        )
    np.testing.assert_array_equal(found.states, kept["states"])
    np.testing.assert_array_equal(found.known, kept["known"])
    if not with_pace:
        return
    usual_s = device.cadence.in_force(device.interval_ms).at(kept["time"])
    np.testing.assert_array_equal(found.usual_ms / 1000, usual_s)
