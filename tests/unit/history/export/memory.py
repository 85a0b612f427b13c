"""A history in memory, of the shape that exports read."""

import io
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

from tftmonitor.history.export.export import Export
from tftmonitor.history.samples.stored import DeviceSpan, StoredFrame
from tftmonitor.model.coverage import BlindInterval

NOW = 1_795_000_000_000  # 2026-11-18T11:06:40Z
DAY = 86_400_000


@dataclass
class MemoryReader:
    stored: list[StoredFrame] = field(default_factory=list)
    intervals: list[BlindInterval] = field(default_factory=list)

    def devices(self) -> list[DeviceSpan]:
        keys = sorted({frame.device for frame in self.stored})
        return [DeviceSpan(key, None, 0, 0, 0, 0) for key in keys]

    def frames(
        self, start_ms: int, end_ms: int, devices: Collection[str] | None = None
    ) -> Iterator[StoredFrame]:
        for frame in sorted(self.stored, key=lambda each: each.received_ms):
            if start_ms <= frame.received_ms <= end_ms and (
                devices is None or frame.device in devices
            ):
                yield frame

    def blind(self, start_ms: int, end_ms: int) -> list[BlindInterval]:
        return [
            each
            for each in self.intervals
            if each.start_ms <= end_ms and (each.end_ms or end_ms) >= start_ms
        ]

    def add(self, at_ms: int, device: str = "100", *, late_by: int = 0, **status: Any) -> None:
        """A snapshot made at ``at_ms`` and received half a second after, or so much later."""
        content = {
            "event": "snapshot",
            "data": {"imei": device, "model": "TLP1", "status": {"date": at_ms, **status}},
            "error": 0,
        }
        self.put(device, at_ms + 500 + late_by, at_ms, json.dumps(content).encode(), late_by > 0)

    def put(
        self,
        device: str,
        received_ms: int,
        device_ms: int | None,
        frame: bytes,
        late: bool = False,
        channel: str = "devices",
    ) -> None:
        self.stored.append(StoredFrame(device, channel, received_ms, device_ms, late, frame))


class Write(Protocol):
    def __call__(self, export: Export, out: BinaryIO) -> None: ...


def drive(reader: MemoryReader, device: str = "100", count: int = 20, start: int = NOW) -> None:
    """A report each ten seconds, 100 m apart to the east, at 36 km/h."""
    for number in range(count):
        reader.add(
            start + number * 10_000,
            device,
            lat=0.5,
            lng=10 + number * 0.0009,
            latlng_valid=1,
            speed=36.0,
            altitude=120.5,
            acc=1,
            mileage=1_000 + 100 * number,
        )


def of(reader: MemoryReader, **more: Any) -> Export:
    return Export(reader, NOW - DAY, NOW + DAY, **more)


def written(write: Write, export: Export) -> bytes:
    out = io.BytesIO()
    write(export, out)
    return out.getvalue()
